"""Searches in plain words: who, where, when, what kind, which colours, which words, and what not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.planner.planner_thread import FOUND, MiniLmHere, Thread
from tools.kit import Filters

LAST_MONTH = {"after": "2026-10-01T00:00:00", "before": "2026-11-01T00:00:00"}
PETS = {"channels": ["pets"]}
Filtered = dict[str, Any]


@pytest.fixture
def thread(encoder: MiniLmHere) -> Thread:
    return Thread(encoder, FOUND)


async def searched(thread: Thread, text: str, *, post: int = 0) -> dict[str, Any]:
    """The arguments of the one search that a message comes to; its filters are such that the tool takes them."""
    [(tool, said)] = await thread.say(text, post=post)
    assert tool == "search"
    Filters.model_validate(said.get("filters", {}))
    return said


async def test_who_where_and_when_are_cut_out_of_what_is_looked_for(thread: Thread) -> None:
    assert await searched(thread, "find the photo of the red bike Anna posted in #design last month") == {
        "query": "red bike",
        "filters": {"posted_by": ["Anna"], "channels": ["design"], **LAST_MONTH},
    }


@pytest.mark.parametrize(
    ("text", "query", "filters"),
    [
        ("photos posted by Anna Berg", None, {"posted_by": ["Anna Berg"]}),
        ("Anna's photos", None, {"posted_by": ["Anna"]}),
        ("lighthouses that @ben shared", "lighthouses", {"posted_by": ["ben"]}),
        ("my photos", None, {"posted_by": ["me"]}),
        ("whiteboards from Anna or Ben", "whiteboards", {"posted_by": ["Anna", "Ben"]}),
        ("the diagram ben posted", "diagram", {"posted_by": ["ben"]}),
        ("tents shared by <@U024BE7LH>", "tents", {"posted_by": ["U024BE7LH"]}),
        ("photo of Anna", "Anna", None),
        ("photos of the lake from Paris", "lake from Paris", None),
        ("find the invoice from Acme that Lena posted", "invoice from Acme", {"posted_by": ["Lena"]}),
        ("logos in #design or #brand", "logos", {"channels": ["design", "brand"]}),
        ("puppies from the random channel", "puppies", {"channels": ["random"]}),
        ("charts from <#C0ABCD123|finance>", "charts", {"channels": ["C0ABCD123"]}),
        ("boats in the English channel", "boats in the English channel", None),
        ("only screenshots of the login page", "login page", {"kinds": ["screenshot"]}),
        ("maps, drawings or scans only", "maps", {"kinds": ["drawing", "document"]}),
        ("mostly dark blue posters", "posters", {"colours": ["dark blue"]}),
        ("flags, red and white ones", "flags", {"colours": ["red", "white"]}),
        ("red bike", "red bike", None),
        ('receipts with the text "total due" on them', "receipts", {"with_text": "total due"}),
        ("the sign that says no parking", "sign", {"with_text": "no parking"}),
        ("from:@ben in:#support crash", "crash", {"posted_by": ["ben"], "channels": ["support"]}),
    ],
)
async def test_what_narrows_a_search_is_told_from_what_images_show(
    thread: Thread, text: str, query: str | None, filters: Filtered | None
) -> None:
    said = await searched(thread, text)
    assert (said.get("query", "").removeprefix("the ") or None, said.get("filters")) == (query, filters)


@pytest.mark.parametrize(
    "text",
    [
        "Find pictures of flowers among what we posted",
        "find the flowers we have posted",
        "flowers in our messages",
        "show me flowers that people shared here",
    ],
)
async def test_that_it_was_posted_here_is_no_part_of_what_is_looked_for(thread: Thread, text: str) -> None:
    assert (await searched(thread, text))["query"].removeprefix("the ") == "flowers"


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("bikes, not from Anna", {"posted_by": ["Anna"]}),
        ("bikes but not the ones I posted", {"posted_by": ["me"]}),
        ("bikes but no screenshots", {"kinds": ["screenshot"]}),
        ("bikes, no drawings and no scans", {"kinds": ["drawing", "document"]}),
        ("bikes not in #random", {"channels": ["random"]}),
        ("bikes without the word draft", {"with_text": "draft"}),
        ("bikes that don't say confidential", {"with_text": "confidential"}),
        ("bikes, not mostly red", {"colours": ["red"]}),
        ("bikes, no gifs", {"mime": "image/gif"}),
        ("bikes, not in the folder old", {"folder": "old"}),
    ],
)
async def test_what_hits_may_not_be_is_left_out(thread: Thread, text: str, excluded: Filtered) -> None:
    assert await searched(thread, text) == {"query": "bikes", "filters": {"excluding": excluded}}


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("bikes from last Tuesday", "2026-11-17", "2026-11-18"),
        ("bikes posted between Monday and Wednesday", "2026-11-16", "2026-11-19"),
        ("bikes from the first week of June", "2026-06-01", "2026-06-08"),
        ("bikes posted in the second half of August", "2026-08-16", "2026-09-01"),
        ("bikes from Q3", "2026-07-01", "2026-10-01"),
        ("bikes from Q4 last year", "2025-10-01", "2026-01-01"),
        ("bikes two weeks ago", "2026-11-09", "2026-11-16"),
        ("bikes from 3/4/2026", "2026-04-03", "2026-04-04"),
        ("bikes from 8/13/2026", "2026-08-13", "2026-08-14"),
        ("bikes from 1 to 15 October", "2026-10-01", "2026-10-16"),
        ("bikes from the day before yesterday", "2026-11-22", "2026-11-23"),
        ("bikes from the weekend", "2026-11-21", "2026-11-23"),
        ("bikes posted on the 5th", "2026-11-05", "2026-11-06"),
        ("bikes posted yesterday afternoon", "2026-11-23T12", "2026-11-23T18"),
        ("bikes from last night", "2026-11-23T18", "2026-11-24T06"),
        ("bikes posted between 2 and 4 pm yesterday", "2026-11-23T14", "2026-11-23T16"),
        ("bikes since 9am", "2026-11-24T09", None),
        ("bikes from the last hour", "2026-11-24T14:30", None),
        ("bikes posted after 17:30 on Friday", "2026-11-20T17:30", "2026-11-21"),
    ],
)
async def test_dates_in_any_usual_form(thread: Thread, text: str, after: str, before: str | None) -> None:
    said = await searched(thread, text)
    times = {
        name: datetime.fromisoformat(day).isoformat() for name, day in (("after", after), ("before", before)) if day
    }
    assert said == {"query": "bikes", "filters": times}


@pytest.mark.parametrize(
    ("zone", "yesterday"),
    [("Pacific/Auckland", "2026-11-24"), ("America/Los_Angeles", "2026-11-23"), ("Europe/Berlin", "2026-11-23")],
)
async def test_yesterday_is_the_askers_own(encoder: MiniLmHere, zone: str, yesterday: str) -> None:
    thread = Thread(encoder, now=datetime(2026, 11, 24, 20, tzinfo=UTC), zone=zone)
    assert (await searched(thread, "bikes from yesterday"))["filters"]["after"] == f"{yesterday}T00:00:00"


@pytest.mark.parametrize(("zone", "day"), [("America/Chicago", "2026-03-04"), ("Europe/Berlin", "2026-04-03")])
async def test_of_two_numbers_the_first_is_the_day_but_in_the_united_states(
    encoder: MiniLmHere, zone: str, day: str
) -> None:
    thread = Thread(encoder, zone=zone)
    assert (await searched(thread, "bikes from 3/4/2026"))["filters"]["after"] == f"{day}T00:00:00"


@pytest.mark.parametrize(
    "said", ["red bike from saturday", "red bike from last saturday", "red bike posted on Saturday"]
)
async def test_a_saturday_named_on_a_saturday_is_the_one_before(encoder: MiniLmHere, said: str) -> None:
    saturday = Thread(encoder, now=datetime(2026, 11, 28, 15, 30))
    found = await searched(saturday, f"find the {said}")
    assert found["filters"] == {"after": "2026-11-21T00:00:00", "before": "2026-11-22T00:00:00"}


async def test_a_zone_that_nobody_knows_is_this_machines(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, zone="Nowhere/Special")
    assert (await searched(thread, "bikes from today"))["filters"]["after"] == "2026-11-24T00:00:00"


async def test_this_channel_is_the_one_it_is_asked_in(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, place="C0HERE")
    assert await searched(thread, "bikes in this channel") == {"query": "bikes", "filters": {"channels": ["C0HERE"]}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("bikes from 31 February", "There is no 31 February: that month is not so long. Which day do you mean?"),
        ("bikes posted by Anna on 2026-06-31", "There is no 2026-06-31: that month is not so long."),
        ("bikes from 45/13/2026", "There is no 45/13/2026: no year has such a month."),
    ],
)
async def test_an_impossible_date_is_asked_about(thread: Thread, text: str, sentence: str) -> None:
    assert await thread.say(text) == []
    assert thread.status == "asked"
    assert sentence in thread.last.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("only the ones with people", {"query": "beach with people", "filters": {"channels": ["trips"]}}),
        ("newer", {"query": "beach", "filters": {"channels": ["trips"]}, "order": "newest"}),
        ("older ones", {"query": "beach", "filters": {"channels": ["trips"]}, "order": "oldest"}),
        ("just the ones from Ben", {"query": "beach", "filters": {"channels": ["trips"], "posted_by": ["Ben"]}}),
        ("in #family instead", {"query": "beach", "filters": {"channels": ["family"]}}),
        ("also in #family", {"query": "beach", "filters": {"channels": ["trips", "family"]}}),
        (
            "without the screenshots",
            {"query": "beach", "filters": {"channels": ["trips"], "excluding": {"kinds": ["screenshot"]}}},
        ),
        ("anywhere", {"query": "beach"}),
        ("forget the channel", {"query": "beach"}),
        ("what's the closest then?", {"query": "beach", "filters": {"channels": ["trips"]}, "nearest": True}),
        ("last month", {"query": "beach", "filters": {"channels": ["trips"], **LAST_MONTH}}),
        ("Ben's photos", {"filters": {"posted_by": ["Ben"]}}),
    ],
)
async def test_follow_ups_refine_a_search(thread: Thread, text: str, said: dict[str, Any]) -> None:
    await thread.say("beach in #trips")
    assert await searched(thread, text) == said


async def test_only_the_ones_are_those_of_the_search_though_one_was_read_meanwhile(thread: Thread) -> None:
    await thread.say("dogs in #trips")
    assert [tool for tool, _ in await thread.say("the third one: what does it say?")] == ["read_text"]
    said = await searched(thread, "only the ones in the snow")
    assert said == {"query": "dogs in snow", "filters": {"channels": ["trips"]}}


async def test_a_very_long_list_of_names_is_read_all_the_same(thread: Thread) -> None:
    said = await searched(thread, "photos from " + "Anna and Ben, " * 300 + "in #design")
    assert said["filters"]["channels"] == ["design"]


async def test_what_was_left_out_may_come_back(thread: Thread) -> None:
    await thread.say("boats, not mine")
    assert await searched(thread, "mine too") == {"query": "boats"}


async def test_the_dates_of_a_search_move_back(thread: Thread) -> None:
    await thread.say("cats from yesterday")
    said = await searched(thread, "the day before")
    assert said["filters"] == {"after": "2026-11-22T00:00:00", "before": "2026-11-23T00:00:00"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("like this but at night", {"image": "image 1", "query": "night"}),
        ("more like this from Anna", {"image": "image 1", "filters": {"posted_by": ["Anna"]}}),
        (
            "similar ones in #design, no drawings",
            {"image": "image 1", "filters": {"channels": ["design"], "excluding": {"kinds": ["drawing"]}}},
        ),
    ],
)
async def test_pictures_are_searched_with_in_the_same_way(thread: Thread, text: str, said: dict[str, Any]) -> None:
    assert await searched(thread, text, post=1) == said


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("have we posted this before?", {}),
        ("is this a repost?", {}),
        ("when did we last share this?", {}),
        ("did Anna already post this?", {"filters": {"posted_by": ["Anna"]}}),
        ("has this been posted in #design before?", {"filters": {"channels": ["design"]}}),
    ],
)
async def test_whether_it_was_posted_before(thread: Thread, text: str, more: dict[str, Any]) -> None:
    assert await thread.say(text, post=1) == [("posted_before", {"image": "image 1", **more})]


async def test_a_hit_may_be_asked_after_too(thread: Thread) -> None:
    await thread.say("beach in #trips")
    assert await thread.say("was the second one posted before?") == [("posted_before", {"image": "hit 2"})]
    assert (await searched(thread, "more"))["query"] == "beach"


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("find photos posted by bne", {"posted_by": ["bne"]}),
        ("show me images in #genral", {"channels": ["genral"]}),
        ('now find photos with the text "harbour"', {"with_text": "harbour"}),
    ],
)
async def test_images_that_are_asked_for_after_postings_are_searched_for(
    thread: Thread, text: str, filters: dict[str, Any]
) -> None:
    await thread.say("have we posted this before?", post=1)
    assert await thread.say("in #design?") == [
        ("posted_before", {"image": "image 1", "filters": {"channels": ["design"]}})
    ]
    assert await thread.say(text) == [("search", {"filters": filters})]


async def test_who_posted_a_hit_that_there_is_not(thread: Thread) -> None:
    await thread.say("beach in #trips")
    assert await thread.say("who posted number 7?") == []
    assert thread.last.text.startswith("That search found 3 images. Which one do you mean?")


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("who posted number 3?", 3),
        ("when was the second one posted?", 2),
        ("where is the first from?", 1),
        ("which channel is the third one from?", 3),
        ("give me the link to hit 2", 2),
        ("who is the second one from?", 2),
    ],
)
async def test_who_posted_a_hit_where_and_when_is_told_of_the_hit(thread: Thread, text: str, rank: int) -> None:
    await thread.say("beach in #trips")
    for _ in range(2):
        assert await thread.say(text) == [("posted_before", {"image": f"hit {rank}"})]
    assert (await searched(thread, "more"))["query"] == "beach"


async def test_of_an_image_that_no_search_found_its_link_is_not_asked_after(thread: Thread) -> None:
    assert await thread.say("which date is it from?", post=1) != [("posted_before", {"image": "image 1"})]


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("what does the card from Anna say?", "read_text"),
        ("is this letter from Anna or Ben?", "classify"),
        ("describe my photo", "describe"),
    ],
)
async def test_people_in_a_question_about_an_image_make_no_search(thread: Thread, text: str, tool: str) -> None:
    assert [name for name, _ in await thread.say(text, post=1)] == [tool]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("who posted the most photos of dogs in #pets?", {"query": "dogs", "filters": PETS, "by": "person"}),
        ("how many images did Anna post last month?", {"filters": {"posted_by": ["Anna"], **LAST_MONTH}}),
        ("how many receipts are in the archive?", {"query": "receipts"}),
        ("how many images are in the archive?", {}),
        ("which channel has the most screenshots?", {"filters": {"kinds": ["screenshot"]}, "by": "channel"}),
        ("on which day were most photos posted?", {"by": "day"}),
        ("how many photos per month in #pets?", {"filters": PETS, "by": "month"}),
        ("how many people posted photos of dogs in #pets?", {"query": "dogs", "filters": PETS, "by": "person"}),
    ],
)
@pytest.mark.parametrize("post", [0, 1])
async def test_counts_of_the_archive_are_asked_for(thread: Thread, text: str, said: dict[str, Any], post: int) -> None:
    if post:
        await thread.say("", post=post)
    assert await thread.say(text) == [("tally", said)]


@pytest.mark.parametrize(
    "text", ["how many people are in the picture?", "how many of them are red?", "how many is that?"]
)
async def test_without_images_a_count_of_what_one_shows_is_none_of_the_archive(thread: Thread, text: str) -> None:
    assert "tally" not in [tool for tool, _ in await thread.say(text)]


async def test_a_count_of_what_is_here_is_one_of_the_channel(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, place="C024BE7LR")
    said = {"filters": {"channels": ["C024BE7LR"]}, "by": "person"}
    assert await thread.say("who posted the most photos here?") == [("tally", said)]


async def test_how_many_a_search_could_have_found_is_a_count(thread: Thread) -> None:
    await thread.say("beach in #pets")
    assert await thread.say("how many are there?") == [("tally", {"query": "beach", "filters": PETS})]
    assert (await searched(thread, "more"))["query"] == "beach"


async def test_how_many_of_what_an_image_shows_is_no_count_of_the_archive(thread: Thread) -> None:
    assert [tool for tool, _ in await thread.say("how many dogs are there?", post=1)] == ["look"]


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("Fotos von Hunden in #zufall", {"channels": ["zufall"]}),
        ("zeig mir Bilder vom Hafen von @lena", {"posted_by": ["lena"]}),
        (
            "fotos de puentes de @ana en #obras 2026-05-01",
            {
                "posted_by": ["ana"],
                "channels": ["obras"],
                "after": "2026-05-01T00:00:00",
                "before": "2026-05-02T00:00:00",
            },
        ),
    ],
)
async def test_people_channels_and_dates_are_found_in_other_languages(
    thread: Thread, text: str, filters: Filtered
) -> None:
    assert (await searched(thread, text))["filters"] == filters


async def test_to_find_two_is_no_name_of_the_second_hit(thread: Thread) -> None:
    for _ in range(2):
        assert await searched(thread, "find 2 pictures of a flower") == {"query": "flower", "limit": 2}
