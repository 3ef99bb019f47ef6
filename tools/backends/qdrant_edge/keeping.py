"""Upkeep of embedded archives: whole collections, their encoders, and snapshots."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from tools.backends.common.qdrant_checks import canonical, check_shape, check_texts
from tools.backends.qdrant_edge import places
from tools.backends.qdrant_edge.asking import MADE, TRIES, Asking
from tools.backends.qdrant_edge.damage import engine_said
from tools.backends.qdrant_edge.keepers import LOOK, Dropped, alone, keeper_of
from tools.backends.qdrant_edge.places import About, Place
from tools.backends.qdrant_edge.snapshots import ENGINE, read_snapshot
from tools.backends.qdrant_edge.upgrading import discard_earlier
from tools.backends.qdrant_edge.wire import Gone
from tools.kit import CannotDo, Embeddings, Item, Scope
from tools.kit.archive import Collected, Point, Stats
from tools.kit.archive.snapshots import Snapshot


class Keeping(Asking):
    """`Upkeep` in a folder."""

    async def workspaces(self) -> list[str]:
        return await self._thread(places.workspaces, self._root)

    async def audiences(self, workspace: str) -> list[str]:
        return await self._thread(self._own, workspace, [], "audiences")

    async def everything(self, workspace: str) -> AsyncIterator[Point]:
        async for found in self._pages(workspace, "everything"):
            for point in found:
                yield point

    async def held(self, workspace: str, ids: Sequence[str]) -> list[Point]:
        return await self._thread(self._own, workspace, [], "held", [canonical(key) for key in ids])

    async def broken(self, workspace: str) -> list[str]:
        return [key async for found in self._pages(workspace, "broken") for key in found]

    async def _pages(self, workspace: str, name: str) -> AsyncIterator[list[Any]]:
        """Raises: CannotDo when the collection is dropped meanwhile: that is not its end."""
        start: str | None = None
        while True:
            page = await self._thread(self._own, workspace, None, name, start)
            if page is None and start is not None:
                raise CannotDo(f"The archive of {workspace} was replaced just now: try again.")
            found, start = page or ([], None)
            yield found
            if start is None:
                return

    async def keep(self, workspace: str, points: Sequence[Point]) -> None:
        for each in points:
            check_shape(each.image[None], 1, self._about.dim)
            check_texts(None if each.text is None else each.text[None], 1, self._about.text_dim)
        if points:
            await self._thread(self._keep, workspace, points)

    async def forget(self, workspace: str, ids: Sequence[str]) -> int:
        return await self._thread(self._own, workspace, 0, "forget", [canonical(key) for key in ids])

    async def amend(self, workspace: str, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        check_texts(texts, len(items), self._about.text_dim)
        if items:
            scope = Scope(workspace=workspace, audiences=tuple({item.audience for item in items}))
            await self._thread(self._own, workspace, None, "revise", scope, list(items), texts)

    async def stats(self, workspace: str) -> Stats | None:
        return await self._thread(self._stats, workspace)

    async def encoders(self, workspace: str) -> dict[str, int]:
        return await self._thread(self._encoders, workspace)

    async def spaces(self, workspace: str) -> list[Collected]:
        return await self._thread(self._spaces, workspace)

    async def make_current(self, workspace: str) -> None:
        await self._thread(self._make_current, workspace)

    async def drop(self, workspace: str, encoder: str) -> None:
        await self._thread(self._drop, workspace, encoder)

    @asynccontextmanager
    async def quiet(self, workspace: str) -> AsyncIterator[None]:
        gate = places.gate(self._root, workspace)
        while True:
            with gate.passed(alone=True) as ours:
                if ours:
                    yield
                    return
            await asyncio.sleep(LOOK)

    async def restart(self, workspace: str) -> None:
        await self._thread(self._restart, workspace)

    async def snapshot(self, workspace: str, path: Path) -> None:
        await self._thread(self._snapshot, workspace, path)

    async def restore(self, workspace: str, path: Path) -> None:
        await self._thread(self._restore, workspace, path)

    def _keep(self, workspace: str, points: Sequence[Point]) -> None:
        self._upgraded(workspace)
        self._call(workspace, MADE, "keep", list(points))
        self._first(workspace)

    def _stats(self, workspace: str) -> Stats | None:
        points = self._own(workspace, -1, "points")
        if points < 0:
            return None
        place = self._place(workspace)
        try:
            about, size = self._about_of(place), place.size()
        except (Dropped, FileNotFoundError):  # since then
            return None
        codes = str(self._own(workspace, "none", "quantisation"))
        return Stats(points, about.encoder, about.dim, about.text_encoder, about.text_dim, size, codes)

    def _encoders(self, workspace: str) -> dict[str, int]:
        self._upgraded(workspace)
        found = {}
        for place in places.places(self._root, workspace):
            with suppress(Dropped):
                about = self._about_of(place)
                found[about.encoder] = about.dim
        return found

    def _spaces(self, workspace: str) -> list[Collected]:
        bound = self._upgraded(workspace)
        found = []
        for place in places.places(self._root, workspace):
            with suppress(Dropped):
                about = self._about_of(place)
                found.append(Collected(about.encoder, about.dim, self._points(place, about), about.encoder == bound))
        return sorted(found, key=lambda each: each.encoder)

    def _about_of(self, place: Place) -> About:
        """Raises: Dropped when it went since it was listed; CannotDo when it is not to be understood."""
        try:
            return place.about()
        except CannotDo:
            if place.there:
                raise
            raise Dropped from None

    def _points(self, place: Place, about: About) -> int:
        """Raises: Dropped."""
        for _ in range(TRIES):
            with engine_said(place.folder):
                keeper = keeper_of(place, about, make=False)
            try:
                return int(keeper.call("points", []))
            except Gone:  # whoever was asked let go of it
                continue
            finally:
                keeper.close()
        raise CannotDo(f"The archive in {place.folder} changes hands again and again: try once more.")

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
