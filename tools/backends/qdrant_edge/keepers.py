"""Who answers for a collection: this process when it owns it, otherwise the process that does."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tools.backends.common.folders import private_folder
from tools.backends.qdrant_edge import shard
from tools.backends.qdrant_edge.collection import Collection
from tools.backends.qdrant_edge.damage import check_room, engine_said
from tools.backends.qdrant_edge.lock import OwnerLock
from tools.backends.qdrant_edge.places import About, Place
from tools.backends.qdrant_edge.serving import Serving, connected
from tools.backends.qdrant_edge.trying import note_left, try_out
from tools.backends.qdrant_edge.wire import Gone, failure, receive, send
from tools.kit import CannotDo

PATIENCE = 30.0
"""Seconds to wait for an owner that is opening or closing the collection; each takes seconds with a million images."""
ANSWERED = 120.0
"""Seconds after which an owner that says nothing is given up: a put may wait for a disk, no call takes this long."""
LOOK = 0.02
LET_GO = "let_go"
CALLS = {
    *("put", "revise", "search", "match", "recent", "get", "vector", "remove", "count", "page", "tally"),
    *("audiences", "everything", "held", "broken", "keep", "forget", "points", "quantisation", "write_snapshot"),
}


class Dropped(Exception):
    """There is no collection, and none was to be made."""


class Keeper(Protocol):
    """Does what `Collection` can, by name."""

    inline: bool
    """A search is so quick that a thread would only slow it down."""

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Raises: Gone when it is no longer the one to ask; whatever the call raises."""
        ...

    def close(self) -> None: ...


class Owner:
    """The collection is open in this process, and other processes are answered."""

    inline = True

    def __init__(self, place: Place, lock: OwnerLock, collection: Collection) -> None:
        self._place = place
        self._lock = lock
        self._collection = collection
        self._under_way = 0
        self._closed = False
        self._turn = threading.Condition()
        self._serving = Serving(place.socket, self._asked)
        self._serving.start()

    def call(self, name: str, arguments: list[Any]) -> Any:
        with self._call():
            if name not in CALLS:
                raise ValueError(f"No call on a collection: {name}.")
            with engine_said(self._place.folder):
                return getattr(self._collection, name)(*arguments)

    def close(self) -> None:
        """Let go of it when the calls under way are done. Safe to call twice."""
        with self._turn:
            if self._closed:
                return
            self._closed = True
            self._turn.wait_for(lambda: self._under_way == 0)
        self._serving.stop()  # before the next owner may listen in the same place
        try:
            if self._collection.close():
                note_left(self._place)
        finally:
            self._lock.free()

    def _asked(self, name: str, arguments: list[Any]) -> Any:
        if name == LET_GO:
            return self.close()
        return self.call(name, arguments)

    @contextmanager
    def _call(self) -> Iterator[None]:
        with self._turn:
            if self._closed:
                raise Gone
            self._under_way += 1
        try:
            yield
        finally:
            with self._turn:
                self._under_way -= 1
                self._turn.notify_all()


class Client:
    """Another process has it open, and is asked."""

    inline = False

    def __init__(self, place: Place, channel: socket.socket) -> None:
        self._place = place
        self._idle = [channel]

    def call(self, name: str, arguments: list[Any]) -> Any:
        channel = self._channel()
        try:
            send(channel, [name, arguments])
            failed, result = receive(channel)
        except TimeoutError:
            channel.close()
            owner = OwnerLock(self._place.lock).owner
            raise CannotDo(
                f"The archive in {self._place.folder} is open in {owner}, which does not answer: let that process go "
                "on, or end it."
            ) from None
        except (OSError, Gone):
            channel.close()
            raise Gone from None
        self._idle.append(channel)
        if failed:
            raise failure(*failed)
        return result

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _channel(self) -> socket.socket:
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        channel = connected(self._place.socket, ANSWERED)
        if channel is None:
            raise Gone
        return channel


def keeper_of(place: Place, about: About, *, make: bool = True) -> Keeper:
    """Whoever answers for the collection; made empty where there is none, unless it is not to be made.

    Raises: CannotDo when it is damaged, was made for other vectors, or its owner does not come round; Dropped.
    """
    until = time.monotonic() + PATIENCE
    while True:
        if owned := owner_of(place, about, make=make):
            return owned
        if channel := connected(place.socket, ANSWERED):
            return Client(place, channel)
        _wait(place, until)


def owner_of(place: Place, about: About, *, make: bool = True) -> Owner | None:
    """The collection, opened in this process; None when another one has it. Raises: as `keeper_of`."""
    private_folder(place.folder.parent)
    lock = OwnerLock(place.lock)
    if not lock.take():
        return None
    try:
        with engine_said(place.folder):
            return Owner(place, lock, opened(place, about, lock, make=make))
    except BaseException:
        lock.free()
        raise


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Nobody has the collection open meanwhile: who has is asked to let go of it.

    Raises: CannotDo when its owner does not.
    """
    private_folder(place.folder.parent)
    lock = OwnerLock(place.lock)
    until = time.monotonic() + PATIENCE
    while not lock.take():
        if channel := connected(place.socket, PATIENCE):
            with contextlib.suppress(Gone):
                Client(place, channel).call(LET_GO, [])
            channel.close()
        _wait(place, until, LOOK / 10)
    try:
        yield
    finally:
        lock.free()


def _wait(place: Place, until: float, seconds: float = LOOK) -> None:
    if time.monotonic() > until:
        raise CannotDo(
            f"The archive in {place.folder} is in use by {OwnerLock(place.lock).owner}, which does not answer: wait "
            "until that one is done or end it, or share a Qdrant server (SPYGLASS_ARCHIVE=qdrant_server:URL)."
        )
    time.sleep(seconds)


def opened(place: Place, about: About, lock: OwnerLock, *, make: bool = True) -> Collection:
    """The lock is ours, and taken.

    Raises: CannotDo when it was made for vectors of other sizes, or cannot be opened; Dropped; OSError.
    """
    check_room(place.folder.parent, 0)
    if place.there:
        try_out(place, lock)
    elif not make:
        raise Dropped
    else:
        made(place, about, lambda unfinished: shard.create(str(unfinished), about).close())
    found = place.about()
    if found.dims != about.dims:
        raise CannotDo(
            f"The archive in {place.folder} has vectors of {found.dim} and {found.text_dim} dimensions, and those of "
            f"{about.encoder} have {about.dim} and {about.text_dim}: make it anew with `spyglass index --fresh PATH`."
        )
    with shard.opening_said(place.folder):
        return Collection(place.folder, found, shard.load(place.shard))


def made(place: Place, about: About, fill: Callable[[Path], None]) -> None:
    """A collection whose shard `fill` makes, in its place when it is whole: a kill never leaves half of one."""
    shutil.rmtree(place.unfinished, ignore_errors=True)
    place.unfinished.mkdir(mode=0o700)
    fill(place.unfinished / "shard")
    place.describe(about)
    place.finish()
