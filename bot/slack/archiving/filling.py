"""Postings into the archive: fetched, opened, encoded, and from then on found. What takes longer comes afterwards.

All is written while the rows of the postings are held (`Register.while_there`): what is deleted meanwhile does not come
in, or leaves again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.archive.enriching import enriching
from bot.archive.ids import holder
from bot.archive.shelving import Shelving
from bot.slack.archiving.describing import Describing
from bot.slack.archiving.leases import kept
from bot.slack.archiving.opening import Leaf, Opening
from bot.slack.archiving.postings import Posting, State
from bot.slack.archiving.register import CRASHES, Register
from bot.slack.archiving.telling import sentences
from bot.slack.scopes import scope_of
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.web import RATE_LIMITED, Refused, Unsure
from bot.storage.database import DatabaseAway
from bot.wiring import Wiring
from tools.kit import Archive, AskAgain, BlobStore, Contents, Embeddings, Encoder, Image, Item, Spoken, TextEncoder

log = logging.getLogger(__name__)

PAGES = 4
"""Pages encoded together: whoever asks something meanwhile waits for no more."""
BREATH = 1.0
"""Seconds at least before Slack is asked again for what it was too busy for."""


@dataclass(frozen=True)
class _Found:
    """A leaf with what it is found by, a row a page."""

    leaf: Leaf
    contents: Sequence[Contents]
    vectors: Embeddings


class Filling:
    """Works for one workspace. Everything it needs is lent to it by the office."""

    def __init__(
        self, wiring: Wiring, register: Register, opening: Opening, describing: Describing, preferences: Preferences
    ) -> None:
        self._wiring, self._register, self._opening = wiring, register, opening
        self._describing, self._preferences = describing, preferences

    async def shelve(self, postings: Sequence[Posting]) -> int:
        """Put postings of one channel into the archive. What fails is tried again later. Returns how many are in."""
        async with kept(self._register, postings):
            wanted = await self._still_wanted(postings)
            with TemporaryDirectory(prefix="spyglass-") as folder:
                opening = (self._opened(one, Path(folder) / str(number)) for number, one in enumerate(wanted))
                return await self._shelved([leaf for leaf in await asyncio.gather(*opening) if leaf])

    async def _still_wanted(self, postings: Sequence[Posting]) -> list[Posting]:
        """Of a channel that chose otherwise meanwhile nothing comes in, and nothing that would be too old for it."""
        left = [one for one in postings if one.begun <= CRASHES]
        for posting in postings:
            if posting not in left:
                await self._register.leave_out(posting, sentences.FAILED)
        place = postings[0].team, postings[0].channel
        chosen, oldest = await self._preferences.archives(*place), await self._preferences.oldest(*place)
        kept = [one for one in left if one.ts >= oldest]
        wanted = [one for one in kept if chosen is Archives.ALL or (chosen is Archives.ASKED and one.asked)]
        await self._register.drop([one for one in left if one not in wanted])
        return wanted

    async def _opened(self, posting: Posting, to: Path) -> Leaf | None:
        try:
            return await self._opening.open(posting, to)
        except DatabaseAway:
            raise
        except AskAgain as refused:
            await self._register.leave_out(posting, str(refused))
        except Exception as error:
            await put_off(self._register, posting, error)
        return None

    async def _shelved(self, leaves: Sequence[Leaf]) -> int:
        """All together; each by itself where that fails: one bad image costs no other anything."""
        if not leaves:
            return 0
        try:
            encoder, archive = await self._wiring.pair(leaves[0].posting.team)
            found = await self._looked_at(leaves, encoder)
            await self._register.identify([(leaf.posting, leaf.sha256, leaf.last_page) for leaf in leaves])
            return await self._written(found, archive)
        except DatabaseAway:
            raise
        except Exception as error:
            if len(leaves) > 1:
                return sum([await self._shelved([leaf]) for leaf in leaves])
            await put_off(self._register, leaves[0].posting, error)
            return 0

    async def _looked_at(self, leaves: Sequence[Leaf], encoder: Encoder) -> list[_Found]:
        images = [image for leaf in leaves for image in leaf.images]
        looking = await enriching(self._wiring.lend)
        contents, vectors = await asyncio.gather(
            looking.glance([image.path for image in images], pages=[image.ref.page for image in images]),
            _encoded(images, encoder),
        )
        found, start = list[_Found](), 0
        for leaf in leaves:
            end = start + len(leaf.pages)
            found.append(_Found(leaf, contents[start:end], vectors[start:end]))
            start = end
        return found

    async def _written(self, found: Sequence[_Found], archive: Archive) -> int:
        by_key = {one.leaf.posting.key: one for one in found}
        shelving = Shelving(archive, await self._wiring.lend(TextEncoder))
        postings = [one.leaf.posting for one in found]
        # Slack is asked before anything is held
        posts = {one.key: await self._describing.post(one) for one in postings}

        async def write(there: list[Posting]) -> int:
            if there:
                # while they are held: who is forgotten meanwhile is not named again
                known = [posts[posting.key] for posting in there]
                await self._register.note_names(there[0].team, {post.user: post.name for post in known})
                ours = [by_key[posting.key] for posting in there]
                items = [await self._items(*both, archive) for both in zip(there, ours, strict=True)]
                vectors = np.concatenate([one.vectors for one in ours])
                await shelving.put(scope_of(there[0].team, there[0].channel), [*chain(*items)], vectors)
            return len(there)

        after: State = "shelved" if self._wiring.settings.archive_enrich else "done"
        return await self._register.while_there(postings, write, before=["wanted"], after=after)

    async def _items(self, posting: Posting, found: _Found, archive: Archive) -> list[Item]:
        """The original first: an item whose original is not kept could not be opened."""
        data = await self._opening.bytes_of(found.leaf)
        blobs = await self._wiring.lend(BlobStore)
        await blobs.put(posting.team, data, holder=holder(posting.channel))
        scope = scope_of(posting.team, posting.channel)
        items = [
            await self._describing.item(posting, page, contents, len(data))
            for page, contents in zip(found.leaf.pages, found.contents, strict=True)
        ]
        if "text" not in (posting.pending or {}):  # it was there before, and its original was lost
            items = saying(items, await archive.get(scope, posting.ids))
        return items


async def _encoded(images: Sequence[Image], encoder: Encoder) -> Embeddings:
    """(n, dim), L2-normalised."""
    parts = [await encoder.images(images[start : start + PAGES]) for start in range(0, len(images), PAGES)]
    return np.concatenate(parts)


def saying(items: Sequence[Item], before: Sequence[Item]) -> list[Item]:
    """With the words that the archive has for the posting already."""
    words = next((item.post.text for item in before if item.post), "")
    return [
        item.model_copy(update={"post": item.post and item.post.model_copy(update={"text": words})}) for item in items
    ]


async def put_off(register: Register, posting: Posting, error: Exception) -> None:
    """It is tried again later; people read why in the channel's status. That Slack is busy is no failure."""
    if isinstance(error, Refused) and error.error == RATE_LIMITED:
        await register.give_back([posting], max(float(error.told.get("retry_after") or 0.0), BREATH))
        return
    known = isinstance(error, Spoken | Unsure | Refused)
    log.warning(
        "%s of %s is not archived yet: %s", posting.file, posting.channel, error, exc_info=None if known else error
    )
    await register.later(posting, str(error) if isinstance(error, Spoken) else sentences.PUT_OFF)
