"""Where originals lie while they are indexed, for those that are no files of this machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tools.kit import AskAgain
from tools.kit.disk import full_disk_said

CHUNK = 1 << 20
GO_ON = "free some space and run the same command again; it goes on"


class Spool:
    """A folder of files that go when they were read. What a killed process left behind goes with the next one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: Path | None = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)

    @contextmanager
    def file(self) -> Iterator[Path]:
        """A place for a file, for the length of a block. Raises: CannotDo when the disk is full."""
        with full_disk_said(GO_ON):
            handle, name = tempfile.mkstemp(dir=self._made())
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def _made(self) -> Path:
        if self._own is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left in self._folder.glob("*-*"):
                if not _alive(left.name.partition("-")[0]):
                    shutil.rmtree(left, ignore_errors=True)
            self._own = Path(tempfile.mkdtemp(dir=self._folder, prefix=f"{os.getpid()}-"))
        return self._own


def copy(source: IO[bytes], to: Path, most: int) -> None:
    """Raises: AskAgain when there are more than `most` bytes, whatever was promised; CannotDo when the disk is full."""
    with full_disk_said(GO_ON), to.open("wb") as file:
        written = 0
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > most:
                raise AskAgain(f"It has more than {most:,} bytes, which is the most that is opened.")
            file.write(chunk)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
