"""What we say, saved before it is sent, so that after a crash nothing is said twice and nothing is left half said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from bot.slack.events import Identity, Key
from bot.slack.storage.tables import Database

METADATA = "spyglass_reply"
"""`event_type` of the metadata by which a message of ours is recognised."""


class Progress(StrEnum):
    """How far one message of ours has come."""

    INTENDED = "intended"
    """Perhaps sent, if we died in the middle of it: look at the thread before sending it (again)."""
    STARTED = "started"
    """There is a message in Slack, which may not say everything yet."""
    SENT = "sent"
    FAILED = "failed"
    """Slack will not have it."""


@dataclass(frozen=True)
class Intent:
    """One message we are going to send, or have sent."""

    id: UUID
    question: Key
    """The message it answers."""
    thread_ts: str
    part: int
    """Its place among the messages that answer the question, from 0."""
    kind: str
    """``stream``, ``message`` or ``files``: how it is sent."""
    body: dict[str, Any]
    progress: Progress
    reason: str
    ts: str | None
    """The message's own, once it is known."""
    before: bool = False
    """It was intended before: by a process that died, or in an attempt that failed."""

    @property
    def metadata(self) -> dict[str, Any]:
        """For chat.postMessage: it names this intent, and what is answered where."""
        named = {"intent": str(self.id), "question_ts": self.question.ts, "part": self.part}
        return {"event_type": METADATA, "event_payload": named}

    @property
    def must_look(self) -> bool:
        """Whether the message may be in the thread already without our knowing."""
        return self.before and self.ts is None and self.progress is Progress.INTENDED


class Outbox:
    """The outbox table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def intend(self, question: Key, thread_ts: str, part: int, kind: str, body: Mapping[str, Any]) -> Intent:
        """Save what is about to be sent. A part that was intended before comes back as far as it had come.

        What has a message in Slack already keeps its kind; the new body is laid over the old one.
        """
        found = await self._db.row(
            """
            insert into outbox (team, channel, question_ts, thread_ts, part, kind, body)
            values (%s, %s, %s, %s, %s, %s, %s)
            on conflict (team, channel, question_ts, part) do update set
                body = case outbox.state when 'sent' then outbox.body else outbox.body || excluded.body end,
                state = case outbox.state when 'failed' then 'intended' else outbox.state end,
                updated = now()
            returning *, created <> updated as before
            """,
            [question.team, question.channel, question.ts, thread_ts, part, kind, Jsonb(dict(body))],
        )
        assert found
        return _intent(found)

    async def started(self, intent: Intent, ts: str) -> None:
        """The message is there; more of it may come."""
        await self._set(intent, Progress.STARTED, ts)

    async def sent(self, intent: Intent, ts: str | None = None) -> None:
        """The message says everything."""
        await self._set(intent, Progress.SENT, ts)

    async def failed(self, intent: Intent, reason: str) -> None:
        """Slack will not have it, and it is not tried again."""
        await self._set(intent, Progress.FAILED, None, reason)

    async def note(self, intent: Intent, body: Mapping[str, Any]) -> Intent:
        """Lay this over its body, such as the id of a file that is uploaded and not yet shared."""
        await self._db.rows(
            "update outbox set body = body || %s, updated = now() where id = %s", [Jsonb(dict(body)), intent.id]
        )
        return replace(intent, body={**intent.body, **body})

    async def again(self, intent: Intent) -> Intent:
        """Its message is gone, deleted by somebody: it is to be made anew."""
        await self._db.rows(
            "update outbox set state = 'intended', ts = null, updated = now() where id = %s", [intent.id]
        )
        return replace(intent, progress=Progress.INTENDED, ts=None)

    async def reopen(self, question: Key, parts: Sequence[int]) -> None:
        """These parts are to say something else: where their messages are sent already, they are to be changed."""
        await self._db.rows(
            """
            update outbox set state = 'started', updated = now()
            where (team, channel, question_ts) = (%s, %s, %s) and part = any(%s) and state = 'sent' and kind <> 'files'
            """,
            [question.team, question.channel, question.ts, list(parts)],
        )

    async def of(self, question: Key) -> list[Intent]:
        """All that was said or is to be said to a question, in order."""
        found = await self._db.rows(
            "select *, true as before from outbox where (team, channel, question_ts) = (%s, %s, %s) order by part",
            [question.team, question.channel, question.ts],
        )
        return [_intent(row) for row in found]

    async def open_intents(self, question: Key) -> list[Intent]:
        """Those that are not sent to the end, in order."""
        return [intent for intent in await self.of(question) if intent.progress in ("intended", "started")]

    async def adopt(self, question: Key, messages: Sequence[Mapping[str, Any]], bot: Identity) -> list[Intent]:
        """Recognise our own messages in the thread as what we meant to say to the question: look once, after a crash.

        messages: of the thread, as conversations.replies gives them (with `include_all_metadata`), the question or
        older ones among them or not. Returns the intents that have a message now; they are `started`.
        """
        open_ones = [intent for intent in await self.open_intents(question) if intent.ts is None]
        if not open_ones:
            return []
        known = await self._db.rows(
            "select ts from outbox where (team, channel, thread_ts) = (%s, %s, %s) and ts is not null",
            [question.team, question.channel, open_ones[0].thread_ts],
        )
        ours = _own(messages, bot, question.ts, {row["ts"] for row in known})
        for intent, ts in _matched(open_ones, ours):
            await self.started(intent, ts)
        asked = {intent.id for intent in open_ones}
        return [intent for intent in await self.of(question) if intent.id in asked and intent.ts]

    async def _set(self, intent: Intent, progress: Progress, ts: str | None, reason: str = "") -> None:
        await self._db.rows(
            """
            update outbox set state = %s, ts = coalesce(%s, ts), reason = %s, updated = now()
            where id = %s and hurried()
            """,
            [progress, ts, reason, intent.id],
        )


def _own(messages: Iterable[Mapping[str, Any]], bot: Identity, after: str, known: set[str]) -> list[Mapping[str, Any]]:
    """Our messages after the question that no intent knows, oldest first. A ts is as long as any other."""
    ours = (one for one in messages if one.get("user") == bot.user or (bot.bot_id and one.get("bot_id") == bot.bot_id))
    return sorted((one for one in ours if one["ts"] > after and one["ts"] not in known), key=lambda one: str(one["ts"]))


def _matched(intents: Sequence[Intent], ours: Sequence[Mapping[str, Any]]) -> list[tuple[Intent, str]]:
    """By metadata where there is any; else in order, a message with files for what sends files and only for that."""
    named = {_named(message): str(message["ts"]) for message in ours if _named(message)}
    matched = [(intent, named[str(intent.id)]) for intent in intents if str(intent.id) in named]
    taken = {intent.id for intent, _ in matched}
    for message in ours:
        if _named(message):
            continue
        sends_files = bool(message.get("files"))
        fitting = (one for one in intents if one.id not in taken and (one.kind == "files") == sends_files)
        if intent := next(fitting, None):
            taken.add(intent.id)
            matched.append((intent, str(message["ts"])))
    return matched


def _named(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return ""
    return str((metadata.get("event_payload") or {}).get("intent", ""))


def _intent(found: dict[str, Any]) -> Intent:
    return Intent(
        question=Key(found["team"], found["channel"], found["question_ts"]),
        progress=Progress(found["state"]),
        **{name: found[name] for name in ("id", "thread_ts", "part", "kind", "body", "reason", "ts", "before")},
    )
