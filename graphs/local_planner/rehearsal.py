"""What a first question would wait for: long patterns are compiled when they are first used, for a second in all."""

from __future__ import annotations

from graphs.local_planner.filtering import narrow
from graphs.local_planner.language.glossary import in_english
from graphs.local_planner.searches import narrowing
from graphs.local_planner.turn import Exchange, Turn
from graphs.local_planner.understanding.cues import cues

SAID = (
    "find the red bike that Anna posted in #design last month, without people",
    "Finde das Foto vom roten Fahrrad, das Anna letzten Monat gepostet hat",
    "Trouve la photo du vélo rouge que Anna a publiée le mois dernier",
    "Busca la foto de la bicicleta roja que Anna publicó el mes pasado",
)
"""Requests that all rules look through, a language each."""


def rehearse() -> None:
    """Read requests as a planner does. For a thread beside the event loop, before anybody asks."""
    cues()
    for said in SAID:
        turn = Turn(Exchange(in_english(said)))
        narrowing.noticed(turn)
        narrow(turn.now.text, turn.clock)
