"""Search at 100,000 vectors against the same query put to Qdrant Edge by hand, in one run.

    python -m tests.benchmarks.bench_archive [VECTORS]

Both sides use one shard. Raw is the engine's own call with the filter written out by hand and payloads returned as they
are; ours adds the scope, the filter's translation, and items out of payloads.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tools.backends.qdrant_edge import QdrantEdge
from tools.kit import Embeddings, Filters, Item, Scope

DIM = 512
ROUNDS = 40
LIMIT = 1.5
"""Times the raw query: what is allowed."""
OWNER = Scope(workspace="local", audiences=("owner",))
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def items(start: int, count: int) -> list[Item]:
    return [
        Item(
            id=str(uuid.UUID(int=number)),
            path=f"/photos/{2000 + number % 25}/album {number % 40}/IMG_{number}.jpg",
            sha256=f"{number:064x}",
            audience="owner",
            name=f"IMG_{number}.jpg",
            mime="image/png" if number % 2 else "image/jpeg",
            width=400 + number % 4000,
            height=300 + number % 3000,
            added=NOON,
            modified=1.6e9 + 1000 * number,
        )
        for number in range(start, start + count)
    ]


def unit(random: np.random.Generator, count: int) -> Embeddings:
    made = random.standard_normal((count, DIM)).astype(np.float32)
    scaled: Embeddings = made / np.linalg.norm(made, axis=1, keepdims=True)
    return scaled


async def fill(archive: QdrantEdge, vectors: int, random: np.random.Generator) -> float:
    started = time.perf_counter()
    for start in range(0, vectors, 1000):
        await archive.put(OWNER, items(start, 1000), unit(random, 1000))
    return time.perf_counter() - started


def cases() -> dict[str, tuple[Filters | None, Callable[[], Any]]]:
    """Filters as we say them, and as Edge takes them."""
    from qdrant_edge import FieldCondition, Filter, MatchSubstring, MatchValue, RangeFloat

    def one(key: str, **how: Any) -> Callable[[], Any]:
        return lambda: Filter(must=[FieldCondition(key, **how)])

    day = datetime.fromtimestamp(1.65e9, UTC)
    return {
        "no filter": (None, lambda: None),
        "kind (half of them)": (Filters(mime="image/png"), one("kinds", match=MatchValue("image/png"))),
        "folder (1 in 40)": (Filters(folder="album 7"), one("folders", match=MatchValue("album 7"))),
        "since a day": (Filters(after=day), one("when", range=RangeFloat(gte=1.65e9))),
        "width": (Filters(min_width=4000), one("width", range=RangeFloat(gte=4000.0))),
        "name contains": (Filters(name_contains="_4567"), one("file", match=MatchSubstring("_4567"))),
    }


async def compare(archive: QdrantEdge, filters: Filters | None, raw: Callable[[], Any], queries: Embeddings) -> Any:
    """Median milliseconds of ours and raw, measured in turn."""
    from qdrant_edge import Query, QueryRequest

    shard = archive._open["local"].shard
    ours, theirs = [], []
    for query in queries:
        started = time.perf_counter()
        hits = await archive.search(OWNER, query, filters=filters, limit=10)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        request = QueryRequest(limit=10, offset=0, query=Query.Nearest(query.tolist()), filter=raw(), with_payload=True)
        points = shard.query(request)
        theirs.append(time.perf_counter() - started)
        assert [hit.item.id for hit in hits] == [str(point.id) for point in points]
    return 1000 * median(ours), 1000 * median(theirs)


async def main(vectors: int) -> bool:
    random = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        archive = QdrantEdge(Path(folder), "random", DIM)
        seconds = await fill(archive, vectors, random)
        print(f"archive: {vectors} x {DIM} written in {seconds:.1f} s ({vectors / seconds:.0f} a second)")
        kept = True
        for name, (filters, raw) in cases().items():
            ours, theirs = await compare(archive, filters, raw, unit(random, ROUNDS))
            ratio = ours / theirs
            kept = kept and ratio <= LIMIT
            print(f"archive search, {name}: {ours:.2f} ms, raw Edge {theirs:.2f} ms, ratio {ratio:.2f}")
        await archive.close()
    print("archive search: " + ("within" if kept else "NOT within") + f" {LIMIT} times the raw query")
    return kept


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)) else 1)
