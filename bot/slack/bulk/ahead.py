"""What vision models are asked for a job before its files are written about: by the provider's batches.

The row of a batch is written before it is submitted. One whose id is not known is looked for by its marker, and its
files are asked about again only when the provider does not have it: nothing is paid twice, unless a provider lists a
batch later than `SETTLED` after it was sent. Whatever no batch answers is asked by single calls.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.alt_texts.batching import EXPIRED, FILES, LARGEST, Batching, new_marker, sent_of, size_of
from bot.slack.bulk.batches import Batch, KeptBatches, Ungathered
from bot.slack.bulk.jobs import Job, Jobs
from tools.kit import VisionModel
from tools.kit.models import Ask, BatchAnswer, NotYetKnown, ProviderFailure, account

log = logging.getLogger(__name__)

TIMES = 3
"""How often a file is opened to ask about it: one that takes the process with it is asked about by a single call."""
SETTLED = timedelta(seconds=5)
"""After so long a provider lists what was sent to it."""
STOPPING = timedelta(minutes=2)
"""For so long a batch that was cancelled is waited for, to write down what it took."""
STEP = 1.0
"""Seconds between two looks whether a cancelled batch has ended."""

Asks = Callable[[Ungathered, VisionModel], Awaitable[None]]
"""Opens a file, and has the vision model asked about what is in it."""


@dataclass
class Ahead:
    """Asks for jobs by batches. One for each office."""

    batching: Callable[[], Awaitable[Batching | None]]
    kept: KeptBatches
    jobs: Jobs
    give_way: Callable[[], Awaitable[None]]
    longest: timedelta = timedelta(0)
    """How long a job may take because of the provider."""
    _answers: dict[str, dict[str, BatchAnswer]] = field(default_factory=dict)
    """By the marker of the batch; fetched again by a process that does not have them."""

    async def go_on(self, job: Job, asks: Asks, local_only: Callable[[], Awaitable[bool]]) -> bool:
        """Do the next thing for a job; False when its files can be written about.

        local_only: whether nothing may leave the machine, asked again before anything does.
        """
        batching = await self.batching()
        if batching is None:
            return False
        if await local_only():
            return not await self.stopped(job)
        return await self._ask(batching, job, asks, local_only) or await self._look(batching, job)

    async def progress(self, job: Job) -> tuple[int, int] | None:
        """Images that are done by the provider, of how many; None when it is not at it."""
        batches = await self.kept.of(job.key)
        if all(batch.ended for batch in batches):
            return None
        done = sum(len(batch.sent) if batch.ended else batch.done for batch in batches)
        return done, sum(len(batch.sent) for batch in batches)

    async def vision(self, job: Job) -> VisionModel | None:
        """Who looks at the files of a job; None for whoever always does. Raises: ProviderFailure."""
        batching = await self.batching()
        batches = [batch for batch in await self.kept.of(job.key) if batch.ended and batch.id]
        if batching is None or not batches:
            return None
        answers: dict[str, BatchAnswer] = {}
        for batch in batches:
            answers |= await self._answers_of(batching, batch)
        return batching.answering(answers)

    async def stopped(self, job: Job) -> bool:
        """End what is under way; True when nothing is left to wait for."""
        batching = await self.batching()
        if batching is None:
            return True
        for batch in await self._open(job):
            await self._cancel(batching, batch)
        waiting = await self._open(job)
        for batch in waiting:
            if batch.cancelled and datetime.now(UTC) - batch.cancelled > STOPPING:
                await self._end(batching, batch, {})
        if waiting:
            await self.kept.wait(job.key, STEP, stopped=True)
        return not waiting

    async def over(self, job: Job) -> None:
        """Leave nothing of a job with the provider, as far as it lets us."""
        batching, batches = await self.batching(), await self.kept.of(job.key)
        for batch in batches:
            self._answers.pop(batch.marker, None)
            if batching and batch.id:
                try:
                    await (batching.batches.discard if batch.ended else batching.batches.cancel)(batch.id)
                except ProviderFailure as failure:
                    log.warning("A batch is left with its provider, which deletes it later: %s", failure)
        await self.kept.drop(job.key)

    # --- asking -----------------------------------------------------------------------------------

    async def _ask(self, batching: Batching, job: Job, asks: Asks, local_only: Callable[[], Awaitable[bool]]) -> bool:
        """Ask about the next files in one batch; False when there are none."""
        gathered: dict[str, Ask] = {}
        numbers: list[int] = []
        vision = batching.gathering(gathered)
        while len(numbers) < FILES and size_of(gathered) < LARGEST:
            if numbers:
                await self.give_way()
            file = await self.kept.next(job.key, numbers[-1] if numbers else -1)
            if file is None:
                break
            numbers.append(file.number)
            if file.times <= TIMES:
                await asks(file, vision)
        if not numbers:
            return False
        now = await self.jobs.at(job.key)
        if now is None or now.stopped_by or await local_only():
            return True
        payable = await batching.affordable(gathered, account())
        marker, sent = new_marker(), sent_of(payable)
        await self.kept.intend(job.key, marker, sent, numbers)
        if payable:
            await self._submit(batching, marker, payable)
        return True

    async def _submit(self, batching: Batching, marker: str, asks: dict[str, Ask]) -> None:
        try:
            await self.kept.submitted(marker, await batching.batches.submit(asks, marker=marker))
        except ProviderFailure as failure:
            log.warning("A batch was not submitted: %s", failure)
            if not failure.passing:
                await batching.note({}, sent_of(asks), account())
                await self.kept.ended(marker)

    # --- waiting ----------------------------------------------------------------------------------

    async def _look(self, batching: Batching, job: Job) -> bool:
        """Look how far the batches are; False when all have ended."""
        now = datetime.now(UTC)
        for batch in await self._open(job):
            if batch.due <= now:
                await self._look_at(batching, batch)
        waiting = await self._open(job)
        if waiting:
            soonest = min(batch.due for batch in waiting) - now
            await self.kept.wait(job.key, max(0.0, soonest.total_seconds()))
        return bool(waiting) or await self.kept.ungathered(job.key)

    async def _look_at(self, batching: Batching, batch: Batch) -> None:
        try:
            if batch.id is None:
                await self._find(batching, batch)
                return
            state = await batching.batches.state(batch.id)
            if state.ended:
                answers = await batching.batches.answers(batch.id)
                self._answers[batch.marker] = answers
                await self._end(batching, batch, answers)
                return
            done = state.done
        except (NotYetKnown, ProviderFailure) as why:
            log.info("A batch cannot be looked at now: %s", why)
            if isinstance(why, ProviderFailure) and not why.passing:
                await self._end(batching, batch, {})
                return
            done = batch.done
        if batch.age > EXPIRED:
            await self._end(batching, batch, {})
        else:
            await self.kept.looked(batch, done)

    async def _find(self, batching: Batching, batch: Batch) -> None:
        """Whether it was submitted. Raises: ProviderFailure; NotYetKnown."""
        found = await batching.batches.find(batch.marker, len(batch.sent), others=await self.kept.ids())
        if found:
            await self.kept.submitted(batch.marker, found)
        elif batch.age < SETTLED:
            await self.kept.looked(batch, 0)
        elif batch.cancelled:
            await self._end(batching, batch, {})
        else:
            await batching.note({}, batch.sent, account())
            await self.kept.withdraw(batch.marker)

    async def _cancel(self, batching: Batching, batch: Batch) -> None:
        await self.kept.cancelled(batch.marker)
        try:
            if batch.id:
                await batching.batches.cancel(batch.id)
        except ProviderFailure as failure:
            log.info("A batch cannot be cancelled now: %s", failure)
        await self._look_at(batching, batch)

    async def _end(self, batching: Batching, batch: Batch, answers: dict[str, BatchAnswer]) -> None:
        await batching.note(answers, batch.sent, account())
        await self.kept.ended(batch.marker)

    async def _open(self, job: Job) -> Sequence[Batch]:
        return [batch for batch in await self.kept.of(job.key) if not batch.ended]

    async def _answers_of(self, batching: Batching, batch: Batch) -> dict[str, BatchAnswer]:
        if batch.marker not in self._answers and batch.id:
            self._answers[batch.marker] = await self._fetched(batching, batch.id)
        return self._answers.get(batch.marker, {})

    async def _fetched(self, batching: Batching, batch: str) -> dict[str, BatchAnswer]:
        """Raises: ProviderFailure when it may be had later."""
        try:
            return await batching.batches.answers(batch)
        except ProviderFailure as failure:
            if failure.passing:
                raise
            log.warning("The answers of a batch cannot be had: %s", failure)
            return {}
