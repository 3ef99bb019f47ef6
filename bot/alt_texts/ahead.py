"""What a vision model is asked about the files of a table, by the provider's batches, before the table is written."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Generic, TypeVar

from bot.alt_texts.batching import EXPIRED, FILES, LARGEST, Batching, Sent, new_marker, sent_of, size_of, wait_before
from bot.uninterrupted import to_the_end
from tools.kit import VisionModel
from tools.kit.models import Ask, BatchAnswer, ProviderFailure, account

log = logging.getLogger(__name__)

F = TypeVar("F")


@dataclass
class _Batch:
    id: str
    sent: dict[str, Sent]
    done: int = 0
    ended: bool = False


@dataclass
class Ahead(Generic[F]):
    """Asks about files of the kind F. What no batch answers is asked by single calls later."""

    batching: Batching
    ask: Callable[[F, VisionModel], Awaitable[None]]
    """Opens a file and has the vision model asked about what is in it."""
    answers: dict[str, BatchAnswer] = field(default_factory=dict)
    _batches: list[_Batch] = field(default_factory=list)

    async def run(self, files: Sequence[F]) -> AsyncIterator[tuple[int, int]]:
        """Until all is answered; in between, how many images the provider has done, of how many. Who is cancelled
        cancels the batches."""
        try:
            left = iter(files)
            while await self._submit_next(left):
                yield self._progress()
            until = time.monotonic() + EXPIRED.total_seconds()
            for look in count():
                if all(batch.ended for batch in self._batches) or time.monotonic() > until:
                    return
                await asyncio.sleep(wait_before(look))
                for batch in self._batches:
                    await self._look_at(batch)
                yield self._progress()
        finally:
            for batch in self._batches:
                await self._leave(batch)

    @property
    def vision(self) -> VisionModel:
        """Who looks from now on."""
        return self.batching.answering(self.answers)

    def _progress(self) -> tuple[int, int]:
        return sum(batch.done for batch in self._batches), sum(len(batch.sent) for batch in self._batches)

    async def _submit_next(self, left: Iterator[F]) -> bool:
        """Ask about the next files in one batch; False when there are none left."""
        asks: dict[str, Ask] = {}
        vision, number = self.batching.gathering(asks), 0
        for file in left:
            await self.ask(file, vision)
            number += 1
            if number == FILES or size_of(asks) >= LARGEST:
                break
        payable = await self.batching.affordable(asks, account())
        if payable:
            try:
                await to_the_end(self._submit(payable))  # one whose id was not heard could not be cancelled
            except ProviderFailure as failure:
                log.warning("A batch was not submitted: %s", failure)
                await self.batching.note({}, sent_of(payable), account())
        return number > 0

    async def _submit(self, asks: Mapping[str, Ask]) -> None:
        batch = await self.batching.batches.submit(asks, marker=new_marker())
        self._batches.append(_Batch(batch, sent_of(asks)))

    async def _look_at(self, batch: _Batch) -> None:
        if batch.ended:
            return
        answers: dict[str, BatchAnswer] = {}
        try:
            state = await self.batching.batches.state(batch.id)
            batch.done = state.done
            if not state.ended:
                return
            answers = await self.batching.batches.answers(batch.id)
        except ProviderFailure as failure:
            log.info("A batch cannot be looked at now: %s", failure)
            if failure.passing:
                return
        batch.ended, batch.done = True, len(batch.sent)
        self.answers |= answers
        await self.batching.note(answers, batch.sent, account())

    async def _leave(self, batch: _Batch) -> None:
        """Nothing of it stays with the provider, as far as it lets us."""
        batches = self.batching.batches
        try:
            await (batches.discard if batch.ended else batches.cancel)(batch.id)
        except ProviderFailure as failure:
            log.warning("A batch is left with its provider, which deletes it later: %s", failure)
