"""A broken shard file makes the engine, which is Rust, panic; a full disk makes it raise a plain exception. Here each
becomes one sentence with the way out."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.kit import CannotDo

HEADROOM = 96 << 20
"""Bytes that must be free before a shard is opened or written. Edge writes through memory maps in blocks of 32 MB, also
when it opens one, and a map that the disk cannot back kills the process (SIGBUS) instead of raising an error."""
FOR_REMOVAL = HEADROOM // 3
"""Bytes that must be free before something is removed, which takes little: it is what people do with a full disk."""
ANEW = (
    "Bring back a snapshot (`spyglass archive restore FILE`), or begin anew: `spyglass index --fresh PATH`; of a Slack "
    "workspace, move that folder away, post an image, and `spyglass archive verify --repair` brings what Slack has."
)
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def engine_said(folder: Path) -> Iterator[None]:
    """Raises: CannotDo in place of what the disk and the engine complain about."""
    try:
        with damage_said(folder):
            yield
    except OSError as error:
        raise CannotDo(_disk(folder, error.errno, error.strerror or str(error))) from error
    except Exception as error:
        code = re.search(r"Os \{ code: (\d+)", str(error))
        if code is None:
            raise
        raise CannotDo(_disk(folder, int(code[1]), str(error))) from error


@contextmanager
def damage_said(folder: Path) -> Iterator[None]:
    """Raises: CannotDo in place of a panic of the engine. Pyo3 derives panics from BaseException, and gives no name to
    import them by; all else, an interrupt too, passes."""
    try:
        yield
    except BaseException as error:
        if not panicked(error):
            raise
        raise CannotDo(damaged(folder)) from None


def damaged(folder: Path) -> str:
    return f"The archive in {folder} is damaged. {ANEW}"


def panicked(error: BaseException) -> bool:
    return any(kind.__name__ == "PanicException" for kind in type(error).__mro__)


def check_room(folder: Path, size: int, least: int = HEADROOM) -> None:
    """Raises: OSError when the disk has no room for a write of that many bytes."""
    if shutil.disk_usage(folder).free < least + 4 * size:
        raise OSError(errno.ENOSPC, "No space left on device")


def _disk(folder: Path, code: int | None, why: str) -> str:
    if code in FULL:
        there = next(each for each in (folder, *folder.parents) if each.exists())
        free = shutil.disk_usage(there).free
        return (
            f"The disk is full: {folder} has {free >> 20} MB left and the archive needs {HEADROOM >> 20} MB to work. "
            "Nothing is lost: free some space, or set SPYGLASS_HOME to a folder on another disk, and run the same "
            "command again."
        )
    return f"The archive in {folder} cannot be used ({why}): check who may write there, or set SPYGLASS_HOME."
