"""One turn, whatever the surface: originals -> references -> graph -> answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from bot.directory import HERE
from bot.tracing import kept_here
from bot.turns.answers import Answer, as_it_ended, problems_of, redacted, told, with_problems
from bot.turns.asked import Asked, Shown
from bot.turns.intake import Originals, Pages, Posted, let_go, open_all
from bot.turns.memory import Memory
from bot.turns.reach import Reach
from bot.turns.threads import Threads, holder_of
from bot.wiring import Wiring
from graphs.agent import build_agent
from graphs.forgetting import changed, without_images
from graphs.manners import Manner
from graphs.memory import with_handles
from graphs.state import Step, Surroundings, ThreadState, refs
from tools.kit import AskAgain, CannotDo, Directory, Gate, ImageRef, Scope
from tools.kit.archive.place import Place
from tools.kit.models import Account, charged_to
from tools.kit.tracing import Span, span

if TYPE_CHECKING:
    from bot.storage.locks import Locks

FILES = 4
"""How many posted files are in memory at once, over all threads."""


@dataclass(frozen=True)
class _Ready:
    """What a turn needs."""

    opened: Pages
    problems: list[str]
    """Sentences about files of its message that could not be had or opened."""
    surroundings: Surroundings
    memory: Memory
    locks: Locks


class Turns(Threads):
    """Runs turns; turns of one thread run in order, threads run in parallel."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(wiring)
        self._reading = asyncio.Semaphore(FILES)

    async def ask(
        self,
        question: str,
        posted: Sequence[Posted] = (),
        *,
        thread: str,
        scope: Scope,
        step: Callable[[Step], Awaitable[None]] | None = None,
        turn: str | None = None,
        problems: Sequence[str] = (),
        about: Collection[str] = (),
        call: dict[str, Any] | None = None,
        manner: Manner | None = None,
        account: Account | None = None,
        local_only: bool = False,
        directory: Directory = HERE,
        place: Place | None = None,
        hits: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
        shown: Shown | None = None,
    ) -> Answer:
        """Answer one message of a thread. An unknown thread starts here.

        turn: names the message. One that this thread has answered before is not asked again: it gets the answer it got.
        problems: sentences about further files, which could not be had. about: SHA-256 of originals of the thread, of
        this message or earlier, that the question points at: "this image" is one of them. call: the tool call (`name`,
        `args`) that it asks for, which is then not for the planner to find. manner: how the answer is worded, where no
        message of the thread wishes otherwise. account: who pays for models. local_only: no word and no image leaves
        this machine. directory: what ids of people and channels mean to the asker, and their time zone. place: where in
        Slack it is asked. hits: SHA-256 -> id in the archive, of posted originals that are hits from elsewhere and stay
        so. links: SHA-256 -> its id where it was posted, of those that links opened. shown: tells which of all that
        links have opened may be shown in the thread now; None for all. What the thread found where the scope does not
        reach any more, and what links opened that may not be shown any more, is forgotten first.
        A turn that fails or is cancelled has not happened: the thread remembers nothing of it.
        """
        asked = Asked(
            *(question, posted, thread, scope, step, turn, problems, about, call, manner),
            local_only=local_only,
            directory=directory,
            place=place,
            hits=hits or {},
            links=links or {},
            shown=shown,
        )
        paying = account or Account(workspace=scope.workspace, turn=uuid4().hex)
        async with self._locks.setdefault(thread, asyncio.Lock()):
            with charged_to(**vars(paying)), kept_here() if local_only else nullcontext(), _turn(asked, paying) as now:
                answer = await self._ask(asked)
                now.set({"spyglass.status": answer.status, "spyglass.degraded": bool(answer.degraded)})
                now.content(lambda: {"gen_ai.output.messages": answer.answer})
                return answer

    async def take(self, posted: Posted, *, thread: str, scope: Scope) -> list[ImageRef]:
        """Remember the images of one file without a question about them. Those that the thread holds already keep
        their handles. Raises: AskAgain when the file does not open.
        """
        originals = Originals()
        try:
            opened, problems = await open_all(
                self._wiring, [posted], scope, holder=holder_of(thread), reading=self._reading, originals=originals
            )
            if problems:
                raise AskAgain(problems[0])
            for refusal in (await originals.refused()).values():
                raise CannotDo(refusal)
            return await self._taken(opened, thread)
        except BaseException:
            await originals.settled()
            await self._let_go_unused(originals.new, await (await self._memory()).read(thread), thread, scope)
            raise

    async def _taken(self, opened: Pages, thread: str) -> list[ImageRef]:
        async with self._alone(thread) as memory:
            before = await memory.read(thread)
            known = [ref for ref in refs(before) if ref.sha256 == opened[0][1].sha256]
            if known:
                return known
            images = before.get("images", [])
            taken = with_handles(opened, len(images))
            await memory.write(thread, {**before, "images": [*images, *(ref.model_dump(mode="json") for ref in taken)]})
            return taken

    # --- a turn ---------------------------------------------------------------------------------

    async def _ask(self, asked: Asked) -> Answer:
        started, originals = time.perf_counter(), Originals()
        ready = await self._get_ready(asked, originals)
        async with ready.locks.hold(asked.thread):
            return await self._answered(asked, ready, originals, started)

    async def _get_ready(self, asked: Asked, originals: Originals) -> _Ready:
        """Files, database and planner at the same time: this is most of a cold start."""
        wiring, scope, holder = self._wiring, asked.scope, holder_of(asked.thread)
        try:
            async with _all_or_none() as parts:
                opening = parts.create_task(self._opened(asked, originals))
                connecting = parts.create_task(self._memory())
                locking = parts.create_task(wiring.locks())
                lending = parts.create_task(self._lent(asked))
        except BaseException:
            await originals.settled()
            await let_go(wiring, originals.new, scope, holder=holder)
            raise
        (opened, problems), surroundings = opening.result(), lending.result()
        problems = [*asked.problems, *problems]
        cleaned = await asyncio.to_thread(_cleaned, problems, surroundings.gate) if problems else []
        return _Ready(opened, cleaned, surroundings, connecting.result(), locking.result())

    async def _opened(self, asked: Asked, originals: Originals) -> tuple[Pages, list[str]]:
        with span("open", {"spyglass.files": len(asked.posted)}):
            return await open_all(
                self._wiring,
                asked.posted,
                asked.scope,
                holder=holder_of(asked.thread),
                reading=self._reading,
                originals=originals,
            )

    async def _lent(self, asked: Asked) -> Surroundings:
        surroundings = await self._wiring.surroundings(
            asked.scope,
            local_only=asked.local_only,
            directory=asked.directory,
            place=asked.place,
            step=asked.step,
            manner=asked.manner,
        )
        if asked.call is None:
            surroundings.planner.expect(asked.question)
        return surroundings

    async def _answered(self, asked: Asked, ready: _Ready, originals: Originals, started: float) -> Answer:
        """The answer to this message, which may have been answered before."""
        before = await ready.memory.read(asked.thread)
        known = final = None
        try:
            before = await self._within(before, asked, ready.memory)
            known = as_it_ended(before, asked.turn) if asked.turn else None
            if known is not None:
                return await self._told(known, asked, ready, started)
            reach, lent = Reach(asked.scope), ready.surroundings
            surroundings = replace(lent, lend=reach.lend(lent.lend), fetch=reach.fetch(originals.before(lent.fetch)))
            ran = await self._run(before, asked.after(before, ready.opened, ready.problems), surroundings)
            ran = reach.noted(ran, before)
            ran, kept = await self._parted(ran, await originals.refused(), ready)
            answer, _ = await asyncio.gather(
                self._told(ran, asked, ready, started), ready.memory.write(asked.thread, kept)
            )
            final = kept
            return answer
        finally:
            await originals.settled()
            await self._let_go_unused(originals.new, final or known or before, asked.thread, asked.scope)

    async def _parted(
        self, ran: ThreadState, refused: Mapping[str, str], ready: _Ready
    ) -> tuple[ThreadState, ThreadState]:
        """What is told of a turn, and what is remembered of it: nothing of the originals that the store did not take
        (SHA-256 -> a sentence), as if they had been deleted after the answer."""
        if not refused:
            return ran, ran
        sentences = await asyncio.to_thread(_cleaned, list(refused.values()), ready.surroundings.gate)
        ran = kept = with_problems(ran, sentences)
        for sha256 in refused:
            handles = [ref.handle for ref in refs(kept) if ref.sha256 == sha256]
            kept = changed(kept, without_images(kept, handles, sha256) or {})
        return {**ran, "images": kept["images"]}, kept

    async def _told(self, final: ThreadState, asked: Asked, ready: _Ready, started: float) -> Answer:
        """What the turn that ended with this state says, as it may be shown."""
        fields = told(
            final,
            thread=asked.thread,
            planner=self._wiring.settings.model,
            problems=problems_of(final),
            seconds=time.perf_counter() - started,
        )
        return await asyncio.to_thread(redacted, fields, ready.surroundings.gate)

    async def _run(self, before: ThreadState, turn: ThreadState, surroundings: Surroundings) -> ThreadState:
        """The turn itself, after whatever this thread said before. Nothing is written on the way: a turn is remembered
        whole or not at all, so handles stay what they were."""
        return cast(ThreadState, await self._agent.ainvoke({**before, **turn}, context=surroundings))

    @cached_property
    def _agent(self) -> Any:
        """The graph, compiled once: compiling costs as much as everything else of ours in a turn."""
        return build_agent(None)


def _turn(asked: Asked, paying: Account) -> AbstractContextManager[Span]:
    """The agent's part of a turn's trace."""
    return span(
        "invoke_agent spyglass",
        {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "spyglass",
            "gen_ai.conversation.id": asked.thread,
            "spyglass.turn": paying.turn,
            "spyglass.workspace": paying.workspace,
            "spyglass.channel": paying.channel,
        },
    )


@asynccontextmanager
async def _all_or_none() -> AsyncIterator[asyncio.TaskGroup]:
    """When one part fails the others are stopped and waited for, and its error goes on as itself."""
    try:
        async with asyncio.TaskGroup() as parts:
            yield parts
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


def _cleaned(problems: list[str], gate: Gate) -> list[str]:
    return [gate.clean(problem) for problem in problems]


__all__ = ["Answer", "Turns"]
