"""Originals: where they come from and lie, and how they become images."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from tools.kit.types import Glance, Opened, Pixels, Stored


@runtime_checkable
class Decoder(Protocol):
    """Any bytes become images, or one clear sentence."""

    async def open(self, original: bytes | Path, *, name: str, workspace: str) -> list[Opened]:
        """Decode an original into upright sRGB pages.

        Raises: AskAgain with a sentence that says what the file is and what to do.
        """
        ...

    async def kept(self, workspace: str, sha256: str) -> list[Opened] | None:
        """The pages of an original that was opened before, without needing it; None when it must be opened (again)."""
        ...

    async def forget(self, workspace: str, sha256: str) -> None:
        """Delete what was drawn from an original, for when that is let go."""
        ...

    def briefly(
        self, original: bytes | Path, *, name: str, workspace: str
    ) -> AbstractAsyncContextManager[list[Opened]]:
        """As `open`, for the length of a block: what was drawn is gone when it ends, and nobody else sees it."""
        ...


@runtime_checkable
class Previews(Protocol):
    """What an original shows at a glance, without becoming an image of a thread."""

    async def thumbnail(
        self, original: Path, page: int | None, width: int, height: int, *, workspace: str
    ) -> Pixels | None:
        """The upright picture, or page (from 1) of a PDF, within width x height pixels: (h, w, 3) uint8 sRGB.

        None for what cannot be drawn.
        """
        ...

    async def taken(self, originals: Sequence[Path]) -> list[datetime | None]:
        """When each photo was taken by its own word: local time, with its offset from UTC where it has that."""
        ...


@runtime_checkable
class Glancer(Protocol):
    """What images look like, at the cost of some milliseconds each."""

    async def glance(self, files: Sequence[Path]) -> list[Glance | None]:
        """One result a file, in order; None for what is no image that can be opened so simply. Files of strangers are
        decoded in workers."""
        ...


@runtime_checkable
class Objects(Protocol):
    """The objects of somebody's bucket, which are only read. Everything raises CannotDo when it does not answer or
    refuses."""

    def listed(self) -> AsyncIterator[Stored]:
        """All of them below the prefix, in the same order each time; the object that is called as the prefix, too; and
        what cannot be listed, with its `trouble`."""
        ...

    async def head(self, key: str, number: int) -> bytes:
        """The first bytes. Raises: KeyError when the object is gone."""
        ...

    async def fetch(self, key: str, to: Path) -> None:
        """Write it to a file. Raises: KeyError when it is gone."""
        ...


@runtime_checkable
class BlobStore(Protocol):
    """Originals, kept once per workspace by SHA-256 and dropped when the last holder lets go."""

    async def put(self, workspace: str, data: bytes, *, holder: str) -> str:
        """Keep the bytes for `holder` (a thread or archive id) and return their SHA-256 in hex. Idempotent."""
        ...

    async def get(self, workspace: str, sha256: str) -> bytes:
        """Raises: KeyError when nothing (or no longer) is kept under that hash."""
        ...

    async def release(self, workspace: str, sha256: str, *, holder: str) -> bool:
        """Let go; True when that was the last holder and the bytes are gone. Unknown holders are ignored."""
        ...

    async def holders(self, workspace: str, sha256: str) -> set[str]: ...
