"""Finding who answers for a workspace's collection, and asking it: this process, or the one that has it open."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tools.backends.common.qdrant_checks import another_encoder, being_moved, check_scope
from tools.backends.qdrant_edge import places
from tools.backends.qdrant_edge.damage import engine_said
from tools.backends.qdrant_edge.keepers import Dropped, Keeper, keeper_of
from tools.backends.qdrant_edge.places import About, Current, Place
from tools.backends.qdrant_edge.upgrading import upgrade
from tools.backends.qdrant_edge.wire import Gone
from tools.kit import CannotDo, Scope

R = TypeVar("R")

WRITES = {"put", "revise", "remove", "keep", "forget"}
TRIES = 20
"""Owners that may come and go during one call."""
MADE: Any = object()
"""Says that a call makes the collection where there is none."""


class Asking:
    """The collections of one encoder, by workspace. `about` says how those are kept that are made from now on."""

    def __init__(self, root: Path, about: About) -> None:
        self._root = root
        self._about = about
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

    async def close(self) -> None:
        """Flush and let go of every collection. Safe to call twice; calls under way are waited for."""
        await asyncio.to_thread(self._threads.shutdown)
        while self._keepers:
            await asyncio.to_thread(self._keepers.popitem()[1].close)

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
            try:
                keeper = self._keeper(workspace, make=nothing is MADE)
            except Dropped:
                return nothing
            try:
                with self._let_in(workspace, name):
                    found: R = keeper.call(name, list(arguments))
                return found
            except Gone:
                if self._keepers.get(workspace) is keeper:
                    del self._keepers[workspace]
                keeper.close()
        raise CannotDo(f"The archive of {workspace} changes hands again and again: try once more.")

    @contextmanager
    def _let_in(self, workspace: str, name: str) -> Iterator[None]:
        """Raises: CannotDo for a write while nobody may."""
        if name not in WRITES:
            yield
            return
        with places.gate(self._root, workspace).passed() as is_open:
            if not is_open:
                raise CannotDo(being_moved(workspace))
            yield

    def _keeper(self, workspace: str, *, make: bool) -> Keeper:
        """Raises: Dropped when there is no collection, and none is to be made."""
        if found := self._keepers.get(workspace):
            return found
        with self._one_at_a_time(workspace):
            if workspace not in self._keepers:
                place = self._place(workspace)
                with engine_said(place.folder):
                    self._keepers[workspace] = keeper_of(place, self._about, make=make)
            return self._keepers[workspace]

    def _one_at_a_time(self, workspace: str) -> threading.Lock:
        """A lock a workspace: opening one takes seconds, in which the others go on."""
        return self._opening.setdefault(workspace, threading.Lock())

    def _first(self, workspace: str) -> None:
        """The first collection of a workspace is current."""
        if self._current(workspace) is None:
            places.make_current(self._root, workspace, self.encoder)
