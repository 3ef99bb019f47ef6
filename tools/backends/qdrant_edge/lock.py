"""One process owns an embedded archive: a lock that dies with its owner, and says who that is."""

from __future__ import annotations

import fcntl
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from tools.kit import CannotDo

PATIENCE = 3.0
"""Seconds to wait for an owner that is about to finish, or that hands over between two calls."""


class OwnerLock:
    """Held through `flock`, so the kernel frees it however its owner ends: a file left behind locks nobody out.

    The file names the owner (pid and since when) only for the sentence that others read. Whoever waits leaves a second
    file, by which an owner that has nothing under way sees that it is wanted.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._request = path.with_name(f"{path.name}.wanted")
        self._file = -1

    @property
    def wanted(self) -> bool:
        """Whether another process waits for the lock."""
        return self._request.exists()

    def take(self, patience: float = PATIENCE) -> None:
        """Raises: CannotDo naming the live owner, after waiting `patience` seconds for it."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait(file, time.monotonic() + patience)
        except BlockingIOError:
            owner = _owner(file)
            os.close(file)
            raise CannotDo(_busy(self._path.parent, owner)) from None
        mine = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(mine).encode(), 0)
        self._file = file

    def free(self) -> None:
        """Safe to call twice."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1

    def _wait(self, file: int, until: float) -> None:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    self._request.unlink(missing_ok=True)
                    raise
                self._request.touch(mode=0o600)
                time.sleep(0.05)
            else:
                self._request.unlink(missing_ok=True)
                return


def _owner(file: int) -> dict[str, object]:
    try:
        owner = json.loads(os.pread(file, 4096, 0))
    except ValueError:  # it took the lock this very moment and has not signed yet
        return {}
    return owner if isinstance(owner, dict) else {}


def _busy(folder: Path, owner: dict[str, object]) -> str:
    who = f"process {owner['pid']}, since {owner.get('since', 'a moment ago')}" if "pid" in owner else "another process"
    return (
        f"The archive in {folder} is in use by {who}. Only one process can have it open: "
        "wait until that one is done or end it, or share a Qdrant server (SPYGLASS_ARCHIVE=qdrant_server:URL)."
    )
