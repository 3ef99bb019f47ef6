"""What we know of each thread without asking Slack: the inbox's messages, and the files its turns took in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.database import Connection
from bot.slack.events import Deletion, Edit, FileDeleted, Identity, Key, Message, Speaking, merge
from bot.slack.storage.erasures import Erasure, insert
from bot.slack.storage.inbox import Inbox, Row, State
from bot.slack.storage.tables import Database

TO_PEOPLE = {State.HEARD, State.SILENT}
TOMBSTONE = "tombstone"


@dataclass(frozen=True)
class Taken:
    """A file a turn took in, or could not read."""

    file: Mapping[str, Any]
    """Slack's file object."""
    message: Message
    """The message it came with."""
    sha256: str | None


@dataclass(frozen=True)
class Known:
    """What is known of the files of a thread."""

    said: list[Message]
    """Its messages with files, oldest first."""
    held: frozenset[str]
    """Ids of the files that other turns of the thread took in. A turn that was stopped has not happened."""

    @property
    def posted(self) -> list[tuple[Message, dict[str, Any]]]:
        """The files, oldest first, each with its message."""
        return [(said, file) for said in self.said for file in said.files if file.get("mode") != TOMBSTONE]

    @property
    def untaken(self) -> list[tuple[Message, dict[str, Any]]]:
        """Those of them that no other turn took in."""
        return [one for one in self.posted if one[1]["id"] not in self.held]

    def has_lost(self, question: Message) -> bool:
        """Whether files of the question were deleted before it was its turn."""
        own = [message for message in self.said if message.ts == question.ts] or [question]
        return any(file.get("mode") == TOMBSTONE for message in own for file in message.files)


