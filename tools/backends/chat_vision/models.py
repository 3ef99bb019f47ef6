"""The models that look, in the order and as often as an answer needs: cheap one, strong one, stand-ins, twice."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Literal

from tools.backends.chat_vision.agreeing import settled
from tools.backends.chat_vision.asking import Shown, asked
from tools.backends.chat_vision.preparing import Copy, looks, prepare
from tools.backends.chat_vision.said import Readings, Said
from tools.backends.chat_vision.shelf import FileShelf
from tools.backends.chat_vision.sights import seen_in
from tools.kit import Image, Seen
from tools.kit.models import ChatModel, ModelCard, ProviderFailure, Reply
from tools.kit.models.failures import Kind
from tools.kit.seeing import Task
from tools.kit.seeing.task import Size

FINAL: frozenset[Kind] = frozenset({"budget", "local_only"})
"""Another model must not be asked either."""
LOST: frozenset[Kind] = frozenset({"request", "model", "too_large"})
"""How a provider may answer a request that names a file it no longer has."""
AT_ONCE = 2
"""Images made smaller at the same time: each takes a decoded photo's memory."""

STOOD_IN = "{other} answered in place of {model}. {why}"
UNSURE = "This is what {model} saw, though it was not sure. {why}"
ONCE = "This was to be read twice, but only one reading could be had. {why}"
SILENT = "The vision model {model} gave no answer: ask again, or ask in other words."
BLIND = "{model} cannot see images: set SPYGLASS_VISION to a model that can."
TOO_MANY = "{model} takes at most {most} images at once, and these are {given}: ask about fewer."
AGAIN = "Look again from the beginning, as somebody who has not heard of any earlier answer."
"""Before a task's prompt, for its second reading, where the task has no other words."""


class Models:
    def __init__(
        self,
        strong: Sequence[ChatModel],
        *,
        first: ChatModel | None = None,
        sure: float = 0.75,
        second: ChatModel | Literal["prompts"] | None = None,
        thinking: bool = True,
        files: FileShelf | None = None,
    ) -> None:
        """strong: the model that looks, and those that stand in for it, in order; each one alone, for images are made
        for each. first: a cheap one whose answer stands from the confidence `sure` on. second: who reads again where
        much depends on it: another model, or the same one asked in other words. files: keeps images with providers.
        """
        self._strong = list(strong)
        self._first = first
        self._sure = sure
        self._second = second
        self._thinking = thinking
        self._files = files
        self._preparing = asyncio.Semaphore(AT_ONCE)

    @property
    def names(self) -> str:
        """Who answers how: answers of others are others."""
        second = self._second if isinstance(self._second, str | None) else self._second.card.spec
        return repr((self._strong[0].card.spec, self._first and (self._first.card.spec, self._sure), second))

    async def answer(self, images: Sequence[Image], question: str, task: Task) -> tuple[Said, bool]:
        """What is seen, and whether those answered who should have: else it is not worth keeping.

        Raises: ProviderFailure when nobody answers.
        """
        asking = _Asking(self, images, question, task)
        twice = task.stakes and self._second is not None
        seen, whole = await (asking.twice() if twice else asking.tiered())
        return Said(seen=seen, usage=asking.readings.usage, cost=asking.readings.cost), whole

    async def looks(self, image: Image) -> int:
        """64-bit perceptual hash of the image."""
        copies = await self._copies([image], "glance", self._strong[0].card)
        return await asyncio.to_thread(looks, copies[0][0])

    async def forget(self, workspace: str, sha256: str) -> None:
        if self._files:
            await self._files.forget(workspace, sha256)

    async def close(self) -> None:
        if self._files:
            await self._files.close()

    async def read(
        self,
        model: ChatModel,
        images: Sequence[Image],
        question: str,
        prompt: str,
        task: Task,
        readings: Readings,
    ) -> Seen:
        """One reading by one model, added to the readings. Raises: ProviderFailure."""
        card = model.card
        if not card.vision:
            raise ProviderFailure(BLIND.format(model=card.spec), "model", who=card.spec)
        if len(images) > card.images.most:
            many = TOO_MANY.format(model=card.spec, most=card.images.most, given=len(images))
            raise ProviderFailure(many, "too_large", who=card.spec)
        copies = await self._copies(images, task.size, card)
        shown = [Shown(image, made) for image, made in zip(images, copies, strict=True)]
        filed = await self._files.filed(shown, card) if self._files else shown
        try:
            reply = await self._reply(model, filed, question, prompt, task)
        except ProviderFailure as failure:
            if filed == shown or failure.kind not in LOST or self._files is None:
                raise
            await self._files.lost(shown, card)  # what we thought is there may have gone
            reply = await self._reply(model, shown, question, prompt, task)
        readings.took(reply, card)
        if not isinstance(reply.found, task.schema) or not reply.found.answer.strip():
            raise ProviderFailure(SILENT.format(model=reply.model), "invalid", who=reply.model)
        areas = [[copy.area for copy in made] for made in copies]
        return seen_in(reply.found, images, question, parts=areas, model=reply.model)

    async def _reply(self, model: ChatModel, shown: Sequence[Shown], question: str, prompt: str, task: Task) -> Reply:
        ask = await asyncio.to_thread(asked, shown, question, prompt, task, model.card, thinking=self._thinking)
        return await model.reply(ask)

    async def _copies(self, images: Sequence[Image], size: Size, card: ModelCard) -> list[list[Copy]]:
        async with self._preparing:
            return [await asyncio.to_thread(prepare, image, size, card.images, images=len(images)) for image in images]


