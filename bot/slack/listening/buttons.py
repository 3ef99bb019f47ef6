"""What the buttons of a reply do. All they need is in their value and in the database, so they outlive the process."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncApp

from bot.edge import plain
from bot.slack.events import Identity, Key
from bot.slack.listening.presses import Desk, channel_of, value_of
from bot.slack.listening.stops import may_stop
from bot.slack.people import People
from bot.slack.replying import labels
from bot.slack.replying.reasoning import as_view, reasoning
from bot.slack.replying.replies import BAD, FEEDBACK, GOOD, REASONING, STOP
from bot.slack.storage.feedback import Feedback
from bot.slack.storage.inbox import Inbox, Row
from bot.slack.telling import Telling
from bot.slack.web import Unsure, Web
from bot.turns.running import Answer
from tools.kit import Gate

REASON_VIEW = "spyglass_reason"
REASON = "reason"
LONGEST_REASON = 2_000


class Buttons:
    """Feedback, reasoning and stop. `press_…` take the body of Slack's payload and never raise for what is in it."""

    def __init__(
        self, web: Web, inbox: Inbox, feedback: Feedback, people: People, gate: Gate, bot: Identity, telling: Telling
    ) -> None:
        self._desk, self._inbox, self._feedback, self._people = Desk(web), inbox, feedback, people
        self._gate, self._bot, self._telling = gate, bot, telling

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
        verdict, _, run = value_of(body).partition(":")
        row = await self._row(run, body)
        if row is None or verdict not in (GOOD, BAD):
            await self._desk.tell(body, labels.GONE)
            return
        await self._feedback.give(row.run, row.key.team, body["user"]["id"], verdict)
        if verdict == GOOD or not await self._desk.open(body, _reason_view(row.run)):
            await self._desk.tell(body, labels.THANKS)

    async def submit_reason(self, body: dict[str, Any]) -> None:
        """Keep the reason with the verdict it was asked for."""
        view = body["view"]
        said = view["state"]["values"][REASON][REASON].get("value") or ""
        reason = plain(said).strip()[:LONGEST_REASON]
        run = _uuid(view.get("private_metadata") or "")
        if run and reason:
            await self._feedback.explain(run, body["user"]["id"], reason)

    async def press_reasoning(self, body: dict[str, Any]) -> None:
        """Show how the answer came about, to whoever asks and may still be shown what it was found in."""
        row = await self._row(value_of(body), body)
        if row is None or row.answer is None:
            await self._desk.tell(body, labels.GONE)
            return
        answer = Answer.model_validate(row.answer)
        if not await self._may_see(row.key.channel, str(body["user"]["id"]), answer):
            await self._desk.tell(body, labels.OUT_OF_SIGHT)
            return
        blocks = reasoning(answer, lambda text: self._gate.clean(plain(text)))
        if not await self._desk.open(body, as_view(blocks)):
            await self._desk.tell(body, labels.REASONING, blocks[:1])

    async def _may_see(self, channel: str, user: str, answer: Answer) -> bool:
        try:
            return await self._telling.may(channel, user, answer)
        except Unsure:
            return False

    async def press_stop(self, body: dict[str, Any]) -> None:
        """Stop the work on a question, for whoever asked it and for admins."""
        row = await self._inbox.row(Key(self._bot.team, channel_of(body), value_of(body)))
        if row is None:
            await self._desk.tell(body, labels.GONE)
        elif row.state.over:
            await self._desk.tell(body, labels.TOO_LATE)
        elif not await may_stop(row, body["user"]["id"], self._people):
            await self._desk.tell(body, labels.NOT_YOURS)
        else:
            stopping = await self._inbox.cancel(row.key, body["user"]["id"])
            await self._desk.tell(body, labels.STOPPING if stopping else labels.TOO_LATE)

    async def _row(self, run: str, body: dict[str, Any]) -> Row | None:
        """The turn of a button, when it is one of the channel in which the button was pressed."""
        known = _uuid(run)
        row = await self._inbox.of_run(known) if known else None
        return row if row and (row.key.team, row.key.channel) == (self._bot.team, channel_of(body)) else None


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
