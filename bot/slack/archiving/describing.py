"""What the archive says of a posting: who, where, when, and with what words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.archive.ids import posting_id
from bot.slack.archiving.places import Places
from bot.slack.archiving.postings import Posting
from bot.slack.events import Identity
from bot.slack.fetching.files import name_of
from bot.slack.people import People
from bot.slack.words import mentions_of, plain_words
from tools.kit import Contents, Item, Opened, Post

NOBODY = ""


class Describing:
    """Asks who somebody is and what a channel is called; both are remembered for a while."""

    def __init__(self, people: People, places: Places, bot: Identity) -> None:
        self._people, self._places, self._bot = people, places, bot

    async def item(self, posting: Posting, page: Opened, contents: Contents, size: int) -> Item:
        """size: bytes of the original."""
        return Item(
            id=posting_id(posting.channel, posting.ts, posting.file, page.page),
            path=await self._places.permalink(posting.channel, posting.ts, posting.thread_ts),
            sha256=page.sha256,
            audience=posting.channel,
            name=name_of(posting.object),
            mime=page.mime,
            width=page.width,
            height=page.height,
            page=page.page,
            added=datetime.now(UTC),
            size=size,
            post=await self.post(posting),
            contents=contents,
        )

    async def post(self, posting: Posting) -> Post:
        return Post(
            ts=posting.ts,
            user=posting.user,
            name=(await self._people.person(posting.user)).name if posting.user else NOBODY,
            channel=await self._places.name(posting.channel),
            thread_ts=posting.thread_ts if posting.thread_ts != posting.ts else "",
            file=posting.file,
            text=await self.words((posting.pending or {}).get("text", "")),
        )

    async def words(self, text: str) -> str:
        """What was said, in plain words with people's names in place of their ids."""
        names = await self._people.names(mentions_of(text) - {self._bot.user})
        return plain_words(text, without=self._bot.user, names=names)

    async def changed(self, item: Item, posting: Posting) -> Item:
        """As the archive is to say it by now."""
        pending = posting.pending or {}
        said: dict[str, Any] = {name: pending[name] for name in ("name", "channel") if name in pending}
        if "text" in pending:
            said["text"] = await self.words(pending["text"])
        named = {"name": pending["file"]} if "file" in pending else {}
        if item.post is None or not (said or named):
            return item
        return item.model_copy(update={**named, "post": item.post.model_copy(update=said)})
