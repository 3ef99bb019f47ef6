"""What `spyglass doctor` says of one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    state: str
    """``ok``, ``note`` (works, could be better) or ``missing``."""
    said: str
