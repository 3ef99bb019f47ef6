"""The owner of a collection answers other processes' calls over a local socket, which only its own user may open."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.backends.qdrant_edge.wire import Gone, failed, receive, send

BACKLOG = 64


class Serving:
    """Answers from start to stop. `call` does what was asked, in a thread of each connection."""

    def __init__(self, path: Path, call: Callable[[str, list[Any]], Any]) -> None:
        self._path = path
        self._call = call
        self._connected: set[socket.socket] = set()
        self._listening = _listen(path)

    def start(self) -> None:
        threading.Thread(target=self._accept, name="archive-socket", daemon=True).start()

    def stop(self) -> None:
        """Hang up: who still waits for an answer asks the next owner."""
        self._path.unlink(missing_ok=True)
        for channel in (self._listening, *tuple(self._connected)):
            with contextlib.suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                channel, _ = self._listening.accept()
            except OSError:  # stopped
                return
            self._connected.add(channel)
            threading.Thread(target=self._answer, args=(channel,), name="archive-client", daemon=True).start()

    def _answer(self, channel: socket.socket) -> None:
        with channel, contextlib.suppress(OSError, Gone):
            try:
                while True:
                    name, arguments = receive(channel)
                    send(channel, self._done(name, arguments))
            finally:
                self._connected.discard(channel)

    def _done(self, name: str, arguments: list[Any]) -> list[Any]:
        try:
            return [None, self._call(name, arguments)]
        except Exception as error:
            return [failed(error), None]


def connected(path: Path, timeout: float) -> socket.socket | None:
    """A connection to the owner; None when nobody listens there."""
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel.settimeout(timeout)
    try:
        with _short(path) as name:
            channel.connect(name)
    except OSError:
        channel.close()
        return None
    return channel


def _listen(path: Path) -> socket.socket:
    """The lock is ours, so a socket that is there was left by an owner that was killed."""
    path.unlink(missing_ok=True)
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _short(path) as name:
        channel.bind(name)
    path.chmod(0o600)  # until then the folder, which is private, keeps others out
    channel.listen(BACKLOG)
    return channel


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name of at most the 107 bytes that a socket's may have, however deep its folder lies (Linux)."""
    if len(os.fsencode(path)) < 100 or not Path("/proc/self/fd").exists():
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