class Records:
    """The record of all threads."""

    def __init__(self, db: Database, inbox: Inbox, bot: Identity) -> None:
        self._db, self._inbox, self._bot = db, inbox, bot

    async def speaking(self, message: Message) -> Speaking:
        """To whom the message before this one was said in its thread."""
        if not message.is_reply:
            return Speaking.NOBODY
        before = await self._db.row(
            """
            select ts, state from inbox
            where thread = %s and ts < %s and not coalesce((message ->> 'deleted')::bool, false)
            order by ts desc limit 1
            """,
            [message.thread, message.ts],
        )
        ours = await self._said_before(message)
        if before is None:
            return Speaking.TO_BOT if ours or message.in_ours else Speaking.NOBODY
        to_people = State(before["state"]) in TO_PEOPLE and ours < before["ts"]
        return Speaking.TO_PEOPLE if to_people else Speaking.TO_BOT

    async def _said_before(self, message: Message) -> str:
        """The `ts` of the last thing we said before a message; empty where we said nothing."""
        ours = await self._db.row(
            "select max(ts) as ts from outbox where (team, channel, thread_ts) = (%s, %s, %s) and ts < %s",
            [message.team, message.channel, message.thread_ts, message.ts],
        )
        return str(ours["ts"] or "") if ours else ""

    # --- files ----------------------------------------------------------------------------------

    async def files(self, question: Message) -> Known:
        """What is known of the files of the thread up to the question."""
        found = await self._db.row(
            """
            select array(
                select message from inbox where thread = %s and ts <= %s and message -> 'files' <> '[]' order by ts
            ) as said, array(
                select file from thread_files taken
                where (team, channel, thread_ts) = (%s, %s, %s) and turn_ts <> %s and not exists (
                    select from inbox
                    where (inbox.team, inbox.channel, inbox.ts) = (taken.team, taken.channel, taken.turn_ts)
                        and state = 'stopped' and answer is null
                )
            ) as held
            """,
            [
                *(question.thread, question.ts),
                *(question.team, question.channel, question.thread_ts, question.ts),
            ],
        )
        assert found
        return Known([Message.model_validate(message) for message in found["said"]], frozenset(found["held"]))

    async def take(self, question: Message, taken: Iterable[Taken]) -> list[Taken]:
        """Record what the turn of this question takes in, before it does: a turn that is repeated takes the same.

        Returns what it must leave: files that were deleted while they were fetched.
        """
        return [one for one in taken if not await self._took(question, one)]

    async def _took(self, question: Message, one: Taken) -> bool:
        """A deletion comes before this, and is seen here, or after it, and finds the file taken in: hence the lock."""
        recorded = await self._db.row(
            """
            with said as (
                select message from inbox where (team, channel, ts) = (%s, %s, %s) for share
            ), item as (
                select status from bulk_items where (team, channel, ts, file) = (%s, %s, %s, %s) for share
            )
            insert into thread_files (team, channel, thread_ts, file, ts, turn_ts, user_id, name, sha256)
            select %s, %s, %s, %s, %s, %s, %s, %s, %s
            where not exists (select from said where message @> '{"deleted": true}' or message -> 'files' @> %s::jsonb)
                and not exists (select from item where status = 'deleted') and hurried()
            on conflict (team, channel, thread_ts, file)
                do update set sha256 = excluded.sha256, turn_ts = excluded.turn_ts
            returning file
            """,
            [
                *(one.message.team, one.message.channel, one.message.ts),
                *(question.team, question.channel, question.ts, one.file["id"]),
                *(question.team, question.channel, question.thread_ts),
                *(one.file["id"], one.message.ts, question.ts),
                *(one.message.user, str(one.file.get("name") or ""), one.sha256),
                json.dumps([{"id": one.file["id"], "mode": TOMBSTONE}]),
            ],
        )
        return recorded is not None

    async def pointed_at(self, question: Message) -> list[str]:
        """SHA-256 of the files that the question points at, of those that could be read."""
        if not question.about:
            return []
        rows = await self._db.rows(
            """
            select sha256 from thread_files
            where (team, channel, thread_ts) = (%s, %s, %s) and file = any(%s) and sha256 is not null
            """,
            [question.team, question.channel, question.thread_ts, list(question.about)],
        )
        return [row["sha256"] for row in rows]

    async def posted(self, question: Message) -> list[Taken]:
        """The files that the turn took in and could read, each with the message that it was posted with."""
        rows = await self._db.rows(
            """
            select inbox.message, file.object, taken.sha256
            from thread_files taken
            join inbox on (inbox.team, inbox.channel, inbox.ts) = (taken.team, taken.channel, taken.ts)
            cross join jsonb_array_elements(inbox.message -> 'files') as file (object)
            where (taken.team, taken.channel, taken.thread_ts, taken.turn_ts) = (%s, %s, %s, %s)
                and file.object ->> 'id' = taken.file and taken.sha256 is not null
            """,
            [question.team, question.channel, question.thread_ts, question.ts],
        )
        return [Taken(row["object"], Message.model_validate(row["message"]), row["sha256"]) for row in rows]

    async def holding(self, taken: Iterable[Taken]) -> list[Taken]:
        """Those of these files that a thread holds still: what was deleted since is not among them."""
        files = list(taken)
        rows = await self._db.rows(
            """
            select distinct ts, file from thread_files f
            join unnest(%s::text[], %s::text[], %s::text[], %s::text[]) w (team, channel, ts, file)
                using (team, channel, ts, file)
            where f.sha256 is not null
            """,
            [
                [one.message.team for one in files],
                [one.message.channel for one in files],
                [one.message.ts for one in files],
                [one.file["id"] for one in files],
            ],
        )
        held = {(row["ts"], row["file"]) for row in rows}
        return [one for one in files if (one.message.ts, one.file["id"]) in held]

    async def posters(self, question: Message, files: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Files by id -> who posted each in the channel of the question first, and the `ts` of that message."""
        rows = await self._db.rows(
            """
            select distinct on (file) file, user_id, ts from thread_files
            where (team, channel) = (%s, %s) and file = any(%s) order by file, ts
            """,
            [question.team, question.channel, list(files)],
        )
        return {row["file"]: (row["user_id"], row["ts"]) for row in rows}

    async def has_joined(self, question: Message) -> bool:
        """Whether we know all that was said in the thread before: it began with us, or Slack was asked."""
        if not question.is_reply:
            return True
        known = await self._db.row(
            """
            select thread from joined where thread = %s union all
            select thread from inbox where (team, channel, ts) = (%s, %s, %s) and state <> 'heard'
                and not coalesce((message ->> 'deleted')::bool, false)
            """,
            [question.thread, question.team, question.channel, question.thread_ts],
        )
        return known is not None

    async def join(self, question: Message, earlier: Iterable[Message]) -> None:
        """Record what was said before the bot was asked."""
        for message in earlier:
            await self._inbox.hear(message.wordless(), for_us=False, reason="before the bot joined")
        await self._db.rows("insert into joined (thread) values (%s) on conflict do nothing", [question.thread])

    # --- what people edit and delete ------------------------------------------------------------

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
