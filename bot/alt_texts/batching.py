"""Looks of bulk work by the provider's batch interface: gathered, paid for, and used as those of single calls are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bot import models
from bot.lending import Lender
from bot.models import Eyes
from tools.kit import VisionModel
from tools.kit.errors import Spoken
from tools.kit.models import Account, Ask, BatchAnswer, Batches, Entry, Ledger, ProviderFailure, Reply, Usage
from tools.kit.models.tokens import estimated_tokens
from tools.kit.types import Frozen

OFFERED = ("anthropic", "openai")
"""Providers with a batch interface."""
PURPOSE = "batch"
"""In the ledger."""
TOOL = "look"
"""On whose account the calls are."""
ANSWER = 200
"""Tokens that an answer is thought to take before it is there."""
FILES = 50
"""In one batch, at most: as many as are opened before anything else has its turn."""
LARGEST = 64 * 1024 * 1024
"""Bytes of images in one batch, beyond which another is begun: they are in memory until it is submitted. Anthropic
takes 256 MB, OpenAI 200 MB."""
EXPIRED = timedelta(hours=25)
"""Providers end a batch after a day."""
FIRST, FACTOR, LONGEST = 2.0, 1.5, 120.0
"""Seconds before a batch is looked at for the first time, times how much before each next time, and at most."""


class Sent(Frozen):
    """What is known of a request when its answer comes."""

    images: int
    image_bytes: int


@dataclass(frozen=True)
class Batching:
    """What bulk work needs of a batch interface."""

    batches: Batches
    wiring: Lender
    eyes: Eyes
    vision: VisionModel
    """Whoever looks otherwise."""
    ledger: Ledger

    def gathering(self, asks: dict[str, Ask]) -> VisionModel:
        """Answers nothing but what is known already; what would be asked goes into `asks`."""
        return self._opened({}, asks, None)

    def answering(self, answers: Mapping[str, BatchAnswer]) -> VisionModel:
        """Answers with what came by a batch, and asks for the rest."""
        made: Any = self.wiring.imported("chat_vision")
        return made.BatchedVision(self._opened(answers, None, self.ledger), self.vision)  # type: ignore[no-any-return]

    async def affordable(self, asks: Mapping[str, Ask], account: Account) -> dict[str, Ask]:
        """As many of them as the budgets of whoever pays allow."""
        allowed: dict[str, Ask] = {}
        for name, ask in asks.items():
            try:
                await self.ledger.allow(_payer(account), expected=self._expected(ask))
            except ProviderFailure:
                break
            allowed[name] = ask
        return allowed

    async def note(self, answers: Mapping[str, BatchAnswer], sent: Mapping[str, Sent], account: Account) -> None:
        """Write down what a batch took: that is to be done once for each."""
        card = self.batches.card
        for name, told in sent.items():
            answer = answers.get(name)
            usage = (answer.usage if answer else Usage()).model_copy(update=dict(told))
            outcome = _outcome(answer)
            entry = Entry(
                model=card.spec,
                purpose=PURPOSE,
                usage=usage,
                cost=usage.cost(card.price, batch=True),
                outcome=outcome,
            )
            await self.ledger.note(_payer(account), entry)

    def _opened(self, answers: Mapping[str, BatchAnswer], asks: dict[str, Ask] | None, ledger: Any) -> VisionModel:
        made: Any = self.wiring.imported("chat_vision")
        model = made.BatchedModel(self.batches.card, answers, asks)
        return models.opened(self.wiring, self.eyes.with_asked(model), ledger=ledger)

    def _expected(self, ask: Ask) -> float | None:
        usage = Usage(input=estimated_tokens(ask.messages), output=ANSWER, calls=1)
        return usage.cost(self.batches.card.price, batch=True)


async def batching(wiring: Lender) -> Batching | None:
    """None where bulk work goes by single calls: by the settings, or since the provider has no batch interface."""
    settings = wiring.settings
    spec = settings.vision_first or settings.vision
    if not settings.bulk_batches or spec.partition(":")[0] not in OFFERED:
        return None
    if not await asyncio.to_thread(models.is_chat, settings.vision):  # it imports SDKs, for seconds
        return None
    try:
        eyes, vision = await models.eyes_of(wiring), await wiring.lend(VisionModel)
    except Spoken:  # whoever looks says what is wrong
        return None
    asked: Any = eyes.asked
    return Batching(asked.batches(), wiring, eyes, vision, await wiring.lend(Ledger))


def new_marker() -> str:
    return uuid4().hex[:20]


def sent_of(asks: Mapping[str, Ask]) -> dict[str, Sent]:
    return {name: Sent(images=ask.images, image_bytes=ask.image_bytes) for name, ask in asks.items()}


def wait_before(look: int) -> float:
    """Seconds before a batch is looked at for the so-many-th time, from 0."""
    return min(LONGEST, FIRST * FACTOR ** min(look, 50))


def size_of(asks: Mapping[str, Ask]) -> int:
    """Bytes of images."""
    return sum(ask.image_bytes for ask in asks.values())


def _payer(account: Account) -> Account:
    return Account(account.workspace, account.channel, account.user, account.turn, TOOL)


def _outcome(answer: BatchAnswer | None) -> str:
    if answer is None:
        return "cancelled"
    return "answered" if isinstance(answer.found, Reply) else answer.found.kind
