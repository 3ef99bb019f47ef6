"""The buttons of search hits: more results, images like this one, a question about it. Each is a turn in the thread.

What a button needs is in its value, by ids, and in the database and the archive: it outlives the process, and what was
forgotten or deleted meanwhile is gone for it too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from html import escape as escaped
from itertools import count
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncApp

from bot.slack.events import Identity, Message
from bot.slack.listening.asking import Asked, Asking
from bot.slack.listening.presses import Desk, channel_of, message_of, pressed_at, thread_of, value_of
from bot.slack.permalinks import posted_file
from bot.slack.replying import labels
from bot.slack.replying.cards import ASK, LIKE, MORE
from bot.slack.replying.chips import CHIP
from bot.slack.scopes import Shown
from bot.slack.storage.inbox import Inbox, Row, State
from bot.slack.surface.question import Place, Questions
from bot.slack.web import Web
from tools.kit import Archive, Gate, Item, Spoken
from tools.kit.archive.chips import without

log = logging.getLogger(__name__)

AGAIN = (State.FAILED, State.STOPPED)
"""What ended so may be asked once more."""


class HitButtons:
    """`press_…` take the body of Slack's payload and never raise for what is in it. It is acknowledged after them: what
    was asked is recorded by then."""

    def __init__(
        self,
        web: Web,
        bot: Identity,
        inbox: Inbox,
        asking: Asking,
        questions: Questions,
        archive: Callable[[], Awaitable[Archive]],
        shown: Shown,
        gate: Gate,
    ) -> None:
        self._desk, self._bot, self._inbox = Desk(web), bot, inbox
        self._asking, self._questions = asking, questions
        self._archive, self._shown, self._gate = archive, shown, gate

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us."""

        async def more(ack: Any, body: dict[str, Any]) -> None:
            await self.press_more(body)
            await ack()

        async def like(ack: Any, body: dict[str, Any]) -> None:
            await self.press_like(body)
            await ack()

        async def ask(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            await self.press_ask(body)

        async def widen(ack: Any, body: dict[str, Any]) -> None:
            await self.press_chip(body)
            await ack()

        app.action(MORE)(more)
        app.action(re.compile(CHIP))(widen)
        app.action(LIKE)(like)
        app.action(ASK)(ask)

    async def press_more(self, body: Mapping[str, Any]) -> None:
        """The next hits of a search, without those that were shown."""
        run, _, number = value_of(body).partition(":")
        search = _search(await self._row(run, body), number)
        if search is None:
            await self._desk.tell(body, labels.GONE)
            return
        call = {"name": "search", "args": {**search["arguments"], "without": search["shown"]}}
        await self._ask(body, labels.MORE_RESULTS, f"more:{run}:{number}", call)

    async def press_chip(self, body: Mapping[str, Any]) -> None:
        """A search without one of its conditions."""
        run, number, place = (*value_of(body).split(":"), "", "")[:3]
        search = _search(await self._row(run, body), number)
        chip = next((chip for at, chip in enumerate((search or {}).get("chips") or ()) if str(at) == place), None)
        if search is None or chip is None:
            await self._desk.tell(body, labels.GONE)
            return
        widened = without(search["arguments"], chip["key"], chip["value"])
        args = {name: said for name, said in widened.items() if name != "without"}
        call = {"name": search.get("tool", "search"), "args": args}
        words = labels.WITHOUT_CHIP.format(chip=self._gate.clean(str(chip["label"])))
        await self._ask(body, words, f"chip:{run}:{number}:{place}", call)

    async def press_like(self, body: Mapping[str, Any]) -> None:
        """A search with the picture of a hit."""
        item = await self._item(body)
        if item is None:
            await self._desk.tell(body, labels.HIT_GONE)
            return
        words = labels.LIKE_HIT.format(name=self._gate.clean(item.name))
        call = {"name": "search", "args": {"like": item.id}}
        await self._ask(body, words, f"like:{message_of(body)}:{item.id}", call)

    async def press_ask(self, body: Mapping[str, Any]) -> None:
        """The form for a question about a hit."""
        item = await self._item(body)
        file = posted_file(item) if item else None
        if item is None or file is None:
            await self._desk.tell(body, labels.HIT_GONE)
            return
        message = self._message(body)
        if refusal := await self._asking.refusal(message):
            await self._desk.tell(body, refusal)
            return
        hits = {} if item.audience == message.channel else {file: item.id}
        place = Place(message.channel, message.thread_ts, message.ts, {file: item.name}, item.page, hits)
        await self._questions.open(body, place)

    # --- what is asked ----------------------------------------------------------------------------

    async def _ask(self, body: Mapping[str, Any], words: str, act: str, call: dict[str, Any]) -> None:
        """Once for everybody, unless it came to nothing."""
        for attempt in count(1):
            asked = await self._asking.ask(self._message(body, words, f"{act}:{attempt}", call))
            if not _failed_before(asked):
                break
        if sentence := asked.refusal or ("" if asked.new else labels.ASKED_ALREADY):
            await self._desk.tell(body, sentence)

    def _message(
        self, body: Mapping[str, Any], words: str = "", once: str = "", call: dict[str, Any] | None = None
    ) -> Message:
        user = body["user"]
        return Message(
            team=self._bot.team,
            channel=channel_of(body),
            ts=pressed_at(body),
            thread_ts=thread_of(body) or message_of(body),
            user=user["id"],
            user_team=str(user.get("team_id") or ""),
            text=escaped(words, quote=False),
            mentioned=True,
            once=once,
            call=call,
        )

    # --- what was pressed -------------------------------------------------------------------------

    async def _row(self, run: str, body: Mapping[str, Any]) -> Row | None:
        """The turn of a button, when it is one of the channel in which the button was pressed."""
        try:
            row = await self._inbox.of_run(UUID(run))
        except ValueError:
            return None
        return row if row and (row.key.team, row.key.channel) == (self._bot.team, channel_of(body)) else None

    async def _item(self, body: Mapping[str, Any]) -> Item | None:
        """The image of a hit, as long as it is in the archive and whoever pressed may be shown it there."""
        channel, user = channel_of(body), str(body["user"]["id"])
        try:
            scope = await self._shown(channel, user)
            found = await (await self._archive()).get(scope, [value_of(body)])
        except (Spoken, ValueError) as error:
            log.info("A hit is not looked up: %s", error)
            return None
        return found[0] if found else None


def _failed_before(asked: Asked) -> bool:
    return not asked.new and asked.row is not None and asked.row.state in AGAIN


def _search(row: Row | None, number: str) -> dict[str, Any] | None:
    searches = (row.searches or []) if row and not row.message.deleted else []
    return next((search for search in searches if str(search["number"]) == number), None)
