"""What a first question would wait for: long patterns are compiled, and intents fitted, when they are first needed, for
a second in all."""

from __future__ import annotations

from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.typed import typed
from graphs.local_planner.language.glossary import in_english
from graphs.local_planner.searches import narrowing
from graphs.local_planner.turn import Call, Exchange, Turn
from graphs.local_planner.understanding import meaning
from graphs.local_planner.understanding.cues import cues

SAID = (
    "find the red bike that Anna posted in #design last month, without people",
    "Finde das Foto vom roten Fahrrad, das Anna letzten Monat gepostet hat",
    "Trouve la photo du vélo rouge que Anna a publiée le mois dernier",
    "Busca la foto de la bicicleta roja que Anna publicó el mes pasado",
)
"""Requests that all rules look through, a language each."""
BEFORE = Exchange("bikes from Anna", calls=(Call("search", {"filters": {"posted_by": ["Anna"]}}),))
"""A search that is gone on with."""


def rehearse() -> None:
    """Read requests as a planner does. For a thread beside the event loop, before anybody asks."""
    cues()
    meaning.prepare()
    for said in SAID:
        turn = Turn(Exchange(in_english(typed(said))))
        narrowing.noticed(turn)
        narrow(turn.now.text, turn.clock)
    narrowing.noticed(Turn(Exchange("cats"), past=(BEFORE,)))