class _Asking:
    """One question on its way through the models."""

    def __init__(self, models: Models, images: Sequence[Image], question: str, task: Task) -> None:
        self._models, self._images, self._question, self._task = models, images, question, task
        self.readings = Readings()

    async def tiered(self) -> tuple[Seen, bool]:
        cheap = await self._cheap()
        if cheap is not None and not cheap.cannot_determine and (cheap.sure or 0.0) >= self._models._sure:
            return cheap, True
        try:
            return await self._strong(self._task.prompt)
        except ProviderFailure as failure:
            if cheap is None:
                raise
            return _noted(cheap, UNSURE.format(model=cheap.model, why=failure)), False

    async def twice(self) -> tuple[Seen, bool]:
        (one, whole), other = await _both(self._strong(self._task.prompt), self._again())
        if isinstance(other, ProviderFailure):
            return _noted(one, ONCE.format(why=other)), False
        two, also_whole = other
        model = one.model if one.model == two.model else f"{one.model} and {two.model}"
        return settled(one, two, model=model, settles=self._task.settles), whole and also_whole

    async def _cheap(self) -> Seen | None:
        if self._models._first is None:
            return None
        try:
            return await self._read(self._models._first, self._task.prompt)
        except ProviderFailure as failure:
            if failure.kind in FINAL:
                raise
            return None

    async def _again(self) -> tuple[Seen, bool]:
        second = self._models._second
        if second is None or second == "prompts":
            return await self._strong(self._task.second or f"{AGAIN} {self._task.prompt}")
        return await self._read(second, self._task.prompt), True

    async def _strong(self, prompt: str) -> tuple[Seen, bool]:
        failures: list[ProviderFailure] = []
        for model in self._models._strong:
            try:
                seen = await self._read(model, prompt)
            except ProviderFailure as failure:
                if failure.kind in FINAL:
                    raise
                failures.append(failure)
                continue
            if not failures:
                return seen, True
            stands_in = STOOD_IN.format(other=seen.model, model=self._models._strong[0].card.spec, why=failures[0])
            return _noted(seen, stands_in), False
        raise failures[0]

    async def _read(self, model: ChatModel, prompt: str) -> Seen:
        return await self._models.read(model, self._images, self._question, prompt, self._task, self.readings)


Read = tuple[Seen, bool]


async def _both(
    first: Coroutine[Any, Any, Read], second: Coroutine[Any, Any, Read]
) -> tuple[Read, Read | ProviderFailure]:
    """At the same time. Raises: what the first does, and then the second is not waited for; of what the second does,
    whatever is no `ProviderFailure`."""
    other = asyncio.create_task(_or_failure(second))
    try:
        return await first, await other
    finally:
        other.cancel()


async def _or_failure(reading: Coroutine[Any, Any, Read]) -> Read | ProviderFailure:
    try:
        return await reading
    except ProviderFailure as failure:
        return failure


def _noted(seen: Seen, note: str) -> Seen:
    return seen.model_copy(update={"notes": (*seen.notes, note)})
