"""What a search found, for people and as facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.kit.archive import Hit, Item
from tools.kit.ranking.reasons import Reason
from tools.kit.ranking.request import Order
from tools.kit.ranking.unread import Unread
from tools.kit.types import Json


@dataclass(frozen=True)
class Ranked:
    """A hit, why it is one, and where else the same picture lies."""

    hit: Hit
    """Its score is the cosine similarity of what is seen; 0 where `seen` is False."""
    relevant: bool = True
    reasons: tuple[Reason, ...] = ()
    places: tuple[Item, ...] = ()
    """Other postings of the same picture, and near-duplicates of it, the oldest first."""
    seen: bool = True
    """Whether what is seen was searched by."""

    @property
    def copies(self) -> tuple[str, ...]:
        """Paths of its other places."""
        return tuple(place.path for place in self.places)

    @property
    def why(self) -> str:
        """Reasons as one phrase; empty where nothing was asked."""
        return "; ".join(reason.said for reason in self.reasons)

    def fact(self, rank: int) -> dict[str, Json]:
        """As JSON: ``rank``, ``path``, ``name``, ``score`` (null where what is seen was not searched by), ``width``,
        ``height``, ``id``, ``sha256``, ``relevant``, ``reasons`` (see `Reason.fact`), ``why``; ``page``, ``posted``,
        ``places`` and ``copies`` (their paths) where there are any."""
        item = self.hit.item
        fact: dict[str, Json] = {
            "rank": rank,
            "path": item.path,
            "name": item.name,
            "score": round(self.hit.score, 4) if self.seen else None,
            "width": item.width,
            "height": item.height,
            "id": item.id,
            "sha256": item.sha256,
            "relevant": self.relevant,
            "reasons": [reason.fact for reason in self.reasons],
            "why": self.why,
        }
        if item.page is not None:
            fact["page"] = item.page
        if item.post:
            fact["posted"] = posted_fact(item)
        if self.places:
            fact["places"] = [place_fact(place) for place in self.places]
            fact["copies"] = list(self.copies)
        return fact


def place_fact(item: Item) -> dict[str, Json]:
    """``id``, ``path``, ``name``, ``at``; ``page`` and ``posted`` where there are any."""
    fact: dict[str, Json] = {"id": item.id, "path": item.path, "name": item.name, "at": item.when.isoformat()}
    if item.page is not None:
        fact["page"] = item.page
    return fact | ({"posted": posted_fact(item)} if item.post else {})


def posted_fact(item: Item) -> dict[str, Json]:
    """Who, where and when: ``user`` and ``channel_id`` are ids, ``name`` and ``channel`` what they were called then;
    empty for a file that nobody posted. What was said with it is left out: an answer keeps no more of what people say
    to each other than the words that matched.
    """
    if item.post is None:
        return {}
    return {
        "user": item.post.user,
        "name": item.post.name,
        "channel": item.post.channel,
        "channel_id": item.channel,
        "at": item.post.at.isoformat(),
        "ts": item.post.ts,
    }


@dataclass(frozen=True)
class Ranking:
    """The images most like a query, best first, those that are no hits included after those that are."""

    query: str
    """In words, as it may stand in a title; empty for a list of what passes the filters."""
    ranked: tuple[Ranked, ...]
    cutoff: float
    """Cosine similarity under which what is seen alone makes no hit."""
    total: int
    """Images the search went through: all that may be seen and pass the filters."""
    by_picture: bool = False
    """Whether a picture was searched with, and not words alone."""
    itself: Item | None = None
    """The query image's own entry, left out of the hits unless it is the only one."""
    more: int = 0
    """How many further hits there are, at least: those beyond are not looked at."""
    left_out: int = 0
    """How many hits of earlier searches were asked to be left out."""
    within: int = 0
    """How many hits of earlier searches it looked among; 0: everything."""
    unwanted: tuple[str, ...] = ()
    """What no hit is to look like, in words."""
    shunned: int = 0
    """How many hits look like that, at least, and are left out."""
    order: Order = "best"
    understood: bool = True
    """Whether the encoder knows the language of the words; where not, they were only matched one by one."""
    known: bool = True
    """Whether it has an idea of what they say; where not, nothing was judged by how it looks."""
    unread: Unread | None = None
    """Where a text is filtered by: images that may hold it, for all that is known."""

    @property
    def relevant(self) -> tuple[Ranked, ...]:
        """The hits."""
        return tuple(each for each in self.ranked if each.relevant)

    @property
    def nearest(self) -> Ranked | None:
        """Where nothing is relevant, what comes nearest."""
        return self.ranked[0] if self.ranked and not self.ranked[0].relevant else None

    @property
    def only_itself(self) -> bool:
        """Whether the query image's own entry is all that was found."""
        return self.itself is not None and any(each.hit.item.id == self.itself.id for each in self.ranked)

    def facts(self, ranked: Sequence[Ranked] | None = None) -> dict[str, Json]:
        """As JSON: ``hits`` (see `Ranked.fact`), ``cutoff``, ``below_cutoff`` (how many of the best are no hits),
        ``total``, ``query``, ``order``; ``more`` where there are further hits, ``within`` where it looked among some,
        ``unwanted`` and ``shunned`` where something was not wanted, ``only_words`` where the encoder does not know the
        language or has no idea of what is asked for, ``unread`` (how many images may have the text that was filtered
        by, not being read yet), ``nearest_miss`` where what is shown is no hit."""
        shown = self.ranked if ranked is None else ranked
        facts: dict[str, Json] = {
            "hits": [each.fact(rank) for rank, each in enumerate(shown, 1)],
            "cutoff": round(self.cutoff, 4),
            "below_cutoff": len(self.ranked) - len(self.relevant),
            "total": self.total,
            "query": self.query,
            "order": self.order,
        }
        if self.unwanted:
            facts |= {"unwanted": list(self.unwanted), "shunned": self.shunned}
        if shown and not any(each.relevant for each in shown):
            facts["nearest_miss"] = True
        told = {
            "more": self.more,
            "within": self.within,
            "only_words": not (self.understood and self.known),
            "unread": self.unread.number if self.unread else 0,
        }
        return facts | {name: value for name, value in told.items() if value}
