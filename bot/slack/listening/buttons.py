"""What the buttons of a reply do. All they need is in their value and in the database, so they outlive the process."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncApp

from bot.edge import plain
from bot.slack.events import Identity, Key
from bot.slack.people import People
from bot.slack.replying import labels
from bot.slack.replying.mrkdwn import escape
from bot.slack.replying.reasoning import as_view, reasoning
from bot.slack.replying.replies import BAD, FEEDBACK, GOOD, REASONING, STOP, Block
from bot.slack.storage.feedback import Feedback
from bot.slack.storage.inbox import Inbox, Row
from bot.slack.web import Refused, Unsure, Web
from bot.slack.words import keepable
from bot.turns import Answer
from tools.kit import Gate

log = logging.getLogger(__name__)

REASON_VIEW = "spyglass_reason"
REASON = "reason"
LONGEST_REASON = 2_000
PATIENCE = 10.0
"""Seconds; whoever pressed a button is waiting, and what a button opens must be opened within three."""


class Buttons:
    """Feedback, reasoning and stop. `press_…` take the body of Slack's payload and never raise for what is in it."""

    def __init__(self, web: Web, inbox: Inbox, feedback: Feedback, people: People, gate: Gate, bot: Identity) -> None:
        self._web, self._inbox, self._feedback, self._people = web, inbox, feedback, people
        self._gate, self._bot = gate, bot

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us. Every payload is acknowledged before anything else."""

        async def feedback(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            await self.press_feedback(body)

        async def show(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            await self.press_reasoning(body)

        async def stop(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            await self.press_stop(body)

        async def reason(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            await self.submit_reason(body)

        app.action(FEEDBACK)(feedback)
        app.action(REASONING)(show)
        app.action(STOP)(stop)
        app.view(REASON_VIEW)(reason)

    async def press_feedback(self, body: dict[str, Any]) -> None:
        """Keep the verdict; ask for the reason of a bad one."""
        verdict, _, run = _value(body).partition(":")
        row = await self._row(run, body)
        if row is None or verdict not in (GOOD, BAD):
            await self._tell(body, labels.GONE)
            return
        await self._feedback.give(row.run, row.key.team, body["user"]["id"], verdict)
        if verdict == GOOD or not await self._opened(body, _reason_view(row.run)):
            await self._tell(body, labels.THANKS)

    async def submit_reason(self, body: dict[str, Any]) -> None:
        """Keep the reason with the verdict it was asked for."""
        view = body["view"]
        said = view["state"]["values"][REASON][REASON].get("value") or ""
        reason = plain(said).strip()[:LONGEST_REASON]
        run = _uuid(view.get("private_metadata") or "")
        if run and reason:
            await self._feedback.explain(run, body["user"]["id"], reason)

    async def press_reasoning(self, body: dict[str, Any]) -> None:
        """Show how the answer came about, to whoever asks."""
        row = await self._row(_value(body), body)
        if row is None or row.answer is None:
            await self._tell(body, labels.GONE)
            return
        answer = Answer.model_validate(row.answer)
        blocks = reasoning(answer, lambda text: self._gate.clean(plain(text)))
        if not await self._opened(body, as_view(blocks)):
            await self._tell(body, labels.REASONING, blocks[:1])

    async def press_stop(self, body: dict[str, Any]) -> None:
        """Stop the work on a question, for whoever asked it and for admins."""
        row = await self._inbox.row(Key(self._bot.team, _channel(body), _value(body)))
        if row is None:
            await self._tell(body, labels.GONE)
        elif row.state.over:
            await self._tell(body, labels.TOO_LATE)
        elif not await self._may_stop(row, body["user"]["id"]):
            await self._tell(body, labels.NOT_YOURS)
        else:
            stopping = await self._inbox.cancel(row.key, body["user"]["id"])
            await self._tell(body, labels.STOPPING if stopping else labels.TOO_LATE)

    async def _may_stop(self, row: Row, user: str) -> bool:
        return user == row.message.user or (await self._people.person(user)).admin

    async def _row(self, run: str, body: dict[str, Any]) -> Row | None:
        """The turn of a button, when it is one of the channel in which the button was pressed."""
        known = _uuid(run)
        row = await self._inbox.of_run(known) if known else None
        return row if row and (row.key.team, row.key.channel) == (self._bot.team, _channel(body)) else None

    async def _opened(self, body: dict[str, Any], view: dict[str, Any]) -> bool:
        try:
            await self._web.call(
                self._web.client.views_open, patience=PATIENCE, trigger_id=body.get("trigger_id"), view=view
            )
        except (Refused, Unsure) as error:
            log.info("A view cannot be opened: %s", error)
            return False
        return True

    async def _tell(self, body: dict[str, Any], sentence: str, blocks: list[Block] | None = None) -> None:
        """Say something to whoever pressed, and to nobody else."""
        try:
            await self._web.call(
                self._web.client.chat_postEphemeral,
                patience=PATIENCE,
                channel=_channel(body),
                user=body["user"]["id"],
                thread_ts=_thread(body),
                text=escape(sentence),
                blocks=blocks,
            )
        except (Refused, Unsure) as error:
            log.info("%s cannot be told: %s", body["user"]["id"], error)


def _value(body: dict[str, Any]) -> str:
    actions = body.get("actions") or [{}]
    return keepable(str(actions[0].get("value") or ""))


def _channel(body: dict[str, Any]) -> str:
    place = body.get("container") or {}
    return keepable(str(place.get("channel_id") or (body.get("channel") or {}).get("id") or ""))


def _thread(body: dict[str, Any]) -> str | None:
    place = body.get("container") or {}
    return place.get("thread_ts") or (body.get("message") or {}).get("thread_ts")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _reason_view(run: UUID) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": REASON_VIEW,
        "private_metadata": str(run),
        "title": {"type": "plain_text", "text": labels.BAD_ANSWER},
        "submit": {"type": "plain_text", "text": labels.SEND},
        "close": {"type": "plain_text", "text": labels.CLOSE},
        "blocks": [
            {
                "type": "input",
                "block_id": REASON,
                "label": {"type": "plain_text", "text": labels.WHAT_WAS_WRONG},
                "hint": {"type": "plain_text", "text": labels.WHAT_WAS_WRONG_HINT},
                "element": {
                    "type": "plain_text_input",
                    "action_id": REASON,
                    "multiline": True,
                    "max_length": LONGEST_REASON,
                    "focus_on_load": True,
                },
            }
        ],
    }
