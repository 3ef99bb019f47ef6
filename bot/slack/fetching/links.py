"""Links of this Slack: which files they lead to, and whether these may be shown where somebody asks about them.

What a link has opened may be shown there as long as everybody who reads the place may see where the file is shared:
that is asked again before each turn, and before its answer is said. A file that whoever posted it links to themself
they have shared there.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from html import escape
from typing import Any

from yarl import URL

from bot.slack import messages
from bot.slack.audiences.roster import each
from bot.slack.events import Message
from bot.slack.fetching.downloads import AWAY, Downloads, Unreadable
from bot.slack.fetching.files import Files, Wanted, name_of, places_of
from bot.slack.permalinks import file_at
from bot.slack.storage.preferences import Preferences
from bot.slack.web import Unsure

LINKS = 20
"""Files that one message may link to."""
LINK = re.compile(r"<(https?://[^<>|]+)(?:\|[^<>]*)?>")
NOT_HERE = messages.UNREADABLE["linked"].format(name=messages.A_FILE)

MayBeShown = Callable[[str, str, Collection[str]], Awaitable[bool]]
"""Whether a file that is shared in some channels may be shown in one (its id) to somebody (their id)."""


class Links:
    """Of one workspace."""

    def __init__(
        self, team: str, files: Files, downloads: Downloads, preferences: Preferences, may_be_shown: MayBeShown
    ) -> None:
        self._team, self._files, self._downloads = team, files, downloads
        self._preferences, self._may_be_shown = preferences, may_be_shown

    async def opened(self, question: Message, known: Collection[str]) -> tuple[list[Wanted], list[str]]:
        """Files that the question points at or links to, those that may be shown where it is asked, and sentences about
        the others. known: ids of those that the thread has anyway."""
        found: list[Wanted] = []
        links = self.of(question, known)
        problems = [messages.TOO_MANY_LINKS.format(number=len(links), most=LINKS)] if len(links) > LINKS else []
        for file in links[:LINKS]:
            try:
                info = await self._files.info(file)
            except Unreadable as unreadable:
                problems.append(messages.UNREADABLE[unreadable.why].format(name=messages.A_FILE))
                continue
            places = places_of(info)
            if not (_is_own(question, info) or await self._is_shown(question.channel, question.user, places)):
                problems.append(NOT_HERE)
            elif await self._stays_elsewhere(question.channel, places):
                problems.append(messages.UNREADABLE["local_only"].format(name=name_of(info)))
            else:
                found.append((question, info))
        return found, problems

    def of(self, question: Message, known: Collection[str]) -> list[str]:
        """Ids of the files it points at or links to, each once, without `known`. Other addresses are never fetched."""
        linked = [file for link in LINK.findall(question.text) if (file := self._file_at(link))]
        return [file for file in dict.fromkeys([*question.about, *linked]) if file not in known]

    async def shown(self, channel: str, user: str, files: Collection[str]) -> frozenset[str]:
        """Those of the files that may be shown to somebody in a channel, as things are now. Raises: Unsure."""
        listed = sorted(files)
        shared = dict(zip(listed, await each(self._places, listed), strict=True))
        may = {places: await self._may_see(channel, user, places) for places in set(shared.values())}
        return frozenset(file for file, places in shared.items() if may[places])

    def named(self, text: str, opened: Collection[Wanted]) -> str:
        """The words with what is opened as an image like any other, and no address to go to."""
        names = {file["id"]: escape(name_of(file), quote=False) for _, file in opened}
        return LINK.sub(lambda link: names.get(self._file_at(link[1]) or "", link[0]), text)

    def _file_at(self, link: str) -> str | None:
        """Id of the file a link of Slack leads to."""
        try:
            url = URL(link.replace("&amp;", "&"))
            return file_at(url.path) if self._downloads.trusts(url) else None
        except ValueError:  # no address at all
            return None

    async def _places(self, file: str) -> frozenset[str]:
        """Where it is shared; nowhere when it is gone. Raises: Unsure."""
        try:
            return frozenset(places_of(await self._files.info(file)))
        except Unreadable as unreadable:
            if unreadable.why == AWAY:
                raise Unsure(f"It is not known where {file} is shared.") from None
            return frozenset()

    async def _may_see(self, channel: str, user: str, places: Collection[str]) -> bool:
        return await self._is_shown(channel, user, places) and not await self._stays_elsewhere(channel, places)

    async def _is_shown(self, channel: str, user: str, places: Collection[str]) -> bool:
        """Whether all who read the channel may see one that it is shared in."""
        return channel in places or (bool(places) and await self._may_be_shown(channel, user, places))

    async def _stays_elsewhere(self, channel: str, places: Collection[str]) -> bool:
        """Whether it was posted where nothing leaves the machine, and is shown where something may."""
        if channel in places or await self._preferences.is_local_only(self._team, channel):
            return False
        return any([await self._preferences.is_local_only(self._team, place) for place in places])


def is_from_elsewhere(question: Message, file: Mapping[str, Any]) -> bool:
    """Whether not everybody who will read the thread may see a file that its question opened."""
    return not (_is_own(question, file) or question.channel in places_of(file))


def _is_own(question: Message, file: Mapping[str, Any]) -> bool:
    return bool(question.user) and file.get("user") == question.user
