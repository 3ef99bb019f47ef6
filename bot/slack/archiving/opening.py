"""The file of a posting, opened: from Slack, or from where a turn has put it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.slack.archiving.postings import Posting
from bot.slack.archiving.telling import sentences
from bot.slack.fetching.downloads import AWAY, Busy, Unreadable
from bot.slack.fetching.files import Files, name_of
from bot.slack.web import RATE_LIMITED, Refused
from bot.wiring import Wiring
from tools.kit import AskAgain, BlobStore, CannotDo, Decoder, Image, Opened
from tools.kit.originals import pages_of, ref_of

PASSING = {AWAY, "login_page", "no_permission"}
"""Why a file cannot be had now, and perhaps later: keys of `messages.UNREADABLE`."""


@dataclass(frozen=True)
class Leaf:
    """A posting whose file was opened."""

    posting: Posting
    pages: Sequence[Opened]
    original: Path | None = None
    """Where its bytes are; None for one that the blob store has."""

    @property
    def sha256(self) -> str:
        return self.pages[0].sha256

    @property
    def last_page(self) -> int:
        """Of a PDF; 0 of an image."""
        return self.pages[-1].page or 0

    @property
    def images(self) -> list[Image]:
        return [image_of(self.posting, page) for page in self.pages]


class Opening:
    """Opens files of postings."""

    def __init__(self, wiring: Wiring, files: Files) -> None:
        self._wiring, self._files = wiring, files

    async def open(self, posting: Posting, to: Path) -> Leaf:
        """Raises: AskAgain for what is no image, or is not to be had; CannotDo when it may be had later; Refused when
        Slack wants to be asked later."""
        if posting.sha256:
            with suppress(KeyError):  # not kept after all, or no longer: Slack is asked
                await self._original(posting.team, posting.sha256)  # what was opened of it once is no sign of it
                return Leaf(posting, await self.pages(posting))
        try:
            known, _ = await self._files.save(posting.object, to)
        except Busy as busy:
            raise Refused("download", RATE_LIMITED, {"retry_after": busy.seconds}) from None
        except Unreadable as unreadable:
            if unreadable.why == AWAY:
                raise CannotDo(sentences.PUT_OFF) from None
            said = self._files.sentence(posting.object, unreadable.why)
            raise (CannotDo if unreadable.why in PASSING else AskAgain)(said) from None
        decoder = await self._wiring.lend(Decoder)
        return Leaf(posting, await decoder.open(to, name=name_of(known), workspace=posting.team), to)

    async def pages(self, posting: Posting) -> list[Opened]:
        """Of one whose original is kept. Raises: KeyError when it is not; AskAgain; CannotDo."""
        if posting.sha256 is None:
            raise KeyError(posting.file)
        kept: Any = {"decoder": await self._wiring.lend(Decoder), "blobs": await self._wiring.lend(BlobStore)}
        return await pages_of(posting.sha256, name=name_of(posting.object), workspace=posting.team, **kept)

    async def bytes_of(self, leaf: Leaf) -> bytes:
        """Raises: KeyError."""
        if leaf.original:
            return await asyncio.to_thread(leaf.original.read_bytes)
        return await self._original(leaf.posting.team, leaf.sha256)

    async def _original(self, team: str, sha256: str) -> bytes:
        """Raises: KeyError."""
        return await (await self._wiring.lend(BlobStore)).get(team, sha256)


def image_of(posting: Posting, page: Opened) -> Image:
    """A page of its file, as tools take it."""
    return Image(ref_of(page, f"image {page.page or 1}", name_of(posting.object)), page.path)
