"""Files of messages, as the archive of their channel goes by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

from bot.archive.ids import posting_ids

State = Literal["wanted", "shelved", "done"]
"""To be put into the archive; in it, and to be looked at closely; in it with all that is said of it."""
KEY = ("team", "channel", "ts", "file")


class Work(IntEnum):
    """What is to be done for a posting, the most urgent first."""

    NEW = 0
    """It was just posted: into the archive."""
    CHANGED = 1
    """The archive is to say something else of it."""
    OLD = 2
    """It is of a channel's history: into the archive."""
    ENRICH = 3
    """Its text, tags and caption are to be found out."""


@dataclass(frozen=True)
class Posting:
    """A file of a message."""

    team: str
    channel: str
    ts: str
    file: str
    thread_ts: str
    """The message's own `ts` when it begins a thread."""
    user: str
    object: Mapping[str, Any]
    """Slack's file object."""
    asked: bool = False
    """Spyglass was asked about it: the channel need not have opted in."""
    late: bool = False
    """Of a channel's history."""
    pending: Mapping[str, str] | None = None
    """What the archive does not say yet: `text`, `name` (of who posted it), `channel` (its name), `file` (its name)."""
    sha256: str | None = None
    pages: int = 0
    """Of a PDF; 0 of an image."""
    begun: int = 0
    failures: int = 0

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.team, self.channel, self.ts, self.file

    @property
    def ids(self) -> list[str]:
        """All that it may be in the archive."""
        return posting_ids(self.channel, self.ts, self.file, self.pages)


@dataclass(frozen=True)
class Claimed:
    """Postings of one channel that are ours for a while."""

    work: Work
    postings: list[Posting]


def keys_of(postings: Sequence[Posting]) -> list[list[str]]:
    """Their keys, a column a field of `KEY`."""
    return [[getattr(one, name) for one in postings] for name in KEY]


def posting_of_row(row: Mapping[str, Any]) -> Posting:
    names = ("team", "channel", "ts", "file", "thread_ts", "object", "asked", "late", "pending", "sha256", "pages")
    return Posting(
        user=row["user_id"], begun=row["begun"], failures=row["failures"], **{name: row[name] for name in names}
    )
