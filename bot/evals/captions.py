"""Text-to-image search over photos with captions (Flickr8k), from the shared data folder."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.archive.shelving import Shelving
from bot.evals.report import Figure
from bot.wiring import OWNER, Wiring
from tools.kit import Item, Post, Scope, TextEncoder
from tools.kit.ranking import rank
from tools.kit.ranking.candidates import query_of

SCOPE = Scope(workspace="eval", audiences=OWNER.audiences)
DEPTHS = (1, 5, 10)
TOGETHER = 64
UNSEEN = (
    *("merger", "the quarterly report", "hiring plan", "strategy", "kubernetes", "interest rates", "action items"),
    *("democracy", "hypothesis", "courage", "yesterday", "next month", "thank you very much", "why is it so slow"),
    *("quokka", "okapi", "manatee", "narwhal", "vampire", "bacteria", "gravity", "dark matter", "photosynthesis"),
    *("Barack Obama", "Fernando Gutierrez", "Siemens", "Helsinki", "Nigeria", "flumph", "snarf", "hjkl", "42"),
)
"""What none of the photos shows, and mostly none can."""


@dataclass
class Recall:
    """How often the one meant was among the first."""

    places: list[int | None] = field(default_factory=list)
    """From 0; None where it was not among the ten best."""
    seconds: list[float] = field(default_factory=list)

    def at(self, depth: int) -> float:
        return sum(place is not None and place < depth for place in self.places) / len(self.places)


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """Recall at 1, 5 and 10 with the first caption of each photo: by what is seen alone, and by all there is, which is
    what was found out about the photos, and then also what was said with every other one (its last caption)."""
    captions = captions_of(data / "captions" / "captions.csv")
    if not captions:
        return []
    async for _ in wiring.index([data / "captions" / "images"], scope=SCOPE, prune=False, fresh=True, enrich=True):
        pass
    encoder, _ = await wiring.pair(SCOPE.workspace)
    queries = {name: said[0] for name, said in captions.items()}
    dense, plain = await _dense(wiring, queries), await _hybrid(wiring, queries)
    unseen = await _unseen(wiring, len(captions))
    await _posted(wiring, {name: said[-1] for name, said in list(captions.items())[::2]})
    said = await _hybrid(wiring, queries)
    chance = f"chance at 10 {min(1.0, DEPTHS[-1] / len(captions)):.3f}, encoder {encoder.name}"
    figures = [
        *_figures("by what is seen", dense, chance, target=0.20),
        *_figures("by all there is", plain, "nobody said anything with them"),
        *_figures("by all there is, half posted with words", said, ""),
        Figure(
            "captions", "photos shown for words none shows", unseen, len(UNSEEN) * len(captions), 0.03, at_most=True
        ),
    ]
    slowest = max(plain.seconds[1:])
    cases = len(captions) - 1
    return [*figures, Figure("captions", "slowest query in seconds", slowest, cases, 1.0, at_most=True, share=False)]


def _figures(how: str, recall: Recall, note: str, target: float | None = None) -> list[Figure]:
    return [
        Figure(
            "captions",
            f"recall at {depth}, {how}",
            recall.at(depth),
            len(recall.places),
            target if depth == DEPTHS[-1] else None,
            note=note,
            seconds=tuple(recall.seconds[1:]),
        )
        for depth in DEPTHS
    ]


async def _dense(wiring: Wiring, queries: Mapping[str, str]) -> Recall:
    encoder, archive = await wiring.pair(SCOPE.workspace)
    recall = Recall()
    for name, words in queries.items():
        started = time.perf_counter()
        query = await query_of(words, None, encoder, None)
        hits = await archive.search(SCOPE, query.seen, limit=DEPTHS[-1]) if query.seen is not None else []
        recall.seconds.append(time.perf_counter() - started)
        recall.places.append(_place(name, [hit.item for hit in hits]))
    return recall


async def _unseen(wiring: Wiring, photos: int) -> float:
    """The share of photos that look like what was asked for, where none does."""
    encoder, archive = await wiring.pair(SCOPE.workspace)
    shown = 0
    for words in UNSEEN:
        query = await query_of(words, None, encoder, None)
        hits = await archive.search(SCOPE, query.seen, limit=photos) if query.seen is not None else []
        shown += sum(hit.score >= query.cutoff for hit in hits)
    return shown / (len(UNSEEN) * photos)


async def _hybrid(wiring: Wiring, queries: Mapping[str, str]) -> Recall:
    encoder, archive = await wiring.pair(SCOPE.workspace)
    meaning = await wiring.lend(TextEncoder)
    recall = Recall()
    for name, words in queries.items():
        started = time.perf_counter()
        ranking = await rank(words, limit=DEPTHS[-1], encoder=encoder, archive=archive, meaning=meaning, scope=SCOPE)
        recall.seconds.append(time.perf_counter() - started)
        recall.places.append(_place(name, [each.hit.item for each in ranking.ranked]))
    return recall


def _place(name: str, items: Sequence[Item]) -> int | None:
    return next((place for place, item in enumerate(items) if item.name == name), None)


async def _posted(wiring: Wiring, said: Mapping[str, str]) -> None:
    """As if somebody had posted these photos with these words."""
    _, archive = await wiring.pair(SCOPE.workspace)
    items = [
        item.model_copy(update={"post": Post(ts="1790000000.000000", text=said[item.name])})
        async for item in archive.scan(SCOPE)
        if item.name in said
    ]
    shelving = Shelving(archive, await wiring.lend(TextEncoder))
    for start in range(0, len(items), TOGETHER):
        await shelving.revise(SCOPE, items[start : start + TOGETHER])


def captions_of(file: Path) -> dict[str, list[str]]:
    """The captions of each photo, by file name; empty when there is no such file."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        captions: dict[str, list[str]] = {}
        for row in csv.DictReader(lines):
            captions.setdefault(row["image"], []).append(row["caption"])
    return captions
