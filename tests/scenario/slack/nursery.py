"""`spyglass` as it is, except that the death of a worker is noticed within seconds, and a stop is quick.

A nursery: everything is imported once, and each process of the bot is forked from here, before there is a thread or an
event loop. Requests are lines of JSON on standard input, answered in order: {"start": [arguments], "log": path} by a
process id, {"wait": pid} by the exit code. Its processes end with it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from datetime import timedelta
from functools import partial

import bot.slack.running  # noqa: F401  the command would import it when it is called, and the next a turn
import graphs.agent
import graphs.constraints  # noqa: F401
from bot.cli import main
from bot.slack import serving
from bot.slack.archiving import leases, register
from bot.slack.archiving.history import backfills
from bot.slack.storage.queue import Queue

BEAT = 0.25
"""Seconds between two signs of life of a worker; otherwise 3. After four that are missing it is dead."""
GRACE = 2.0
"""Seconds that running turns have when it is told to stop; otherwise 20."""

LEASE = timedelta(seconds=5)
"""How long nobody goes on with the part of a history that a dead one had begun; otherwise 20 s."""


def start(arguments: list[str], log: str) -> int:
    """A process of the bot. Returns its id."""
    pid = os.fork()
    if pid == 0:
        _be(arguments, log)
    return pid


def _be(arguments: list[str], log: str) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for ours, instead in enumerate((nothing, nothing, said)):
        os.dup2(instead, ours)
    code = 1
    try:
        main(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        os._exit(code)


def serve_requests() -> None:
    alive: set[int] = set()
    for line in sys.stdin:
        request = json.loads(line)
        if "start" in request:
            answer = start(request["start"], request["log"])
            alive.add(answer)
        else:
            alive.discard(request["wait"])
            answer = os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1])
        print(answer, flush=True)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    gc.freeze()  # collecting what all share would copy it for each
    for leasing in (backfills, leases, register):
        vars(leasing)["LEASE"] = LEASE
    vars(serving)["Queue"] = partial(Queue, beat=BEAT, grace=GRACE)
    serve_requests()
