"""The bot as it is, except that the death of a worker is noticed within seconds, and a stop is quick."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

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


def hurry() -> None:
    for leasing in (backfills, leases, register):
        vars(leasing)["LEASE"] = LEASE
    vars(serving)["Queue"] = partial(Queue, beat=BEAT, grace=GRACE)
