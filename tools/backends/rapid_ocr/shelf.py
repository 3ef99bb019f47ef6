"""Readings kept on disk as JSON, one file each, written so that a reader never sees half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from tools.kit import Reading


def take(path: Path) -> Reading | None:
    """The reading kept there, or None when there is none (or only a damaged one)."""
    try:
        return Reading.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def put(path: Path, reading: Reading) -> None:
    """Keep it. A disk that cannot take it costs a second reading later, never this one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError:
        return
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(reading.model_dump_json())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
