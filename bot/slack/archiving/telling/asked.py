"""`/spyglass archive` and the buttons about archives. All they need is in their value and in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack.archiving.telling import labels, sentences
from bot.slack.archiving.telling.choosing import Answer, Choosing
from bot.slack.archiving.telling.periods import NotAPeriod, read_period
from bot.slack.background import Background
from bot.slack.events import BotJoined, Message
from bot.slack.listening.notes import Notes
from bot.slack.listening.presses import Desk, channel_of, value_of
from bot.slack.replying.mrkdwn import escape
from bot.slack.storage.preferences import Archives
from bot.slack.surface.blocks import button, buttons, notice, text
from bot.slack.surface.screens import Screens
from bot.slack.web import Web

CHOICES = {"on": Archives.ALL, "all": Archives.ALL, "asked": Archives.ASKED, "off": Archives.OFF}


class ArchiveAsked:
    """Answers words and presses."""

    def __init__(self, web: Web, choosing: Choosing, notes: Notes, background: Background) -> None:
        self._desk, self._screens = Desk(web), Screens(web)
        self._choosing, self._notes, self._background = choosing, notes, background

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us."""

        async def press(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._background.start(self.press(body))

        for action in labels.ALL:
            app.action(action)(press)

    async def answer(self, user: str, channel: str, words: list[str]) -> Answer:
        """What to say to the words after `/spyglass archive`."""
        match [word.lower() for word in words]:
            case [] | ["status"]:
                return await self._choosing.status(user, channel)
            case [("on" | "all" | "asked" | "off") as chosen]:
                return await self._choosing.choose(user, channel, CHOICES[chosen])
            case ["backfill"]:
                return await self._choosing.backfill(user, channel)
            case ["stop"]:
                return await self._choosing.stop(user, channel)
            case ["keep", *period]:
                return await self._keep(user, channel, period)
        return Answer(sentences.UNKNOWN)

    async def _keep(self, user: str, channel: str, period: list[str]) -> Answer:
        try:
            return await self._choosing.keep(user, channel, read_period(period))
        except NotAPeriod:
            return Answer(sentences.HOW_TO_KEEP)

    async def press(self, body: Mapping[str, Any]) -> None:
        """Do what the button says, and tell whoever pressed it."""
        answer = await self._pressed(body)
        view = body.get("view") or {}
        if view.get("type") == "modal":
            await self._screens.show(str(view["id"]), notice(sentences.ARCHIVE, answer.text))
        else:
            await self._desk.tell(body, answer.text, answer.blocks or [text(answer.text)], mrkdwn=True)

    async def _pressed(self, body: Mapping[str, Any]) -> Answer:
        user, value = str(body["user"]["id"]), value_of(body)
        channel = value or channel_of(body)
        match str((body.get("actions") or [{}])[0].get("action_id")):
            case labels.TURN_ON:
                return await self._choosing.choose(user, channel, Archives.ALL)
            case labels.TURN_OFF:
                return await self._choosing.choose(user, channel, Archives.OFF)
            case labels.BACKFILL:
                return await self._choosing.backfill(user, channel)
            case labels.STOP:
                return await self._choosing.stop(user, channel)
            case labels.ERASE:
                return await self._choosing.erase(user, value)
        return Answer(sentences.KEPT_AS_IT_IS)

    def joined(self, joined: BotJoined) -> None:
        """Whoever added us to a channel is offered to turn its archive on; nobody else sees that."""
        if not joined.by:
            return
        said = sentences.JOINED.format(where=f"<#{escape(joined.channel)}>")
        blocks = [text(said), buttons(button(labels.TURN_ON, sentences.TURN_ON, joined.channel, style="primary"))]
        place = Message(team=joined.team, channel=joined.channel, ts="", thread_ts="", user=joined.by)
        self._background.start(self._notes.tell(place, said, blocks))
