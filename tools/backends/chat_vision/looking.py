"""`VisionModel`: what may be sent, what was said before, and what the models say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tools.backends.chat_vision.models import Models
from tools.backends.chat_vision.remembering import Question, Remembered, Together, question_of
from tools.backends.chat_vision.said import Said
from tools.kit import AskAgain, CannotDo, Discretion, Image, Seen, Sendable
from tools.kit.models import AnswerStore, Entry, Ledger, account
from tools.kit.seeing import GENERAL, Task


class ChatVision:
    """`VisionModel`. An answer is kept for everybody of the workspace who has the image, and goes when it goes."""

    def __init__(
        self,
        models: Models,
        *,
        answers: AnswerStore | None = None,
        near: bool = False,
        ledger: Ledger | None = None,
        discretion: Discretion | None = None,
    ) -> None:
        """`near`: whether an answer about a near-duplicate may stand, where the task allows it."""
        self._models = models
        self._remembered = Remembered(answers) if answers else None
        self._near = near
        self._ledger = ledger
        self._discretion = discretion
        self._together = Together()

    async def look(self, images: Sequence[Image], question: str, *, task: Task = GENERAL) -> Seen:
        """Raises: CannotDo, with what to do, when no image may be sent, or no model answers."""
        if not images:
            raise AskAgain("There is no image to look at yet; post one first.")
        judged = await self._judged(images)
        notes = tuple(each.note for each in judged if each.note)
        sent = [each.image for each in judged if each.image]
        if not sent:
            raise CannotDo(" ".join(notes))
        marks = [each.mark for each in judged if each.image]
        seen = await self._known_or_asked(question_of(sent, question, task, self._models.names, marks), question, task)
        return seen.model_copy(update={"notes": (*seen.notes, *notes)}) if notes else seen

    async def forget(self, workspace: str, sha256: str) -> None:
        """Delete what was said of an original, and what providers keep of it, for when that is let go."""
        await self._together.forget(workspace, sha256)
        if self._remembered:
            await self._remembered.forget(workspace, sha256)
        await self._models.forget(workspace, sha256)

    async def close(self) -> None:
        await self._models.close()

    async def _judged(self, images: Sequence[Image]) -> list[Sendable]:
        if self._discretion is None:
            return [Sendable(image) for image in images]
        return list(await asyncio.gather(*(self._discretion.before_sending(image) for image in images)))

    async def _known_or_asked(self, asked: Question, question: str, task: Task) -> Seen:
        alike = self._looks(asked.images, task)
        if self._remembered and (known := await self._remembered.find(asked, alike)):
            await self._note_cached(known)
            return known.seen
        said, joined = await self._together.ask(asked, lambda: self._answer(asked, question, task, alike))
        if joined:
            await self._note_cached(said)
        return said.seen

    async def _answer(
        self, asked: Question, question: str, task: Task, alike: Callable[[], Awaitable[int]] | None
    ) -> Said:
        said, whole = await self._models.answer(asked.images, question, task)
        if whole and self._remembered:
            await self._remembered.keep(asked, said, alike)
        return said

    def _looks(self, images: Sequence[Image], task: Task) -> Callable[[], Awaitable[int]] | None:
        if not (self._near and task.near and len(images) == 1):
            return None
        return lambda: self._models.looks(images[0])

    async def _note_cached(self, said: Said) -> None:
        """With what asking again would have taken."""
        if self._ledger:
            entry = Entry(model=said.seen.model, purpose="look", usage=said.usage, cost=said.cost, outcome="cached")
            await self._ledger.note(account(), entry)
