"""One contract for every `Archive`: the one in memory, Qdrant Edge in a folder and asked by another process, and a
Qdrant server.

The server is reached through `qdrant-client` twice: as its local mode, and over HTTP to a stand-in that lets local mode
answer. That proves what is sent and how answers are taken, and not how a real server ranks, persists or survives.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from tests.contract.archive_kit import DIM, NOON, OWNER, TEXT_DIM, item, post, texts, vectors
from tools.kit import Archive, Contents, Counted, Embeddings, Filters, Item, Space, Upkeep

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


async def test_it_is_an_archive_bound_to_its_encoder(archive: Archive) -> None:
    assert isinstance(archive, Archive)
    assert isinstance(archive, Upkeep)
    assert archive.encoder == "space-a"


async def test_a_workspace_nobody_indexed_is_empty(archive: Archive) -> None:
    assert await archive.search(OWNER, vectors(1)[0]) == []
    assert await archive.count(OWNER) == 0
    assert await archive.get(OWNER, [item(0).id]) == []
    assert await archive.remove(OWNER, [item(0).id]) == 0
    assert [found async for found in archive.scan(OWNER)] == []
    assert await archive.match(OWNER, "bike") == []
    assert await archive.recent(OWNER) == []
    assert await archive.tally(OWNER, "people") == []


async def test_what_was_put_comes_back_unchanged(archive: Archive) -> None:
    kept = item(0, name="Müller 東京 ▇.png", page=3, taken=NOON - timedelta(days=400), size=5_000_000_000)
    await archive.put(OWNER, [kept], vectors(1))
    assert await archive.get(OWNER, [kept.id]) == [kept]


async def test_file_times_come_back_to_the_last_bit(archive: Archive) -> None:
    times = np.random.default_rng(0).uniform(1.6e9, 1.9e9, 300)
    items = [item(number, modified=float(time)) for number, time in enumerate(times)]
    await archive.put(OWNER, items, vectors(300))
    assert [found.modified for found in await archive.get(OWNER, [each.id for each in items])] == list(times)


async def test_the_nearest_comes_first_with_its_cosine(archive: Archive) -> None:
    space = vectors(20)
    await archive.put(OWNER, [item(number) for number in range(20)], space)
    hits = await archive.search(OWNER, space[7], limit=3)
    assert [hit.item.id for hit in hits] == [item(int(n)).id for n in np.argsort(-space @ space[7])[:3]]
    assert [hit.score for hit in hits] == pytest.approx(sorted(space @ space[7], reverse=True)[:3], abs=1e-5)


async def test_hits_come_with_their_vectors_when_these_are_asked_for(archive: Archive) -> None:
    space = vectors(5)
    await archive.put(OWNER, [item(number) for number in range(5)], space)
    hits = await archive.search(OWNER, space[2], vectors=True)
    assert [hit.score for hit in hits] == pytest.approx([float(hit.vector @ space[2]) for hit in hits], abs=1e-5)
    assert [hit.vector for hit in await archive.search(OWNER, space[2])] == [None] * 5


async def test_the_same_id_is_replaced_not_added(archive: Archive) -> None:
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.put(OWNER, [item(0, name="new.jpg")], vectors(1, seed=1))
    assert await archive.count(OWNER) == 1
    [hit] = await archive.search(OWNER, vectors(1, seed=1)[0])
    assert hit.item.name == "new.jpg"
    assert hit.score == pytest.approx(1, abs=1e-5)


async def test_vectors_of_another_size_are_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="dimensions"):
        await archive.put(OWNER, [item(0)], np.ones((1, DIM + 1), np.float32))
    with pytest.raises(ValueError, match="dimensions"):
        await archive.put(OWNER, [item(0)], vectors(1), np.ones((1, TEXT_DIM + 1), np.float32))
    with pytest.raises(ValueError, match="dimensions"):
        await archive.search(OWNER, np.ones(DIM + 1, np.float32))
    with pytest.raises(ValueError, match="dimensions"):
        await archive.search(OWNER, np.ones(DIM, np.float32), by="text")


async def test_get_answers_in_the_order_asked_and_leaves_out_the_unknown(archive: Archive) -> None:
    await archive.put(OWNER, [item(number) for number in range(3)], vectors(3))
    found = await archive.get(OWNER, [item(2).id, item(9).id, item(0).id])
    assert found == [item(2), item(0)]


async def test_scan_gives_every_item_once_in_id_order(archive: Archive) -> None:
    await archive.put(OWNER, [item(number) for number in reversed(range(1500))], vectors(1500))
    assert [found.id async for found in archive.scan(OWNER)] == [item(number).id for number in range(1500)]


async def test_what_was_removed_is_gone(archive: Archive) -> None:
    await archive.put(OWNER, [item(number) for number in range(3)], vectors(3))
    assert await archive.remove(OWNER, [item(1).id, item(1).id, item(9).id]) == 1
    assert await archive.get(OWNER, [item(1).id]) == []
    assert await archive.count(OWNER) == 2


async def test_what_is_known_of_an_item_is_revised_and_its_vector_stays(archive: Archive) -> None:
    space = vectors(2)
    await archive.put(OWNER, [item(0), item(1)], space)
    newer = item(0).model_copy(update={"modified": 1234.5678, "name": "renamed.jpg"})
    await archive.revise(OWNER, [newer, item(9)])
    assert [found async for found in archive.scan(OWNER)] == [newer, item(1)]
    [hit] = await archive.search(OWNER, space[0], filters=Filters(name_contains="renamed"))
    assert hit.item == newer
    assert hit.score == pytest.approx(1, abs=1e-3)


async def test_many_calls_at_once_are_all_answered(archive: Archive) -> None:
    space = vectors(40)
    await asyncio.gather(*(archive.put(OWNER, [item(number)], space[number : number + 1]) for number in range(40)))
    hits = await asyncio.gather(*(archive.search(OWNER, vector, limit=1) for vector in space))
    assert [hit[0].item.id for hit in hits] == [item(number).id for number in range(40)]


# --- words ----------------------------------------------------------------------------------------


def said(number: int, text: str = "", **contents: Any) -> Item:
    """An item whose message says something."""
    return item(number, name=f"{number}.jpg", post=post(number, text=text), contents=Contents(**contents))


async def vector_of(archive: Archive, by: Space) -> Embeddings:
    """That of item 0."""
    found = await archive.vector(OWNER, item(0).id, by)
    assert found is not None
    return found


async def test_words_of_the_message_the_reading_the_caption_and_the_tags_are_matched(archive: Archive) -> None:
    items = [
        said(0, "the red bikes in the yard"),
        item(1, name="1.jpg", contents=Contents(text="INVOICE 4711\nTotal 12.50")),
        said(2, caption="A dog asleep"),
        said(3, tags=("harbour", "boat")),
        item(4, name="Tax_Return-2023.pdf"),
    ]
    await archive.put(OWNER, items, vectors(5))
    for asked, found in {"bike": 0, "total 4711": 1, "dogs sleeping": 2, "BOATS": 3, "return": 4}.items():
        assert [hit.item.id for hit in await archive.match(OWNER, asked)] == [item(found).id], asked
    assert await archive.match(OWNER, "zebra") == []
    assert await archive.match(OWNER, "the of and") == []
    assert await archive.match(OWNER, "") == []


async def test_a_rare_word_counts_more_than_a_common_one(archive: Archive) -> None:
    await archive.put(OWNER, [said(0, "red bike"), said(1, "red car"), said(2, "red boat")], vectors(3))
    hits = await archive.match(OWNER, "red boat")
    assert hits[0].item.id == item(2).id
    assert len(hits) == 3
    assert hits[0].score > hits[1].score > 0
    assert len(await archive.match(OWNER, "red boat", limit=1)) == 1


async def test_words_are_matched_within_filters(archive: Archive) -> None:
    await archive.put(OWNER, [said(0, "red bike"), said(1, "red bike")], vectors(2))
    hits = await archive.match(OWNER, "bike", filters=Filters(ids=(item(1).id,)))
    assert [hit.item.id for hit in hits] == [item(1).id]


async def test_a_search_by_meaning_finds_only_what_is_known_in_words(archive: Archive) -> None:
    meaning = texts(3)
    meaning[1] = 0
    await archive.put(OWNER, [item(number) for number in range(3)], vectors(3), meaning)
    hits = await archive.search(OWNER, meaning[2], by="text", vectors=True)
    assert [hit.item.id for hit in hits] == [item(2).id, item(0).id]
    assert hits[0].score == pytest.approx(1, abs=1e-5)
    assert hits[0].vector is not None
    np.testing.assert_allclose(hits[0].vector, meaning[2], atol=1e-6)
    assert await archive.vector(OWNER, item(1).id, "text") is None
    np.testing.assert_allclose(await vector_of(archive, "text"), meaning[0], atol=1e-6)


async def test_a_picture_without_a_vector_is_found_by_its_words(archive: Archive) -> None:
    space = vectors(2)
    space[1] = 0
    await archive.put(OWNER, [said(0, "bike"), said(1, "boat")], space, texts(2))
    assert [hit.item.id for hit in await archive.search(OWNER, space[0])] == [item(0).id]
    assert [hit.item.id for hit in await archive.match(OWNER, "boat")] == [item(1).id]
    assert await archive.vector(OWNER, item(1).id) is None


async def test_a_revision_changes_words_and_meaning(archive: Archive) -> None:
    space, meaning = vectors(1), texts(2)
    await archive.put(OWNER, [said(0, "a bike")], space, meaning[:1])
    await archive.revise(OWNER, [said(0, "a boat")])
    assert await archive.match(OWNER, "bike") == []
    assert len(await archive.match(OWNER, "boat")) == 1
    np.testing.assert_allclose(await vector_of(archive, "text"), meaning[0], atol=1e-6)
    await archive.revise(OWNER, [said(0, "a ship")], meaning[1:])
    np.testing.assert_allclose(await vector_of(archive, "text"), meaning[1], atol=1e-6)
    await archive.revise(OWNER, [said(0, "a ship")], np.zeros((1, TEXT_DIM), np.float32))
    assert await archive.vector(OWNER, item(0).id, "text") is None
    np.testing.assert_allclose(await vector_of(archive, "image"), space[0], atol=1e-6)


# --- lists and tallies ----------------------------------------------------------------------------


async def test_the_latest_come_first_by_when_they_were_posted_taken_or_changed(archive: Archive) -> None:
    items = [
        item(0, modified=NOON.timestamp()),
        item(1, taken=NOON + timedelta(hours=2)),
        item(2, post=post(3600)),
        item(3, post=post(3600.000001)),
    ]
    await archive.put(OWNER, items, vectors(4))
    assert await archive.recent(OWNER) == [items[1], items[3], items[2], items[0]]
    assert await archive.recent(OWNER, oldest=True, limit=2) == [items[0], items[2]]
    assert await archive.recent(OWNER, filters=Filters(posted_by=("U1",)), limit=1) == [items[3]]


async def test_people_and_channels_are_counted_under_their_latest_names(archive: Archive) -> None:
    items = [
        item(0, post=post(1, "U1", name="anna", channel="general")),
        item(1, post=post(3, "U1", name="Anna Berg", channel="all-hands")),
        item(2, post=post(2, "U2", name="ben", channel="middle")),
        item(3, post=post(2, "")),
        item(4),
    ]
    await archive.put(OWNER, items, vectors(5))
    assert await archive.tally(OWNER, "people") == [Counted("U1", 2, "Anna Berg"), Counted("U2", 1, "ben")]
    assert await archive.tally(OWNER, "people", limit=1) == [Counted("U1", 2, "Anna Berg")]
    at_terminal = [Counted(name, 1, name) for name in ("all-hands", "general", "middle")]
    assert await archive.tally(OWNER, "channels") == at_terminal
    assert await archive.count(OWNER, Filters(channels=("general", "middle"))) == 2
    early = Filters(before=NOON + timedelta(seconds=2))
    assert await archive.tally(OWNER, "people", filters=early) == [Counted("U1", 1, "anna")]


async def test_kinds_colours_and_tags_are_counted(archive: Archive) -> None:
    items = [
        item(0, contents=Contents(kind="photo", colours=("red", "blue"), tags=("dog",))),
        item(1, contents=Contents(kind="photo", colours=("blue",), tags=("cat", "dog"))),
        item(2, contents=Contents(kind="drawing")),
        item(3),
    ]
    await archive.put(OWNER, items, vectors(4))
    assert await archive.tally(OWNER, "kinds") == [Counted("photo", 2), Counted("drawing", 1)]
    assert await archive.tally(OWNER, "colours") == [Counted("blue", 2), Counted("red", 1)]
    assert await archive.tally(OWNER, "tags") == [Counted("dog", 2), Counted("cat", 1)]


async def test_a_scan_may_be_narrowed(archive: Archive) -> None:
    await archive.put(OWNER, [item(number, width=100 * number + 1) for number in range(5)], vectors(5))
    found = [each.id async for each in archive.scan(OWNER, Filters(min_width=300))]
    assert found == [item(3).id, item(4).id]
