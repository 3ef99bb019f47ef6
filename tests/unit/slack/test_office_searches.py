"""Requests as offices type them: who had one, dates that are not sure, corrections, and what is only chat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.evals.replaying import HITS
from graphs.local_planner.filtering.chatter import without_chatter
from graphs.local_planner.searches.naming import names_a_thing
from tests.unit.planner.planner_thread import MiniLmHere, Thread
from tools.kit import Evidence

SCREENSHOT = {"kinds": ["screenshot"]}
SEPTEMBER = {"after": "2026-09-01T00:00:00", "before": "2026-10-01T00:00:00"}


@pytest.fixture
def thread(text_models: Path) -> Thread:
    return Thread(MiniLmHere(text_models), {"search": Evidence(said="Found some.", facts={"hits": HITS})})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "yuki had a nice one of the lobby at night, can u find it?",
            {"query": "lobby at night", "filters": {"posted_by": ["yuki"]}},
        ),
        ("does ben have any photos of the goose?", {"query": "goose", "filters": {"posted_by": ["ben"]}}),
        ("ben has a dog", {"query": "ben has a dog"}),
        ("the banner, pretty sure it was in september", {"query": "banner", "filters": SEPTEMBER}),
        ("poster draft, must have been in september", {"query": "poster draft", "filters": SEPTEMBER}),
        ("screenshots of the checkout page", {"query": "the checkout page", "filters": SCREENSHOT}),
        ("login page screenshots", {"query": "login page", "filters": SCREENSHOT}),
        ("upright photos only, of the door", {"query": "door", "filters": {"orientation": "portrait"}}),
        (
            "anything from marta that isnt a drawing",
            {"filters": {"posted_by": ["marta"], "excluding": {"kinds": ["drawing"]}}},
        ),
        ("the newest 5 pics of the facade", {"query": "facade", "limit": 5, "order": "newest"}),
        ("most recent 10 invoices", {"query": "invoices", "limit": 10, "order": "newest"}),
        ("photos from the last 5 days", {"filters": {"after": "2026-11-19T00:00:00"}}),
        ("street scenes without cars please", {"query": "street scenes without cars"}),
        ("the logo beth sent round", {"query": "logo", "filters": {"posted_by": ["beth"]}}),
        ("photos by someone called Aroha", {"filters": {"posted_by": ["Aroha"]}}),
        ("can someone find the map of the site", {"query": "map of the site"}),
        ("no people, just the lobby", {"query": "lobby without people"}),
        ("hand drawn floor plan", {"query": "hand drawn floor plan"}),
        ('a photo where you can read "exit"', {"filters": {"with_text": "exit"}}),
        ("all of Priya's photos of the loft", {"query": "loft", "filters": {"posted_by": ["Priya"]}}),
        ("anything with our board saying SOLD", {"query": "board", "filters": {"with_text": "SOLD"}}),
        ("5 best exteriors of the cottage", {"query": "exteriors of the cottage", "limit": 5}),
        ("newest 3 of the conservatory", {"query": "conservatory", "limit": 3, "order": "newest"}),
        (
            "everything i posted 2day",
            {"filters": {"posted_by": ["me"], "after": "2026-11-24T00:00:00", "before": "2026-11-25T00:00:00"}},
        ),
        ("banners since the start of the month", {"query": "banners", "filters": {"after": "2026-11-01T00:00:00"}}),
        (
            "drains between the first and the fifth of october",
            {"query": "drains", "filters": {"after": "2026-10-01T00:00:00", "before": "2026-10-06T00:00:00"}},
        ),
        ("receipt from the hardware store, anyone?", {"query": "receipt from the hardware store"}),
    ],
)
async def test_a_request_is_read_as_it_is_meant(thread: Thread, text: str, said: dict[str, Any]) -> None:
    assert await thread.say(text) == [("search", said)]


@pytest.mark.parametrize(
    ("then", "who"),
    [
        ("sorry, kofi not jonas", ["kofi"]),
        ("not jonas, zed", ["zed"]),
        ("oops i meant marta", ["marta"]),
        ("yuki instead", ["yuki"]),
        ("swap jonas for zed", ["zed"]),
        ("make that lena and kofi", ["lena", "kofi"]),
    ],
)
async def test_somebody_else_takes_the_place_of_who_was_asked_for(thread: Thread, then: str, who: list[str]) -> None:
    await thread.say("dashboards from jonas")
    [(_, said)] = await thread.say(then)
    assert said == {"query": "dashboards", "filters": {"posted_by": who}}


@pytest.mark.parametrize(
    "then",
    ["tbh whenever, drop the date", "date doesn't matter", "whenever", "i don't care when", "scrap the date thing"],
)
async def test_a_date_is_let_go_in_many_words(thread: Thread, then: str) -> None:
    await thread.say("moodboards since may")
    [(_, said)] = await thread.say(then)
    assert said.get("filters", {}) == {}


@pytest.mark.parametrize(
    ("then", "filters"),
    [
        ("make that september", SEPTEMBER),
        ("change it to september", SEPTEMBER),
        ("before june tho", {"before": "2026-06-01T00:00:00"}),
        (
            "make it portrait 🙏",
            {"after": "2026-07-01T00:00:00", "before": "2026-08-01T00:00:00", "orientation": "portrait"},
        ),
    ],
)
async def test_a_condition_alone_changes_the_search(thread: Thread, then: str, filters: dict[str, Any]) -> None:
    await thread.say("cranes in july")
    [(_, said)] = await thread.say(then)
    assert (said["query"], said["filters"]) == ("cranes", filters)


@pytest.mark.parametrize(
    ("first", "then", "filters"),
    [
        ("kitchens by marta", "or from lena", {"posted_by": ["marta", "lena"]}),
        ("kitchens by marta", "everyone", {}),
        ("arches in #weddings", "or #events", {"channels": ["weddings", "events"]}),
        ("cranes in july", "scratch that, september", SEPTEMBER),
        ("cranes in july", "only september", SEPTEMBER),
    ],
)
async def test_a_follow_up_adds_or_lets_go(thread: Thread, first: str, then: str, filters: dict[str, Any]) -> None:
    await thread.say(first)
    [(_, said)] = await thread.say(then)
    assert said.get("filters", {}) == filters


async def test_what_a_search_is_not_to_show_is_taken_out_of_it(thread: Thread) -> None:
    await thread.say("photos of the harbour")
    await thread.say("at sunset")
    assert await thread.say("not at sunset") == [("search", {"query": "harbour"})]


async def test_a_new_search_keeps_nothing_of_the_one_before(thread: Thread) -> None:
    await thread.say("lobby renders by marta")
    assert await thread.say("new search: broken tiles") == [("search", {"query": "broken tiles"})]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("tbh just the crane photos", "just the crane photos"),
        ("before june tho", "before june"),
        ("just the landscape ones 🙏", "just the landscape ones"),
        ("lunch pics lol :pray:", "lunch pics"),
        ("👍", "👍"),
        ("lol", "lol"),
    ],
)
def test_what_is_only_chat_is_put_aside(said: str, left: str) -> None:
    assert without_chatter(said) == left


@pytest.mark.parametrize("said", ["shop window at christmas", "contract with the landlord", "street scenes"])
def test_a_noun_names_a_thing(said: str) -> None:
    assert names_a_thing(said)


@pytest.mark.parametrize(
    "said", ["invoice number and date", "total of the receipt", "text on this", "cat or dog", "read it", "caption"]
)
def test_what_is_read_off_an_image_names_none(said: str) -> None:
    assert not names_a_thing(said)
