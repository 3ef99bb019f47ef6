"""Images that are sought in the thread at hand: looked at one by one where they are few, searched for where not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.planner.planner_thread import FOUND, MiniLmHere, Thread
from tools.kit import Filters

THIS = {"thread": "this"}


async def thread_of(encoder: MiniLmHere, images: int = 0, place: str = "C1") -> Thread:
    thread = Thread(encoder, FOUND, place=place)
    if images:
        await thread.say("", post=images)
    return thread


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("find the receipt in this thread", "receipt"),
        ("which images in this thread show a dog?", "dog"),
        ("which of the images in this thread is an invoice?", "invoice"),
        ("are there any cats in this thread?", "cat"),
        ("how many receipts are in this thread?", "receipt"),
    ],
)
@pytest.mark.parametrize("place", ["C1", ""])
async def test_few_images_are_looked_at_one_by_one(encoder: MiniLmHere, text: str, label: str, place: str) -> None:
    thread = await thread_of(encoder, 2, place)
    assert await thread.say(text) == [
        ("classify", {"image": "image 1", "labels": [label]}),
        ("classify", {"image": "image 2", "labels": [label]}),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("find the receipt in this thread", {"query": "receipt", "filters": THIS}),
        ("which images in this thread show a dog?", {"query": "dog", "filters": THIS}),
        ("find red bikes posted in this thread", {"query": "red bikes", "filters": THIS}),
        ("find dogs Anna posted in this thread", {"query": "dogs", "filters": {"posted_by": ["Anna"], **THIS}}),
        ("which images did Anna post in this thread?", {"filters": {"posted_by": ["Anna"], **THIS}}),
        ('search screenshots with the text "error" in this thread', {"filters": {"with_text": "error", **THIS}}),
    ],
)
@pytest.mark.parametrize("images", [0, 12])
async def test_where_none_is_known_or_they_are_many_they_are_searched_for(
    encoder: MiniLmHere, text: str, said: dict[str, Any], images: int
) -> None:
    [(tool, asked)] = await (await thread_of(encoder, images)).say(text)
    Filters.model_validate(asked["filters"])
    asked["filters"].pop("kinds", None)
    assert (tool, asked) == ("search", said)


async def test_a_search_may_be_narrowed_to_the_thread_and_gone_on_with(encoder: MiniLmHere) -> None:
    thread = await thread_of(encoder)
    await thread.say("find dogs in #pets")
    here = {"query": "dogs", "filters": {"channels": ["pets"], **THIS}}
    assert await thread.say("only the ones in this thread") == [("search", here)]
    assert await thread.say("more") == [("search", {**here, "limit": 10})]
    assert await thread.say("anywhere") == [("search", {"query": "dogs", "limit": 10})]


async def test_at_a_terminal_a_thread_without_images_has_none(encoder: MiniLmHere) -> None:
    thread = await thread_of(encoder, place="")
    assert await thread.say("find the receipt in this thread") == []
    assert thread.last.text == "There are no images in this thread yet. Could you post the one you mean?"


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("compare the images in this thread", "compare"),
        ("describe all images in this thread", "describe"),
        ("has this been posted in this thread before?", "posted_before"),
        ("what does the receipt in this thread say?", "read_text"),
    ],
)
async def test_what_else_is_asked_of_them_is_no_search(encoder: MiniLmHere, text: str, tool: str) -> None:
    assert {name for name, _ in await (await thread_of(encoder, 2)).say(text)} == {tool}


async def test_how_many_there_are_is_told_from_memory(encoder: MiniLmHere) -> None:
    thread = await thread_of(encoder, 2)
    assert await thread.say("how many images are in this thread?") == []
    assert thread.last.text.startswith("This thread has 2 images")
