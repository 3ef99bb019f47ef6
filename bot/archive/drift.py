"""What verifying an archive finds, and who it asks what should be there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from tools.kit import Item

Kind = Literal["unreadable", "twice", "vector", "original", "changed", "unheld", "gone", "missing", "edited"]
SAID: dict[Kind, str] = {
    "unreadable": "without an item that can be read",
    "twice": "entered twice",
    "vector": "without a sound vector",
    "original": "without an original",
    "changed": "of a file that has changed since",
    "unheld": "whose original the archive does not hold",
    "gone": "no longer posted",
    "missing": "posted and not in the archive",
    "edited": "with other words than their message",
}
"""What follows a number of images."""


class Entry(NamedTuple):
    """What has to be known of an item to let go of it: there may be millions."""

    id: str
    path: str
    audience: str
    sha256: str

    @classmethod
    def of(cls, item: Item) -> Entry:
        """As much of it."""
        return cls(item.id, item.path, item.audience, item.sha256)


@dataclass(frozen=True)
class Drift:
    """One thing that is not as it should be."""

    kind: Kind
    ids: tuple[str, ...]
    """Of the points; none where they are missing."""
    where: str
    """Path or address, or what there is of it. Untrusted: shown only through the gate."""
    audience: str = ""
    mended: bool = False


@dataclass(frozen=True)
class PostedFile:
    """One file in one message, as its source has it now."""

    ts: str
    file: str
    text: str
    """What the message says, in plain words."""


class Source(Protocol):
    """Where the images of a workspace were posted."""

    async def audiences(self) -> Sequence[str]:
        """All that should have anything in the archive."""
        ...

    async def standing(self, audience: str) -> Literal["there", "gone", "unknown"]:
        """``gone``: nothing of it belongs into the archive any more (deleted, left, switched off); ``unknown``: it
        cannot be asked now, and nothing is to be concluded."""
        ...

    def postings(self, audience: str) -> AsyncIterator[PostedFile]:
        """Everything of it that belongs into the archive. Raises: CannotDo when it cannot be asked to the end."""
        ...

    async def bring(self, audience: str, postings: Sequence[PostedFile]) -> Sequence[bool]:
        """Into the archive, or again where it is there: whether each is in it now, as it is at the source."""
        ...
