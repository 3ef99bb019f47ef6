"""Files written so that a reader sees all of one or none, however many write it at once. Standard library only: workers
import it too."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file (0600) beside its place, under a name of its own, and move it there. Raises: OSError."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)
