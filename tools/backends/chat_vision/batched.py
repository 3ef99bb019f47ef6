"""Looks whose answers come by a batch: what would be asked is gathered, and asked again when the answers are there."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tools.backends.chat.structured import found_in
from tools.kit import CannotDo, Image, Seen, VisionModel
from tools.kit.models import Ask, BatchAnswer, ModelCard, Reply
from tools.kit.seeing import GENERAL, Task

LATER = "The answer comes by a batch."


class Deferred(CannotDo):
    """There is no answer by a batch (yet)."""


class BatchedModel:
    """`ChatModel` that knows the answers of a batch and calls nobody."""

    def __init__(self, card: ModelCard, answers: Mapping[str, BatchAnswer], asks: dict[str, Ask] | None = None) -> None:
        """answers: by the names of the requests, as `name_of` gives them. asks: takes in what there is no answer of."""
        self._card, self._answers, self._asks = card, answers, asks

    @property
    def card(self) -> ModelCard:
        return self._card

    async def reply(self, ask: Ask) -> Reply:
        """Raises: Deferred."""
        name = await asyncio.to_thread(name_of, ask)
        answer = self._answers.get(name)
        if answer is not None and isinstance(answer.found, Reply) and ask.schema is not None:
            try:
                return replace(answer.found, found=found_in(answer.found.message, ask.schema))
            except ValueError:  # a single call has it mended
                pass
        if self._asks is not None:
            self._asks.setdefault(name, ask)
        raise Deferred(LATER)


class BatchedVision:
    """`VisionModel`: what a batch has answered, and of `otherwise` whatever it has not."""

    def __init__(self, batched: VisionModel, otherwise: VisionModel) -> None:
        self._batched, self._otherwise = batched, otherwise

    async def look(self, images: Sequence[Image], question: str, *, task: Task = GENERAL) -> Seen:
        try:
            return await self._batched.look(images, question, task=task)
        except Deferred:
            return await self._otherwise.look(images, question, task=task)


def name_of(ask: Ask) -> str:
    """Of a request: the same for what asks for the same of the same pixels, in any process."""
    schema = ask.schema.model_json_schema() if ask.schema else None
    told = [[message.type, message.content] for message in ask.messages]
    return hashlib.sha256(json.dumps([told, schema, ask.thinking]).encode()).hexdigest()[:40]
