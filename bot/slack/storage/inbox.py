"""Every message once, whatever arrives in whatever order, and how far its turn has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Json, Jsonb

from bot.slack.events import Key, Message
from bot.slack.merging import merge
from bot.slack.storage.tables import Database
from bot.slack.storage.together import Together
from bot.storage.database import Connection


class State(StrEnum):
    """How far a message's turn has come."""

    HEARD = "heard"
    """Recorded; not for us as far as is known."""
    WAITING = "waiting"
    """For us: its job is in the queue."""
    WORKING = "working"
    ANSWERED = "answered"
    """The answer is saved, and not yet said to the end."""
    DONE = "done"
    SILENT = "silent"
    """Looked at, and nothing was to be said."""
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in (State.DONE, State.SILENT, State.STOPPED, State.FAILED)


@dataclass(frozen=True)
class Row:
    """A message and its turn."""

    key: Key
    thread: str
    message: Message
    state: State
    reason: str
    """Why it is for us, or why its turn ended as it did."""
    attempts: int
    """How often its turn was started, this time included."""
    answer: dict[str, Any] | None
    """`Answer` as JSON, once there is one."""
    run: UUID
    """Names the turn to buttons and logs."""
    cancelled_by: str | None
    """Who stopped it."""
    searches: list[dict[str, Any]] | None
    """What its searches were asked and have shown, for going on with them."""
    created: datetime


@dataclass(frozen=True)
class Heard:
    """What came of hearing of a message."""

    row: Row
    new: bool
    """Nobody had told of this message before."""


