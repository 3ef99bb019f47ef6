"""What the contract tests of archives share: items, vectors, and every archive that must pass them."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.archives import MemoryArchive, Shelves
from tests.stand_in_qdrant import Wire
from tools.backends import qdrant_edge, qdrant_server
from tools.backends.qdrant_server.storing import Vectors
from tools.backends.workers import PebbleWorkers
from tools.kit import CannotDo, Embeddings, Item, Post, Scope
from tools.kit.parts import Parts

ENGINES = ["memory", "edge", "edge, asked by another process", "server in local mode", "server over http"]
DIM = 8
TEXT_DIM = 4
OWNER = Scope(workspace="local", audiences=("owner",))
TEAM = Scope(workspace="T1", audiences=("C1", "C2"))
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)

Make = Callable[[str], Any]
"""An archive by the name of its encoder, which shares what is kept with the others made so."""


def item(number: int, *, audience: str = "owner", **more: Any) -> Item:
    known = {
        "id": str(uuid.UUID(int=number + 1)),
        "path": f"/photos/2024/Holiday/IMG_{number}.jpg",
        "sha256": f"{number:064x}",
        "audience": audience,
        "name": f"IMG_{number}.jpg",
        "mime": "image/jpeg",
        "width": 640,
        "height": 480,
        "added": NOON,
        "modified": NOON.timestamp() + 0.123456,
    }
    return Item(**{**known, **more})


def post(second: float, user: str = "U1", **more: Any) -> Post:
    """A message `second` seconds after noon."""
    return Post(**{"ts": f"{NOON.timestamp() + second:.6f}", "user": user, "name": user.lower(), **more})


def vectors(count: int, seed: int = 0, dim: int = DIM) -> Embeddings:
    random = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    made: Embeddings = random / np.linalg.norm(random, axis=1, keepdims=True)
    return made


def texts(count: int, seed: int = 100) -> Embeddings:
    return vectors(count, seed, TEXT_DIM)


def parts(home: Path, encoder: str = "space-a", **options: str) -> Parts:
    known = {"encoder": encoder, "dim": str(DIM), "text_dim": str(TEXT_DIM), **options}
    return Parts(home=home, workers=PebbleWorkers(), options=known)


@asynccontextmanager
async def engine(name: str, home: Path, wire: Callable[[], Wire]) -> AsyncIterator[Make]:
    """How archives of one engine are made; all are closed in the end."""
    from qdrant_client import AsyncQdrantClient

    made: list[Any] = []
    shelves = Shelves()
    client = AsyncQdrantClient(":memory:") if name == "server in local mode" else None

    def make(encoder: str) -> Any:
        if name == "memory":
            made.append(MemoryArchive(encoder, DIM, TEXT_DIM, shelves))
        elif name == "server over http":
            made.append(qdrant_server.build(wire().url, parts(home, encoder)))
        elif client is not None:
            made.append(qdrant_server.QdrantServer(client, ":memory:", Vectors(encoder, DIM, "", TEXT_DIM)))
        else:
            made.append(qdrant_edge.build("", parts(home, encoder)))
        return made[-1]

    if name.startswith("edge, asked"):
        await owned(make("space-a"))
    yield make
    for archive in made:
        await archive.close()


async def owned(owner: Any) -> None:
    """Have it own what the tests use, empty: every other object then asks it."""
    for scope in (OWNER, TEAM):
        audience = scope.audiences[0]
        await owner.put(scope, [item(0, audience=audience)], vectors(1))
        await owner.remove(scope, [item(0).id])


async def begun_anew(archive: Any, said: str) -> None:
    """A broken archive says what is wrong (a pattern of it), and goes on, empty, in the way that it names."""
    with pytest.raises(CannotDo, match=said):
        await archive.count(OWNER)
    await archive.restart(OWNER.workspace)
    await archive.put(OWNER, [item(0)], vectors(1))
    assert await archive.count(OWNER) == 1
