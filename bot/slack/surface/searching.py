"""A search outside a conversation: what may be searched is what a turn in that channel may search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import numpy as np

from bot.slack.scopes import scope_of
from bot.slack.storage.postings import Posting, Postings
from bot.slack.surface import sentences
from bot.wiring import Wiring
from tools.kit import Archive, AskAgain, Encoder, Filters, Hit, Scope
from tools.kit.ranking import Ranking, rank
from tools.kit.types import Embeddings

PAGE = 5
"""Hits that are shown first, and with each "more"."""
MOST = 30
"""Three blocks a hit, and a view takes 100."""


@dataclass(frozen=True)
class Search:
    """What somebody searches for, and how much of it they want to see."""

    channel: str
    query: str = ""
    kind: str = ""
    """Beginning of a MIME type."""
    by: str = ""
    """Who posted it: a user id."""
    since: str = ""
    until: str = ""
    """Days, as in 2026-11-27, both included."""
    like: str = ""
    """Id of a hit of an earlier search, in place of words."""
    shown: int = PAGE

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Search | None:
        """As `asdict` wrote it; None for what is no search."""
        try:
            return cls(**kept)
        except TypeError:
            return None

    @property
    def asked(self) -> dict[str, Any]:
        """What makes it another search than others, to be kept."""
        given = {name: value for name, value in asdict(self).items() if value}
        return {name: given[name] for name in ("query", "kind", "by", "since", "until") if name in given}

    @property
    def more(self) -> Search:
        return replace(self, shown=min(self.shown + PAGE, MOST))

    @property
    def filters(self) -> Filters | None:
        """Raises: ValueError for what is no day."""
        since = _day(self.since) if self.since else None
        until = _day(self.until) + timedelta(days=1) if self.until else None
        given = Filters(mime=self.kind or None, after=since, before=until)
        return None if given == Filters() else given


@dataclass(frozen=True)
class Found:
    """What a search found."""

    ranking: Ranking
    postings: Mapping[str, Posting]
    """Where it was posted, by SHA-256."""


class Searching:
    """Searches the archive of one workspace."""

    def __init__(self, wiring: Wiring, team: str, postings: Postings) -> None:
        self._wiring, self._team, self._postings = wiring, team, postings

    async def find(self, search: Search) -> Found:
        """The best, one more than are to be shown where there are more.

        Whether the person may see the channel is the caller's to know. Raises: Spoken.
        """
        scope = scope_of(self._team, search.channel)
        ranking = await rank(
            search.query or None,
            filters=search.filters,
            limit=search.shown + 1,
            like=search.like or None,
            encoder=await self._wiring.lend(Encoder),
            archive=await self._archive(search, scope),
            scope=scope,
        )
        originals = [each.hit.item.sha256 for each in ranking.ranked]
        return Found(ranking, await self._postings.of(self._team, search.channel, originals))

    async def _archive(self, search: Search, scope: Scope) -> Archive:
        archive = await self._wiring.lend(Archive)
        if not search.by:
            return archive
        originals = await self._postings.by(self._team, search.channel, search.by)
        theirs = Only(archive, originals, (await self._wiring.lend(Encoder)).dim)
        if not await theirs.count(scope):
            raise AskAgain(sentences.NOTHING_BY)
        return cast(Archive, theirs)


@dataclass(frozen=True)
class Only:
    """An archive of which certain originals are seen: who posted an image is not for an archive to know."""

    archive: Archive
    originals: frozenset[str]
    dim: int

    async def search(
        self,
        scope: Scope,
        vector: Embeddings,
        *,
        filters: Filters | None = None,
        limit: int = 10,
        vectors: bool = False,
    ) -> list[Hit]:
        total = await self.archive.count(scope, filters)
        everything = await self.archive.search(scope, vector, filters=filters, limit=total, vectors=vectors)
        return [hit for hit in everything if hit.item.sha256 in self.originals][:limit]

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        anywhere = np.eye(1, self.dim, dtype=np.float32)[0]
        total = await self.archive.count(scope, filters)
        return len(await self.search(scope, anywhere, filters=filters, limit=total))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.archive, name)


def _day(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC)
