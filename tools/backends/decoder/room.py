"""What was drawn is only a copy: when it takes too much room, what was used longest ago goes first."""

from __future__ import annotations

import re
import shutil
import time
from collections import defaultdict
from pathlib import Path

NAME = re.compile(r"[0-9a-f]{64}(?=[.-])")
RECENT = 600
"""Seconds since its last use in which a drawing may be at work in somebody's turn: it stays whatever its size."""
ENOUGH = 0.9
"""Share of the limit that is left filled, so that not every drawing after it has to make room again."""
STALE = 3600
"""Age in seconds from which a worker's folder is one that a killed process left behind."""


def make_room(base: Path, most: int) -> None:
    """Keep what lies below ``<base>/<workspace>/`` under `most` bytes."""
    sizes: dict[tuple[Path, str], int] = defaultdict(int)
    used: dict[tuple[Path, str], float] = defaultdict(float)
    for file in base.glob("*/*"):
        name = NAME.match(file.name)
        if not name:
            continue
        try:
            known = file.stat()
        except FileNotFoundError:  # forgotten at this very moment
            continue
        sizes[file.parent, name[0]] += known.st_size
        used[file.parent, name[0]] = max(used[file.parent, name[0]], known.st_mtime)
    total = sum(sizes.values())
    if total <= most:
        return
    for drawn in sorted(used, key=lambda each: used[each]):
        if total <= most * ENOUGH or time.time() - used[drawn] < RECENT:
            return
        remove(*drawn)
        total -= sizes[drawn]


def remove(folder: Path, sha256: str) -> None:
    """Delete all that was drawn from one file."""
    (folder / f"{sha256}.json").unlink(missing_ok=True)  # first, so that nobody counts on the rest
    for path in [*folder.glob(f"{sha256}.*"), *folder.glob(f"{sha256}-p*")]:
        path.unlink(missing_ok=True)


def sweep(base: Path) -> None:
    """Delete the folders that killed workers left behind."""
    for work in base.glob("*/.work-*"):
        if time.time() - work.stat().st_mtime > STALE:
            shutil.rmtree(work, ignore_errors=True)
