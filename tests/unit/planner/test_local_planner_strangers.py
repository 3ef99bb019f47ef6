"""What strangers' messages have in common: long sentences around a request, bare lists, nothing to point at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.evals.examples import examples
from graphs.clock import Clock
from graphs.local_planner.choices.labels import labels, single
from graphs.local_planner.filtering import narrow
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.language.saying import read
from graphs.local_planner.papers.fields import fields, headed
from graphs.local_planner.searches.queries import query, twist
from graphs.local_planner.understanding import meaning
from graphs.local_planner.understanding.cues import heard
from tests.unit.planner.planner_thread import Thread

CLOCK = Clock(datetime(2026, 11, 24, 15, 30))
ONE = {"image": "image 1"}
BOTH = {"images": ["image 1", "image 2"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("which suits it\n1) linen\n2) wool\n3) silk", ["linen", "wool", "silk"]),
        ("A. kettle B. toaster C. blender", ["kettle", "toaster", "blender"]),
        ("tick one - sales, legal, other - for this page", ["sales", "legal", "other"]),
        ("urgency low|medium|high", ["low", "medium", "high"]),
        ("decide for each: keep or bin", ["keep", "bin"]),
        ("safe for work or not safe for work?", ["safe for work", "not safe for work"]),
        ("values ok_seal broken_seal no_seal", ["ok_seal", "broken_seal", "no_seal"]),
        ("is this curtain beige, navy or ivory", ["beige", "navy", "ivory"]),
        ("my aunt claims it's rye, dad says barley", ["rye", "barley"]),
        ("is this cover more gothic or more minimalist", ["gothic", "minimalist"]),
        ("moth or butterfly i can't tell", ["moth", "butterfly"]),
    ],
)
def test_a_list_is_found_whatever_stands_around_it(text: str, found: list[str]) -> None:
    assert labels(read(text)) == found


def test_what_it_does_is_no_label() -> None:
    assert single("does it say anything?") == []
    assert single("does it look like a fox?") == ["fox"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("would there happen to be any imagery of glaciers", "glaciers"),
        ("our customer asks for reference photos of heat pumps", "heat pumps"),
        ("what's the best photo we have of the new lobby", "the new lobby"),
        ("wedding photos of anna", "wedding photos of anna"),
        ("header material: oak leaves", "oak leaves"),
        ("a heron in flight, i know we have one", "heron in flight"),
    ],
)
def test_a_sentence_around_what_is_sought_is_no_part_of_it(text: str, found: str) -> None:
    assert query(read(text)) == found


def test_a_twist_keeps_all_that_follows_the_likeness() -> None:
    assert twist("like this but with a red roof and no trees") == "red roof and no trees"
    assert twist("like this without people") == "without people"


@pytest.mark.parametrize(
    ("text", "filters", "limit"),
    [
        ("elk taken between 1 March and 15 April this year", {"after": "2026-03-01", "before": "2026-04-16"}, None),
        ("elk but nothing from 2021 or earlier", {"after": "2022-01-01"}, None),
        ("elk, nothing before 2023", {"after": "2023-01-01"}, None),
        ("half a dozen photos of elk", {}, 6),
        ("5 outdoor shots of elk", {}, 5),
    ],
)
def test_filters_are_read_in_any_direction(text: str, filters: dict[str, Any], limit: int | None) -> None:
    left = narrow(text, CLOCK)
    assert {name: str(day)[:10] for name, day in left.filters.items()} == filters
    assert left.limit == limit


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("keys: {buyer, lot_no, ship_date}", ["buyer", "lot no", "ship date"]),
        ("off the sticker: net weight, lot", ["net weight", "lot"]),
        ("who do we owe and by when", ["payee", "due date"]),
        ("the customer address", ["customer address"]),
        ("from which platform does it leave", ["platform"]),
    ],
)
def test_fields_are_found_in_lists_and_questions(text: str, found: list[str]) -> None:
    assert fields(text) == found


def test_a_choice_between_words_is_no_list_of_fields() -> None:
    assert headed(plain("off the sticker: net weight, lot"))
    assert not headed(plain("options: weight or lot"))


@pytest.mark.parametrize(
    "text",
    [
        "tell Priya that the parcel is here",
        "increase the contrast a bit",
        "put a hat on the dog",
        "delete all the photos from 2019",
        "who is the guy on the right?",
        "convert it to webp",
    ],
)
def test_what_no_tool_does_is_heard(text: str) -> None:
    said = heard(plain(text))
    assert max(said, key=lambda intent: said[intent]) == "outside"


async def test_without_images_words_that_point_at_none_are_searched_for(thread: Thread) -> None:
    assert await thread.say("anything with trucks") == [("search", {"query": "trucks"})]


async def test_without_images_words_that_point_at_one_ask_for_it(thread: Thread) -> None:
    assert await thread.say("could you describe this for me?") == []
    assert thread.status == "asked"


async def test_a_search_whose_words_stand_in_another_clause_finds_them(thread: Thread) -> None:
    assert await thread.say("snow at night? prior to 2018 please") == [
        ("search", {"query": "snow at night", "filters": {"before": "2018-01-01T00:00:00"}})
    ]


async def test_two_images_set_apart_in_words_are_compared(thread: Thread) -> None:
    made = await thread.say("we got the second but were shown the first. ripped off?", post=2)
    assert [(tool, said["images"]) for tool, said in made] == [("compare", ["image 2", "image 1"])]


async def test_a_number_alone_repeats_what_was_asked_to_be_found(thread: Thread) -> None:
    made = await thread.say("find 2 photos of sunflowers and 3 of tulips")
    assert made == [("search", {"query": "sunflowers", "limit": 2}), ("search", {"query": "tulips", "limit": 3})]


async def test_fewer_is_how_many_not_which(thread: Thread) -> None:
    await thread.say("anything like this?", post=1)
    assert await thread.say("fewer, like 3") == [("search", {**ONE, "limit": 3})]


async def test_a_posted_image_that_is_pointed_at_is_what_to_search_with(thread: Thread) -> None:
    assert await thread.say("use it to search", post=1) == [("search", ONE)]


def test_the_practised_examples_are_those_of_the_practice_cases() -> None:
    said = [(intent, text) for intent, texts in examples().items() for text in texts]
    assert said == list(meaning.bank()[-len(said) :]), "practice cases have changed: run python -m bot.evals.examples"


def test_a_held_case_is_no_example() -> None:
    assert not examples(["routing_fresh", "followups_fresh"])
