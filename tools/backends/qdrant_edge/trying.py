"""Whether a shard can be opened without harm. A damaged file may make the engine end its whole process, which answers
for other workspaces too; so what is not as its last owner left it is opened in a process of its own first.

Processor time, measured with 1,000 and 100,000 images of 512 dimensions: opening what was closed takes 4 and 7 ms more
(of 130 and 1,050), closing it 4 and 12 ms more; after a kill the trial takes 0.25 and 1.5 s, once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.backends.common.whole_files import write_whole
from tools.backends.qdrant_edge import trial
from tools.backends.qdrant_edge.damage import check_room, damaged
from tools.backends.qdrant_edge.lock import OwnerLock
from tools.backends.qdrant_edge.places import Place
from tools.kit import CannotDo

LONGEST = 300.0
"""Seconds after which an opening is given up: one of a million images takes some."""
TRUSTED = "mutable_id_tracker"
SMALL = 1 << 16
"""The engine believes what is in files that begin so or are no larger (bytes): their content counts as well."""
_fatal: dict[Path, bytes] = {}
"""Shards that were the end of a process, as they were then."""


def note_left(place: Place) -> None:
    """Remember how a collection is left, by its owner who closed it. A disk too full for that costs a trial."""
    with contextlib.suppress(OSError):
        write_whole(place.left, _signature(place.shard))


def try_out(place: Place, lock: OwnerLock) -> None:
    """Open a collection that is ours in a process of its own, unless it is as its last owner left it. That one's note
    is forgotten: who opens it now and dies of it leaves none.

    Raises: CannotDo as `check_survived`; OSError.
    """
    if not place.shard.is_dir():
        return
    noted = place.left.read_bytes() if place.left.exists() else b""
    place.left.unlink(missing_ok=True)
    if noted != _signature(place.shard):
        check_survived(place.shard, place.folder, lock)


def check_survived(shard: Path, folder: Path, lock: OwnerLock | None = None) -> None:
    """Open a shard in a process of its own. What else is wrong with it is for whoever opens it next to say.

    folder: what is said to be damaged.
    lock: stays taken while that process lives, even where this one does not.

    Raises: CannotDo when that process died or came to no end; OSError.
    """
    if shard not in _fatal or _fatal[shard] != _signature(shard):
        if _survived(shard, lock):
            return
        check_room(folder, 0)  # a full disk ends a process too
        _fatal[shard] = _signature(shard)
    raise CannotDo(damaged(folder))


def _survived(shard: Path, lock: OwnerLock | None) -> bool:
    import qdrant_edge

    packages = str(Path(qdrant_edge.__file__).parents[1])
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", trial.__file__, packages, str(shard)],
            pass_fds=[lock.fileno()] if lock else [],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            start_new_session=True,  # Ctrl-C is no damage
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode >= 0


def _signature(shard: Path) -> bytes:
    """Of all files: their names, sizes and times, and what is in those that are trusted."""
    found = hashlib.sha256()
    for file in _files(str(shard)):
        about = file.stat()
        found.update(f"{file.name}\0{about.st_size}\0{about.st_mtime_ns}\0".encode())
        if file.is_file() and (about.st_size <= SMALL or file.name.startswith(TRUSTED)):
            found.update(Path(file.path).read_bytes())
    return found.hexdigest().encode()


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    """All that are in a folder, folders before what is in them, in one order."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
