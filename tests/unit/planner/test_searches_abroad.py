"""What narrows a search in German, French and Spanish is read as its English is; what is looked for stays as said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.evals.replaying import HITS
from graphs.local_planner.filtering.typed import typed
from tests.unit.planner.planner_thread import MiniLmHere, Thread
from tools.kit import Evidence

Filtered = dict[str, Any] | None


@pytest.fixture
def thread(text_models: Path) -> Thread:
    return Thread(MiniLmHere(text_models), {"search": Evidence(said="Found some.", facts={"hits": HITS})})


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("fotos von der fassade vor dem 5. mai", "fotos von der fassade before 5 may"),
        ("fotos vom lager bis zum 3. juni", "fotos vom lager until 3 june"),
        ("fotos der treppe zwischen dem 1. und dem 5. mai", "fotos der treppe between 1 and 5 may"),
        ("seit Anfang Mai", "since early may"),
        ("fotos aus dem sommer 2025", "fotos from summer 2025"),
        ("vitrines avant le 15 mars", "vitrines before 15 march"),
        ("images du toit du 5 au 9 mai", "images du toit from 5 to 9 may"),
        ("photos prises lundi dernier", "photos prises last monday"),
        ("photos de l'été dernier", "photos from last summer"),
        ("fotos de la grúa desde el lunes", "fotos de la grúa since monday"),
        ("fotos del tejado antes del 5 de mayo", "fotos del tejado before 5 may"),
        ("escaparates en marzo de 2025, gracias!", "escaparates in march 2025"),
        ("fotos de mayo a julio", "fotos from may to july"),
        ("seit august", "since august"),
        ("nach Weihnachten", "after christmas"),
        ("bilder im querformat", "landscape bilder"),
        ("alles mit dem text", "everything with the text"),
        ("the fin of a shark in may", "the fin of a shark in may"),
        ("solo shots of the piano", "solo shots of the piano"),
        ("a hotel en suite", "a hotel en suite"),
    ],
)
def test_what_narrows_is_put_into_english(said: str, read: str) -> None:
    assert typed(said) == read


@pytest.mark.parametrize(
    ("text", "query", "filters"),
    [
        ("screenshots von jonas", None, {"posted_by": ["jonas"], "kinds": ["screenshot"]}),
        ("fotos vom kran, nicht von jonas", "kran", {"excluding": {"posted_by": ["jonas"]}}),
        ("zeig mir meine fotos vom lager", "lager", {"posted_by": ["me"]}),
        ("was hat kofi in #lager hochgeladen?", None, {"posted_by": ["kofi"], "channels": ["lager"]}),
        ("busca las fotos de la piscina que subió omar porfa", "piscina", {"posted_by": ["omar"]}),
        ("photos de pierre", "pierre", None),
        ("fotos von hunden", "hunden", None),
        ("fotos verticales del patio", "patio", {"orientation": "portrait"}),
        ("photos du hall en format paysage", "hall", {"orientation": "landscape"}),
        ('alles mit dem text "Ausverkauf"', None, {"with_text": "Ausverkauf"}),
        ('fotos wo "Notausgang" draufsteht', None, {"with_text": "Notausgang"}),
        ('photos où il est écrit "sortie"', None, {"with_text": "sortie"}),
        ("rechnungen als pdf", "rechnungen", {"mime": "application/pdf"}),
        ("photos du marché sans personne", "marché without people", None),
        ("Mockups von Jonas, bitte nur Hochformat", "Mockups", {"posted_by": ["Jonas"], "orientation": "portrait"}),
        ("captures d'écran du site web", "site web", {"kinds": ["screenshot"]}),
        ("tienes fotos de la fuente?", "fuente", None),
        ("qui a posté le plan de la terrasse ?", "plan of the terrasse", None),
        ("die fotos die marta gepostet hat", None, {"posted_by": ["marta"]}),
        ("fotos von mir", None, {"posted_by": ["me"]}),
        ('schilder mit "Betreten verboten"', "schilder", {"with_text": "Betreten verboten"}),
        ("katze aber kein hund", "katze without hund", None),
        ("planos sin pdfs", "planos", {"excluding": {"mime": "application/pdf"}}),
    ],
)
async def test_a_search_is_narrowed(thread: Thread, text: str, query: str | None, filters: Filtered) -> None:
    [(tool, said)] = await thread.say(text)
    assert (tool, said.get("query"), said.get("filters")) == ("search", query, filters)


@pytest.mark.parametrize(
    ("first", "then", "filters"),
    [
        ("bilder der baustelle", "nur die von lena", {"posted_by": ["lena"]}),
        ("bilder der baustelle", "nur hochformat bitte", {"orientation": "portrait"}),
        ("bilder der baustelle", "lieber seit oktober", {"after": "2026-10-01T00:00:00"}),
        ("photos de la piscine", "seulement celles de sophie", {"posted_by": ["sophie"]}),
        ("photos de la piscine", "plutôt depuis juin", {"after": "2026-06-01T00:00:00"}),
        ("fotos del jardín", "solo las verticales", {"orientation": "portrait"}),
        ("fotos del jardín", "solo de omar", {"posted_by": ["omar"]}),
        ("fotos del jardín desde mayo", "cualquier fecha", None),
        ("photos du jardin depuis mai", "peu importe la date", None),
        ("bilder vom garten seit mai", "egal wann", None),
    ],
)
async def test_a_follow_up_narrows_the_search(thread: Thread, first: str, then: str, filters: Filtered) -> None:
    [(_, before)] = await thread.say(first)
    [(tool, said)] = await thread.say(then)
    assert tool == "search"
    assert (said["query"], said.get("filters") or None) == (before["query"], filters)
