"""What a channel sees of its history being looked through: one message below the announcement, with a button."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from bot.counting import day_of
from bot.slack.archiving.history.backfills import Backfill
from bot.slack.archiving.telling import sentences
from bot.slack.archiving.telling.announcements import Announcements
from bot.slack.archiving.telling.labels import STOP
from bot.slack.bulk.board import PACE, PATIENCE, put
from bot.slack.events import Identity, Message
from bot.slack.replying.parts import Parts
from bot.slack.replying.replies import Reply
from bot.slack.storage.outbox import Outbox
from bot.slack.surface.blocks import button, buttons, text
from bot.slack.web import RATE_LIMITED, Refused, Unsure, Web

__all__ = ["PACE", "Board"]

log = logging.getLogger(__name__)


class Board:
    """Shows how far a backfill is."""

    def __init__(self, web: Web, outbox: Outbox, announcements: Announcements, bot: Identity) -> None:
        self._web, self._outbox, self._announcements, self._bot = web, outbox, announcements, bot

    async def show(self, one: Backfill, waiting: int) -> None:
        """Slack being busy, or having none of it, is no reason to stop looking."""
        parts = await self._parts(one)
        if parts is None:
            return
        reply = _reply(_so_far(one, waiting), one.channel)
        try:
            await put(parts, await parts.intend(one.run, "message"), reply, patience=PATIENCE)
        except (Refused, Unsure) as error:
            log.info("How far the history of %s is looked through is not shown: %s", one.channel, error)

    async def finish(self, one: Backfill, reason: str, failing: int, left: int = 0) -> None:
        """The last word. failing: postings that are tried further. left: those that were found and let go.

        Raises: Unsure when it may be said later."""
        parts = await self._parts(one)
        if parts is None:
            return
        try:
            await parts.post(one.run, _reply(_ended(one, reason, failing, left)))
        except Refused as refused:
            if refused.error == RATE_LIMITED:
                raise Unsure(str(refused)) from refused
            log.info("That the history of %s was looked through is not said: %s", one.channel, refused)

    async def _parts(self, one: Backfill) -> Parts | None:
        """In the thread of what was said about the archive; None where nothing was, or could be."""
        said = await self._announcements.of(one.team, one.channel)
        if said is None or said.ts is None:
            return None
        place = Message(team=one.team, channel=one.channel, ts=said.ts, thread_ts=said.ts)
        return Parts(self._web, self._outbox, place, self._bot)


def _reply(said: str, stops: str = "") -> Reply:
    stop = [buttons(button(STOP, sentences.STOP, stops))] if stops else []
    return Reply(said, (text(said), *stop))


def _so_far(one: Backfill, waiting: int) -> str:
    numbers = {"messages": sentences.messages(one.messages), "files": sentences.files(one.files)}
    if one.whole:
        said = sentences.FILLING.format(**numbers)
    elif one.messages:
        said = sentences.LOOKING.format(day=day_of(datetime.fromtimestamp(float(one.reached), UTC)), **numbers)
    else:
        said = sentences.BEGINNING
    return f"{said} {sentences.WAIT_LEFT.format(waiting=waiting)}" if waiting else said


def _ended(one: Backfill, reason: str, failing: int, left: int) -> str:
    numbers = {"messages": sentences.messages(one.messages), "files": sentences.files(max(0, one.files - left))}
    if reason == "done":
        said = sentences.FINISHED if not failing else sentences.NEARLY_FINISHED
        return said.format(failing=sentences.files(failing), **numbers)
    if reason in ("stopped", "off"):
        stopped = sentences.STOPPED.format(**numbers)
        return f"{stopped} {sentences.LET_GO.format(left=sentences.files(left))}" if left else stopped
    return sentences.REFUSED.format(error=reason, **numbers)