class Inbox:
    """The inbox table."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._hear = Together(self._heard)
        self._hear_again = Together(self._heard_again)

    async def hear(self, message: Message, *, for_us: bool, reason: str = "") -> Heard:
        """Record what an event says of a message; when it is (by now) for us, its job is in the queue as well.

        All or nothing, and safe to acknowledge afterwards. What is over stays as it is, however late a retry comes.
        """
        while True:
            said, told = message.model_dump(mode="json"), {"for_us": for_us, "why": reason}
            found = await self._hear.of({**told, "key": _of(message.key), "said": said, "thread": message.thread})
            row = _row(found)
            if found["is_new"] or row.state.over:
                return Heard(row, new=found["is_new"])
            merged = merge(row.message, message)
            wakes = for_us and row.state is State.HEARD
            if merged == row.message and not wakes:
                return Heard(row, new=False)
            seen, said = found["message"], merged.model_dump(mode="json")
            again = {**told, "key": _of(merged.key), "seen": seen, "said": said, "thread": merged.thread}
            if changed := await self._hear_again.of(again):
                return Heard(_row(changed), new=False)

    async def _heard(self, told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return await self._for_each(
            """
            select place, is_new, (entry).* from jsonb_array_elements(%s) with ordinality as told (one, place),
                lateral hear(one -> 'said', one ->> 'thread', (one ->> 'for_us')::boolean, one ->> 'why')
            """,
            told,
        )

    async def _heard_again(self, told: Sequence[dict[str, Any]]) -> list[dict[str, Any] | None]:
        found = await self._for_each(
            """
            select place, entry.* from jsonb_array_elements(%s) with ordinality as told (one, place)
                left join lateral hear_again(
                    one -> 'seen', one -> 'said', one ->> 'thread', (one ->> 'for_us')::boolean, one ->> 'why'
                ) as entry on true
            """,
            told,
        )
        return [row if row["ts"] else None for row in found]

    async def _for_each(self, query: LiteralString, told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """A row for each, in order. Whoever else does this meanwhile takes them in the same order, so that no two wait
        for each other."""
        order = sorted(range(len(told)), key=lambda place: told[place]["key"])
        rows = await self._db.rows(query, [Jsonb([told[place] for place in order])])
        found = {order[row.pop("place") - 1]: row for row in rows}
        return [found[place] for place in range(len(told))]

    async def hear_once(self, message: Message) -> Heard:
        """Record what somebody asks by an act (`Message.once`), with its job: the first time, and never again.

        Its `ts` may have become a little later, where something else has that one. Safe to acknowledge afterwards.
        """
        told = [Jsonb(message.model_dump(mode="json")), message.thread]
        found = await self._db.row("select is_new, (entry).* from hear_once(%s, %s)", told)
        assert found
        return Heard(_row(found), new=found["is_new"])

    async def row(self, key: Key) -> Row | None:
        return await self._one("select * from inbox where (team, channel, ts) = (%s, %s, %s)", *_of(key))

    async def of_run(self, run: UUID) -> Row | None:
        """The turn a button belongs to."""
        return await self._one("select * from inbox where run = %s", run)

    async def next(self, thread: str) -> Row | None:
        """The oldest message of a thread whose turn is not over."""
        return await self._one(
            "select * from inbox where thread = %s and state in ('waiting', 'working', 'answered') order by ts limit 1",
            thread,
        )

    async def begin(self, thread: str) -> Row | None:
        """Begin, or go on with, the turn of the oldest message of a thread whose turn is not over, if there is one."""
        return await self._one(
            """
            update inbox set state = case state when 'answered' then 'answered' else 'working' end,
                attempts = attempts + 1, updated = now()
            where (team, channel, ts) = (
                    select team, channel, ts from inbox
                    where thread = %s and state in ('waiting', 'working', 'answered') order by ts limit 1
                ) and state in ('waiting', 'working', 'answered') and hurried()
            returning *
            """,
            thread,
        )

    async def keep_answer(self, key: Key, answer: dict[str, Any], searches: Sequence[dict[str, Any]] = ()) -> bool:
        """Save what is going to be said (`Answer` as JSON), before it is said, and what its searches have shown.

        False when it is not to be said: somebody has stopped the turn, or its message is gone.
        """
        kept = await self._db.row(
            """
            update inbox set state = 'answered', answer = %s, searches = %s, updated = now()
            where (team, channel, ts) = (%s, %s, %s) and state in ('waiting', 'working', 'answered')
                and (cancelled_by is null or state = 'answered')
            returning run
            """,
            [Json(answer), Json(list(searches)) if searches else None, *_of(key)],
        )
        return kept is not None

    async def finish(self, key: Key, state: State, reason: str = "") -> None:
        """The turn is over, for good."""
        if not state.over:
            raise ValueError(f"{state} is no end of a turn.")
        await self._db.rows(
            """
            update inbox set state = %s, reason = %s, updated = now()
            where (team, channel, ts) = (%s, %s, %s) and state in ('heard', 'waiting', 'working', 'answered')
                and hurried()
            """,
            [state, reason, *_of(key)],
        )

    async def cancel(self, key: Key, by: str) -> bool:
        """Ask for the turn to be stopped; False when there is nothing left to stop. The first who asks is kept."""
        found = await self._db.row(
            """
            update inbox set cancelled_by = coalesce(cancelled_by, %s), updated = now()
            where (team, channel, ts) = (%s, %s, %s) and state in ('waiting', 'working')
            returning run
            """,
            [by, *_of(key)],
        )
        return found is not None

    async def is_cancelled(self, key: Key) -> bool:
        row = await self.row(key)
        return row is not None and row.cancelled_by is not None

    async def change(self, key: Key, how: Callable[[Message], Message]) -> Row | None:
        """What a message says since it was edited or deleted; None when it was never heard of. Its turn stays where it
        is. Nobody else changes it at the same time: an edit must not bring back what was forgotten meanwhile."""

        async def change(db: Connection) -> Row | None:
            async with db.transaction():
                query = "select message from inbox where (team, channel, ts) = (%s, %s, %s) for update"
                found = await (await db.execute(query, _of(key))).fetchone()
                if found is None:
                    return None
                now = Jsonb(how(Message.model_validate(found["message"])).model_dump(mode="json"))
                query = """
                    update inbox set message = %s, updated = now() where (team, channel, ts) = (%s, %s, %s) returning *
                """
                changed = await (await db.execute(query, [now, *_of(key)])).fetchone()
                return _row(changed) if changed else None

        return await self._db.patiently(change)

    async def _one(self, query: Any, *parameters: Any) -> Row | None:
        found = await self._db.row(query, parameters)
        return _row(found) if found else None


def _of(key: Key) -> tuple[str, str, str]:
    return key.team, key.channel, key.ts


def _row(found: dict[str, Any]) -> Row:
    return Row(
        key=Key(found["team"], found["channel"], found["ts"]),
        message=Message.model_validate(found["message"]),
        state=State(found["state"]),
        **{name: found[name] for name in ("thread", "reason", "attempts", "answer", "run")},
        **{name: found[name] for name in ("cancelled_by", "searches", "created")},
    )
