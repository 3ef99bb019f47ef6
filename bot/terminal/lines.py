"""Lines of bytes, as they come."""

from __future__ import annotations

import os
from collections.abc import Iterator

CHUNK = 65_536


def raw_lines(descriptor: int) -> Iterator[bytes]:
    """The lines of an open file, without their ends.

    Cut at newlines only: JSON strings may hold the other characters that `str.splitlines` cuts at.
    """
    parts: list[bytes] = []
    while chunk := os.read(descriptor, CHUNK):
        first, *more = chunk.split(b"\n")
        parts.append(first)
        for part in more:
            yield b"".join(parts)
            parts = [part]
    if last := b"".join(parts):
        yield last
