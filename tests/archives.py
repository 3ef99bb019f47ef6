"""The archive in memory: exact, and with everything the port promises. What the engines do is held against it."""

from __future__ import annotations

import asyncio
import math
import pickle
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from uuid import UUID

import numpy as np

from tools.backends.common.bm25 import document, phrase_of, question
from tools.backends.common.folders import checked_workspace
from tools.kit import CannotDo, Counted, Embeddings, Excluded, Filters, Hit, Item, Scope, Space, Tallied
from tools.kit.archive import Collected, Point, Stats
from tools.kit.archive.words import fold, words_of

Shelf = dict[str, dict[str, dict[str, Point]]]
"""Points by id, by encoder, by workspace."""


@dataclass
class Shelves:
    """What several `MemoryArchive` share, as processes share a folder or a server."""

    kept: Shelf = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)
    """Encoder by workspace."""
    quiet: set[str] = field(default_factory=set)
    """Workspaces that nobody writes into."""


class MemoryArchive:
    """`Archive` and `Upkeep` in memory. `shelves`: for another object about the same archive, with another encoder."""

    def __init__(
        self, encoder: str = "space-a", dim: int = 8, text_dim: int = 4, shelves: Shelves | None = None
    ) -> None:
        self._encoder = encoder
        self._dims = (dim, text_dim)
        self.shelves = shelves or Shelves()

    @property
    def encoder(self) -> str:
        return self._encoder

    # --- Archive --------------------------------------------------------------------------------

    async def put(
        self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None = None
    ) -> None:
        self._inside(scope, items)
        points = self._asked(scope) if items else {}
        if any(item.id in points and points[item.id].item.audience not in scope.audiences for item in items):
            raise ValueError("An id is taken by an item outside the scope.")
        self._fits(vectors, len(items), self._dims[0])
        self._fits(texts, len(items), self._dims[1])
        if not items:
            return
        self._keep(
            scope.workspace,
            [Point(item, vectors[n], None if texts is None else _said(texts[n])) for n, item in enumerate(items)],
        )

    async def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        self._inside(scope, items)
        self._fits(texts, len(items), self._dims[1])
        self._check_writable(scope.workspace)
        self._asked(scope).update(_revised(self._seen(scope), items, texts))

    async def search(
        self,
        scope: Scope,
        vector: Embeddings,
        *,
        by: Space = "image",
        filters: Filters | None = None,
        limit: int = 10,
        vectors: bool = False,
    ) -> list[Hit]:
        dim = self._dims[by == "text"]
        if vector.shape != (dim,):
            raise ValueError(f"A vector of shape {vector.shape} for a collection of {dim} dimensions.")
        found = [
            Hit(kept.item, float(own @ vector), own if vectors else None)
            for kept in self._seen(scope, filters).values()
            if (own := _said(kept.image) if by == "image" else kept.text) is not None
        ]
        return sorted(found, key=lambda hit: (-hit.score, hit.item.id))[:limit]

    async def match(self, scope: Scope, words: str, *, filters: Filters | None = None, limit: int = 10) -> list[Hit]:
        seen = self._seen(scope)
        weights = {key: _weights(kept.item) for key, kept in seen.items()}
        asked = {word: _rarity([word in each for each in weights.values()]) for word in question(words).indices}
        scores = {key: sum(asked.get(word, 0) * weight for word, weight in weights[key].items()) for key in weights}
        found = [Hit(kept.item, scores[key]) for key, kept in self._seen(scope, filters).items() if scores[key] > 0]
        return sorted(found, key=lambda hit: (-hit.score, hit.item.id))[:limit]

    async def recent(
        self, scope: Scope, *, filters: Filters | None = None, limit: int = 10, oldest: bool = False
    ) -> list[Item]:
        items = [kept.item for kept in self._seen(scope, filters).values()]
        return sorted(items, key=lambda item: item.when, reverse=not oldest)[:limit]

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        seen = self._seen(scope)
        return [seen[str(UUID(key))].item for key in ids if str(UUID(key)) in seen]

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        kept = self._seen(scope).get(str(UUID(key)))
        if kept is None:
            return None
        return _said(kept.image) if by == "image" else kept.text

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        self._check_writable(scope.workspace)
        present = {item.id for item in await self.get(scope, ids)}
        for key in present:
            del self._asked(scope)[key]
        return len(present)

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        return len(self._seen(scope, filters))

    async def scan(self, scope: Scope, filters: Filters | None = None) -> AsyncIterator[Item]:
        for kept in self._seen(scope, filters).values():
            yield kept.item

    async def tally(
        self, scope: Scope, what: Tallied, *, filters: Filters | None = None, limit: int = 200
    ) -> list[Counted]:
        items = sorted((kept.item for kept in self._seen(scope, filters).values()), key=lambda item: item.when)
        numbers = Counter(value for item in items for value in VALUES[what](item))
        names = {value: _name(item, what) for item in items for value in VALUES[what](item)}
        ranked = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
        return [Counted(value, number, names[value]) for value, number in ranked[:limit]]

    async def close(self) -> None:
        pass

    # --- Upkeep ---------------------------------------------------------------------------------

    async def workspaces(self) -> list[str]:
        return sorted(workspace for workspace, spaces in self.shelves.kept.items() if spaces)

    async def audiences(self, workspace: str) -> list[str]:
        return sorted({kept.item.audience for kept in self._own(workspace).values()})

    async def everything(self, workspace: str) -> AsyncIterator[Point]:
        for _, kept in sorted(self._own(workspace).items()):
            yield kept

    async def held(self, workspace: str, ids: Sequence[str]) -> list[Point]:
        own = self._own(workspace)
        return [own[key] for key in {str(UUID(key)) for key in ids} if key in own]

    async def broken(self, workspace: str) -> list[str]:
        return []

    async def keep(self, workspace: str, points: Sequence[Point]) -> None:
        for each in points:
            self._fits(each.image[None], 1, self._dims[0])
            self._fits(None if each.text is None else each.text[None], 1, self._dims[1])
        self._keep(workspace, points)

    async def forget(self, workspace: str, ids: Sequence[str]) -> int:
        self._check_writable(workspace)
        own = self._own(workspace)
        return sum(own.pop(key, None) is not None for key in {str(UUID(key)) for key in ids})

    async def amend(self, workspace: str, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        self._fits(texts, len(items), self._dims[1])
        self._check_writable(workspace)
        self._own(workspace).update(_revised(self._own(workspace), items, texts))

    async def stats(self, workspace: str) -> Stats | None:
        if self._encoder not in self.shelves.kept.get(checked_workspace(workspace), {}):
            return None
        return Stats(len(self._own(workspace)), self._encoder, self._dims[0], "", self._dims[1], None, "none")

    async def encoders(self, workspace: str) -> dict[str, int]:
        return {space.encoder: space.dim for space in await self.spaces(workspace)}

    async def spaces(self, workspace: str) -> list[Collected]:
        current = self.shelves.current.get(workspace)
        return [
            Collected(encoder, len(next(iter(points.values())).image) if points else 0, len(points), encoder == current)
            for encoder, points in sorted(self.shelves.kept.get(checked_workspace(workspace), {}).items())
        ]

    async def make_current(self, workspace: str) -> None:
        if self._encoder not in self.shelves.kept.get(workspace, {}):
            raise CannotDo(f"There is no collection of {workspace} by the encoder {self._encoder}.")
        self.shelves.current[workspace] = self._encoder

    async def drop(self, workspace: str, encoder: str) -> None:
        if self.shelves.current.get(workspace) == encoder:
            raise CannotDo(f"The collection by {encoder} is what searches are answered from.")
        self.shelves.kept.get(workspace, {}).pop(encoder, None)

    @asynccontextmanager
    async def quiet(self, workspace: str) -> AsyncIterator[None]:
        self.shelves.quiet.add(workspace)
        try:
            yield
        finally:
            self.shelves.quiet.discard(workspace)

    async def restart(self, workspace: str) -> None:
        self.shelves.kept.pop(workspace, None)
        self.shelves.current.pop(workspace, None)

    async def snapshot(self, workspace: str, path: Path) -> None:
        if not await self.stats(workspace):
            raise CannotDo(f"There is no collection of {workspace} by the encoder {self._encoder}.")
        await asyncio.to_thread(path.write_bytes, pickle.dumps((self._encoder, self._own(workspace))))

    async def restore(self, workspace: str, path: Path) -> None:
        try:
            encoder, points = pickle.loads(await asyncio.to_thread(path.read_bytes))
        except Exception as error:
            raise CannotDo(f"{path} is no snapshot of an archive.") from error
        if encoder != self._encoder:
            raise CannotDo(f"{path} was made with the encoder {encoder}, and this is {self._encoder}.")
        await self.restart(workspace)
        self._keep(workspace, list(points.values()))

    # --- points ---------------------------------------------------------------------------------

    def _keep(self, workspace: str, points: Sequence[Point]) -> None:
        self._check_writable(workspace)
        own = self.shelves.kept.setdefault(checked_workspace(workspace), {}).setdefault(self._encoder, {})
        self.shelves.current.setdefault(workspace, self._encoder)
        own.update({str(UUID(each.item.id)): each for each in points})

    def _check_writable(self, workspace: str) -> None:
        if workspace in self.shelves.quiet:
            raise CannotDo(f"The archive of {workspace} is being moved: try again.")

    def _own(self, workspace: str) -> dict[str, Point]:
        return self.shelves.kept.get(checked_workspace(workspace), {}).get(self._encoder, {})

    def _asked(self, scope: Scope) -> dict[str, Point]:
        """What the scope's workspace is answered from."""
        if not scope.workspace or not scope.audiences:
            raise ValueError("A scope names a workspace and at least one audience.")
        current = self.shelves.current.get(scope.workspace, self._encoder)
        if current != self._encoder:
            raise CannotDo(f"The archive was made with the encoder {current}, and this is {self._encoder}.")
        return self._own(scope.workspace)

    def _seen(self, scope: Scope, filters: Filters | None = None) -> dict[str, Point]:
        """In id order."""
        return {
            key: kept
            for key, kept in sorted(self._asked(scope).items())
            if kept.item.audience in scope.audiences and (filters is None or passes(kept.item, filters))
        }

    def _inside(self, scope: Scope, items: Sequence[Item]) -> None:
        if not scope.workspace or not scope.audiences:
            raise ValueError("A scope names a workspace and at least one audience.")
        if any(item.audience not in scope.audiences for item in items):
            raise ValueError("An item is outside the scope.")

    def _fits(self, vectors: Embeddings | None, count: int, dim: int) -> None:
        if vectors is not None and vectors.shape != (count, dim):
            raise ValueError(f"Vectors of shape {vectors.shape} for {count} items of a collection of {dim} dimensions.")


VALUES: dict[Tallied, Callable[[Item], tuple[str, ...]]] = {
    "people": lambda item: (item.post.user,) if item.post and item.post.user else (),
    "channels": lambda item: (item.channel,) if item.channel else (),
    "kinds": lambda item: (item.contents.kind,) if item.contents.kind else (),
    "colours": lambda item: item.contents.colours,
    "tags": lambda item: item.contents.tags,
}


def _name(item: Item, what: Tallied) -> str:
    if item.post is None:
        return ""
    return {"people": item.post.name, "channels": item.post.channel}.get(what, "")


def _revised(points: dict[str, Point], items: Sequence[Item], texts: Embeddings | None) -> dict[str, Point]:
    there = [(number, item, points[item.id]) for number, item in enumerate(items) if item.id in points]
    return {
        item.id: replace(point, item=item, text=point.text if texts is None else _said(texts[number]))
        for number, item, point in there
    }


def _said(vector: Embeddings) -> Embeddings | None:
    """One of zeros is none."""
    return vector if np.any(vector) else None


def _weights(item: Item) -> dict[int, float]:
    sparse = document(words_of(item))
    return dict(zip(sparse.indices, sparse.values, strict=True))


def _rarity(has: Sequence[bool]) -> float:
    """Inverse document frequency of BM25."""
    return math.log((len(has) - sum(has) + 0.5) / (sum(has) + 0.5) + 1)


# --- filters --------------------------------------------------------------------------------------


def passes(item: Item, filters: Filters) -> bool:
    """Whether all conditions hold of it."""
    known = filters.excluding
    return (
        all(_either(item, filters))
        and (not filters.folder or _lies_in(item.path, filters.folder))
        and set(filters.colours) <= set(item.contents.colours)
        and (not filters.orientation or _orientation(item) == filters.orientation)
        and (not filters.after or item.when >= filters.after)
        and (not filters.before or item.when < filters.before)
        and item.width >= (filters.min_width or 0)
        and item.height >= (filters.min_height or 0)
        and (not filters.originals or item.sha256 in filters.originals)
        and (not filters.ids or item.id in [key.lower() for key in filters.ids])
        and not (known and (any(_either(item, known)) or bool(set(known.colours) & set(item.contents.colours))))
        and not (known and known.folder and _lies_in(item.path, known.folder))
    )


def _either(item: Item, asked: Filters | Excluded) -> list[bool]:
    """Of the conditions that are given both ways, whether each that is given holds."""
    user = item.post.user if item.post else ""
    held: dict[str, Callable[[], bool]] = {
        "name_contains": lambda: fold(asked.name_contains or "") in fold(item.name),
        "mime": lambda: item.mime == asked.mime or item.mime.split("/")[0] + "/" == asked.mime,
        "posted_by": lambda: user in asked.posted_by,
        "channels": lambda: item.channel in asked.channels,
        "kinds": lambda: item.contents.kind in asked.kinds,
        "with_text": lambda: _reads(item, asked.with_text or ""),
    }
    return [holds() for name, holds in held.items() if getattr(asked, name)]


def _reads(item: Item, phrase: str) -> bool:
    words = phrase_of(phrase)
    return bool(words) and f" {words} " in f" {phrase_of(item.contents.text)} "


def _lies_in(path: str, folder: str) -> bool:
    parents = PurePath(path).parents
    if not PurePath(path).is_absolute():
        return False
    if PurePath(folder).is_absolute():
        return PurePath(folder) in parents
    names, asked = [[fold(part) for part in PurePath(each).parts] for each in (str(PurePath(path).parent), folder)]
    return any(names[start : start + len(asked)] == asked for start in range(len(names)))


def _orientation(item: Item) -> str:
    """Sides that differ by up to 3% look square."""
    if max(item.width, item.height) <= 1.03 * min(item.width, item.height):
        return "square"
    return "landscape" if item.width > item.height else "portrait"
