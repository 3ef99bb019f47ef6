"""`spyglass` as it is, except that the death of a worker is noticed within a second, and a stop is quick.

It is imported, and then waits for a line on standard input: a process can be kept ready to follow one that is killed.
"""

from __future__ import annotations

import sys
from functools import partial

import bot.slack.running  # noqa: F401  the command would import it when it is called
from bot.cli import main
from bot.slack import serving
from bot.slack.storage.queue import Queue

BEAT = 0.25
"""Seconds between two signs of life of a worker; otherwise 3. After four that are missing it is dead."""
GRACE = 2.0
"""Seconds that running turns have when it is told to stop; otherwise 20."""

if __name__ == "__main__":
    vars(serving)["Queue"] = partial(Queue, beat=BEAT, grace=GRACE)
    sys.stdin.readline()
    main()
