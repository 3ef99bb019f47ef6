"""Patterns that are made of others, compiled once and kept.

Python's own cache holds 512 patterns, for everybody in the process: fewer than a planner of many languages needs, and a
long one takes tens of milliseconds to compile.
"""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The case of letters is ignored. For patterns of ours: what people say would fill the memory."""
    return re.compile(pattern, re.IGNORECASE)
