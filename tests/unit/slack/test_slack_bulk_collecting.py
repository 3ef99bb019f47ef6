"""Which files a job about a whole channel is about."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.slack.bulk import sentences
from bot.slack.bulk.collecting import PAGES, Collecting
from bot.slack.bulk.wanting import Where
from bot.slack.events import Identity, Message
from bot.slack.fetching.gathering import Gathering
from bot.slack.storage.records import Known, Records
from bot.slack.web import Web
from tools.kit import CannotDo

QUESTION = Message(team="T1", channel="C1", ts="9.0", thread_ts="9.0", user="U1")


class Channel:
    """A channel of so many pages, each with a message that has one file; newest first, as Slack tells it."""

    def __init__(self, pages: int) -> None:
        self.client, self.pages, self.told = self, pages, 0
        self.conversations_history = "conversations.history"

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        self.told += 1
        page = int(arguments["cursor"] or 0)
        said = {"ts": f"{self.pages - page}.0", "user": "U1", "files": [{"id": f"F{self.pages - page}"}]}
        following = str(page + 1) if page + 1 < self.pages else ""
        return {"messages": [said], "response_metadata": {"next_cursor": following}}


class Whole:
    """A thread without files, of which everything is known."""

    async def whole(self, question: Message) -> Message:
        return question

    async def files(self, question: Message) -> Known:
        return Known([], frozenset())


def collecting(channel: Channel, most: int) -> Collecting:
    known = Whole()
    gathering, records = cast(Gathering, known), cast(Records, known)
    return Collecting(cast(Web, channel), gathering, records, Identity("T1", "UBOT", "B1"), most=most)


async def found(channel: Channel, most: int = 500) -> list[str]:
    return [file["id"] for _, file in await collecting(channel, most).of(QUESTION, Where.CHANNEL)]


async def test_the_files_of_a_channel_come_oldest_first() -> None:
    assert await found(Channel(3)) == ["F1", "F2", "F3"]


async def test_with_more_files_than_a_job_takes_nobody_looks_further() -> None:
    channel = Channel(9)
    assert len(await found(channel, most=2)) == 3
    assert channel.told == 3


async def test_a_channel_without_end_is_not_looked_through() -> None:
    assert len(await found(Channel(PAGES))) == PAGES
    channel = Channel(PAGES + 1)
    with pytest.raises(CannotDo, match=sentences.LONG_CHANNEL):
        await found(channel)
    assert channel.told == PAGES
