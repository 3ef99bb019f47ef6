"""A job is gone on with, one file at a time: fetched, remembered by its thread, described, checked, and its row saved.
Where batches are on, all files are asked about by these first.

Whatever dies in between, the file is begun with again and its row written once; what people see is said once by the
intents of `Parts`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from bot import logs
from bot.slack import messages
from bot.slack.archiving.filing import Filing
from bot.slack.bulk import sentences
from bot.slack.bulk.ahead import Ahead
from bot.slack.bulk.batches import Ungathered
from bot.slack.bulk.board import PACE, Board, Closed
from bot.slack.bulk.jobs import Item, Job, Jobs
from bot.slack.events import Identity, Message
from bot.slack.fetching.files import Fetched, Files, name_of
from bot.slack.replying.parts import Parts
from bot.slack.scopes import scope_of
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.queue import KEPT
from bot.slack.storage.records import Records, Taken
from bot.slack.web import Unsure, Web
from bot.storage.database import DatabaseAway
from bot.turns.running import Turns
from graphs.alt_texts import ByTools, Row, Status, unread, written
from tools.kit import AskAgain, CannotDo, Gate, ImageRef, Scope, VisionModel
from tools.kit.models import Account, charged_to

log = logging.getLogger(__name__)

TRIES = 8
"""How often a file is begun with: one that takes the process with it does not do so for ever, and Slack may be away."""


class Writes(Protocol):
    def __call__(
        self,
        scope: Scope,
        images: Sequence[ImageRef],
        *,
        language: str | None,
        local_only: bool,
        vision: VisionModel | None,
    ) -> ByTools:
        """Writes about these images. vision: who looks, in place of the one of this process."""
        ...


@dataclass(frozen=True)
class Working:
    """Goes on with the jobs of one workspace. Everything it needs is lent to it by the office."""

    bot: Identity
    web: Web
    jobs: Jobs
    inbox: Inbox
    outbox: Outbox
    records: Records
    files: Files
    filing: Filing
    turns: Turns
    gate: Gate
    preferences: Preferences
    writer: Writes
    ahead: Ahead
    """Asks by the provider's batches first, where these are on."""
    give_way: Callable[[], Awaitable[None]]
    """Called between two pages of a file: people's questions come first."""
    pace: float = PACE

    async def go_on(self, job: Job) -> None:
        """Do the next thing: one file, or the end. Raises: Unsure and others, when it is to be tried again."""
        row = await self.inbox.row(job.key)
        try:
            if row is None or row.message.deleted:
                await self._end_without_a_word(job)
            else:
                paying = Account(job.key.team, job.key.channel, job.user, str(row.run))
                with charged_to(**vars(paying)):
                    await self._gone_on(job, row.message, self._board(row.message))
        except Closed as closed:
            await self._over(job, str(closed))
        except Exception:
            if datetime.now(UTC) - job.created < KEPT + self.ahead.longest:
                raise
            log.exception("The job of %s is given up.", job.key)
            await self._over(job, "given up")

    async def _end_without_a_word(self, job: Job) -> None:
        """Who asked has deleted the question, or had it forgotten."""
        place = Message(**vars(job.key), thread_ts=job.thread_ts)
        await self._board(place).withdraw()
        await self._over(job, "deleted")

    async def _over(self, job: Job, reason: str) -> None:
        await self.ahead.over(job)
        await self.jobs.over(job.key, reason)
        logs.note(log, "bulk", reason=reason, channel=job.key.channel, ts=job.key.ts)

    def _board(self, question: Message) -> Board:
        return Board(Parts(self.web, self.outbox, question, self.bot), self.gate)

    async def _gone_on(self, job: Job, question: Message, board: Board) -> None:
        files = await self.jobs.files(job.key)
        if await self.jobs.may_show(job.key, self.pace):
            await board.show(await self.jobs.done(job.key), files, ahead=await self.ahead.progress(job))
        if not job.shown:  # people see that it is begun; the first file waits for questions as all do
            return
        if not job.stopped_by and await self._waits(job, question):
            return
        item = None if job.stopped_by else await self.jobs.next(job.key)
        if item is not None:
            await self.jobs.keep(job.key, str(item.file["id"]), await self._rows(job, question, item))
            return
        await board.finish(await self.jobs.done(job.key), files, stopped=job.stopped_by is not None)
        if job.stopped_by and not await self.ahead.stopped(job):
            return
        await self._over(job, f"stopped by {job.stopped_by}" if job.stopped_by else "done")

    # --- asking ahead -----------------------------------------------------------------------------

    async def _waits(self, job: Job, question: Message) -> bool:
        """Whether its files are still asked about by batches."""
        scope = scope_of(question.team, question.channel)
        place = (scope.workspace, scope.audiences[0])

        async def ask(file: Ungathered, vision: VisionModel) -> None:
            try:
                refs = await self._opened(job, question, file.item)
            except Unsure as error:  # it is tried again when it is written about
                log.info("A file is not asked about by a batch: %s", error)
                return
            if isinstance(refs, Row):
                return
            chosen = await self.preferences.of(*place)
            writer = self.writer(scope, refs, language=chosen.language, local_only=False, vision=vision)
            for ref in refs:
                await writer.ask_ahead(ref.handle)

        async def local_only() -> bool:
            return await self.preferences.is_local_only(*place)

        return await self.ahead.go_on(job, ask, local_only)

    # --- one file ---------------------------------------------------------------------------------

    async def _rows(self, job: Job, question: Message, item: Item) -> list[Row]:
        """A row for every image in the file, or the one that says why there is none."""
        if item.attempts > TRIES:
            return [self._unread(item, sentences.FAILED)]
        refs = await self._opened(job, question, item)
        if isinstance(refs, Row):
            return [refs]
        scope, link = scope_of(question.team, question.channel), str(item.file.get("permalink") or "")
        rows = await self._written(job, scope, refs, item, link)
        await self.filing.put([Taken(item.file, await self._posted_with(job, item), refs[0].sha256)])
        return rows

    async def _posted_with(self, job: Job, item: Item) -> Message:
        """The message the file came with, as far as it is known: in a channel they are looked at outside of threads."""
        row = await self.inbox.row(replace(job.key, ts=item.posted_ts))
        if row and not row.message.deleted:
            return row.message
        return item.message(job).model_copy(update={"thread_ts": item.posted_ts})

    async def _opened(self, job: Job, question: Message, item: Item) -> Sequence[ImageRef] | Row:
        """The images in a file, as its thread knows them from now on; or the row that says why there is none."""
        scope = scope_of(question.team, question.channel)
        with TemporaryDirectory(prefix="spyglass-") as folder:
            fetched = await self.files.fetch([(item.message(job), item.file)], Path(folder))
            if not fetched.posted:
                return self._unread(item, _reason(fetched, item))
            if await self.records.take(question, fetched.taken):
                return self._unread(item, sentences.DELETED, "deleted")
            try:
                return await self.turns.take(fetched.posted[0], thread=job.thread, scope=scope)
            except DatabaseAway:
                raise
            except (AskAgain, CannotDo) as why:
                return self._unread(item, str(why))

    async def _written(self, job: Job, scope: Scope, refs: Sequence[ImageRef], item: Item, link: str) -> list[Row]:
        place = (scope.workspace, scope.audiences[0])
        chosen, local_only = await self.preferences.of(*place), await self.preferences.is_local_only(*place)
        vision = None if local_only else await self.ahead.vision(job)
        writer = self.writer(scope, refs, language=chosen.language, local_only=local_only, vision=vision)
        rows: list[Row] = []
        for ref in refs:
            if rows:
                await self.give_way()
            # the thread knows a picture that was posted twice under its first name
            named = ref.model_copy(update={"name": name_of(item.file)})
            rows.append(await written(named, writer, self.gate, link=link))
        return rows

    def _unread(self, item: Item, why: str, status: Status = "unreadable") -> Row:
        return unread(name_of(item.file), why, self.gate, status=status, link=str(item.file.get("permalink") or ""))


def _reason(fetched: Fetched, item: Item) -> str:
    """Why a file was not fetched. Raises: Unsure, when it may be had a little later."""
    away = messages.UNREADABLE["unreachable"].format(name=name_of(fetched.taken[0].file))
    if fetched.problems == [away] and item.attempts < TRIES:
        raise Unsure(away)
    return fetched.problems[0]
