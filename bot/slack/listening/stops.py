"""Who may stop the work on a question, and Slack's own stop button: its event names the thread, not the question."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.background import Background
from bot.slack.events import StopAsked
from bot.slack.listening.notes import Notes
from bot.slack.people import People
from bot.slack.replying import labels
from bot.slack.storage.inbox import Inbox, Row
from graphs.memory import thread_key


async def may_stop(row: Row, user: str, people: People) -> bool:
    """Whoever asked may, and admins. Slack may have to say who is one."""
    return user == row.message.user or (await people.person(user)).admin


@dataclass(frozen=True)
class Stops:
    """Follows Slack's own stop button."""

    inbox: Inbox
    people: People
    notes: Notes
    background: Background

    async def take(self, asked: StopAsked) -> None:
        """Stop what is worked on in the thread. Slack waits for this, so who else presses it is found out later."""
        row = await self.inbox.next(thread_key(asked.team, asked.channel, asked.thread_ts))
        if row is None:
            return
        if asked.user == row.message.user:
            await self.inbox.cancel(row.key, asked.user)
        else:
            self.background.start(self._by_another(row, asked.user))

    async def _by_another(self, row: Row, user: str) -> None:
        if await may_stop(row, user, self.people):
            await self.inbox.cancel(row.key, user)
        else:
            await self.notes.tell(row.message.model_copy(update={"user": user}), labels.NOT_YOURS)
