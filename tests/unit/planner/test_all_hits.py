"""What is asked of all hits of a search at once, or of those that were asked back for."""

from __future__ import annotations

from typing import Any

import pytest

from graphs.local_planner.answering.compose import REST
from tests.unit.planner.planner_thread import FOUND, MiniLmHere, Thread
from tools.kit import Evidence

WHICH = 'Which of the hits do you mean? Say its number, as in "describe hit 2".'
DOGS: dict[str, Any] = {"query": "dogs", "filters": {"channels": ["pets"]}}
MANY = REST.partition(":")[0]
HITS = ["hit 1", "hit 2", "hit 3"]


@pytest.fixture
async def thread(encoder: MiniLmHere) -> Thread:
    """In which dogs were searched for, and three found."""
    thread = Thread(encoder, FOUND)
    await thread.say("find photos of dogs in #pets")
    return thread


def of_each(tool: str, **said: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(tool, {"image": hit, **said}) for hit in HITS]


@pytest.mark.parametrize(
    "text", ["all of them", "show me all of them", "Show all!", "show them all", "can I see all the results?", "all"]
)
async def test_all_are_shown_as_far_as_a_page_takes_them(thread: Thread, text: str) -> None:
    assert await thread.say(text) == [("search", {**DOGS, "limit": 50})]


async def test_all_are_shown_after_talk_of_a_few(thread: Thread) -> None:
    await thread.say("describe the second one")
    assert await thread.say("show me all of them") == [("search", {**DOGS, "limit": 50})]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("describe all of them", of_each("describe")),
        ("what do those say?", of_each("read_text")),
        ("read all the results", of_each("read_text")),
        ("extract the total from each of them", of_each("extract", fields=["total"])),
        ("classify all of them as cat or dog", of_each("classify", labels=["cat", "dog"])),
        ("who posted them?", of_each("posted_before")),
        ("compare them", [("compare", {"images": HITS})]),
        ("which of all these has a red car?", [("look", {"images": HITS})]),
        ("describe the hits", of_each("describe")),
        ("describe each hit", of_each("describe")),
        ("what do they show?", of_each("describe")),
        ("describe hits 1-3", of_each("describe")),
    ],
)
async def test_what_is_asked_of_all_is_asked_of_each(
    thread: Thread, text: str, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    found = await thread.say(text)
    assert [(tool, {name: said[name] for name in said if name != "question"}) for tool, said in found] == calls


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("all of them from last year", {"after": "2025-01-01T00:00:00", "before": "2026-01-01T00:00:00"}),
        ("only those by Anna", {"posted_by": ["Anna"]}),
    ],
)
async def test_a_narrower_search_is_still_one(thread: Thread, text: str, filters: dict[str, Any]) -> None:
    assert await thread.say(text) == [("search", {**DOGS, "filters": {**DOGS["filters"], **filters}})]


@pytest.mark.parametrize(
    ("asked", "named", "calls"),
    [
        ("describe it", "2", [("describe", {"image": "hit 2"})]),
        ("describe it", "1 and 3", [("describe", {"image": "hit 1"}), ("describe", {"image": "hit 3"})]),
        ("describe it", "all of them", of_each("describe")),
        ("describe it", "all please", of_each("describe")),
        ("describe it", "2 please", [("describe", {"image": "hit 2"})]),
        ("describe it", "1-3", of_each("describe")),
        ("describe it", "hit 2 and 3", [("describe", {"image": hit}) for hit in HITS[1:]]),
        (
            "extract the total and the date from it",
            "number 2",
            [("extract", {"image": "hit 2", "fields": ["total", "date"]})],
        ),
        (
            "have we posted this in #design before?",
            "2",
            [("posted_before", {"image": "hit 2", "filters": {"channels": ["design"]}})],
        ),
        ("what does it say?", "the first two", [("read_text", {"image": hit}) for hit in HITS[:2]]),
        ("who posted it?", "the second one", [("posted_before", {"image": "hit 2"})]),
        ("when was this posted?", "hit 3", [("posted_before", {"image": "hit 3"})]),
        ("who posted this?", "all", of_each("posted_before")),
    ],
)
async def test_who_is_asked_which_may_name_it_and_nothing_else(
    thread: Thread, asked: str, named: str, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    assert await thread.say(asked) == []
    assert thread.last.text == WHICH
    assert await thread.say(named) == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("who posted the red car this week", ["search"]),
        ("what is the link to that photo of the bridge?", ["search"]),
        ("when did we last post photos of the office in this channel?", ["search"]),
        ("thanks for those", []),
        ("great, thanks for all of them", []),
        ("why did you show me these?", []),
        ("not these", ["search"]),
        ("just one of them", ["search"]),
        ("which of those were posted in May?", ["search"]),
        ("are there receipts from May? add them up", ["search"]),
        ("first 10", ["search"]),
        ("order them newest first", ["search"]),
    ],
)
async def test_what_is_no_question_about_the_hits_asks_no_tool_about_them(
    thread: Thread, text: str, calls: list[str]
) -> None:
    assert [tool for tool, _ in await thread.say(text)] == calls
    assert thread.last.text != WHICH


async def test_a_question_about_all_keeps_the_search_it_narrows(thread: Thread) -> None:
    narrower = {**DOGS["filters"], "posted_by": ["Anna"]}
    assert await thread.say("are they all from Anna?") == [("search", {**DOGS, "filters": narrower})]


async def test_after_talk_of_one_all_of_them_is_the_same_of_all(thread: Thread) -> None:
    await thread.say("read the second one")
    assert await thread.say("all of them") == of_each("read_text")


async def test_of_many_the_first_are_looked_at_and_that_is_said(encoder: MiniLmHere) -> None:
    hits = [{"rank": rank, "id": f"id-{rank}", "name": f"IMG_{rank}.jpg"} for rank in range(1, 13)]
    thread = Thread(encoder, {"search": Evidence(said="Found 12 images.", facts={"hits": hits})})
    await thread.say("find photos of dogs")
    assert len(await thread.say("describe all of them")) == 10
    assert thread.last.text.endswith(REST.format("describe hit 12"))
    for rest in ("11 and 12", "describe hits 11 and 12"):
        assert await thread.say(rest) == [("describe", {"image": "hit 11"}), ("describe", {"image": "hit 12"})]
        assert MANY not in thread.last.text
        await thread.say("describe all of them")
    assert len(await thread.say("describe the first ten")) == 10
    assert MANY not in thread.last.text
    assert len(await thread.say("who posted them?")) == 5
    assert MANY in thread.last.text


async def test_of_many_images_of_a_thread_too(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, FOUND)
    assert len(await thread.say("describe all of them", post=10)) == 10
    assert MANY not in thread.last.text
    assert len(await thread.say("describe all of them", post=12)) == 10
    assert thread.last.text.endswith(REST.format("describe image 22"))


async def test_of_a_thread_with_images_all_are_its_own(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, FOUND)
    await thread.say("find photos of dogs")
    await thread.say("", post=2)
    found = await thread.say("describe all of them")
    assert {said["image"] for _, said in found} == {"image 1", "image 2"}


@pytest.mark.parametrize("text", ["are they all dogs?", "are these all dogs?", "are they dogs?"])
async def test_whether_all_are_of_a_kind_is_asked_of_each(encoder: MiniLmHere, text: str) -> None:
    thread = Thread(encoder, FOUND)
    await thread.say("", post=2)
    assert await thread.say(text) == [
        ("classify", {"image": image, "labels": ["dogs"]}) for image in ("image 1", "image 2")
    ]
