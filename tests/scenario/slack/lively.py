"""`spyglass` as it is, except that the death of a worker is noticed within a second instead of twelve.

It is imported, and then waits for a line on standard input: a process can be kept ready to follow one that is killed.
"""

from __future__ import annotations

import sys
from functools import partial

from bot.cli import main
from bot.slack import running, serving

BEAT = 0.25

if __name__ == "__main__":
    serving.Queue = partial(serving.Queue, beat=BEAT)  # type: ignore[misc, assignment]
    assert running
    sys.stdin.readline()
    main()
