"""What stands on the cards of hits besides what their search says, and whether a workspace has cards at all.

Slack does not say beforehand which blocks it takes: cards are tried, and where they are refused the hits are shown on a
sheet and in a list, from then on at once, for as long as the process lives.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.counting import day_of
from bot.slack.events import Message
from bot.slack.fetching.thumbnails import Thumbnails, is_shown_by_slack
from bot.slack.people import People
from bot.slack.permalinks import file_of, posted_file
from bot.slack.replying import labels
from bot.slack.replying.cards import Source, Sources
from bot.slack.replying.hits import searches
from bot.slack.replying.parts import CardsRefused, Parts
from bot.slack.replying.pictures import FIRST_THUMBNAIL, show_one
from bot.slack.scopes import Shown
from bot.slack.storage.records import Records
from bot.turns.running import Answer
from tools.kit import Archive, Item, Spoken

log = logging.getLogger(__name__)

FILE = "slack_file"


class Sourcing:
    """Looks after the cards of one workspace."""

    def __init__(
        self,
        archive: Callable[[], Awaitable[Archive]],
        shown: Shown,
        records: Records,
        people: People,
        thumbnails: Thumbnails,
    ) -> None:
        self._archive, self._shown, self._records = archive, shown, records
        self._people, self._thumbnails = people, thumbnails
        self._has_cards = True

    @property
    def has_cards(self) -> bool:
        """Whether cards are worth a try here."""
        return self._has_cards

    async def of(self, question: Message, answer: Answer, parts: Parts) -> Sources | None:
        """What is known of the hits of an answer, for cards; None where they are not to be shown as cards.

        Raises: Unsure.
        """
        ids = [str(hit["id"]) for search in searches(answer) for hit in search.hits if hit.get("id")]
        if not ids or not self._has_cards:
            return None
        try:
            scope = await self._shown(question.channel, question.user)
            items = await (await self._archive()).get(scope, ids)
        except (Spoken, ValueError) as error:
            log.warning("The hits of %s are not shown as cards: %s", question.key, error)
            return None
        posted = await self._posted(question, items)
        files = await asyncio.gather(*(self._file(parts, number, item) for number, item in enumerate(items)))
        return {item.id: Source(file, posted.get(item.id, "")) for item, file in zip(items, files, strict=True)}

    def note_refused(self, error: CardsRefused) -> None:
        """Cards were refused: are there none here, or was it about a file on one of them?"""
        said: list[Any] = (error.refused.told.get("response_metadata") or {}).get("messages") or []
        if said and all(FILE in str(one) for one in said):
            log.warning("A picture on a card was refused: %s", said)
            return
        self._has_cards = False
        log.warning("Slack has no cards here: hits are shown on a sheet and in a list. %s", said)

    async def _posted(self, question: Message, items: list[Item]) -> Mapping[str, str]:
        """By whom, where and when the image of each item was posted, where that is known."""
        posted = {item.id: (item.post.user, item.post.ts) for item in items if item.post and item.post.user}
        files = {item.id: file for item in items if item.id not in posted and (file := file_of(item.path))}
        known = await self._records.posters(question, files.values()) if files else {}
        posted |= {key: known[file] for key, file in files.items() if file in known}
        names = await self._people.names({user for user, _ in posted.values()})
        elsewhere = {item.id: item.post.channel for item in items if item.post and item.audience != question.channel}
        return {key: _said(names.get(user, user), elsewhere.get(key, ""), ts) for key, (user, ts) in posted.items()}

    async def _file(self, parts: Parts, number: int, item: Item) -> str | None:
        """A file that shows it: the one that was posted, or a picture of it where Slack cannot show that."""
        if is_shown_by_slack(item):
            return posted_file(item)

        async def drawn() -> bytes:
            return await self._thumbnails.png(item)

        return await show_one(parts, FIRST_THUMBNAIL + number, f"{item.id}.png", drawn, labels.PICTURE)


def _said(name: str, channel: str, ts: str) -> str:
    """channel: where it is another than that of the question."""
    day = day_of(datetime.fromtimestamp(float(ts), UTC))
    if not channel:
        return labels.POSTED.format(name=name, day=day)
    return labels.POSTED_IN.format(name=name, channel=channel, day=day)
