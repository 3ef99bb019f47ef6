"""The months by their English names, long and short."""

from __future__ import annotations

NAMES = "january february march april may june july august september october november december"
MONTHS = {name: number for number, long in enumerate(NAMES.split(), 1) for name in (long, long[:3])} | {"sept": 9}
"""Name in lower case -> 1 to 12."""
