"""`spyglass archive verify`: what is in an archive against its originals and where they were posted. Knows no terminal;
it yields what it finds."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.archive.drift import Drift, Entry, Kind, PostedFile, Source
from bot.archive.ids import place_id, posting_id
from bot.archive.mending import Mending
from bot.archive.originals import Originals
from tools.kit import Item
from tools.kit.archive import Point, Upkeep
from tools.kit.archive.words import gist_of

UNIT = 1e-2
"""By how much the length of a vector may differ from 1."""
EVERY = 100
"""Points between two words about how far it is."""
TOGETHER = 50
"""Postings brought together."""


@dataclass(frozen=True)
class Checked:
    """How far it is."""

    seen: int
    total: int


@dataclass
class _Post:
    """What the archive has of one file in one message."""

    entries: list[Entry] = field(default_factory=list)
    text: str = ""


@dataclass
class _Seen:
    """What was met so far: digests, since there may be millions."""

    keys: dict[bytes, str] = field(default_factory=dict)
    """Ids by what may be there once."""
    told: set[bytes] = field(default_factory=set)
    """Pictures of an audience of which somebody's posting is known."""
    untold: dict[bytes, Entry] = field(default_factory=dict)
    """Those that an earlier version filed without it."""
    posts: dict[str, dict[tuple[str, str], _Post]] | None = None
    """By audience, where a source is asked about them."""


async def verify(
    archive: Upkeep,
    workspace: str,
    originals: Originals,
    *,
    mending: Mending | None = None,
    source: Source | None = None,
) -> AsyncGenerator[Drift | Checked, None]:
    """Everything that is not as it should be, and now and then how far it is.

    mending: puts right what can be. source: says what should be there, besides what is.

    Raises: CannotDo when the archive or the source does not answer.
    """
    for key in await archive.broken(workspace):
        yield Drift("unreadable", (key,), key, mended=bool(mending and await mending.discard([key])))
    stats = await archive.stats(workspace)
    total, number, seen = stats.points if stats else 0, 0, _Seen(posts={} if source else None)
    async for point in archive.everything(workspace):
        number += 1
        if number % EVERY == 0:
            yield Checked(number, total)
        async for drift in _point(point, seen, originals, mending):
            yield drift
    for picture, entry in seen.untold.items():
        if picture in seen.told:
            yield await _dropped("twice", [entry], mending)
    if source:
        posts = seen.posts or {}
        for audience in sorted({*posts, *await source.audiences()}):
            async for drift in _against(source, audience, posts.get(audience, {}), mending):
                yield drift
    yield Checked(number, total)


async def _point(point: Point, seen: _Seen, originals: Originals, mending: Mending | None) -> AsyncIterator[Drift]:
    item = point.item
    if (twice := _remember(item, seen)) is not None:
        yield await _dropped("twice", [Entry.of(item)._replace(id=twice)], mending)
        if twice == item.id:
            return
    wrong = await originals.wrong(item)
    if wrong == "original":
        yield await _dropped("original", [Entry.of(item)], mending)
        return
    if item.post and seen.posts is not None:
        post = seen.posts.setdefault(item.audience, {}).setdefault((item.post.ts, item.post.file), _Post())
        post.entries.append(Entry.of(item))
        post.text = item.post.text
    if wrong == "changed" or not _sound(point):
        mended = bool(mending and await mending.reread(point))
        yield Drift("changed" if wrong == "changed" else "vector", (item.id,), item.path, item.audience, mended)
    elif wrong:
        yield Drift(wrong, (item.id,), item.path, item.audience, bool(mending and await mending.hold(point)))


def _remember(item: Item, seen: _Seen) -> str | None:
    """Id of the one that goes, when there is another of the same page in the same posting or at the same place."""
    picture = _digest(item.audience, item.sha256, item.page)
    if item.post:
        seen.told.add(picture)
        key = _digest(item.audience, item.post.ts, item.post.file or item.sha256, item.page)
    elif item.posted:
        key = picture
        seen.untold[key] = Entry.of(item)
    else:
        key = _digest(item.audience, item.path, item.page)
    other = seen.keys.setdefault(key, item.id)
    if other == item.id:
        return None
    if item.id == _id(item):
        seen.keys[key] = item.id
        return other
    return item.id


def _digest(*parts: object) -> bytes:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()


def _id(item: Item) -> str:
    """What an item of today's is called."""
    if item.post and item.post.file:
        return posting_id(item.audience, item.post.ts, item.post.file, item.page)
    return place_id(item.audience, item.path, item.page)


def _sound(point: Point) -> bool:
    """Whether its vectors are directions, and it has one of its words where it has words."""
    if point.text is None and gist_of(point.item):
        return False
    given = [vector for vector in (point.image, point.text) if vector is not None]
    return all(bool(np.isfinite(vector).all()) and abs(float(np.linalg.norm(vector)) - 1) < UNIT for vector in given)


async def _dropped(kind: Kind, entries: Sequence[Entry], mending: Mending | None) -> Drift:
    mended = bool(mending and await mending.forget(entries))
    return Drift(kind, tuple(entry.id for entry in entries), entries[0].path, entries[0].audience, mended)


# --- what was posted ------------------------------------------------------------------------------


async def _against(
    source: Source, audience: str, posts: dict[tuple[str, str], _Post], mending: Mending | None
) -> AsyncIterator[Drift]:
    """What an audience has in the archive against what its source has now."""
    standing = await source.standing(audience)
    if standing == "unknown":
        return
    wanted: list[tuple[Kind, PostedFile, _Post | None]] = []
    there: set[tuple[str, str]] = set()
    if standing == "there":
        async for posting in source.postings(audience):
            key = (posting.ts, posting.file)
            there.add(key)
            known = posts.get(key)
            if known is None or known.text != posting.text:
                wanted.append(("edited" if known else "missing", posting, known))
    for key, post in posts.items():
        if key not in there:
            yield await _dropped("gone", post.entries, mending)
    for start in range(0, len(wanted), TOGETHER):
        part = wanted[start : start + TOGETHER]
        asked = [posting for _, posting, _ in part]
        brought = await source.bring(audience, asked) if mending else [False] * len(part)
        for (kind, posting, known), mended in zip(part, brought, strict=True):
            entries = known.entries if known else []
            where = entries[0].path if entries else f"{audience}, {posting.ts}, {posting.file}"
            yield Drift(kind, tuple(entry.id for entry in entries), where, audience, mended)
