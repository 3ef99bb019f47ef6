"""Pure: which files of a message are looked at for the archive. What they are is decided by their bytes, later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.addressing import is_own
from bot.slack.archiving.postings import Posting
from bot.slack.events import Identity, Message
from bot.slack.storage.changes import TOMBSTONE

NO_IMAGES = ("text/", "audio/", "video/", "font/", "message/")
DOCUMENTS = ("application/pdf", "application/octet-stream", "application/postscript", "application/x-photoshop")
"""Of other types Slack knows what they are, or has only been told that they are files."""
NO_FILES = {"snippet", "email", "list", "space", "docs", "canvas", "quip", TOMBSTONE}
"""Modes without an image in them."""


def postings_of(message: Message, bot: Identity, *, late: bool = False) -> list[Posting]:
    """What of it may be an image or a PDF, each with what the message says. Nothing of what we said ourselves."""
    if is_own(message, bot) or message.deleted:
        return []
    return [posting_of(message, file, late=late) for file in message.files if may_be_image(file)]


def posting_of(
    message: Message, file: Mapping[str, Any], *, late: bool = False, asked: bool = False, sha256: str | None = None
) -> Posting:
    """sha256: of one whose original is kept already."""
    return Posting(
        team=message.team,
        channel=message.channel,
        ts=message.ts,
        file=str(file["id"]),
        thread_ts=message.thread_ts,
        user=message.user or str(file.get("user") or ""),
        object=file,
        asked=asked,
        late=late,
        pending={"text": message.text},
        sha256=sha256,
    )


def may_be_image(file: Mapping[str, Any]) -> bool:
    """Slack's word for the type may be missing at first, or too general."""
    kind = str(file.get("mimetype") or "")
    if file.get("mode") in NO_FILES or kind.startswith(NO_IMAGES):
        return False
    return not kind or kind.startswith("image/") or kind in DOCUMENTS
