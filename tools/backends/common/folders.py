"""Private folders: what is kept of people's files is readable by the user who runs this, and by nobody else."""

from __future__ import annotations

import re
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make the folder (0700) and those above it that are missing; an existing one is left as it is."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def workspace_folder(base: Path, workspace: str) -> Path:
    """The folder of one workspace below `base`. Raises: ValueError as `checked_workspace` does."""
    return base / checked_workspace(workspace)


def checked_workspace(workspace: str) -> str:
    """Raises: ValueError for a workspace id that could lead anywhere else as part of a path."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", workspace):
        raise ValueError(f"{workspace!r} is not a workspace id.")
    return workspace
