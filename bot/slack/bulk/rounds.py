"""Who works on jobs, and when: one image at a time in a process, every job in its turn, people's questions first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.slack.bulk.jobs import Job, Jobs
from bot.slack.bulk.working import Working
from bot.storage.locks import Locks
from bot.uninterrupted import within

log = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks for jobs that another process has begun."""
LOOK = 0.1
"""Seconds between two looks whether a question is still worked on."""
MOST = 20.0
"""Seconds for which an image waits for questions at most: where somebody always asks, jobs come to an end as well."""

Of = Callable[[str], Awaitable[Working | None]]
"""Who works in a workspace; None where the app is not installed."""


class Rounds:
    """Goes on with all jobs of the database. Any number of processes may do so at once.

    Jobs have no part in the queue of turns: no question waits for more than the image that is being looked at when it
    comes. One of the same thread neither waits for the job: it is answered with the images that are in by then.
    """

    def __init__(self, jobs: Jobs, locks: Locks, *, most: float = MOST) -> None:
        """most: seconds for which an image waits for questions."""
        self._jobs, self._locks, self._most = jobs, locks, most
        self._asked = asyncio.Event()

    def wake(self) -> None:
        """There is something to do."""
        self._asked.set()

    async def work(self, of: Of) -> None:
        """Work until cancelled."""
        while True:
            self._asked.clear()
            try:
                busy = await self._one(of)
            except Exception:
                log.exception("Jobs of alt texts cannot be gone on with; it is tried again.")
                busy = False
            if not busy:
                await within(POLL, self._asked.wait())

    async def _one(self, of: Of) -> bool:
        """Whether there was something to do."""
        job = await self._jobs.whose_turn()
        if job is None:
            return False
        if job.shown and not job.stopped_by:  # that it is begun, or ends, takes no time
            await self.give_way()
        try:
            # who was only thought dead and its successor never work at once
            async with self._locks.hold(f"bulk:{job.thread}"):
                await self._go_on(job, of)
        except Exception:
            log.exception("The job of %s is gone on with later.", job.key)
            await self._jobs.later(job)
        return True

    async def _go_on(self, job: Job, of: Of) -> None:
        now, working = await self._jobs.start(job.key), await of(job.key.team)
        if now and working:
            await working.go_on(now)
        elif now:
            await self._jobs.later(now)

    async def give_way(self, most: float | None = None) -> None:
        """Wait until nobody waits for an answer, or for too long: `most` seconds, or as long as is usual here."""
        loop = asyncio.get_running_loop()
        until = loop.time() + (self._most if most is None else most)
        while loop.time() < until and await self._jobs.questions_wait():  # noqa: ASYNC110  the questions are in a table
            await asyncio.sleep(LOOK)
