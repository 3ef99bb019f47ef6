"""Images of a turn in the archive of their channel: what is deleted meanwhile does not come into it, or leaves it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from bot.slack.events import FileDeleted, Message
from bot.slack.storage.forgetting import Counts, Forgetting, Whose
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.preferences import Archives
from bot.slack.storage.records import Taken
from bot.slack.storage.tables import Database
from tests.unit.slack.slack_archive import Town


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(database, tmp_path)


async def taken(town: Town, message: Message) -> list[Taken]:
    """As a turn has taken them in: their originals are kept."""
    await Inbox(town.db).hear(message, for_us=True)
    found = []
    for file in message.files:
        data = town.slack.given[file["id"]]
        assert isinstance(data, bytes)
        sha256 = await town.blobs.put("T1", data, holder="thread:T1:C1:1.0")
        found.append(Taken(file, message, sha256))
    await town.records.take(message, found)
    return found


async def deleted(town: Town, file: str) -> None:
    """As events tell of it."""
    gone = FileDeleted("T1", file)
    await town.records.delete_file(gone)
    await town.following.file_deleted(gone)


async def test_what_was_deleted_while_the_turn_answered_is_not_filed(town: Town) -> None:
    files = await taken(town, town.message("1.0", "a.png", "b.png"))
    await deleted(town, "FA")
    assert await town.filing.put(files) == 1
    assert await town.in_it() == ["b.png"]
    rows = await town.db.rows("select object from archive_postings where state <> 'gone'")
    assert [row["object"]["name"] for row in rows] == ["b.png"]


async def test_images_are_filed_once_and_from_where_the_turn_has_put_them(town: Town) -> None:
    files = await taken(town, town.message("1.0", "a.png", "b.png"))
    assert [await town.filing.put(files), await town.filing.put(files)] == [2, 0]
    assert await town.in_it() == ["a.png", "b.png"]
    assert town.slack.asked == []


async def test_of_a_channel_that_wants_no_archive_nothing_is_filed(town: Town) -> None:
    await town.preferences.archive("T1", "C1", Archives.OFF, by="U1")
    assert await town.filing.put(await taken(town, town.message("1.0", "a.png"))) == 0
    assert await town.in_it() == []


async def test_the_same_picture_posted_twice_is_two_points(town: Town) -> None:
    first, second = town.message("1.0", "a.png"), town.message("2.0", "b.png")
    town.slack.given["FB"] = town.slack.given["FA"]
    await town.filing.put([*await taken(town, first), *await taken(town, second)])
    items = await town.items()
    assert [item.name for item in items] == ["a.png", "b.png"]
    assert items[0].sha256 == items[1].sha256


async def test_every_page_of_a_pdf_is_filed(town: Town) -> None:
    await town.filing.put(await taken(town, town.message("1.0", "a.pdf")))
    assert await town.in_it() == ["a.pdf:1", "a.pdf:2", "a.pdf:3"]


async def test_what_is_deleted_and_erased_before_it_is_written_is_not_written(town: Town) -> None:
    files = await taken(town, town.message("1.0", "a.png", "b.png"))

    async def delete() -> None:
        await deleted(town, "FA")
        await town.erasing.work_off()

    town.encoder.encoding = delete
    assert await town.filing.put(files) == 1
    assert await town.in_it() == ["b.png"]


async def test_what_is_deleted_while_it_is_written_is_erased_after_that(town: Town) -> None:
    files = await taken(town, town.message("1.0", "a.png", "b.png"))
    deletions: list[asyncio.Task[int]] = []

    async def delete() -> int:
        await deleted(town, "FA")
        return await town.erasing.work_off()

    async def meanwhile() -> None:
        if deletions:
            return
        deletions.append(asyncio.create_task(delete()))
        for _ in range(1000):
            if deletions[0].done() or await town.db.row("select 1 as one from pg_locks where not granted"):
                return
            await asyncio.sleep(0.01)

    town.archive.writing = meanwhile
    await town.filing.put(files)
    await deletions[0]
    assert await town.in_it() == ["b.png"]


async def test_what_is_forgotten_while_it_is_filed_does_not_stay(town: Town) -> None:
    files = await taken(town, town.message("1.0", "a.png"))
    await town.db.rows(
        "insert into searches (team, user_id, channel, asked) values ('T1', 'U1', 'C1', '{}')"
    )  # which is erased after the archive, and before all is committed
    async with town.db.transaction() as db:
        await db.execute("select from searches for update")
        forgetting = asyncio.create_task(Forgetting(town.db, town.erasing).erase(Whose("T1", channel="C1")))
        await waits(town)
        filing = asyncio.create_task(town.filing.put(files))
        await asyncio.wait([filing], timeout=1)
    await asyncio.gather(forgetting, filing)
    await town.worked_off()
    assert await town.in_it() == []
    assert await town.db.rows("select user_id from archive_postings union all select user_id from archive_people") == []


async def test_what_is_being_filed_when_it_is_forgotten_is_found_by_who_forgets(town: Town) -> None:
    files = await taken(town, town.message("1.0", "a.png"))
    forgetting: list[asyncio.Task[Counts]] = []

    async def forget() -> None:
        if not forgetting:
            forgetting.append(asyncio.create_task(Forgetting(town.db, town.erasing).erase(Whose("T1", channel="C1"))))
            await asyncio.wait(forgetting, timeout=0.5)

    town.encoder.encoding = forget
    await town.filing.put(files)
    await forgetting[0]
    await town.worked_off()
    assert await town.in_it() == []
    assert await town.db.rows("select user_id from archive_postings union all select user_id from archive_people") == []


async def test_what_gets_into_the_way_of_a_turn_is_forgotten_all_the_same(town: Town) -> None:
    """As a turn that takes its images in again: it holds its question, and waits for a file."""
    message = town.message("1.0", "a.png")
    await taken(town, message)
    async with town.db.pool.connection() as turn, turn.transaction():
        await turn.execute("select from inbox for share")
        forgetting = asyncio.create_task(Forgetting(town.db, town.erasing).erase(Whose("T1", channel="C1")))
        await waits(town)
        with suppress(psycopg.errors.DeadlockDetected):
            await turn.execute("update thread_files set sha256 = sha256")
    counts = await forgetting
    assert (counts.messages, counts.images) == (1, 1)
    assert await town.db.rows("select file from thread_files") == []


async def waits(town: Town) -> None:
    """Until a statement waits for what another has locked."""
    while not await town.db.row("select 1 as one from pg_locks where not granted"):  # noqa: ASYNC110  no event
        await asyncio.sleep(0.01)


async def test_an_image_that_cannot_be_had_any_more_does_not_keep_the_others_out(town: Town) -> None:
    files = await taken(town, town.message("1.0", "a.png", "b.png"))
    assert files[0].sha256
    del town.blobs.kept[files[0].sha256]
    town.slack.given["FA"] = "tombstone"
    assert await town.filing.put(files) == 1
    assert await town.in_it() == ["b.png"]
