"""Requests as they are typed in Slack: dates and names in the spellings that people use, and what cannot be."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.evals.replaying import HITS
from graphs.clock import Clock
from graphs.local_planner.filtering.days import span
from graphs.local_planner.filtering.feasts import easter, feast
from graphs.local_planner.filtering.typed import typed
from tests.unit.planner.planner_thread import MiniLmHere, Thread
from tools.kit import Evidence

CLOCK = Clock(datetime(2026, 11, 24, 15, 30))


@pytest.fixture
def thread(text_models: Path) -> Thread:
    found = Evidence(said="Found some.", facts={"hits": HITS})
    return Thread(MiniLmHere(text_models), {"search": found})


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("week 32", date(2026, 8, 3), date(2026, 8, 10)),
        ("kw 40 2025", date(2025, 9, 29), date(2025, 10, 6)),
        ("03/2026", date(2026, 3, 1), date(2026, 4, 1)),
        ("2026-03", date(2026, 3, 1), date(2026, 4, 1)),
        ("weekend before last", date(2026, 11, 14), date(2026, 11, 16)),
        ("two sundays ago", date(2026, 11, 15), date(2026, 11, 16)),
        ("wed last week", date(2026, 11, 18), date(2026, 11, 19)),
        ("easter", date(2026, 4, 5), date(2026, 4, 6)),
        ("summer last year", date(2025, 6, 1), date(2025, 9, 1)),
    ],
)
def test_times_are_called_in_many_ways(said: str, first: date, end: date) -> None:
    found = span(said, CLOCK)
    assert found is not None
    assert (found[0].date(), found[1].date()) == (first, end)


@pytest.mark.parametrize(("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))])
def test_easter_is_where_the_tables_have_it(year: int, day: tuple[int, int]) -> None:
    assert easter(year) == date(year, *day)


def test_a_feast_without_a_year_is_the_latest() -> None:
    assert feast("christmas", CLOCK.today) == date(2025, 12, 25)
    assert feast("thanksgiving 2026", CLOCK.today) == date(2026, 11, 26)
    assert feast("a christmas tree", CLOCK.today) is None


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("<@U07KQ2M9X|anna> and <#C04DSGN77|design>", "<@U07KQ2M9X> and <#C04DSGN77>"),
        ("receipts mar-may", "receipts from mar to may"),
        ("offsite 12.6.-14.6.", "offsite 12 june to 14 june"),
        ("sign 2025 Q1", "sign Q1 2025"),
        ("Screenshots von gestern", "Screenshots from yesterday"),
        ("Rechnungen seit März", "Rechnungen since march"),
        ("photos du mois dernier", "photos from last month"),
        ("fotos de la fiesta del mes pasado", "fotos de la fiesta from last month"),
        ('with the text "w/o mar-may"', 'with the text "w/o mar-may"'),
    ],
)
def test_what_is_typed_is_read_in_one_spelling(said: str, read: str) -> None:
    assert typed(said) == read


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("anna and bens pictures of the kitchen", {"posted_by": ["anna", "ben"]}),
        ("did anyone other than me post the logo", {"excluding": {"posted_by": ["me"]}}),
        ("sunset photos anywhere but #random", {"excluding": {"channels": ["random"]}}),
        ("<@U07KQ2M9X>'s pics of the pump", {"posted_by": ["U07KQ2M9X"]}),
        ('screenshot w/ "payment failed" from anna', {"with_text": "payment failed", "posted_by": ["anna"]}),
        ("skyline 4k or bigger", {"min_width": 3840}),
    ],
)
async def test_people_places_and_text_in_many_ways(thread: Thread, text: str, filters: dict[str, Any]) -> None:
    [(tool, said)] = await thread.say(text)
    assert tool == "search"
    assert filters.items() <= said["filters"].items()


async def test_roses_are_nobodys(thread: Thread) -> None:
    assert await thread.say("find roses pictures") == [("search", {"query": "roses"})]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("photos from 31 february", "There is no 31 february: that month is not so long. Which day do you mean?"),
        ("dogs since 31.2.", "There is no 31 february: that month is not so long. Which day do you mean?"),
        ("photos from week 60", "There is no week 60: no year has so many weeks. Which day do you mean?"),
        ("photos from next month", "Next month has not come yet. Which time in the past do you mean?"),
        ("dogs since 2030", "2030 has not come yet. Which day in the past do you mean?"),
        ("photos older than 99999999999 days", "That is longer ago than there are images. Which time do you mean?"),
        ("dogs from the last 800000 days", "That is longer ago than there are images. Which time do you mean?"),
        (
            "photos between 15 May 2026 and 3 April 2026",
            "15 May 2026 is later than 3 April 2026. Which day comes first?",
        ),
        (
            "mockups, not from last month",
            "I can search before or after last month, not both. Which of them do you mean?",
        ),
    ],
)
async def test_a_time_that_cannot_be_is_asked_about(thread: Thread, text: str, sentence: str) -> None:
    assert await thread.say(text) == []
    assert (thread.last.text, thread.last.additional_kwargs["status"]) == (sentence, "asked")


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("red bikes in #design", "drop the colour", {"query": "bikes", "filters": {"channels": ["design"]}}),
        (
            "crane photos last month",
            "older than that",
            {"query": "crane", "filters": {"before": "2026-10-01T00:00:00"}},
        ),
        ("bikes by anna", "or ben", {"query": "bikes", "filters": {"posted_by": ["anna", "ben"]}}),
        ("find bikes", "the 2nd one but at night", {"like": "hit 2", "query": "night"}),
        ("find bikes", "none of these", {"query": "bikes", "without": [f"hit {rank}" for rank in range(1, 6)]}),
        ("find bikes", "drop #ops", {"query": "bikes", "filters": {"excluding": {"channels": ["ops"]}}}),
        ("Fotos vom Sommerfest", "nur von Anna", {"query": "Sommerfest", "filters": {"posted_by": ["Anna"]}}),
    ],
)
async def test_what_is_said_after_a_search_changes_it(
    thread: Thread, first: str, then: str, said: dict[str, Any]
) -> None:
    await thread.say(first)
    assert await thread.say(then) == [("search", said)]


async def test_a_question_after_earlier_postings_is_narrowed(thread: Thread) -> None:
    await thread.say("have we posted this before?", post=1)
    assert await thread.say("in #design?") == [
        ("posted_before", {"image": "image 1", "filters": {"channels": ["design"]}})
    ]


@pytest.mark.parametrize(("text", "tool"), [("find the typo", "read_text"), ("search the picture for a dog", "look")])
async def test_a_question_about_an_image_searches_nothing(thread: Thread, text: str, tool: str) -> None:
    assert [name for name, _ in await thread.say(text, post=1)] == [tool]
