"""What Slack has of the channels of a workspace, for `spyglass archive verify`: what belongs into the archive, and how
it is brought there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.archive.drift import PostedFile
from bot.slack.archiving.candidates import postings_of
from bot.slack.archiving.changes import Changes
from bot.slack.archiving.describing import Describing
from bot.slack.archiving.filling import Filling
from bot.slack.archiving.postings import KEY, Posting
from bot.slack.archiving.register import AMONG, Register
from bot.slack.archiving.studying import Studying
from bot.slack.archiving.verifying.walking import PACE, Walk
from bot.slack.events import Identity
from bot.slack.scopes import scope_of
from bot.slack.storage.leaving import let_go
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.tables import Database
from bot.slack.web import Refused, Unsure, Web
from tools.kit import Archive, CannotDo, Item

GONE = {"channel_not_found", "not_in_channel"}
"""Slack's codes where there is no such channel for us any more."""
Key = tuple[str, str]
"""The `ts` of a message and the id of a file."""


@dataclass
class SlackSource:
    """`bot.archive.drift.Source` of one workspace."""

    bot: Identity
    web: Web
    db: Database
    archive: Archive
    preferences: Preferences
    describing: Describing
    filling: Filling
    studying: Studying
    pace: float = PACE
    _met: dict[str, dict[Key, Posting]] = field(default_factory=dict)
    """As Slack has them, by channel."""
    _gone: list[Posting] = field(default_factory=list)
    """Known to us, and to Slack no more."""

    async def audiences(self) -> Sequence[str]:
        rows = await self.db.rows(
            """
            select channel from archive_postings where team = %(team)s and state <> 'gone' union
            select channel from channels where team = %(team)s and archive = 'all'
            """,
            {"team": self.bot.team},
        )
        return sorted(row["channel"] for row in rows)

    async def standing(self, audience: str) -> Literal["there", "gone", "unknown"]:
        """Of what came from elsewhere, such as an export, nothing is concluded."""
        if audience not in await self.audiences():
            return "unknown"
        try:
            told = await self.web.call(self.web.client.conversations_info, channel=audience)
        except Refused as refused:
            return "gone" if refused.error in GONE else "unknown"
        except Unsure:
            return "unknown"
        channel = told["channel"]
        return "there" if channel.get("is_im") or channel.get("is_member") else "gone"

    async def postings(self, audience: str) -> AsyncIterator[PostedFile]:
        """Raises: CannotDo."""
        known, since = await self._known(audience), await self._opted(audience)
        oldest = await self.preferences.oldest(self.bot.team, audience)
        met = self._met[audience] = {}
        walk = Walk(self.web, self.bot, audience, self.pace)
        try:
            async for message in walk.messages():
                for posting in postings_of(message, self.bot, late=True):
                    key = (posting.ts, posting.file)
                    if posting.ts < oldest:  # what there still is of it is not to be there
                        continue
                    if key not in met and (known.get(key, "") in WANTED or (key not in known and since <= posting.ts)):
                        met[key] = posting
                        yield PostedFile(*key, await self.describing.words((posting.pending or {}).get("text", "")))
        except (Refused, Unsure) as error:
            raise CannotDo(
                f"Slack does not tell what was posted in {audience} ({error}): verify again later."
            ) from None
        async for kept in self._not_ours(audience, known, met, walk):
            yield kept

    async def _not_ours(
        self, audience: str, known: dict[Key, str], met: dict[Key, Posting], walk: Walk
    ) -> AsyncIterator[PostedFile]:
        """What stands as it is: from another source than Slack's events, said with words that were to be forgotten, or
        hidden by the workspace's plan."""
        async for item in self.archive.scan(scope_of(self.bot.team, audience)):
            key = (item.post.ts, item.post.file) if item.post else ("", "")
            hidden = walk.limited and key[0] < walk.oldest and known.get(key) in WANTED
            if key not in met and item.post and (key not in known or hidden):
                met[key] = Posting(self.bot.team, audience, *key, key[0], item.post.user, {})
                yield PostedFile(*key, item.post.text)
        self._gone += [
            Posting(self.bot.team, audience, *key, key[0], "", {})
            for key, state in known.items()
            if key not in met and state in WANTED and not (walk.limited and key[0] < walk.oldest)
        ]

    async def bring(self, audience: str, postings: Sequence[PostedFile]) -> Sequence[bool]:
        met = self._met.get(audience, {})
        wanted = [met[(one.ts, one.file)] for one in postings if (one.ts, one.file) in met]
        there = {item.post.file + item.post.ts async for item in self._items(wanted) if item.post}
        edited = [one for one in wanted if one.file + one.ts in there]
        for one in edited:
            await Changes(self.db).reword(one.team, one.channel, one.ts, (one.pending or {}).get("text", ""))
        if edited:
            await self.studying.rewrite(edited)
        await self._shelve([one for one in wanted if one not in edited])
        said = {(item.post.ts, item.post.file): item.post.text async for item in self._items(wanted) if item.post}
        return [said.get((one.ts, one.file)) == one.text for one in postings]

    async def _shelve(self, missing: Sequence[Posting]) -> None:
        register = Register(self.db)
        for one in missing:
            await register.fetch_again(one)
            await Changes(self.db).reword(one.team, one.channel, one.ts, (one.pending or {}).get("text", ""))
        await register.want(missing)
        if claimed := await register.claim_these(missing):
            await self.filling.shelve(claimed)

    async def _items(self, postings: Sequence[Posting]) -> AsyncIterator[Item]:
        for one in postings:
            row = await self.db.row(
                "select pages from archive_postings where (team, channel, ts, file) = (%s, %s, %s, %s)", one.key
            )
            pages = int(row["pages"]) if row else 0
            for item in await self.archive.get(scope_of(one.team, one.channel), replace(one, pages=pages).ids):
                yield item

    async def tidy(self) -> int:
        """What Slack has no more leaves our record of it too. Returns how many postings that are."""
        if not self._gone:
            return 0
        keys = {name: [getattr(one, name) for one in self._gone] for name in KEY}
        async with self.db.transaction() as db:
            return await let_go(db, AMONG, keys)

    async def _known(self, audience: str) -> dict[Key, str]:
        rows = await self.db.rows(
            "select ts, file, state from archive_postings where (team, channel) = (%s, %s)", [self.bot.team, audience]
        )
        return {(row["ts"], row["file"]): row["state"] for row in rows}

    async def _opted(self, audience: str) -> str:
        """The `ts` from which on everything posted belongs into the archive."""
        if await self.preferences.archives(self.bot.team, audience) is not Archives.ALL:
            return NEVER
        row = await self.db.row(
            """
            select extract(epoch from coalesce(a.opted, a.created))::text as since from archive_announcements a
            where (a.team, a.channel, a.about) = (%s, %s, 'archive') and a.state = 'said'
            """,
            [self.bot.team, audience],
        )
        return str(row["since"]) if row else NEVER


WANTED = {"wanted", "shelved", "done"}
NEVER = "9999999999.000000"
