"""The buttons below what one person alone was told: what they do is seen by whoever pressed, and by nobody else.

An ephemeral message cannot be changed or replied to. So images like a hit are found in a modal, and a question about
one is asked in a form and answered in direct messages. Whoever presses sees what they may see by now.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack.audiences import Audiences
from bot.slack.background import Background
from bot.slack.events import Identity
from bot.slack.listening.asking import Asking, alone
from bot.slack.listening.presses import Desk, pressed_at
from bot.slack.listening.presses import value_of as pressed
from bot.slack.permalinks import posted_file
from bot.slack.replying.beside import FORM
from bot.slack.replying.cards import ALONE
from bot.slack.surface import sentences
from bot.slack.surface.question import Place, Questions
from bot.slack.surface.search import SearchForms
from bot.slack.surface.searching import Search, Searching
from bot.slack.web import Web
from tools.kit import Item, Spoken

log = logging.getLogger(__name__)


class AsideButtons:
    """`press_…` take the body of Slack's payload and never raise for what is in it."""

    def __init__(
        self,
        web: Web,
        bot: Identity,
        audiences: Audiences,
        searching: Searching,
        forms: SearchForms,
        questions: Questions,
        asking: Asking,
        background: Background,
    ) -> None:
        self._desk, self._bot, self._audiences = Desk(web), bot, audiences
        self._searching, self._forms, self._questions = searching, forms, questions
        self._asking, self._background = asking, background

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us."""
        for action, press in ((ALONE.ask, self.press_ask), (ALONE.like, self.press_like), (FORM, self.press_form)):
            app.action(action)(self._listener(press))

    def _listener(self, press: Callable[[Mapping[str, Any]], Coroutine[Any, Any, None]]) -> Any:
        async def listener(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._background.start(press(body))

        return listener

    async def press_like(self, body: Mapping[str, Any]) -> None:
        """Images like a hit, in a modal."""
        item = await self._item(body)
        if item is None:
            await self._desk.tell(body, sentences.GONE_ALONE)
        else:
            await self._opened(body, await self._forms.open(body, search=Search("", like=item.id)))

    async def press_form(self, body: Mapping[str, Any]) -> None:
        """The search form, filled with what was searched for; images like another one are shown at once."""
        search = _search(pressed(body))
        shown = self._forms.open(body, search=search) if search.like else self._forms.open_filled(body, search)
        await self._opened(body, await shown)

    async def press_ask(self, body: Mapping[str, Any]) -> None:
        """The form for a question about a hit, which is answered in direct messages."""
        item = await self._item(body)
        file = posted_file(item) if item else None
        if item is None or file is None:
            await self._desk.tell(body, sentences.GONE_ALONE)
            return
        user, at = body["user"], pressed_at(body)
        asker = alone(self._bot.team, str(user["id"]), at, str(user.get("team_id") or ""))
        if refusal := await self._asking.refusal(asker):
            await self._desk.tell(body, refusal)
            return
        await self._questions.open(body, Place("", "", at, {file: item.name}, item.page, {file: item.id}))

    async def _opened(self, body: Mapping[str, Any], opened: bool) -> None:
        if not opened:
            await self._desk.tell(body, sentences.TRIGGER_LATE)

    async def _item(self, body: Mapping[str, Any]) -> Item | None:
        """The image of a hit, as long as it is in the archive and whoever pressed may see it."""
        try:
            scope = await self._audiences.of_person(str(body["user"]["id"]))
            return await self._searching.item(pressed(body), scope)
        except Spoken as error:
            log.info("A hit is not looked up: %s", error)
            return None


def _search(value: str) -> Search:
    """What a button holds; an empty search where that is none."""
    try:
        kept = json.loads(value or "null")
    except ValueError:
        kept = None
    return (Search.read(kept) if isinstance(kept, dict) else None) or Search("")
