"""Writers go through a gate together, unless somebody has it alone: a lock that dies with whoever has it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Gate:
    """Of one workspace, over all processes, through `flock`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def passed(self, *, alone: bool = False) -> Iterator[bool]:
        """Whether we are through, for the block. Waits for nobody."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield _taken(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        finally:
            os.close(file)


def _taken(file: int, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
