"""`ChatModel` around a LangChain chat model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

from tools.backends.chat.attempt import Attempt
from tools.backends.chat.breaker import Breaker
from tools.backends.chat.patience import Patience
from tools.backends.chat.structured import held_to_schema
from tools.backends.chat.vendor import Vendor
from tools.kit.models import NO_LEDGER, Ask, Batches, Ledger, ModelCard, ProviderFailure, Reply, Usage


class CalledModel:
    """Each call has a deadline, is tried again, is written down, and spares a provider that is down."""

    def __init__(
        self,
        vendor: Vendor,
        card: ModelCard,
        *,
        patience: Patience,
        breaker: Breaker,
        ledger: Ledger = NO_LEDGER,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._vendor = vendor
        self._card = card
        self._patience = patience
        self._breaker = breaker
        self._ledger = ledger
        self._sleep = sleep

    @property
    def card(self) -> ModelCard:
        return self._card

    def batches(self) -> Batches | None:
        """The provider's batch interface for this model, where there is one. It closes with the model."""
        make = getattr(self._vendor, "batches", None)
        return None if make is None else cast(Batches, make(self._card))

    async def reply(self, ask: Ask) -> Reply:
        if ask.schema is None:
            return await self._retried(ask)
        return await held_to_schema(ask, native=self._card.structured, call=self._retried)

    async def close(self) -> None:
        await self._vendor.close()

    async def _retried(self, ask: Ask) -> Reply:
        ends = time.monotonic() + self._patience.seconds
        spent = Usage()
        retry = 0
        while True:
            silence = self._patience.silence
            attempt = Attempt(self._vendor, self._card, self._breaker, self._ledger, ask, silence)
            try:
                reply = await attempt.made(ends - time.monotonic())
                return replace(reply, usage=spent + reply.usage)
            except ProviderFailure as failed:
                wait = self._patience.wait(retry, failed, left=ends - time.monotonic())
                if wait is None or self._breaker.resting:
                    raise
            spent += attempt.usage
            retry += 1
            await self._sleep(wait)
