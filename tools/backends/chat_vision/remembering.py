"""Answers that were given before, and questions that are being asked right now."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import unicodedata
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from tools.backends.chat_vision.asking import INSTRUCTIONS
from tools.backends.chat_vision.handles import renamed, to_handles, to_places
from tools.backends.chat_vision.preparing import LET_GO
from tools.backends.chat_vision.said import Said
from tools.kit import CannotDo, Image
from tools.kit.models import AnswerStore
from tools.kit.seeing import Task

log = logging.getLogger(__name__)

NEARLY = 4
"""Bits of 64 in which a near-duplicate may differ: another size, quality or border, not another picture."""
NEAR = "This was said of a nearly identical image that was looked at before."


@dataclass(frozen=True)
class Question:
    """One question about some images, as the store knows it: it says nothing of threads and handles."""

    images: Sequence[Image]
    key: str

    @property
    def workspace(self) -> str:
        return self.images[0].workspace

    @property
    def originals(self) -> list[str]:
        return [image.ref.sha256 for image in self.images]

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.workspace, *self.originals, self.key)


def question_of(images: Sequence[Image], question: str, task: Task, who: str, marks: Sequence[str]) -> Question:
    """`who`: the models that answer; `marks`: what was done to each image before it is sent."""
    said = renamed(unicodedata.normalize("NFKC", question), to_places(images))
    parts = [
        " ".join(said.casefold().split()).rstrip(" ?.!"),
        [task.name, task.prompt, task.second, task.size, task.stakes, task.thinking, task.schema.model_json_schema()],
        INSTRUCTIONS,
        who,
        [[image.ref.page, image.part, mark] for image, mark in zip(images, marks, strict=True)],
    ]
    return Question(images, hashlib.sha256(json.dumps(parts).encode()).hexdigest())


class Remembered:
    """Answers in an `AnswerStore`. A store that fails costs an answer nothing but the second asking."""

    def __init__(self, store: AnswerStore) -> None:
        self._store = store

    async def find(self, asked: Question, looks: Callable[[], Awaitable[int]] | None) -> Said | None:
        """`looks` gives the perceptual hash of the only image, where a near-duplicate's answer may stand."""
        try:
            kept = await self._store.get(asked.workspace, asked.originals, asked.key)
            if kept is not None or looks is None:
                return _said(kept, asked.images)
            near = _said(await self._store.near(asked.workspace, await looks(), asked.key, NEARLY), asked.images)
        except Exception:
            log.exception("Kept answers cannot be read.")
            return None
        if near is None:
            return None
        seen = near.seen
        nowhere = {"regions": (), "found": {**seen.found, "regions": []}}  # it may be cut otherwise
        seen = seen.model_copy(update={**nowhere, "notes": (*seen.notes, NEAR)})
        return near.model_copy(update={"seen": seen})

    async def keep(self, asked: Question, said: Said, looks: Callable[[], Awaitable[int]] | None) -> None:
        answer = renamed(said.model_dump(mode="json"), to_places(asked.images))
        try:
            known = await looks() if looks else None
            await self._store.put(asked.workspace, asked.originals, asked.key, answer, looks=known)
        except Exception:
            log.exception("An answer cannot be kept.")

    async def forget(self, workspace: str, sha256: str) -> None:
        await self._store.forget(workspace, sha256)


def _said(kept: object, images: Sequence[Image]) -> Said | None:
    if kept is None:
        return None
    try:
        return _again(Said.model_validate(renamed(kept, to_handles(images))))
    except (TypeError, ValidationError):  # of an older version
        return None


def _again(said: Said) -> Said:
    return said.model_copy(update={"seen": said.seen.model_copy(update={"cached": True})})


@dataclass
class _Flight:
    asked: Question
    task: asyncio.Task[Said]
    waiting: int = 0


@dataclass
class Together:
    """Who asks what is being asked already waits for that answer. It is given up when nobody waits any more."""

    _flights: dict[tuple[str, ...], _Flight] = field(default_factory=dict)

    async def ask(self, asked: Question, ask: Callable[[], Coroutine[Any, Any, Said]]) -> tuple[Said, bool]:
        """The answer, and whether somebody else was asking already.

        Raises: CannotDo when an image is let go meanwhile; whatever `ask` raises.
        """
        flight = self._flights.get(asked.identity)
        joined = flight is not None
        if flight is None:
            flight = self._flights[asked.identity] = _Flight(asked, asyncio.create_task(ask()))
            flight.task.add_done_callback(lambda done: self._landed(asked.identity, done))
        flight.waiting += 1
        try:
            said = await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            running = asyncio.current_task()
            if flight.task.cancelled() and not (running and running.cancelling()):
                raise CannotDo(LET_GO) from None
            raise
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._flights.pop(asked.identity, None)
                flight.task.cancel()
        return (_as_asked(said, flight.asked, asked) if joined else said), joined

    def _landed(self, identity: tuple[str, ...], task: asyncio.Task[Said]) -> None:
        flight = self._flights.get(identity)
        if flight is not None and flight.task is task:
            del self._flights[identity]
        if not task.cancelled():
            task.exception()  # nobody may be left to hear it

    async def forget(self, workspace: str, sha256: str) -> None:
        """Give up what is being asked about the original, so that no answer is kept after it is gone."""
        under_way = [
            flight.task
            for flight in self._flights.values()
            if flight.asked.workspace == workspace and sha256 in flight.asked.originals
        ]
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way)


def _as_asked(said: Said, first: Question, mine: Question) -> Said:
    placed = renamed(said.model_dump(mode="json"), to_places(first.images))
    return _again(Said.model_validate(renamed(placed, to_handles(mine.images))))
