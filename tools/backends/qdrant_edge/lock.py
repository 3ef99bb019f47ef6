"""One process owns a collection of the embedded archive: a lock that dies with its owner, and says who that is."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime
from pathlib import Path


class OwnerLock:
    """Held through `flock`, so the kernel frees it however its owner ends: a file left behind locks nobody out.

    The file names the owner (pid and since when) only for the sentence that others read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def take(self) -> bool:
        """Whether it is ours now. Waits for nobody."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        mine = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(mine).encode(), 0)
        self._file = file
        return True

    def fileno(self) -> int:
        """Whoever else holds this file holds the lock. Only while it is ours."""
        return self._file

    def free(self) -> None:
        """Safe to call twice."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1

    @property
    def owner(self) -> str:
        """Who has it, as a sentence says it."""
        try:
            owner = json.loads(self._path.read_text())
        except (OSError, ValueError):  # it took the lock this very moment and has not signed yet
            return "another process"
        return f"process {owner['pid']}, since {owner['since']}" if "pid" in owner else "another process"
