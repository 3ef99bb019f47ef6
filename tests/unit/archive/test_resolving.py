"""Filters as people say them become what an archive takes, or a sentence; and what they narrow by is told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.archives import MemoryArchive
from tests.directories import Names
from tools.kit import AskAgain, Filters, Item, Post, Scope
from tools.kit.archive.chips import without
from tools.kit.archive.filters import NOBODY
from tools.kit.archive.place import Place
from tools.kit.archive.resolving import Resolved, resolve

SCOPE = Scope(workspace="T1", audiences=("C1", "C2"))
EVERYWHERE = Scope(workspace="T1", audiences=("C1", "C2", "C9"))
FIRST = "1770000000.000000"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = Names(
    me="U1",
    zone=BERLIN,
    of_people={"U1": "Anna Berg", "U2": "Anna Lind", "U3": "Zoë Öz", "U4": "Benjamin Krug", "U9": "Berta Secret"},
    of_channels={"C1": "design", "C2": "field-trips", "C9": "secret-plans"},
)


def posted(user: str, name: str, channel: str, called: str) -> Item:
    return Item(
        id=str(uuid.uuid4()),
        path=f"https://example.slack.com/{user}",
        sha256=user,
        audience=channel,
        name="a.jpg",
        mime="image/jpeg",
        width=1,
        height=1,
        added=datetime(2026, 1, 1, tzinfo=UTC),
        post=Post(ts="1770000000.000000", user=user, name=name, channel=called),
    )


@pytest.fixture
async def archive() -> MemoryArchive:
    made = MemoryArchive("colours", 1, 1)
    items = [
        posted("U1", "Anna Berg", "C1", "design"),
        posted("U2", "Anna Lind", "C1", "design"),
        posted("U3", "zoe.oez", "C2", "field-trips"),
        posted("U4", "benny", "C2", "field-trips"),
        posted("U9", "Berta Secret", "C9", "secret-plans"),
    ]
    await made.put(EVERYWHERE, items, np.ones((len(items), 1), np.float32))
    return made


async def resolved(archive: MemoryArchive, **filters: Any) -> Resolved:
    return await resolve(Filters(**filters), archive, SCOPE, NOW)


@pytest.mark.parametrize(
    ("said", "user"),
    [
        ("Anna Berg", "U1"),
        ("anna berg", "U1"),
        ("@Anna Berg", "U1"),
        ("Berg", "U1"),
        ("zoe", "U3"),
        ("Zoë Öz", "U3"),
        ("@zoe.oez", "U3"),
        ("Ben", "U4"),
        ("benny", "U4"),
        ("me", "U1"),
        ("U2", "U2"),
        ("<@U2>", "U2"),
        ("<@U2|anna>", "U2"),
    ],
)
async def test_people_are_meant_by_any_of_their_names(archive: MemoryArchive, said: str, user: str) -> None:
    found = await resolved(archive, posted_by=(said,))
    assert found.filters
    assert found.filters.posted_by == (user,)


@pytest.mark.parametrize("said", ["#design", "design", "Design", "C1", "<#C1|design>", "<#C1>"])
async def test_channels_are_meant_by_name_or_id(archive: MemoryArchive, said: str) -> None:
    found = await resolved(archive, channels=(said,))
    assert found.filters
    assert found.filters.channels == ("C1",)
    assert [chip.label for chip in found.chips] == ["in #design"]


async def test_a_name_that_two_have_is_asked_about(archive: MemoryArchive) -> None:
    with pytest.raises(AskAgain) as asked:
        await resolved(archive, posted_by=("Anna",))
    assert str(asked.value) == 'More than one person here is called "Anna": Anna Berg and Anna Lind. Say which one.'


async def test_an_unknown_name_is_said_with_those_like_it(archive: MemoryArchive) -> None:
    with pytest.raises(AskAgain, match=r'Nobody called "Ana Berk" .* Did you mean Anna Berg'):
        await resolved(archive, posted_by=("Ana Berk",))
    with pytest.raises(AskAgain, match=r"a channel called #desing that I may show here. Did you mean #design\?"):
        await resolved(archive, channels=("#desing",))


async def test_an_unknown_name_like_no_other_is_said_with_those_most_images_are_from(archive: MemoryArchive) -> None:
    with pytest.raises(AskAgain, match=r"There are images from Anna Berg, Anna Lind, Zoë Öz and Benjamin Krug\.$"):
        await resolved(archive, posted_by=("Xaver",))
    with pytest.raises(AskAgain, match=r"There are images from #design and #field-trips\.$"):
        await resolved(archive, channels=("#zzz",))
    more = [posted(f"U{number}", f"Person {number}", "C2", "field-trips") for number in range(10, 15)]
    more += [posted("U4", "benny", "C2", "field-trips").model_copy(update={"sha256": "again"})]
    await archive.put(SCOPE, more, np.ones((len(more), 1), np.float32))
    with pytest.raises(AskAgain) as asked:
        await resolved(archive, posted_by=("Xaver",))
    assert str(asked.value) == (
        'Nobody called "Xaver" has posted an image that I may show here. Most images are from Benjamin Krug, '
        "Anna Berg, Person 10, Person 11 and Person 12: name one of these, or ask without it."
    )


@pytest.mark.parametrize(
    "filters",
    [{"posted_by": ("Berta Secret",)}, {"posted_by": ("U9",)}, {"channels": ("#secret-plans",)}, {"channels": ("C9",)}],
)
async def test_names_outside_the_scope_are_unknown_and_never_offered(
    archive: MemoryArchive, filters: dict[str, Any]
) -> None:
    with pytest.raises(AskAgain) as asked:
        await resolved(archive, **filters)
    [[said]] = filters.values()
    told = str(asked.value).replace(said.lstrip("#"), "")
    assert "Secret" not in told
    assert "secret" not in told
    with pytest.raises(AskAgain) as nobody:
        await resolved(archive, posted_by=("Nobody Known",))
    assert "Berta" not in str(nobody.value)


async def test_me_needs_somebody_logged_in(archive: MemoryArchive) -> None:
    with pytest.raises(AskAgain, match="Nobody is logged in"):
        await resolve(Filters(posted_by=("me",)), archive, SCOPE, Names())


async def test_where_nobody_posted_anything_that_is_said() -> None:
    with pytest.raises(AskAgain, match='none by "Anna"'):
        await resolve(Filters(posted_by=("Anna",)), MemoryArchive("colours", 1, 1), SCOPE, NOW)
    with pytest.raises(AskAgain, match="none in #nowhere: ask without a channel"):
        await resolve(Filters(channels=("nowhere",)), MemoryArchive("colours", 1, 1), SCOPE, NOW)


async def test_times_are_the_askers_own(archive: MemoryArchive) -> None:
    found = await resolved(archive, after=datetime(2026, 3, 1), before=datetime(2026, 4, 1))
    assert found.filters
    assert found.filters.after == datetime(2026, 3, 1, tzinfo=BERLIN)
    assert [chip.label for chip in found.chips] == ["in March 2026"]
    offset = await resolved(archive, after=datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert [chip.label for chip in offset.chips] == ["since 1 March 2026 13:00"]


@pytest.mark.parametrize("end", [datetime(2026, 3, 2), datetime(2026, 3, 1, 23, 59, 59)])
async def test_a_day_is_one_condition(archive: MemoryArchive, end: datetime) -> None:
    found = await resolved(archive, after=datetime(2026, 3, 1), before=end)
    assert [chip.label for chip in found.chips] == ["on 1 March 2026"]
    filters = {"after": "2026-03-01T00:00:00", "before": end.isoformat(), "kinds": ["photo"]}
    left = without({"query": "boats", "filters": filters}, found.chips[0].key, found.chips[0].value)
    assert left == {"query": "boats", "filters": {"kinds": ["photo"]}}
    longer = await resolved(archive, after=datetime(2026, 3, 1), before=datetime(2026, 3, 3))
    assert [chip.label for chip in longer.chips] == ["since 1 March 2026", "until 2 March 2026"]


async def test_times_that_cannot_be_are_said(archive: MemoryArchive) -> None:
    with pytest.raises(AskAgain, match="from 2 April 2026 on and until 31 March 2026: say the earlier day first"):
        await resolved(archive, after=datetime(2026, 4, 2), before=datetime(2026, 4, 1))
    with pytest.raises(AskAgain, match="1 January 2199 has not come yet"):
        await resolved(archive, after=datetime(2199, 1, 1))


@pytest.mark.parametrize("end", ["after", "before"])
@pytest.mark.parametrize("moment", [datetime.min, datetime.max, datetime.min.replace(tzinfo=ZoneInfo("Asia/Tokyo"))])
async def test_the_ends_of_the_calendar_are_said(archive: MemoryArchive, end: str, moment: datetime) -> None:
    with pytest.raises(AskAgain, match=r"^No image is from the year (1|9999): say another day\.$"):
        await resolved(archive, **{end: moment})


@pytest.mark.parametrize(
    ("said", "name"), [("navy", "dark blue"), ("Gray", "grey"), ("red", "red"), ("sky-blue", "light blue")]
)
async def test_colours_are_those_that_images_are_kept_by(archive: MemoryArchive, said: str, name: str) -> None:
    found = await resolved(archive, colours=(said,))
    assert found.filters
    assert found.filters.colours == (name,)


async def test_an_unknown_colour_is_said_with_those_there_are(archive: MemoryArchive) -> None:
    with pytest.raises(
        AskAgain, match='"turquiose" is no colour that images can be searched by: did you mean turquoise'
    ):
        await resolved(archive, colours=("turquiose",))
    with pytest.raises(AskAgain, match="say one of black, dark grey"):
        await resolved(archive, colours=("transparent",))


async def test_every_condition_is_a_chip_that_can_be_taken_away(archive: MemoryArchive) -> None:
    filters: dict[str, Any] = {
        "posted_by": ["Anna Berg", "zoe"],
        "kinds": ["screenshot"],
        "with_text": "total 9.00",
        "excluding": {"channels": ["design"], "colours": ["red"]},
    }
    found = await resolve(Filters.model_validate(filters), archive, SCOPE, NOW)
    assert [chip.label for chip in found.chips] == [
        "from Anna Berg",
        "from Zoë Öz",
        "screenshots",
        'with the text "total 9.00"',
        "not in #design",
        "not red",
    ]
    arguments: dict[str, Any] = {"query": "boats", "filters": filters, "within": ["x"]}
    for chip in (*found.chips, type(found.chips[0])("within", ["x"], "")):
        arguments = without(arguments, chip.key, chip.value)
    assert arguments == {"query": "boats"}
    assert filters["posted_by"] == ["Anna Berg", "zoe"]


@pytest.mark.parametrize(
    ("after", "before", "labels"),
    [
        ((2026, 2, 1), (2026, 3, 1), ["in February 2026"]),
        ((2025, 12, 1), (2026, 1, 1), ["in December 2025"]),
        ((2025, 1, 1), (2026, 1, 1), ["in 2025"]),
        ((2026, 2, 1, 0, 0, 0), (2026, 2, 28, 23, 59, 59), ["in February 2026"]),
        ((2026, 2, 1), (2026, 4, 1), ["since 1 February 2026", "until 31 March 2026"]),
        ((2026, 2, 2), (2026, 3, 2), ["since 2 February 2026", "until 1 March 2026"]),
        ((2026, 2, 1, 9), (2026, 3, 1), ["since 1 February 2026 09:00", "until 28 February 2026"]),
    ],
)
async def test_a_whole_month_or_year_is_one_chip(
    archive: MemoryArchive, after: tuple[int, ...], before: tuple[int, ...], labels: list[str]
) -> None:
    filters = {"after": datetime(*after), "before": datetime(*before)}  # type: ignore[arg-type]
    found = await resolved(archive, **filters)
    assert [chip.label for chip in found.chips] == labels
    arguments: dict[str, Any] = {"filters": {name: moment.isoformat() for name, moment in filters.items()}}
    for chip in found.chips:
        arguments = without(arguments, chip.key, chip.value)
    assert arguments == {}


async def in_thread(archive: MemoryArchive, scope: Scope, *items: Item, **filters: Any) -> list[str]:
    """Ids of what passes, asked in the thread of `FIRST` in C1."""
    await archive.put(EVERYWHERE, items, np.ones((len(items), 1), np.float32))
    place = Place("C1", FIRST)
    found = await resolve(Filters(thread="this", **filters), archive, scope, NOW, place)
    assert [chip.fact for chip in found.chips][-1] == {"key": "thread", "value": "this", "label": "in this thread"}
    assert without({"filters": {"thread": "this"}}, "thread", "this") == {}
    return sorted(item.id for item in await archive.recent(scope, filters=found.filters))


def said_at(ts: str, thread_ts: str = "", channel: str = "C1") -> Item:
    item = posted("U1", "Anna Berg", channel, "design")
    return item.model_copy(update={"post": Post(ts=ts, user="U1", thread_ts=thread_ts)})


async def test_in_this_thread_is_its_first_message_and_what_answers_it() -> None:
    root, answer = said_at(FIRST), said_at("1770000900.000000", FIRST)
    others = [said_at("1770000500.000000"), said_at("1770000901.000000", "1770000500.000000")]
    elsewhere = [said_at(FIRST, channel="C2"), said_at("1770000902.000000", FIRST, channel="C2")]
    archive = MemoryArchive("colours", 1, 1)
    assert await in_thread(archive, SCOPE, root, answer, *others, *elsewhere) == sorted([root.id, answer.id])


async def test_in_a_thread_without_archived_images_nothing_passes(archive: MemoryArchive) -> None:
    assert await in_thread(MemoryArchive("colours", 1, 1), SCOPE, said_at("1770000500.000000")) == []


async def test_in_this_thread_shows_no_more_than_may_be_shown_there() -> None:
    archive = MemoryArchive("colours", 1, 1)
    assert await in_thread(archive, Scope(workspace="T1", audiences=("C2",)), said_at(FIRST)) == []


async def test_where_there_is_no_thread_that_is_said(archive: MemoryArchive) -> None:
    with pytest.raises(AskAgain, match='ask without "in this thread"'):
        await resolved(archive, thread="this")


async def test_no_filters_narrow_nothing(archive: MemoryArchive) -> None:
    assert await resolve(None, archive, SCOPE, NOW) == Resolved(None)
    assert await resolved(archive) == Resolved(None)


def test_of_hits_that_are_none_of_those_asked_for_nothing_is_left_rather_than_everything() -> None:
    asked = Filters(ids=("one", "two"))
    assert asked.among(["two", "three"]).ids == ("two",)
    assert asked.among(["three"]).ids == (NOBODY,)
    assert Filters().among(["three"]).ids == ("three",)
