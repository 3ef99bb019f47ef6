"""A channel's history is looked through for images, page by page and thread by thread, as fast as Slack likes it.

https://docs.slack.dev/reference/methods/conversations.history: some fifty calls a minute, or one for apps that are sold
outside the Marketplace; how long to wait is told with each refusal.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import logs
from bot.slack.addressing import is_own
from bot.slack.archiving.candidates import postings_of
from bot.slack.archiving.history.backfills import Backfill, Backfills, Page, Thread
from bot.slack.archiving.history.board import PACE as SHOWN
from bot.slack.archiving.history.board import Board
from bot.slack.archiving.postings import Posting
from bot.slack.archiving.telling.announcements import Announcements
from bot.slack.events import Identity
from bot.slack.payloads import read_message
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.web import RATE_LIMITED, Refused, Unsure, Web

log = logging.getLogger(__name__)

PAGE = 200
"""Messages that are asked for at once; Slack gives fewer where it wants to."""
PACE = 1.2
"""Seconds between two looks at Slack."""
PATIENCE = 5.0
"""Seconds for which one look is tried; then other channels go on."""
SETTLING = 1.0
"""Seconds between two looks whether what was found is in the archive."""
BROADCAST = "thread_broadcast"
"""Subtype of a reply that stands in the channel as well."""


@dataclass(frozen=True)
class Backfilling:
    """Works for one workspace. Everything it needs is lent to it by the office."""

    bot: Identity
    web: Web
    backfills: Backfills
    announcements: Announcements
    board: Board
    preferences: Preferences
    pace: float = PACE

    async def go_on(self, one: Backfill) -> None:
        """Do its next step."""
        try:
            await self._step(one)
        except Refused as refused:
            if refused.error == RATE_LIMITED:
                await self.backfills.later(one, max(float(refused.told.get("retry_after") or 0.0), self.pace))
            else:
                await self._end(one, refused.error)
        except Unsure as error:
            log.info("The history of %s is gone on with later: %s", one.channel, error)
            await self.backfills.later(one)

    async def _step(self, one: Backfill) -> None:
        """Raises: Refused; Unsure."""
        if one.stopped_by:
            await self._end(one, "stopped")
            return
        if await self.preferences.archives(one.team, one.channel) is not Archives.ALL:
            await self._end(one, "off")
            return
        if await self.backfills.may_show(one, SHOWN):
            await self.board.show(one, (await self.backfills.left(one)).waiting)
        if thread := await self.backfills.thread(one):
            await self.backfills.keep_thread(one, thread, await self._replies(one, thread))
        elif not one.whole:
            await self.backfills.keep(one, await self._history(one))
        elif (await self.backfills.left(one)).waiting:
            await self.backfills.later(one, SETTLING)
            return
        else:
            await self._end(one, "done")
            return
        await self.backfills.later(one, self.pace)

    async def _end(self, one: Backfill, reason: str) -> None:
        """The last word first: should we die in between, it is only said again. Raises: Unsure; Refused."""
        let_go = await self.backfills.let_go(one) if reason == "stopped" else 0
        await self.board.finish(one, reason, (await self.backfills.left(one)).failing, let_go)
        await self.backfills.over(one, reason)
        logs.note(log, "backfill", channel=one.channel, reason=reason, messages=one.messages, files=one.files)

    async def _history(self, one: Backfill) -> Page:
        """Newest first. Raises: Refused; Unsure."""
        told = await self.web.call(
            self.web.client.conversations_history,
            patience=PATIENCE,
            channel=one.channel,
            latest=one.reached,
            oldest=await self.preferences.oldest(one.team, one.channel),
            inclusive=False,
            limit=PAGE,
        )
        messages: list[dict[str, Any]] = told["messages"]
        roots = [str(each["ts"]) for each in messages if each.get("reply_count") and _begins_thread(each)]
        reached = min((str(each["ts"]) for each in messages), default=one.reached)
        return Page(reached, *self._found(one, messages), roots, last=not _more(told))

    async def _replies(self, one: Backfill, thread: Thread) -> Page:
        """Oldest first; Slack gives the thread's root with every page. Raises: Refused; Unsure."""
        try:
            told = await self.web.call(
                self.web.client.conversations_replies,
                patience=PATIENCE,
                channel=one.channel,
                ts=thread.thread_ts,
                oldest=thread.reached,
                inclusive=False,
                limit=PAGE,
            )
        except Refused as refused:
            if refused.error != "thread_not_found":
                raise
            return Page(thread.reached, 0, [], last=True)  # deleted meanwhile
        new = [each for each in told["messages"] if str(each["ts"]) > max(thread.reached, thread.thread_ts)]
        reached = max((str(each["ts"]) for each in new), default=thread.reached)
        only_here = [each for each in new if each.get("subtype") != BROADCAST]
        return Page(reached, *self._found(one, only_here), last=not new or not _more(told))

    def _found(self, one: Backfill, told: Sequence[Mapping[str, Any]]) -> tuple[int, list[Posting]]:
        """How many messages of others are among these, and what of theirs is wanted."""
        said = [message for each in told if (message := read_message(each, self.bot, one.channel))]
        theirs = [message for message in said if not is_own(message, self.bot)]
        return len(theirs), [posting for message in theirs for posting in postings_of(message, self.bot, late=True)]


def _more(told: Mapping[str, Any]) -> bool:
    return bool(told.get("has_more")) and bool(told["messages"])


def _begins_thread(message: Mapping[str, Any]) -> bool:
    return str(message.get("thread_ts") or message["ts"]) == str(message["ts"])
