"""What we know of each thread without asking Slack: the inbox's messages, and the files its turns took in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.addressing import Speaking
from bot.slack.events import Message
from bot.slack.storage.changes import TOMBSTONE, Changes
from bot.slack.storage.inbox import State
from bot.storage.database import Connection

TO_PEOPLE = {State.HEARD, State.SILENT}


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


class Records(Changes):
    """The record of all threads."""

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

    async def unlink(self, question: Message, files: Iterable[str], *, own: bool = False) -> None:
        """The thread no longer holds these files, which links opened: another link may open them again. own: only those
        that the turn of the question took in."""
        await self._db.rows(
            """
            delete from thread_files
            where (team, channel, thread_ts) = (%s, %s, %s) and file = any(%s) and (turn_ts = %s or not %s)
            """,
            [question.team, question.channel, question.thread_ts, list(files), question.ts, own],
        )

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


async def holding(db: Connection, taken: Iterable[Taken]) -> list[Taken]:
    """Those of these files that a thread holds still, and goes on holding until the transaction ends: what was deleted
    is not among them, what is being deleted is waited for, and who deletes one now waits."""
    files = list(taken)
    found = await db.execute(
        """
        select ts, file from thread_files f
        join unnest(%s::text[], %s::text[], %s::text[], %s::text[]) w (team, channel, ts, file)
            using (team, channel, ts, file)
        where f.sha256 is not null order by f.team, f.channel, f.thread_ts, f.file for key share of f
        """,
        [
            [one.message.team for one in files],
            [one.message.channel for one in files],
            [one.message.ts for one in files],
            [one.file["id"] for one in files],
        ],
    )
    held = {(row["ts"], row["file"]) for row in await found.fetchall()}
    return [one for one in files if (one.message.ts, one.file["id"]) in held]
