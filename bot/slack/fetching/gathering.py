"""Which files a question is about: those of its message, those its thread holds already, those it links to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack import messages
from bot.slack.addressing import is_own
from bot.slack.events import Identity, Message
from bot.slack.fetching.downloads import Downloads
from bot.slack.fetching.files import DELETED, Files, Wanted
from bot.slack.fetching.links import NOT_HERE, Links, MayBeShown, is_from_elsewhere
from bot.slack.merging import merge
from bot.slack.payloads import read_message
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.records import Records
from bot.slack.web import Refused, Unsure, Web
from tools.kit import CannotDo

EARLIER = 20
"""Files of earlier messages that one turn takes in at most."""
PAGE = 999
PAGES = 10
"""Pages of a thread that are looked through when the bot joins it: about 10,000 messages, in some seconds."""
PATIENCE = 60.0


@dataclass(frozen=True)
class Gathered:
    """What to fetch, oldest first, and what to say of the rest."""

    question: Message
    """Complete by now; links to files that are opened read as their names."""
    wanted: list[Wanted]
    problems: list[str]
    elsewhere: frozenset[str] = frozenset()
    """Ids of the files among them that may be shown only as long as who reads the thread may see them elsewhere."""


class TooLong(CannotDo):
    """The thread has more messages than are looked through."""

    def __init__(self, question: Message) -> None:
        super().__init__(messages.TOO_LONG)
        self.question = question
        """Complete by now."""


class Gathering:
    """Finds out which files."""

    def __init__(
        self,
        web: Web,
        files: Files,
        downloads: Downloads,
        inbox: Inbox,
        records: Records,
        bot: Identity,
        preferences: Preferences,
        may_be_shown: MayBeShown,
    ) -> None:
        self._web, self._inbox, self._records, self._bot = web, inbox, records, bot
        self.links = Links(bot.team, files, downloads, preferences, may_be_shown)

    async def of(self, question: Message, *, linking: bool = True) -> Gathered:
        """Slack is asked once a thread what was posted before we joined it; from then on our own record is used.

        linking: whether links to what is from elsewhere are opened.
        """
        problems: list[str] = []
        try:
            question = await self.whole(question)
        except (Refused, Unsure):
            problems.append(messages.EARLIER_UNKNOWN)
        except TooLong as long:
            question = long.question
            problems.append(str(long))
        files = await self._records.files(question)
        if files.has_lost(question):  # whoever asked waits for a word of them
            problems.append(DELETED)
        untaken = files.untaken
        own = [one for one in untaken if _is_its_own(question, *one)]
        earlier = [one for one in untaken if not _is_its_own(question, *one)]
        if len(earlier) > EARLIER:
            problems.append(messages.TOO_MANY_EARLIER.format(number=len(earlier), most=EARLIER))
        known = {file["id"] for _, file in untaken} | files.held
        linked, refused = await self.links.opened(question, known)
        elsewhere = frozenset(str(file["id"]) for _, file in linked if is_from_elsewhere(question, file))
        if elsewhere and not linking:
            linked = [one for one in linked if one[1]["id"] not in elsewhere]
            refused.append(NOT_HERE)
        named = question.model_copy(update={"text": self.links.named(question.text, linked)})
        taken = [one for one in untaken if one in own or one in earlier[-EARLIER:]]
        return Gathered(named, [*taken, *linked], problems + refused, elsewhere - question.hits.keys())

    async def whole(self, question: Message) -> Message:
        """The question with all its files, once the record holds what was posted before it.

        Raises: Refused; Unsure; TooLong, when the record holds as much of it as could be had.
        """
        joined = await self._records.has_joined(question)
        return question if joined and question.complete else await self._ask(question, alone=joined)

    async def _ask(self, question: Message, *, alone: bool) -> Message:
        """Both at once: what an app_mention left out and, unless `alone`, what was said before we joined.

        Raises: Refused; Unsure; TooLong.
        """
        told, all_told = await self._thread(question, since=question.ts if alone else "0")
        found = [message for each in told if (message := read_message(each, self._bot, question.channel))]
        earlier = [message for message in found if message.ts < question.ts and not is_own(message, self._bot)]
        # the others neither hold anything for us, nor tell to whom the question is said or who began the thread
        telling = [one for one in earlier if one.files or one is earlier[-1] or not one.is_reply]
        await self._records.join(question, telling)
        for message in found:
            if message.ts == question.ts:
                question = merge(question, message)
        question = question.model_copy(update={"complete": True})
        await self._inbox.hear(question, for_us=True)
        if not all_told:
            raise TooLong(question)
        return question

    async def _thread(self, question: Message, *, since: str) -> tuple[list[dict[str, Any]], bool]:
        """What was said in the thread up to the question, and whether that is all of it: of a thread that is too long
        its beginning, and the question. Raises: Refused; Unsure."""
        said, cursor = [], ""
        for _ in range(PAGES):
            told = await self._page(question, since, cursor)
            said += told["messages"]
            cursor = _next_page(told)
            if not cursor:
                return said, True
        return [*said, *(await self._page(question, question.ts, ""))["messages"]], False

    async def _page(self, question: Message, since: str, cursor: str) -> dict[str, Any]:
        """Oldest messages first. Raises: Refused; Unsure."""
        return await self._web.call(
            self._web.client.conversations_replies,
            patience=PATIENCE,
            channel=question.channel,
            ts=question.thread_ts,
            oldest=since,
            latest=question.ts,
            inclusive=True,
            limit=PAGE,
            cursor=cursor,
        )


def _is_its_own(question: Message, message: Message, file: Mapping[str, Any]) -> bool:
    return message.ts == question.ts or file["id"] in question.about


def _next_page(told: Mapping[str, Any]) -> str:
    """The cursor of the next page; empty on the last one."""
    return str((told.get("response_metadata") or {}).get("next_cursor") or "")
