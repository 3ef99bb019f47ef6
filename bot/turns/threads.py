"""What threads remember, one change at a time, and what they are to forget."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

from bot.turns.asked import Asked, Shown
from bot.turns.intake import let_go
from bot.turns.memory import Memory
from bot.wiring import Wiring
from graphs.forgetting import changed, pictures_gone, reworded, within, without_images, without_turn, without_words
from graphs.memory import turns_of
from graphs.state import ThreadState, refs
from tools.kit import AT_TERMINAL, Archive, ImageRef, Scope


@dataclass(frozen=True)
class Erased:
    """What is gone from a thread's memory."""

    messages: int = 0
    """Questions of people, with their answers."""
    images: int = 0


class Threads:
    """The threads of a process. Others may have the same ones: each is changed by one of them at a time."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Gone with the last one who waits for it."""

    async def images(self, thread: str) -> list[ImageRef]:
        """The images of a thread so far."""
        return refs(await (await self._memory()).read(thread))

    async def edit(self, thread: str, *, turn: str, text: str | None) -> Erased:
        """The message of that turn says something else now; with None it was deleted, and goes with its answer, its
        evidence and its images. A message that is not remembered changes nothing."""

        def change(state: ThreadState) -> ThreadState | None:
            return without_turn(state, turn) if text is None else reworded(state, turn, text)

        return await self._change(thread, change)

    async def forget_image(self, thread: str, sha256: str) -> Erased:
        """An image (or PDF) was deleted: its bytes, what was drawn of it, read on it and said about it are gone.

        The other images keep their handles.
        """

        def change(state: ThreadState) -> ThreadState | None:
            handles = [ref.handle for ref in refs(state) if ref.sha256 == sha256]
            return without_images(state, handles, sha256)

        return await self._change(thread, change, original=sha256)

    async def forget_words(self, thread: str, turns: Iterable[str]) -> Erased:
        """What was said and found out in these turns is gone; the thread's images stay, with their handles."""
        gone = frozenset(turns)
        return await self._change(thread, lambda state: without_words(state, gone))

    async def forget(self, thread: str) -> Erased:
        """Nothing of the thread is left."""
        async with self._alone(thread) as memory:
            before = await memory.read(thread)
            await memory.forget(thread)
            return await self._erased(thread, before, {})

    async def _change(
        self, thread: str, change: Callable[[ThreadState], ThreadState | None], *, original: str = ""
    ) -> Erased:
        async with self._alone(thread) as memory:
            before = await memory.read(thread)
            changes = change(before)
            if changes is None:
                if original:  # a process that died in a turn, or in forgetting, may have left the bytes alone
                    await self._let_go_unused([original], before, thread, _scope_of(thread))
                return Erased()
            now = changed(before, changes)
            await memory.write(thread, now)
            return await self._erased(thread, before, now)

    @asynccontextmanager
    async def _alone(self, thread: str) -> AsyncIterator[Memory]:
        async with self._locks.setdefault(thread, asyncio.Lock()), (await self._wiring.locks()).hold(thread):
            yield await self._memory()

    async def _erased(self, thread: str, before: ThreadState, after: ThreadState) -> Erased:
        await self._let_go_unused([ref.sha256 for ref in refs(before)], after, thread, _scope_of(thread))
        await asyncio.to_thread(_delete, pictures_gone(before, after), self._wiring.settings.home)
        messages = len(turns_of(before.get("history", []))) - len(turns_of(after.get("history", [])))
        return Erased(messages=messages, images=len(refs(before)) - len(refs(after)))

    async def _within(self, before: ThreadState, asked: Asked, memory: Memory) -> ThreadState:
        """What the thread remembers, without what may no longer be shown in it."""
        images = refs(before)
        there = {*await self._found(images, asked.scope), *await _opened(images, asked.shown)}
        gone = [ref.handle for ref in images if (source := ref.hit or ref.link) and source not in there]
        changes = within(before, asked.scope.audiences, gone)
        if changes is None:
            return before
        now = changed(before, changes)
        await memory.write(asked.thread, now)
        await self._erased(asked.thread, before, now)
        return now

    async def _found(self, images: Sequence[ImageRef], scope: Scope) -> Collection[str]:
        """Ids of those that a search found which may be shown within the scope."""
        hits = [ref.hit for ref in images if ref.hit]
        return {item.id for item in await (await self._wiring.lend(Archive)).get(scope, hits)} if hits else ()

    async def _let_go_unused(self, originals: Sequence[str], state: ThreadState, thread: str, scope: Scope) -> None:
        """Originals that the thread does not refer to, because the turn came to nothing or they were deleted."""
        used = {ref.sha256 for ref in refs(state)}
        unused = [sha256 for sha256 in dict.fromkeys(originals) if sha256 not in used]
        await let_go(self._wiring, unused, scope, holder=holder_of(thread))

    async def _memory(self) -> Memory:
        return Memory(await self._wiring.checkpoints())


async def _opened(images: Sequence[ImageRef], shown: Shown | None) -> Collection[str]:
    """Ids of those that links opened which may be shown."""
    links = list(dict.fromkeys(ref.link for ref in images if ref.link))
    return await shown(links) if links and shown else links


def holder_of(thread: str) -> str:
    """Who holds the originals of its images in the blob store."""
    return f"thread:{thread}"


def _scope_of(thread: str) -> Scope:
    """What is known of it from the thread's name alone: enough to let go of originals."""
    return Scope(workspace=thread.partition(":")[0], audiences=(AT_TERMINAL,))


def _delete(pictures: set[str], home: Path) -> None:
    """Only what tools drew for us: below our own folder."""
    for picture in map(Path, pictures):
        if picture.is_relative_to(home):
            picture.unlink(missing_ok=True)
