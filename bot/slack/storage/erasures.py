"""What is to be erased, as it is written down with the change that makes it so; `Erasing` carries it out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.archive.ids import posting_ids
from bot.slack.events import Message
from bot.storage.database import Connection
from graphs.memory import thread_key


class Gone(BaseModel):
    """A file of a message that was in the archive of its channel, or on its way into it."""

    model_config = ConfigDict(frozen=True)

    ts: str
    file: str
    sha256: str
    pages: int
    """Of a PDF; 0 of an image."""


class Erasure(BaseModel):
    """Of one thread, or of a channel's archive when no thread is named."""

    model_config = ConfigDict(frozen=True)

    team: str
    channel: str
    thread_ts: str = ""
    turns: tuple[str, ...] = ()
    """`ts` of questions that are gone."""
    images: tuple[str, ...] = ()
    """SHA-256 of images that are gone."""
    edits: dict[str, str] = {}
    """`ts` of a question -> what it says now, in plain words."""
    postings: tuple[Gone, ...] = ()
    """What leaves the archive."""
    whole: bool = False

    @classmethod
    def of(cls, message: Message, **what: Any) -> Erasure:
        return cls(team=message.team, channel=message.channel, thread_ts=message.thread_ts, **what)

    @property
    def thread(self) -> str:
        return thread_key(self.team, self.channel, self.thread_ts)

    @property
    def ids(self) -> list[str]:
        """All that its postings may be in the archive."""
        return [key for gone in self.postings for key in posting_ids(self.channel, gone.ts, gone.file, gone.pages)]


async def insert(db: Connection, erasures: Iterable[Erasure]) -> None:
    """Write down what is to be erased, in the transaction that makes it so."""
    for erasure in erasures:
        await db.execute("insert into erasures (erasure) values (%s::jsonb)", [erasure.model_dump_json()])
