"""Ids of archived images: the same posting, or the same place, always has the same one."""

from __future__ import annotations

import uuid

NAMESPACE = uuid.UUID("5b9a4a36-6c8e-4f4a-9d0e-7c1f6a0c2d11")


def posting_id(channel: str, ts: str, file: str, page: int | None = None) -> str:
    """Of a page of a file in a message, by Slack's ids. The same picture posted twice is two postings."""
    return str(uuid.uuid5(NAMESPACE, f"{channel}\n{ts}\n{file}\n{page or 0}"))


def posting_ids(channel: str, ts: str, file: str, pages: int) -> list[str]:
    """All ids that a file may have in an archive of which up to so many pages were opened; 0 of an image."""
    return [posting_id(channel, ts, file, page) for page in range(pages + 1)]


def place_id(audience: str, place: str, page: int | None = None) -> str:
    """Of a page of what lies at a path or an address, for one audience."""
    return str(uuid.uuid5(NAMESPACE, f"{audience}\n{place}\n{page or 0}"))


def holder(audience: str) -> str:
    """Who holds the originals of an audience's archived images in the blob store, where nothing else does."""
    return f"archive:{audience}"
