"""The search form: what to look for and where, and what was found, in one modal."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.edge import plain
from bot.slack import messages
from bot.slack.audiences import Audiences
from bot.slack.background import Background
from bot.slack.directory import zone_of
from bot.slack.events import Identity, Message
from bot.slack.listening.asking import Asking
from bot.slack.listening.presses import pressed_at
from bot.slack.listening.presses import value_of as pressed
from bot.slack.people import People
from bot.slack.storage.searches import Past, Searches
from bot.slack.surface import sentences
from bot.slack.surface.blocks import (
    OPTION,
    Block,
    View,
    button,
    buttons,
    kept_in,
    modal,
    notice,
    outside,
    replacing,
    small,
    text,
)
from bot.slack.surface.channels import Channels
from bot.slack.surface.question import Place, Questions
from bot.slack.surface.results import ASK, CHANGE, CHIP, LIKE, MORE, narrowed_to, results
from bot.slack.surface.screens import Screens
from bot.slack.surface.search_entries import CHANNEL, EVERYWHERE, QUERY, UNTIL, entries, filled_in
from bot.slack.surface.searching import PAGE, Search, Searching
from tools.kit import Gate, Scope, Spoken

log = logging.getLogger(__name__)

SHORTCUT, FORM, FOUND = "spyglass_search", "spyglass_search_form", "spyglass_search_found"
IN_TIME = 2.0
"""Seconds for which a submission waits for what is found: it is acknowledged within three."""
SETTLE = 0.5
"""Seconds after an acknowledgement: what Slack is told before it has shown the acknowledged view would be undone."""
Changed = Callable[[str], None]


@dataclass(frozen=True)
class Asker:
    """Who acts, and the workspace they are of where the payload says so: who is of another may not be answered."""

    id: str
    team: str


class SearchForms:
    """Opens the form, searches, and shows what was found. All it knows is in the view, so it outlives the process."""

    def __init__(
        self,
        bot: Identity,
        screens: Screens,
        channels: Channels,
        searching: Searching,
        searches: Searches,
        audiences: Audiences,
        people: People,
        questions: Questions,
        asking: Asking,
        background: Background,
        gate: Gate,
        hosts: Sequence[str],
        changed: Changed,
    ) -> None:
        """changed: told of whom something was kept that their home tab shows."""
        self._bot, self._screens, self._channels = bot, screens, channels
        self._searching, self._searches = searching, searches
        self._audiences, self._people = audiences, people
        self._questions, self._asking, self._background = questions, asking, background
        self._gate, self._hosts, self._changed = gate, hosts, changed

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us. Everything is acknowledged at once."""

        async def shortcut(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._background.start(self.open(body))

        async def submit(ack: Any, body: dict[str, Any]) -> None:
            wrong, search = self.submit(body)
            if search is None:
                await ack(**wrong)
            else:
                await self._answer(ack, body, search)

        async def press(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._background.start(self.press(body))

        app.shortcut({"callback_id": SHORTCUT, "type": "shortcut"})(shortcut)
        app.view(FORM)(submit)
        for action in (MORE, CHANGE, LIKE, ASK, re.compile(CHIP)):
            app.action(action)(press)

    async def open(self, body: Mapping[str, Any], here: str = "", search: Search | None = None) -> bool:
        """The form, or what is found at once. False when Slack opens nothing (any more).

        here: the channel it is opened from.
        """
        view_id = await self._screens.open(body, notice(sentences.SEARCH, sentences.ONE_MOMENT))
        if not view_id:
            return False
        user = _asker(body)
        if search is None:
            await self._screens.show(view_id, await self._form(user.id, here, Search("")))
        else:
            await self._show(view_id, user, here, search)
        return True

    async def open_filled(self, body: Mapping[str, Any], search: Search) -> bool:
        """The form, filled with that search."""
        view_id = await self._screens.open(body, notice(sentences.SEARCH, sentences.ONE_MOMENT))
        return bool(view_id) and await self._screens.show(view_id, await self._form(_asker(body).id, "", search))

    def submit(self, body: Mapping[str, Any]) -> tuple[dict[str, Any], Search | None]:
        """What is filled in wrong, or else what is to be searched for."""
        search = filled_in(body["view"])
        if not search.goes_by_something:
            return _wrong(QUERY, sentences.NO_QUERY), None
        if search.since and search.until and search.until < search.since:
            return _wrong(UNTIL, sentences.TURNED_ROUND), None
        if search.channel.startswith("D") and search.channel != _here(body["view"]):
            return _wrong(CHANNEL, sentences.NOT_OURS), None
        return {}, search

    async def press(self, body: Mapping[str, Any]) -> None:
        """A button under what was found."""
        view, user = body["view"], _asker(body)
        here, search = _kept(view)
        if search is None:
            await self._screens.show(view["id"], notice(sentences.SEARCH, sentences.LOST))
            return
        action = body["actions"][0]["action_id"]
        if action == CHANGE:
            await self._screens.show(view["id"], await self._form(user.id, here, search))
        elif action == ASK:
            await self._ask(body, search)
        elif action == MORE:
            await self._show(view["id"], user, here, search.more)
        elif action.startswith(CHIP):
            wider = search.without(pressed(body))
            await self._show(view["id"], user, here, wider if wider.goes_by_something else search)
        else:
            await self._show(view["id"], user, here, replace(search, query="", like=pressed(body), shown=PAGE))

    # --- what to search for -----------------------------------------------------------------------

    async def _form(self, user: str, here: str, search: Search) -> View:
        channels = await self._channels.shared(user)
        direct = [(here, sentences.DIRECT)] if here.startswith("D") else []
        everywhere = [(EVERYWHERE, sentences.EVERYWHERE)]
        named = [*everywhere, *direct, *((each.id, self._clean(f"#{each.name}"[:OPTION])) for each in channels)]
        blocks, kept = entries(search, named), _keep(here, search)
        return modal(sentences.SEARCH, blocks, callback=FORM, submit=sentences.SEARCH_SUBMIT, kept=kept)

    # --- what was found ---------------------------------------------------------------------------

    async def _answer(self, ack: Any, body: Mapping[str, Any], search: Search) -> None:
        """Acknowledge in time, with names where they are found by then. Pictures come after that: one that Slack does
        not show keeps a whole view from being shown, and what is acknowledged with is never said to be refused."""
        here = _here(body["view"])
        finding = asyncio.ensure_future(self._views(_asker(body), here, search))
        await asyncio.wait([finding], timeout=IN_TIME)
        at_first = finding.result()[-1] if finding.done() else self._searching_view(here, search)
        await ack(**replacing(at_first))
        self._background.start(self._follow(str(body["view"]["id"]), finding))

    def _searching_view(self, here: str, search: Search) -> View:
        """With a way on, should nobody be left to put what is found in its place."""
        blocks = [text(sentences.SEARCHING), buttons(button(CHANGE, sentences.CHANGE))]
        return modal(sentences.SEARCH, blocks, callback=FOUND, kept=_keep(here, search))

    async def _follow(self, view_id: str, finding: Awaitable[list[View]]) -> None:
        await asyncio.sleep(SETTLE)
        await self._show_one(view_id, await finding)

    async def _show(self, view_id: str, user: Asker, here: str, search: Search) -> None:
        await self._show_one(view_id, await self._views(user, here, search))

    async def _show_one(self, view_id: str, views: Sequence[View]) -> None:
        """The first that Slack takes."""
        for view in views:
            if await self._screens.show(view_id, view):
                return

    async def _views(self, user: Asker, here: str, search: Search) -> list[View]:
        """What was found, with pictures and without; or the sentence that there is instead. Never raises."""
        try:
            found = await self._found(user, search)
        except Spoken as said:
            found = [self._nothing(search, str(said))]
        except Exception:
            log.exception("A search failed.")
            found = [self._nothing(search, sentences.TRY_AGAIN)]
        kept = _keep(here, search)
        return [modal(sentences.SEARCH, blocks, callback=FOUND, kept=kept) for blocks in found]

    async def _found(self, user: Asker, search: Search) -> list[list[Block]]:
        """Raises: Spoken."""
        if refusal := await self._refusal(user, search.channel):
            return [[text(refusal)]]
        scope = await self._scope(user, search.channel)
        if scope is None:
            return [[text(messages.NOT_A_MEMBER)]]
        found = await self._searching.find(search, scope, zone_of((await self._people.person(user.id)).zone))
        if search.goes_by_something and not search.like and search.shown == PAGE:
            await self._searches.keep(self._bot.team, user.id, Past(search.channel, search.asked))
            self._changed(user.id)
        by = (await self._people.person(search.by)).name if search.by else ""
        how: dict[str, Any] = {"clean": self._clean, "hosts": self._hosts, "by": by}
        return [results(search, found, **how), results(search, found, **how, pictures=False)]

    def _nothing(self, search: Search, sentence: str) -> list[Block]:
        return [
            small(narrowed_to(search, self._clean)),
            outside(self._clean(sentence)),
            buttons(button(CHANGE, sentences.CHANGE)),
        ]

    async def _refusal(self, user: Asker, channel: str) -> str:
        """Why that person may not see what is in a channel; each look counts as a question."""
        now = f"{time.time():.6f}"
        asked = {"team": self._bot.team, "ts": now, "thread_ts": now, "user": user.id, "user_team": user.team}
        # everywhere is no channel that could be switched off or that they could be no member of
        place = {"channel": channel} if channel else {"channel": user.id, "channel_type": "im"}
        return await self._asking.refusal(Message(**asked, **place))

    async def _scope(self, user: Asker, channel: str) -> Scope | None:
        """What they may see of what they search; None when that is nothing."""
        if channel:
            return await self._audiences.in_channel(channel, user.id)
        return await self._audiences.of_person(user.id)

    async def _ask(self, body: Mapping[str, Any], search: Search) -> None:
        """In the thread in which it was posted."""
        scope = await self._scope(_asker(body), search.channel)
        item = await self._searching.item(pressed(body), scope) if scope else None
        origin = await self._searching.origin(item) if item else None
        if item is None or origin is None:
            await self._screens.open(body, notice(sentences.ASK, sentences.GONE))
            return
        about = {origin.file: origin.name}
        await self._questions.open(body, Place(item.audience, origin.thread_ts, pressed_at(body), about, item.page))

    def _clean(self, said: str) -> str:
        return self._gate.clean(plain(said))


def _keep(here: str, search: Search) -> dict[str, Any]:
    return {"here": here, "search": asdict(search)}


def _here(view: Mapping[str, Any]) -> str:
    """The channel the form was opened from."""
    return str(kept_in(view).get("here") or "")


def _kept(view: Mapping[str, Any]) -> tuple[str, Search | None]:
    kept = kept_in(view)
    search = kept.get("search")
    return _here(view), Search.read(search) if isinstance(search, dict) else None


def _asker(body: Mapping[str, Any]) -> Asker:
    """Commands name them apart, and are only heard in their own workspace."""
    user = body.get("user") or {}
    return Asker(str(user.get("id") or body.get("user_id") or ""), str(user.get("team_id") or ""))


def _wrong(field: str, sentence: str) -> dict[str, Any]:
    return {"response_action": "errors", "errors": {field: sentence}}
