"""Who uses an embedded server: each process holds a share of one lock for as long as it does.

The kernel drops the locks of a process that dies, however it does: nobody has to clean up after one that was killed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.backends.postgres.place import parents


@dataclass
class Users:
    """Of one server, as this process sees them."""

    data: Path
    """The server's data; the two files that are locked lie beside it."""
    user: str | None
    """System user the server runs as, or None for our own."""

    _share: int | None = field(default=None, repr=False)
    """Ours of the users' lock, as a file descriptor."""

    @property
    def joined(self) -> bool:
        """Whether this process is one of them."""
        return self._share is not None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One starter or stopper at a time, across processes."""
        file = self._open("postgres.lock")
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def join(self) -> None:
        """Never waits: who asks for the users' lock as a whole (`nobody_else`) is `alone`, as whoever joins is."""
        if self._share is None:
            self._share = self._open("users.lock")
            fcntl.flock(self._share, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Nothing happens to one who has not joined."""
        if self._share is not None:
            os.close(self._share)
            self._share = None

    def nobody_else(self) -> bool:
        """Whether no process has joined. To be asked by one that has not, or has left."""
        file = self._open("users.lock")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(file)
        return True

    def _open(self, name: str) -> int:
        parents(self.data, self.user)
        return os.open(self.data.parent / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
