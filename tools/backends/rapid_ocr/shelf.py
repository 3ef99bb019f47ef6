"""Readings kept on disk as JSON, one file each, written so that a reader never sees half of one."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from tools.backends.common.folders import private_folder
from tools.backends.common.whole_files import write_whole
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
        write_whole(private_folder(path.parent) / path.name, reading.model_dump_json().encode())
    except OSError:
        return
