"""`/spyglass forget`: what is to be forgotten, whether somebody may have it forgotten, and the question before that."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.logs import note
from bot.slack import messages
from bot.slack.events import Identity
from bot.slack.people import People
from bot.slack.storage.forgetting import Counts, Forgetting, Whose

log = logging.getLogger(__name__)

ERASE, KEEP = "spyglass_erase", "spyglass_keep"
"""Action ids of the buttons that confirm."""
LINK = re.compile(r"/archives/([A-Z][A-Z0-9]+)/p(\d{10})(\d{6})(?:\?(?:\S*?&(?:amp;)?)?thread_ts=(\d{10}\.\d{6}))?")
"""A message's permalink: channel, ts, and the thread's ts where it is a reply's."""
NAMES = {"me": "you", "channel": "this channel", "thread": "that thread"}


@dataclass(frozen=True)
class Said:
    """An answer in mrkdwn, perhaps with buttons."""

    text: str
    blocks: list[dict[str, Any]] | None = None


class ForgetCommand:
    """Asks, and erases once that is confirmed."""

    def __init__(self, bot: Identity, people: People, forgetting: Forgetting, changed: Callable[[str], None]) -> None:
        """changed: told whose home tab is no longer as they know it."""
        self._bot, self._people, self._forgetting, self._changed = bot, people, forgetting, changed

    async def answer(self, channel: str, user: str, words: list[str]) -> Said:
        """words: what follows the command."""
        match [word.lower() for word in words[:1]], words[1:]:
            case ["me"], []:
                return await self._confirm("me", user, Whose(self._bot.team, user=user))
            case ["channel"], []:
                return await self._confirm("channel", user, Whose(self._bot.team, channel=channel))
            case ["thread"], [link] if found := LINK.search(link):
                place, seconds, micros, root = found.groups()
                thread = Whose(self._bot.team, channel=place, thread_ts=root or f"{seconds}.{micros}")
                return await self._confirm("thread", user, thread)
            case ["thread"], _:
                return Said(messages.WHICH_THREAD)
        return Said(messages.HOW_TO_FORGET)

    async def press(self, body: Mapping[str, Any]) -> Said:
        """What to say to a press of a button that confirms. Who presses may have lost the right since."""
        action, user = body["actions"][0], body["user"]["id"]
        if action["action_id"] != ERASE:
            return Said(messages.KEPT)
        try:
            asked = json.loads(action.get("value") or "")
            what, by, whose = asked["what"], asked["by"], Whose(self._bot.team, **asked["whose"])
        except (ValueError, KeyError, TypeError):
            return Said(messages.STALE)
        if by != user:
            return Said(messages.STALE)
        if refusal := await self._may_not(what, user, whose):
            return Said(refusal)
        counts = await self._forgetting.erase(whose)
        self._changed(user)
        note(log, "forgotten", what=what, by=user, channel=whose.channel, thread_ts=whose.thread_ts, **vars(counts))
        return Said(messages.erased(str(counts)) if counts else messages.NOTHING_TO_FORGET)

    async def _confirm(self, what: str, user: str, whose: Whose) -> Said:
        if refusal := await self._may_not(what, user, whose):
            return Said(refusal)
        counts = await self._forgetting.count(whose)
        return _question(what, user, whose, counts) if counts else Said(messages.NOTHING_TO_FORGET)

    async def _may_not(self, what: str, user: str, whose: Whose) -> str | None:
        """Why somebody may not have that forgotten; None when they may. A direct message is their own channel."""
        own = whose.user == user or (what == "channel" and whose.channel.startswith("D"))
        if own or (await self._people.person(user)).admin:
            return None
        if what == "thread" and await self._forgetting.began(whose) == user:
            return None
        return messages.ONLY_THE_FIRST if what == "thread" else messages.ONLY_ADMINS


def _question(what: str, user: str, whose: Whose, counts: Counts) -> Said:
    text = messages.asks_to_erase(NAMES[what], str(counts))
    fields = {name: value for name, value in vars(whose).items() if name != "team"}
    value = json.dumps({"what": what, "by": user, "whose": fields})
    return Said(
        text,
        [
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {
                "type": "actions",
                "elements": [
                    _button(ERASE, messages.ERASE, value) | {"style": "danger"},
                    _button(KEEP, messages.KEEP, value),
                ],
            },
        ],
    )


def _button(action: str, text: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": text}, "value": value}
