"""Text-to-image search over photos with captions (Flickr8k), from the shared data folder."""

from __future__ import annotations

import csv
import time
from pathlib import Path

from bot.evals.report import Figure
from bot.wiring import OWNER, Wiring
from tools.kit import Archive, Encoder, Scope
from tools.kit.ranking import rank

SCOPE = Scope(workspace="eval", audiences=OWNER.audiences)
TEN = 10


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """Recall at 10 with the first caption of each photo; seconds a query once everything is loaded."""
    captions = first_captions(data / "captions" / "captions.csv")
    if not captions:
        return []
    async for _ in wiring.index([data / "captions" / "images"], scope=SCOPE, prune=False, fresh=True):
        pass
    encoder, archive = await wiring.lend(Encoder), await wiring.lend(Archive)
    found, seconds = 0, []
    for name, caption in captions.items():
        started = time.perf_counter()
        ranking = await rank(caption, limit=TEN, encoder=encoder, archive=archive, scope=SCOPE)
        seconds.append(time.perf_counter() - started)
        found += any(each.hit.item.name == name for each in ranking.ranked)
    note = f"chance {TEN / len(captions):.3f}, encoder {encoder.name}"
    return [
        Figure("captions", "recall at 10, text to image", found / len(captions), len(captions), 0.20, note=note),
        Figure(
            "captions", "slowest query in seconds", max(seconds[1:]), len(captions) - 1, 1.0, at_most=True, share=False
        ),
    ]


def first_captions(file: Path) -> dict[str, str]:
    """One caption a photo, by file name; empty when there is no such file."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        captions: dict[str, str] = {}
        for row in csv.DictReader(lines):
            captions.setdefault(row["image"], row["caption"])
    return captions
