"""What a job's thread shows: one message with a bar and a button while it goes on, and at the end its sum and the CSV.

The message is edited at a bounded rate (chat.update allows some fifty calls a minute): https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.sheet import as_csv
from bot.slack.bulk import sentences
from bot.slack.bulk.jobs import Done
from bot.slack.fetching.files import name_of
from bot.slack.replying.parts import CLOSED, GONE_THREAD, Parts
from bot.slack.replying.pictures import share
from bot.slack.replying.replies import Attached, Block, Reply, sentence
from bot.slack.storage.outbox import Intent, Progress
from bot.slack.web import RATE_LIMITED, Refused, Unsure
from graphs.alt_texts import COLUMNS, Row, counted, unread
from tools.kit import Gate

log = logging.getLogger(__name__)

STOP = "spyglass_bulk_stop"
PACE = 3.0
"""Seconds between two edits of the message, over all processes."""
PATIENCE = 5.0
"""Seconds for which an edit that only shows progress is tried."""
PROGRESS, SHEET = 1, 2
"""Parts of the reply to the question. (The first one is a sentence, when the job is refused.)"""
CELLS = 20
NAMED = 5
"""Files without alt text that the sum names; the CSV names all."""


class Closed(Exception):
    """Nothing can be said there any more: archived, deleted, or the app was removed. `args`: Slack's code."""


class Board:
    """Shows one job in its thread."""

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self._parts, self._gate = parts, gate

    async def show(self, done: Sequence[Done], files: int, *, ahead: tuple[int, int] | None = None) -> None:
        """How far it is. Slack being busy is no reason to wait. Raises: Closed.

        ahead: images that are done by the provider, of how many, while it is at them.
        """
        reply = self._progress(rows_of(done, self._gate), len(done), files, ahead)
        try:
            intent = await self._parts.intend(PROGRESS, "message")
            await put(self._parts, intent, reply, patience=PATIENCE)
        except Refused as refused:
            if refused.error in CLOSED | GONE_THREAD:
                raise Closed(refused.error) from None
            log.info("Progress is not shown: %s", refused)
        except Unsure as error:
            log.info("Progress is not shown: %s", error)

    async def finish(self, done: Sequence[Done], files: int, *, stopped: bool) -> None:
        """Share the CSV and say the sum, each once, whatever was said before. Raises: Closed; Unsure."""
        rows = rows_of(done, self._gate)
        try:
            attached = await self._attached(rows)
            said = "\n".join([*self._sum(rows, len(done), files, stopped), attached])
            await self._parts.post(PROGRESS, sentence(said, self._gate))
        except Refused as refused:
            if refused.error == RATE_LIMITED:
                raise Unsure(str(refused)) from refused
            raise Closed(refused.error) from None

    async def withdraw(self) -> None:
        """The question is gone: so is what shows that we were at it. Raises: Unsure."""
        try:
            intent = await self._parts.intend(PROGRESS, "message")
            if intent.ts:
                await self._parts.web.call(
                    self._parts.web.client.chat_delete, channel=self._parts.question.channel, ts=intent.ts
                )
            await self._parts.outbox.failed(intent, "withdrawn")
        except Refused as refused:
            log.info("The progress of a job is not taken back: %s", refused)

    # --- the CSV ----------------------------------------------------------------------------------

    async def _attached(self, rows: Sequence[Row]) -> str:
        """Share it, and say where it is. Raises: Refused; Unsure."""
        if not rows:
            return sentences.NOTHING_WRITTEN
        content = as_csv([COLUMNS, *(row.model_dump().values() for row in rows)])
        try:
            await share(self._parts, SHEET, Attached(sentences.FILE, content, sentences.FILE))
        except Refused as refused:
            if refused.error == RATE_LIMITED:
                raise
            log.warning("The CSV of a job cannot be attached: %s", refused)
            return sentences.NOT_ATTACHED.format(error=refused.error)
        return sentences.ATTACHED

    # --- words ------------------------------------------------------------------------------------

    def _progress(self, rows: Sequence[Row], done: int, files: int, ahead: tuple[int, int] | None) -> Reply:
        said = sentences.UNDER_WAY_SO_FAR.format(done=done, all=files) if done else _begins(files)
        lines = [said, f"{bar(done, files)} {_percent(done, files)}", *_counts(rows)]
        if ahead:
            lines.append(sentences.BY_PROVIDER.format(done=ahead[0], all=ahead[1]))
        reply = sentence("\n".join(lines), self._gate)
        return Reply(reply.text, (*reply.blocks, stop_button(self._parts.question.ts)))

    def _sum(self, rows: Sequence[Row], done: int, files: int, stopped: bool) -> list[str]:
        if stopped:
            first = sentences.STOPPED.format(done=done, all=files)
        else:
            first = sentences.FINISHED.format(files=sentences.files(files))
        missing = [row for row in rows if row.status != "done"]
        named = [f"• {_named(row)}" for row in missing[:NAMED]]
        more = [f"• {sentences.MORE.format(n=len(missing) - NAMED)}"] if len(missing) > NAMED else []
        return [first, *_counts(rows), *named, *more]


async def put(parts: Parts, intent: Intent, reply: Reply, *, patience: float) -> None:
    """Have the message of this intent say that, unless it has had its last word. Raises: Refused; Unsure."""
    if intent.progress is Progress.SENT:
        return
    if intent.ts is None:
        await parts.posted(intent, reply, patience=patience)
    else:
        await parts.change(intent, reply, patience=patience)


def rows_of(done: Sequence[Done], gate: Gate) -> list[Row]:
    """The rows of the CSV so far; a file that was deleted has one too."""
    rows: list[Row] = []
    for one in done:
        gone = unread(name_of(one.file), sentences.DELETED, gate, status="deleted") if one.deleted else None
        rows += [gone] if gone else one.rows
    return rows


def stop_button(question_ts: str) -> Block:
    """The button that stops the job that this message asked for."""
    text = {"type": "plain_text", "text": sentences.STOP}
    return {"type": "actions", "elements": [{"type": "button", "action_id": STOP, "text": text, "value": question_ts}]}


def bar(done: int, files: int) -> str:
    """A bar of characters; how far it is stands beside it in digits."""
    full = CELLS * done // max(files, 1)
    return "█" * full + "░" * (CELLS - full)


def _named(row: Row) -> str:
    """Many a reason begins with the file's name."""
    return row.reason if row.reason.startswith(row.file) else f"{row.file}: {row.reason}"


def _percent(done: int, files: int) -> str:
    return f"{done / max(files, 1):.0%}"


def _begins(files: int) -> str:
    return sentences.BEGINNING.format(files=sentences.files(files))


def _counts(rows: Sequence[Row]) -> list[str]:
    numbers = counted(rows)
    said = [words.format(n=numbers[status]) for status, words in sentences.COUNTED.items() if status in numbers]
    return [f"{', '.join(said)}."] if said else []
