"""Counts of the archive: how many, by whom, where and when, of what may be shown where it is asked."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from tests.archives import MemoryArchive
from tests.colours import COLOURS, ColourEncoder
from tests.directories import Names
from tools.kit import Evidence, Filters, Item, Post, Scope
from tools.kit.archive.place import Place
from tools.tally import By, tally

EVERYWHERE = Scope(workspace="T1", audiences=("C1", "C2", "C9"))
HERE = Scope(workspace="T1", audiences=("C1", "C2"))
NAMES = Names(
    me="U1",
    of_people={"U1": "Anna Berg", "U2": "Ben Ode", "U9": "Cleo Secret"},
    of_channels={"C1": "pets", "C2": "random", "C9": "secret"},
)
DAY = 86_400
START = 1_772_539_200
"""3 March 2026, noon."""


def posted(colour: str, user: str = "U1", channel: str = "C1", day: int = 0, **more: Any) -> tuple[Item, str]:
    item = Item(
        id=str(uuid.uuid4()),
        path=f"https://example.slack.com/archives/{channel}/p{day}",
        sha256=uuid.uuid4().hex * 2,
        audience=channel,
        name="a.jpg",
        mime="image/jpeg",
        width=1,
        height=1,
        added=datetime(2026, 1, 1, tzinfo=UTC),
        post=Post(ts=f"{START + day * DAY}.000000", user=user, **more) if user else None,
    )
    return item, colour


@pytest.fixture
async def archive() -> MemoryArchive:
    made = MemoryArchive("colours", len(COLOURS), 1)
    images = [
        posted("red", "U1", "C1", 0),
        posted("red", "U1", "C1", 0),
        posted("red", "U2", "C1", 1),
        posted("blue", "U2", "C2", 40),
        posted("blue", "U2", "C2", 40),
        *[posted("red", "U9", "C9", 2) for _ in range(5)],
    ]
    vectors = np.stack([np.eye(len(COLOURS), dtype=np.float32)[list(COLOURS).index(colour)] for _, colour in images])
    await made.put(EVERYWHERE, [item for item, _ in images], vectors)
    return made


async def counted(
    archive: MemoryArchive, query: str | None = None, filters: Filters | None = None, by: By | None = None, **more: Any
) -> Evidence:
    return await tally(
        query,
        filters,
        by,
        encoder=ColourEncoder(),
        meaning=None,
        archive=archive,
        scope=more.get("scope", HERE),
        directory=NAMES,
        place=more.get("place"),
    )


async def test_what_passes_filters_is_counted_exactly(archive: MemoryArchive) -> None:
    found = await counted(archive)
    assert found.said == "5 images are in the archive, of what may be shown here."
    assert (found.facts["number"], found.facts["exact"]) == (5, True)
    found = await counted(archive, filters=Filters(posted_by=("Anna",), before=datetime(2026, 4, 1)))
    assert found.said == (
        "2 images are in the archive (from Anna Berg, until 31 March 2026), of what may be shown here."
    )


async def test_what_is_relevant_to_words_is_an_estimate(archive: MemoryArchive) -> None:
    found = await counted(archive, "red")
    assert found.said == (
        'About 3 of the 5 images that may be shown here seem to fit "red": an estimate, of what a search would show.'
    )
    assert (found.facts["number"], found.facts["exact"], found.facts["total"]) == (3, False, 5)


@pytest.mark.parametrize(
    ("query", "by", "told"),
    [
        (None, "person", "By person (2), the most first: Ben Ode 3, Anna Berg 2."),
        (None, "channel", "By channel (2), the most first: #pets 3, #random 2."),
        (None, "day", "By day (3), the most first: 3 March 2026 2, 12 April 2026 2, 4 March 2026 1."),
        (None, "month", "By month (2), the most first: March 2026 3, April 2026 2."),
        ("red", "person", "By person (2), the most first: Anna Berg 2, Ben Ode 1."),
        ("blue", "channel", "By channel (1), the most first: #random 2."),
    ],
)
async def test_it_is_told_by_whom_where_and_when(archive: MemoryArchive, query: str | None, by: By, told: str) -> None:
    assert (await counted(archive, query, by=by)).said.endswith(told)


@pytest.mark.parametrize("query", [None, "red"])
@pytest.mark.parametrize("by", ["person", "channel", "day"])
async def test_what_may_not_be_shown_counts_nowhere(archive: MemoryArchive, query: str | None, by: By) -> None:
    found = await counted(archive, query, by=by)
    told = found.model_dump_json()
    assert "Cleo" not in told
    assert "U9" not in told
    assert "secret" not in told
    assert "5 March" not in told
    assert sum(each["number"] for each in found.facts["counts"]) == found.facts["number"]


async def test_what_nobody_posted_is_told_apart(archive: MemoryArchive) -> None:
    item, _ = posted("red", user="")
    await archive.put(EVERYWHERE, [item], np.eye(len(COLOURS), dtype=np.float32)[:1])
    found = await counted(archive, by="person")
    assert found.said.endswith("Ben Ode 3, Anna Berg 2; of 1 I do not know it.")
    assert found.facts["unnamed"] == 1


async def test_nothing_is_said_as_such(archive: MemoryArchive) -> None:
    nowhere = Scope(workspace="T1", audiences=("C5",))
    assert (await counted(archive, scope=nowhere, by="person")).said == (
        "0 images are in the archive, of what may be shown here."
    )
    assert (await counted(archive, "green")).said == (
        'None of the 5 images that may be shown here seems to fit "green".'
    )


async def test_a_thread_may_be_counted(archive: MemoryArchive) -> None:
    found = await counted(archive, filters=Filters(thread="this"), place=Place("C1", f"{START}.000000"))
    assert found.said == "2 images are in the archive (in this thread), of what may be shown here."
