"""What people edit and delete, followed: threads and jobs hold no more of it, and what is kept of it is erased."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial

from bot.slack.events import Deletion, Edit, FileDeleted, Identity, Key, Message
from bot.slack.merging import merge
from bot.slack.storage.erasures import Erasure, insert
from bot.slack.storage.inbox import Inbox, Row, State
from bot.slack.storage.tables import Database
from bot.storage.database import Connection

TOMBSTONE = "tombstone"
"""Slack's mode of a file that is gone."""


class Changes:
    """Part of `bot.slack.storage.records.Records`."""

    def __init__(self, db: Database, inbox: Inbox, bot: Identity) -> None:
        self._db, self._inbox, self._bot = db, inbox, bot

    async def edit(self, edit: Edit) -> Row | None:
        """Follow an edit; the row as it is now, or None for a message we know nothing of."""
        gone = tuple({"id": file, "mode": TOMBSTONE} for file in edit.gone)
        view = edit.message.model_copy(update={"files": edit.message.files + gone})
        known = await self._inbox.row(view.key)
        if known and known.state is State.HEARD:
            view = view.wordless()
        row = await self._inbox.change(view.key, lambda before: merge(before, view))
        await self._let_go_elsewhere(edit.message, edit.gone)
        if row is None or row.message.deleted:
            return row
        await self._let_go(row.message, edit.gone)
        now = row.message
        if now.text == edit.message.text != edit.before.text:  # else a later edit came earlier
            await self._erase(Erasure.of(now, edits={now.ts: now.for_planner(self._bot)}))
        return row

    async def delete(self, deletion: Deletion) -> None:
        """Follow a deletion: what was said, its files and its turn are gone, and a late event brings nothing back."""
        row = await self._inbox.row(deletion.message.key)
        if row is None and deletion.to_bot:
            row = (await self._inbox.hear(deletion.message, for_us=False)).row
        await self._leave_out(deletion.message, deletion.files)
        await self._let_go_elsewhere(deletion.message, deletion.files)
        if row is None:
            return
        await self._inbox.change(row.key, Message.emptied)  # first, so that no turn takes in what is let go now
        await self._let_go(row.message, {*deletion.files, *(file["id"] for file in row.message.files)})
        await self._forget_turn(row.message)
        await self._stop(row)

    async def delete_file(self, gone: FileDeleted) -> None:
        """Follow the deletion of a file, wherever it was posted, or taken in from a link or by a job."""
        said = await self._db.rows(
            """
            select team, channel, ts from inbox where team = %s and message -> 'files' @> %s::jsonb union
            select team, channel, ts from thread_files where (team, file) = (%s, %s)
            """,
            [gone.team, json.dumps([{"id": gone.file}]), gone.team, gone.file],
        )
        for place in said:  # first, so that no turn takes in what is let go now
            await self._inbox.change(Key(**place), partial(_without, gone.file))
        holding = await self._db.rows(
            "select team, channel, thread_ts from thread_files where (team, file) = (%s, %s)", [gone.team, gone.file]
        )
        for place in holding:
            await self._let_go(Message(**place, ts=place["thread_ts"]), [gone.file])

    async def _forget_turn(self, question: Message) -> None:
        """Memory forgets its images too: those that came with other messages can be taken in once more."""
        async with self._db.transaction() as db:
            await db.execute(
                "delete from thread_files where (team, channel, thread_ts, turn_ts) = (%s, %s, %s, %s)",
                [question.team, question.channel, question.thread_ts, question.ts],
            )
            await insert(db, [Erasure.of(question, turns=(question.ts,))])

    async def _stop(self, row: Row) -> None:
        """One that is worked on ends by itself, when it is seen that it was cancelled."""
        await self._inbox.cancel(row.key, "deleted")
        if row.state in (State.HEARD, State.WAITING):
            await self._inbox.finish(row.key, State.STOPPED, "deleted")

    async def _leave_out(self, message: Message, files: Iterable[str]) -> None:
        """Jobs in the channel pass over what is gone, and keep nothing that was written of it."""
        await self._db.rows(
            """
            update bulk_items set status = 'deleted', written = null
            where (team, channel) = (%s, %s) and file = any(%s)
            """,
            [message.team, message.channel, list(files)],
        )

    async def _let_go_elsewhere(self, message: Message, files: Iterable[str]) -> None:
        """A job about a whole channel holds in its thread what was posted outside of it."""
        holding = await self._db.rows(
            """
            select thread_ts, array_agg(file) as files from thread_files
            where (team, channel, ts) = (%s, %s, %s) and thread_ts <> %s and file = any(%s) group by thread_ts
            """,
            [message.team, message.channel, message.ts, message.thread_ts, list(files)],
        )
        for place in holding:
            await self._let_go(message.model_copy(update={"thread_ts": place["thread_ts"]}), place["files"])

    async def _let_go(self, message: Message, files: Iterable[str]) -> None:
        """The thread no longer holds these files; a picture that another file of it shows as well stays."""
        files = list(files)
        await self._leave_out(message, files)
        async with self._db.transaction() as db:
            deleted = await (
                await db.execute(
                    "delete from thread_files where (team, channel, thread_ts) = (%s, %s, %s) and file = any(%s) "
                    "returning sha256",
                    [message.team, message.channel, message.thread_ts, list(files)],
                )
            ).fetchall()
            held = {row["sha256"] for row in deleted} - await _still_held(db, message)
            if images := tuple(sorted(filter(None, held))):
                await insert(db, [Erasure.of(message, images=images)])

    async def _erase(self, erasure: Erasure) -> None:
        async with self._db.transaction() as db:
            await insert(db, [erasure])


def _without(file: str, message: Message) -> Message:
    return merge(message, message.model_copy(update={"files": ({"id": file, "mode": TOMBSTONE},)}))


async def _still_held(db: Connection, message: Message) -> set[str | None]:
    thread = [message.team, message.channel, message.thread_ts]
    held = "select sha256 from thread_files where (team, channel, thread_ts) = (%s, %s, %s)"
    return {row["sha256"] for row in await (await db.execute(held, thread)).fetchall()}
