"""A sign of life: a file in SPYGLASS_HOME that is touched for as long as the event loop turns.

A container engine asks `python -m bot.slack.alive`, which ends with 1 when this machine's file has not been touched for
a while: a process that hangs looks alive from outside.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.settings import read_settings

EVERY = 5.0
"""Seconds between two signs."""
STALE = 60.0
"""Seconds without one after which nobody is thought alive."""


def sign_of_life(home: Path) -> Path:
    """The file of this machine; in a container the host's name is the container's."""
    return home / "alive" / socket.gethostname()


@asynccontextmanager
async def alive(home: Path) -> AsyncIterator[None]:
    """Gives signs of life inside the block, and takes the file away after it."""
    file = sign_of_life(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    beating = asyncio.create_task(_beat(file))
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        file.unlink(missing_ok=True)


async def _beat(file: Path) -> None:
    while True:
        await asyncio.sleep(EVERY)
        with suppress(OSError):  # a full disk now says nothing of later
            await asyncio.to_thread(file.touch)


def is_alive(home: Path) -> bool:
    """Somebody on this machine gave a sign of life lately."""
    with suppress(FileNotFoundError):
        return time.time() - sign_of_life(home).stat().st_mtime < STALE
    return False


if __name__ == "__main__":
    sys.exit(0 if is_alive(read_settings().home) else 1)
