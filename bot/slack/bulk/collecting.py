"""Which files a job of alt texts is about: a message's, a thread's, or a channel's."""

from __future__ import annotations

from typing import Any

from bot.slack.addressing import is_own
from bot.slack.bulk import sentences
from bot.slack.bulk.wanting import Where
from bot.slack.events import Identity, Message
from bot.slack.fetching.files import Wanted
from bot.slack.fetching.gathering import Gathering
from bot.slack.payloads import read_message
from bot.slack.storage.changes import TOMBSTONE
from bot.slack.storage.records import Records
from bot.slack.web import Refused, Web
from tools.kit import CannotDo

PAGE = 200
"""Messages of a channel that are asked for at once; Slack gives fewer where it wants to."""
PAGES = 50
"""Pages of a channel that are looked through: at most 10,000 messages, while the thread's other questions wait."""
PATIENCE = 60.0


class Collecting:
    """Finds them."""

    def __init__(self, web: Web, gathering: Gathering, records: Records, bot: Identity, *, most: int) -> None:
        """most: files; with more than that found, looking further changes nothing."""
        self._web, self._gathering, self._records, self._bot = web, gathering, records, bot
        self._most = most

    async def of(self, question: Message, where: Where) -> list[Wanted]:
        """The files, oldest first, each with its message. Raises: Refused; Unsure; CannotDo."""
        question = await self._gathering.whole(question)
        posted: list[Wanted] = [*(await self._records.files(question)).posted]
        own = [one for one in posted if one[0].ts == question.ts]
        if where is Where.CHANNEL:
            return await self._of_channel(question)
        return own if own and where is Where.MESSAGE else posted

    async def _of_channel(self, question: Message) -> list[Wanted]:
        """What was posted in the channel itself; threads are asked about where they are. Raises: CannotDo; Unsure."""
        newest_first: list[list[Wanted]] = []
        cursor = ""
        for _ in range(PAGES):
            told = await self._page(question, cursor)
            said = [one for each in told["messages"] if (one := read_message(each, self._bot, question.channel))]
            newest_first += [self._files(message) for message in said]
            cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor or sum(map(len, newest_first)) > self._most:
                break
        else:
            raise CannotDo(sentences.LONG_CHANNEL)
        found = [one for files in reversed(newest_first) for one in files]
        return list({str(file["id"]): (message, file) for message, file in found}.values())

    async def _page(self, question: Message, cursor: str) -> dict[str, Any]:
        try:
            return await self._web.call(
                self._web.client.conversations_history,
                patience=PATIENCE,
                channel=question.channel,
                latest=question.ts,
                inclusive=True,
                limit=PAGE,
                cursor=cursor,
            )
        except Refused as refused:
            raise CannotDo(sentences.NO_CHANNEL.format(error=refused.error)) from None

    def _files(self, message: Message) -> list[Wanted]:
        if is_own(message, self._bot):
            return []
        return [(message, file) for file in message.files if file.get("mode") != TOMBSTONE]
