"""Which files a job is about: the message's own, its thread's, or a channel's, each once and as posted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.bulk.collecting import Collecting
from bot.slack.bulk.wanting import Where
from bot.slack.events import Message
from bot.slack.storage.changes import TOMBSTONE
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database
from bot.slack.web import Refused
from tests.contract.test_bulk_jobs import BOT, heard, message
from tools.kit import CannotDo


class Gathering:
    """The record holds everything already."""

    async def whole(self, question: Message) -> Message:
        return question


class Web:
    """A channel's history in pages, newest first."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.pages = pages
        self.client = self
        self.asked = 0

    async def conversations_history(self) -> None: ...

    async def call(self, method: Any, *, cursor: str, **arguments: Any) -> dict[str, Any]:
        self.asked += 1
        if not self.pages:
            raise Refused("conversations.history", "missing_scope")
        at = int(cursor or 0)
        following = str(at + 1) if at + 1 < len(self.pages) else ""
        return {"messages": self.pages[at], "response_metadata": {"next_cursor": following}}


def posted(ts: str, *files: str, user: str = "UANNA", mode: str = "hosted") -> dict[str, Any]:
    return {"ts": ts, "user": user, "text": "", "files": [{"id": file, "name": file, "mode": mode} for file in files]}


async def collected(database: Database, question: Message, where: Where, web: Any = None, most: int = 500) -> list[str]:
    gathering: Any = Gathering()
    asked: Any = web or Web()
    records = Records(database, Inbox(database), BOT)
    found = await Collecting(asked, gathering, records, BOT, most=most).of(question, where)
    return [str(file["id"]) for _, file in found]


@pytest.fixture
async def question(database: Database) -> Message:
    """In a thread of two files, with three of its own."""
    await heard(database, message("1000.000100", files=2))
    return await heard(database, message("2000.000100", files=3, thread_ts="1000.000100"))


async def test_a_thread_is_all_of_it(database: Database, question: Message) -> None:
    files = ["F10000", "F10001", "F20000", "F20001", "F20002"]
    assert await collected(database, question, Where.THREAD) == files


async def test_these_files_are_the_messages_own(database: Database, question: Message) -> None:
    assert await collected(database, question, Where.MESSAGE) == ["F20000", "F20001", "F20002"]


async def test_these_files_are_the_threads_where_the_message_has_none(database: Database, question: Message) -> None:
    later = await heard(database, message("3000.000100", thread_ts="1000.000100"))
    assert len(await collected(database, later, Where.MESSAGE)) == 5


async def test_a_channel_is_read_to_its_beginning_without_what_is_gone_or_ours(database: Database) -> None:
    asks = await heard(database, message("9000.000100"))
    web = Web(
        [posted("0004.0", "F4"), posted("0003.0", "F3", user="UBOT")],
        [posted("0002.0", "F2", mode=TOMBSTONE), posted("0001.0", "F1", "F0"), posted("0000.0", "F4")],
    )
    assert await collected(database, asks, Where.CHANNEL, web) == ["F4", "F1", "F0"]


async def test_a_channel_is_read_no_further_than_a_job_goes(database: Database) -> None:
    asks = await heard(database, message("9000.000100"))
    web = Web(*([posted(f"{n}.0", f"F{n}a", f"F{n}b")] for n in range(9, 0, -1)))
    assert len(await collected(database, asks, Where.CHANNEL, web, most=3)) > 3
    assert web.asked == 2


async def test_a_channel_that_slack_does_not_show_is_told(database: Database) -> None:
    asks = await heard(database, message("9000.000100"))
    with pytest.raises(CannotDo, match="missing_scope"):
        await collected(database, asks, Where.CHANNEL)
