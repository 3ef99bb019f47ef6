"""The search form: what to look for and where, and what was found, in one modal. `search_views` finds it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.edge import plain
from bot.slack.background import Background
from bot.slack.listening.presses import pressed_at
from bot.slack.listening.presses import value_of as pressed
from bot.slack.surface import sentences
from bot.slack.surface.blocks import OPTION, View, modal, notice, replacing
from bot.slack.surface.channels import Channels
from bot.slack.surface.question import Place, Questions
from bot.slack.surface.results import ASK, CHANGE, CHIP, LIKE, MORE
from bot.slack.surface.screens import Screens
from bot.slack.surface.search_entries import CHANNEL, EVERYWHERE, QUERY, UNTIL, entries, filled_in
from bot.slack.surface.search_views import Asker, SearchViews, here_of, remembered, search_of
from bot.slack.surface.searching import PAGE, Search
from tools.kit import Gate

SHORTCUT, FORM = "spyglass_search", "spyglass_search_form"
IN_TIME = 2.0
"""Seconds for which a submission waits for what is found: it is acknowledged within three."""
SETTLE = 0.5
"""Seconds after an acknowledgement: what Slack is told before it has shown the acknowledged view would be undone."""


class SearchForms:
    """Opens the form, and shows what is found in its place. All it knows is in the view, so it outlives the process."""

    def __init__(
        self,
        screens: Screens,
        channels: Channels,
        views: SearchViews,
        questions: Questions,
        background: Background,
        gate: Gate,
    ) -> None:
        self._screens, self._channels, self._views = screens, channels, views
        self._questions, self._background, self._gate = questions, background, gate

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
        if search.channel.startswith("D") and search.channel != here_of(body["view"]):
            return _wrong(CHANNEL, sentences.NOT_OURS), None
        return {}, search

    async def press(self, body: Mapping[str, Any]) -> None:
        """A button under what was found."""
        view, user = body["view"], _asker(body)
        here, search = here_of(view), search_of(view)
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
        blocks, kept = entries(search, named), remembered(here, search)
        return modal(sentences.SEARCH, blocks, callback=FORM, submit=sentences.SEARCH_SUBMIT, kept=kept)

    # --- what was found ---------------------------------------------------------------------------

    async def _answer(self, ack: Any, body: Mapping[str, Any], search: Search) -> None:
        """Acknowledge in time, with names where they are found by then. Pictures come after that: one that Slack does
        not show keeps a whole view from being shown, and what is acknowledged with is never said to be refused."""
        here = here_of(body["view"])
        finding = asyncio.ensure_future(self._views.found(_asker(body), here, search))
        await asyncio.wait([finding], timeout=IN_TIME)
        at_first = finding.result()[-1] if finding.done() else self._views.waiting(here, search)
        await ack(**replacing(at_first))
        self._background.start(self._follow(str(body["view"]["id"]), finding))

    async def _follow(self, view_id: str, finding: Awaitable[list[View]]) -> None:
        await asyncio.sleep(SETTLE)
        await self._show_one(view_id, await finding)

    async def _show(self, view_id: str, user: Asker, here: str, search: Search) -> None:
        await self._show_one(view_id, await self._views.found(user, here, search))

    async def _show_one(self, view_id: str, views: Sequence[View]) -> None:
        """The first that Slack takes."""
        for view in views:
            if await self._screens.show(view_id, view):
                return

    async def _ask(self, body: Mapping[str, Any], search: Search) -> None:
        """In the thread in which it was posted."""
        hit = await self._views.hit(_asker(body), pressed(body), search)
        if hit is None:
            await self._screens.open(body, notice(sentences.ASK, sentences.GONE))
            return
        item, origin = hit
        about = {origin.file: origin.name}
        await self._questions.open(body, Place(item.audience, origin.thread_ts, pressed_at(body), about, item.page))

    def _clean(self, said: str) -> str:
        return self._gate.clean(plain(said))


def _asker(body: Mapping[str, Any]) -> Asker:
    """Commands name them apart, and are only heard in their own workspace."""
    user = body.get("user") or {}
    return Asker(str(user.get("id") or body.get("user_id") or ""), str(user.get("team_id") or ""))


def _wrong(field: str, sentence: str) -> dict[str, Any]:
    return {"response_action": "errors", "errors": {field: sentence}}
