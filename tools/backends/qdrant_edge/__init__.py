"""Qdrant Edge as `Archive` and `Upkeep`: Qdrant's own engine in this process, nothing to run beside it.

One process owns a collection and answers the others over a local socket, so `spyglass search` works while the bot runs.
Written operations go through Edge's write-ahead log, so they survive a kill at any moment; a power cut may cost the
last seconds before a flush, which the next `index` run finds missing and redoes.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from tools.backends.common.qdrant_payload import (
    TEXT_DIM,
    another_encoder,
    canonical,
    check_items,
    check_put,
    check_query,
    check_scope,
    check_shape,
    check_texts,
)
from tools.backends.qdrant_edge import places
from tools.backends.qdrant_edge.codes import Quantised
from tools.backends.qdrant_edge.damage import engine_said
from tools.backends.qdrant_edge.keepers import Keeper, alone, keeper_of
from tools.backends.qdrant_edge.places import About, Current, Place
from tools.backends.qdrant_edge.snapshots import ENGINE, read_snapshot
from tools.backends.qdrant_edge.upgrading import discard_earlier, earlier_encoder, upgrade
from tools.backends.qdrant_edge.wire import Gone
from tools.kit import AskAgain, CannotDo, Counted, Embeddings, Filters, Hit, Item, Scope, Space, Tallied
from tools.kit.archive import Collected, Kept, Stats
from tools.kit.archive.snapshots import Snapshot
from tools.kit.parts import Parts

R = TypeVar("R")

TRIES = 20
"""Owners that may come and go during one call."""
QUANTISED: dict[str, Quantised] = {"auto": "scalar", "none": "none", "scalar": "scalar", "binary": "binary"}
MADE: Any = object()
"""Says that a call makes the collection where there is none."""


def build(rest: str, parts: Parts) -> QdrantEdge:
    """Options `encoder` and `dim` say which space the vectors of pictures are in, `text_encoder` and `text_dim` those
    of texts; `archive_quantisation` and `archive_on_disk` how collections made from now on are kept. Nothing is opened
    until it is used.

    Raises: AskAgain for a quantisation there is not.
    """
    options = parts.options
    chosen = options.get("archive_quantisation") or "auto"
    if chosen not in QUANTISED:
        raise AskAgain(
            f"There is no quantisation {chosen!r}: set SPYGLASS_ARCHIVE_QUANTISATION to {', '.join(QUANTISED)}."
        )
    return QdrantEdge(
        parts.home / "archive",
        options["encoder"],
        int(options["dim"]),
        text_encoder=options.get("text_encoder", ""),
        text_dim=int(options.get("text_dim") or TEXT_DIM),
        quantised=QUANTISED[chosen],
        on_disk=bool(options.get("archive_on_disk")),
    )


async def bound_encoder(rest: str, parts: Parts, workspace: str) -> str | None:
    """Name of the encoder the workspace is searched with, or None when nothing is kept. Takes no lock."""
    root = parts.home / "archive"
    return Current(root, workspace).encoder or earlier_encoder(root, workspace)


class QdrantEdge:
    """`Archive` and `Upkeep` in a folder; see `places` for what lies in it."""

    def __init__(
        self,
        root: Path,
        encoder: str,
        dim: int,
        *,
        text_encoder: str = "",
        text_dim: int = TEXT_DIM,
        quantised: Quantised = "scalar",
        on_disk: bool = False,
    ) -> None:
        self._root = root
        self._about = About(encoder, dim, text_encoder, text_dim, quantised, on_disk)
        self._keepers: dict[str, Keeper] = {}
        self._places: dict[str, Place] = {}
        self._currents: dict[str, Current] = {}
        self._today: set[str] = set()
        """Workspaces that were looked at for an archive of an earlier version."""
        self._opening: dict[str, threading.Lock] = {}
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="qdrant-edge")

    @property
    def encoder(self) -> str:
        return self._about.encoder

    # --- Archive --------------------------------------------------------------------------------

    async def put(
        self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None = None
    ) -> None:
        check_put(scope, items, vectors, texts, self._about.dims)
        if items:
            await self._thread(self._put, scope, items, vectors, texts)

    async def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        check_items(scope, items)
        check_texts(texts, len(items), self._about.text_dim)
        if items:
            await self._ask(scope, None, "revise", items, texts)

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
        check_query(vector, self._about.text_dim if by == "text" else self._about.dim)
        return await self._ask(scope, [], "search", vector, by, filters, limit, vectors)

    async def match(self, scope: Scope, words: str, *, filters: Filters | None = None, limit: int = 10) -> list[Hit]:
        return await self._ask(scope, [], "match", words, filters, limit)

    async def recent(
        self, scope: Scope, *, filters: Filters | None = None, limit: int = 10, oldest: bool = False
    ) -> list[Item]:
        return await self._ask(scope, [], "recent", filters, limit, oldest)

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        return await self._ask(scope, [], "get", [canonical(key) for key in ids])

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        return await self._ask(scope, None, "vector", canonical(key), by)

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        return await self._ask(scope, 0, "remove", [canonical(key) for key in ids])

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        return await self._ask(scope, 0, "count", filters)

    async def scan(self, scope: Scope, filters: Filters | None = None) -> AsyncIterator[Item]:
        start: str | None = None
        nothing: tuple[list[Item], str | None] = ([], None)
        while True:
            items, start = await self._ask(scope, nothing, "page", filters, start)
            for item in items:
                yield item
            if start is None:
                return

    async def tally(
        self, scope: Scope, what: Tallied, *, filters: Filters | None = None, limit: int = 200
    ) -> list[Counted]:
        return await self._ask(scope, [], "tally", what, filters, limit)

    async def close(self) -> None:
        """Flush and let go of every collection. Safe to call twice; calls under way are waited for."""
        await asyncio.to_thread(self._threads.shutdown)
        while self._keepers:
            await asyncio.to_thread(self._keepers.popitem()[1].close)

    # --- Upkeep ---------------------------------------------------------------------------------

    async def workspaces(self) -> list[str]:
        return await self._thread(places.workspaces, self._root)

    async def audiences(self, workspace: str) -> list[str]:
        return await self._thread(self._own, workspace, [], "audiences")

    async def everything(self, workspace: str) -> AsyncIterator[Kept]:
        start: str | None = None
        found: list[Kept]
        while True:
            found, start = await self._thread(self._own, workspace, ([], None), "kept", start)
            for kept in found:
                yield kept
            if start is None:
                return

    async def broken(self, workspace: str) -> list[str]:
        broken: list[str] = []
        start: str | None = None
        while True:
            found, start = await self._thread(self._own, workspace, ([], None), "broken", start)
            broken += found
            if start is None:
                return broken

    async def keep(self, workspace: str, kept: Sequence[Kept]) -> None:
        for each in kept:
            check_shape(each.image[None], 1, self._about.dim)
            check_texts(None if each.text is None else each.text[None], 1, self._about.text_dim)
        if kept:
            await self._thread(self._keep, workspace, kept)

    async def forget(self, workspace: str, ids: Sequence[str]) -> int:
        return await self._thread(self._own, workspace, 0, "forget", [canonical(key) for key in ids])

    async def stats(self, workspace: str) -> Stats | None:
        return await self._thread(self._stats, workspace)

    async def spaces(self, workspace: str) -> list[Collected]:
        return await self._thread(self._spaces, workspace)

    async def make_current(self, workspace: str) -> None:
        await self._thread(self._make_current, workspace)

    async def drop(self, workspace: str, encoder: str) -> None:
        await self._thread(self._drop, workspace, encoder)

    async def restart(self, workspace: str) -> None:
        await self._thread(self._restart, workspace)

    async def snapshot(self, workspace: str, path: Path) -> None:
        await self._thread(self._snapshot, workspace, path)

    async def restore(self, workspace: str, path: Path) -> None:
        await self._thread(self._restore, workspace, path)

    # --- asking whoever keeps it ----------------------------------------------------------------

    async def _ask(self, scope: Scope, nothing: R, name: str, *arguments: Any) -> R:
        """`nothing` is the answer where nothing is kept.

        Raises: ValueError for a scope that is none.
        """
        check_scope(scope)
        keeper = self._keepers.get(scope.workspace)
        if name == "search" and keeper is not None and keeper.inline:
            # Edge holds the interpreter's lock while it searches: a thread would free nobody, and cost 0.2 ms
            return self._asked(scope, nothing, name, *arguments)
        return await self._thread(self._asked, scope, nothing, name, *arguments)

    async def _thread(self, work: Callable[..., R], *arguments: Any) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*arguments))

    def _asked(self, scope: Scope, nothing: R, name: str, *arguments: Any) -> R:
        self._check_current(scope.workspace)
        return self._call(scope.workspace, nothing, name, scope, *arguments)

    def _check_current(self, workspace: str) -> None:
        """Raises: CannotDo when the workspace is searched with another encoder."""
        bound = self._upgraded(workspace)
        if bound not in (None, self.encoder):
            raise CannotDo(another_encoder(str(self._place(workspace).folder.parents[1]), bound, self.encoder))

    def _upgraded(self, workspace: str) -> str | None:
        """The current encoder, after an archive of an earlier version was brought up to date."""
        if workspace not in self._today:
            with self._one_at_a_time(workspace), engine_said(self._root):
                upgrade(self._root, workspace, self._about)
            self._today.add(workspace)
        return self._current(workspace)

    def _current(self, workspace: str) -> str | None:
        if workspace not in self._currents:
            self._currents[workspace] = Current(self._root, workspace)
        return self._currents[workspace].encoder

    def _place(self, workspace: str) -> Place:
        """Of the collection of our encoder."""
        if workspace not in self._places:
            self._places[workspace] = places.place_of(self._root, workspace, self.encoder)
        return self._places[workspace]

    def _own(self, workspace: str, nothing: R, name: str, *arguments: Any) -> R:
        """Of the collection of our encoder, or `nothing` where there is none."""
        self._upgraded(workspace)
        return self._call(workspace, nothing, name, *arguments)

    def _call(self, workspace: str, nothing: R, name: str, *arguments: Any) -> R:
        """Where there is no collection the answer is `nothing`, but for `MADE`: then one is made."""
        place = self._place(workspace)
        for _ in range(TRIES):
            if nothing is not MADE and workspace not in self._keepers and not place.there:
                return nothing
            keeper = self._keeper(workspace)
            try:
                found: R = keeper.call(name, list(arguments))
                return found
            except Gone:
                if self._keepers.get(workspace) is keeper:
                    del self._keepers[workspace]
                keeper.close()
        raise CannotDo(f"The archive of {workspace} changes hands again and again: try once more.")

    def _keeper(self, workspace: str) -> Keeper:
        if found := self._keepers.get(workspace):
            return found
        with self._one_at_a_time(workspace):
            if workspace not in self._keepers:
                place = self._place(workspace)
                with engine_said(place.folder):
                    self._keepers[workspace] = keeper_of(place, self._about)
            return self._keepers[workspace]

    def _one_at_a_time(self, workspace: str) -> threading.Lock:
        """A lock a workspace: opening one takes seconds, in which the others go on."""
        return self._opening.setdefault(workspace, threading.Lock())

    # --- in a thread ----------------------------------------------------------------------------

    def _put(self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None) -> None:
        self._check_current(scope.workspace)
        self._call(scope.workspace, MADE, "put", scope, list(items), vectors, texts)
        self._first(scope.workspace)

    def _keep(self, workspace: str, kept: Sequence[Kept]) -> None:
        self._upgraded(workspace)
        self._call(workspace, MADE, "keep", list(kept))
        self._first(workspace)

    def _first(self, workspace: str) -> None:
        """The first collection of a workspace is current."""
        if self._current(workspace) is None:
            places.make_current(self._root, workspace, self.encoder)

    def _stats(self, workspace: str) -> Stats | None:
        points = self._own(workspace, -1, "points")
        if points < 0:
            return None
        place = self._place(workspace)
        about = place.about()
        return Stats(
            points,
            about.encoder,
            about.dim,
            about.text_encoder,
            about.text_dim,
            place.size(),
            str(self._own(workspace, "none", "quantisation")),
        )

    def _spaces(self, workspace: str) -> list[Collected]:
        bound = self._upgraded(workspace)
        found = []
        for place in places.places(self._root, workspace):
            about = place.about()
            found.append(Collected(about.encoder, about.dim, self._points(place, about), about.encoder == bound))
        return sorted(found, key=lambda each: each.encoder)

    def _points(self, place: Place, about: About) -> int:
        with engine_said(place.folder):
            keeper = keeper_of(place, about)
        try:
            return int(keeper.call("points", []))
        finally:
            keeper.close()

    def _make_current(self, workspace: str) -> None:
        if not self._place(workspace).there:
            raise CannotDo(f"There is no collection of {workspace} by the encoder {self.encoder}.")
        places.make_current(self._root, workspace, self.encoder)

    def _drop(self, workspace: str, encoder: str) -> None:
        if self._upgraded(workspace) == encoder:
            raise CannotDo(f"The collection of {workspace} by {encoder} is what searches are answered from.")
        self._discard(workspace, places.place_of(self._root, workspace, encoder))

    def _discard(self, workspace: str, place: Place) -> None:
        if not place.there:
            return
        if place == self._place(workspace) and workspace in self._keepers:
            self._keepers.pop(workspace).close()
        with alone(place), engine_said(place.folder):
            places.discard(place.folder)

    def _restart(self, workspace: str) -> None:
        places.no_current(self._root, workspace)
        discard_earlier(self._root, workspace)
        for place in places.places(self._root, workspace):
            self._discard(workspace, place)

    def _snapshot(self, workspace: str, path: Path) -> None:
        stats = self._stats(workspace)
        if stats is None:
            raise CannotDo(f"There is no collection of {workspace} by the encoder {self.encoder}.")
        self._own(workspace, False, "write_snapshot", str(path.resolve()), Snapshot.of(ENGINE, workspace, stats))

    def _restore(self, workspace: str, path: Path) -> None:
        place = self._place(workspace)
        if workspace in self._keepers:
            self._keepers.pop(workspace).close()
        with alone(place), engine_said(place.folder):
            read_snapshot(place, path, workspace, self._about)
        self._first(workspace)
