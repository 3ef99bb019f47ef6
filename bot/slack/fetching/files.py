"""Slack's file objects -> files we can open, or one sentence for each that cannot be read.

Names, types and sizes are what somebody or Slack says: bytes decide. https://docs.slack.dev/reference/objects/file-object
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.slack import messages
from bot.slack.events import Message
from bot.slack.fetching.downloads import AWAY, Busy, Downloads, Unreadable
from bot.slack.payloads import trimmed
from bot.slack.storage.records import Taken
from bot.slack.web import RATE_LIMITED, Refused, Unsure, Web
from bot.slack.words import one_line
from bot.turns.intake import Posted

AT_ONCE = 4
"""Files under way at the same time, over all turns."""
PATIENCE = 30.0
MODES = {"tombstone": "tombstone", "hidden_by_limit": "hidden", "external": "external"}
NO_FILES = {
    "snippet": "snippet",
    "email": "email",
    "list": "list",
    "space": "post",
    "docs": "post",
    "canvas": "canvas",
    "quip": "canvas",
}
"""Modes whose content is no file, and what people call them."""
REFUSALS = {
    "file_not_found": "gone",
    "file_deleted": "tombstone",
    "file_hidden": "hidden",
    "missing_scope": "login_page",
    "not_authed": "login_page",
    "invalid_auth": "login_page",
}
"""Errors of files.info that say more than that we may not."""
NAMELESS = {"name": "", "title": ""}
DENIED = {"access_denied", "file_not_found", "restricted"}
DELETED = messages.UNREADABLE["tombstone"].format(name=messages.A_FILE)
Wanted = tuple[Message, Mapping[str, Any]]
"""A file object with the message it came with."""


@dataclass(frozen=True)
class Fetched:
    """What came of fetching."""

    posted: list[Posted]
    """Files on disk, in the order they were wanted."""
    problems: list[str]
    taken: list[Taken]
    """Every file with its SHA-256, or None where it cannot be read: for `Records.take`."""

    def without(self, gone: Collection[Taken]) -> Fetched:
        """What is left of it when those files were deleted meanwhile."""
        read = [one for one in self.taken if one.sha256]
        return Fetched(
            posted=[file for file, one in zip(self.posted, read, strict=True) if one not in gone],
            problems=[*self.problems, *(DELETED for one in gone if one.sha256)],
            taken=[one for one in self.taken if one not in gone],
        )


class Files:
    """Fetches files of messages."""

    def __init__(self, web: Web, downloads: Downloads) -> None:
        self._web = web
        self._downloads = downloads
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, wanted: Sequence[Wanted], folder: Path, *, unnamed: Collection[str] = ()) -> Fetched:
        """Download into `folder` (private to this turn, and gone after it). One bad file spoils no other.

        unnamed: ids of files whose names are not said where they cannot be read.
        """
        results = await asyncio.gather(
            *(self._one(file, folder / str(n), named=file["id"] not in unnamed) for n, (_, file) in enumerate(wanted))
        )
        taken = [Taken(file, message, sha256) for (message, _), (file, sha256, _) in zip(wanted, results, strict=True)]
        return Fetched(
            posted=[Posted(name_of(file), folder / str(n)) for n, (file, sha256, _) in enumerate(results) if sha256],
            problems=[problem for _, _, problem in results if problem],
            taken=taken,
        )

    async def _one(
        self, file: Mapping[str, Any], to: Path, *, named: bool
    ) -> tuple[Mapping[str, Any], str | None, str]:
        """The file object as it is known now; its SHA-256, or a sentence."""
        try:
            file, sha256 = await self.save(file, to)
        except Unreadable as unreadable:
            return file, None, self.sentence(file if named else {**file, **NAMELESS}, unreadable.why)
        return file, sha256, ""

    async def save(self, file: Mapping[str, Any], to: Path) -> tuple[Mapping[str, Any], str]:
        """Write a file to `to`. Returns the file object as it is known now, and the SHA-256. Raises: Unreadable."""
        async with self._slots:
            known = await self._known(file)
            return known, await self._downloads.save(self._address(known), to)

    async def _known(self, file: Mapping[str, Any]) -> Mapping[str, Any]:
        """Stubs are filled in: files of other organisations come as one (Slack Connect). Raises: Unreadable."""
        whole = file.get("url_private_download") or file.get("url_private")
        if file.get("mode") in MODES or (whole and file.get("file_access") != "check_file_info"):
            return file
        return await self.info(str(file["id"]))

    async def info(self, file: str) -> dict[str, Any]:
        """The file object. Raises: Unreadable."""
        try:
            told = await self._web.call(self._web.client.files_info, patience=PATIENCE, file=file)
        except Refused as refused:
            if refused.error == RATE_LIMITED:
                raise Busy(float(refused.told.get("retry_after") or 0.0)) from None
            raise Unreadable(REFUSALS.get(refused.error, "no_permission")) from None
        except Unsure:
            raise Unreadable(AWAY) from None
        return trimmed(told["file"]) | {name: told["file"].get(name) for name in SHARES if told["file"].get(name)}

    def _address(self, file: Mapping[str, Any]) -> str:
        """Where its bytes are. Raises: Unreadable."""
        mode = str(file.get("mode") or "")
        if mode in MODES:
            raise Unreadable(MODES[mode])
        if file.get("is_external"):
            raise Unreadable("external")
        if mode in NO_FILES:
            raise Unreadable("not_a_file")
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        if not url or file.get("file_access") in DENIED:
            raise Unreadable("no_permission")
        if int(file.get("size") or 0) > self._downloads.most_bytes:
            raise Unreadable("too_big")
        return url

    def sentence(self, file: Mapping[str, Any], why: str) -> str:
        """Why it cannot be read; `why` as in `Unreadable`."""
        if why == "login_page" and file.get("filetype") == "html":
            why = "web_page"
        kind = NO_FILES.get(str(file.get("mode") or ""), "file")
        most = self._downloads.most_bytes // 1_000_000
        return messages.UNREADABLE[why].format(name=name_of(file), kind=kind, most=most)


SHARES = ("channels", "groups", "ims", "shares")
"""Where a file is shared: only files.info tells."""


def name_of(file: Mapping[str, Any]) -> str:
    """What people call it: untrusted, on one short line."""
    return one_line(str(file.get("name") or file.get("title") or "")) or messages.A_FILE


def places_of(file: Mapping[str, Any]) -> set[str]:
    """Channels a file is shared in."""
    listed = {place for kind in ("channels", "groups", "ims") for place in file.get(kind) or ()}
    shares = file.get("shares") or {}
    return listed | {place for kind in ("public", "private") for place in shares.get(kind) or ()}
