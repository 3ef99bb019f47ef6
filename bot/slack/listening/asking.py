"""Questions that people ask by an act, such as pressing a button or submitting a form: turns like those of messages.

Such a question has no message in Slack. It is recorded before the act is acknowledged, once, however often the act is
repeated and by whomever: by then it will be answered whatever dies.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.logs import note
from bot.slack import messages
from bot.slack.addressing import Answers
from bot.slack.events import Message
from bot.slack.listening.access import Access
from bot.slack.membership import Membership
from bot.slack.storage.inbox import Inbox, Row
from bot.slack.storage.preferences import Preferences

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for which Slack is asked again who is in a channel: an act is acknowledged within three."""


@dataclass(frozen=True)
class Asked:
    """What came of asking."""

    row: Row | None = None
    """The turn, unless it was refused."""
    new: bool = False
    """It was not asked before."""
    refusal: str = ""
    """Why not, in mrkdwn, for whoever asked."""


def alone(team: str, user: str, at: str, user_team: str = "") -> Message:
    """What somebody does where nobody else sees it, as a message of no words in their direct messages."""
    return Message(team=team, channel=user, channel_type="im", ts=at, thread_ts=at, user=user, user_team=user_team)


class Asking:
    """Takes such questions."""

    def __init__(
        self,
        inbox: Inbox,
        access: Access,
        preferences: Preferences,
        membership: Membership,
        asked: Callable[[Message], None],
    ) -> None:
        """asked: told of every new question, once it is recorded."""
        self._inbox, self._access = inbox, access
        self._preferences, self._membership = preferences, membership
        self._asked = asked

    async def ask(self, question: Message) -> Asked:
        """Have a question answered in its thread, for those who could ask it there by a message.

        question: its `once` names the act; its `ts` is when that was by Slack's clock, to which `ts` are compared, in
        whole microseconds. The act may be acknowledged when this returns.
        """
        if refusal := await self.refusal(question):
            return Asked(refusal=refusal)
        heard = await self._inbox.hear_once(question)
        if heard.new:
            asked = heard.row.message
            note(log, "asked", turn=str(heard.row.run), channel=asked.channel, user=asked.user, ts=asked.ts)
            self._asked(asked)
        return Asked(heard.row, heard.new)

    async def refusal(self, question: Message) -> str:
        """Why that person may not ask there, in mrkdwn; empty when they may."""
        refused = self._access.at_the_door(question) or await self._access.of_person(question)
        if refused:
            note(log, "refused", why=refused.value, channel=question.channel, user=question.user, ts=question.ts)
            return messages.refused(refused)
        if question.is_direct:
            return ""
        if (await self._preferences.of(question.team, question.channel)).answers is Answers.OFF:
            return messages.OFF
        is_in = await self._membership.is_in(question.user, {question.channel}, patience=PATIENCE)
        return "" if is_in else messages.NOT_A_MEMBER
