"""The gallery: the archive's images as one person may see them, and what they can be narrowed by. JSON for a page."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.archive.pairs import Pair
from bot.counting import counted, day_of, more_times
from bot.edge import plain
from bot.slack.audiences import Audiences
from bot.slack.directory import SlackDirectory, directory_for
from bot.slack.events import Identity
from bot.slack.fetching.thumbnails import Thumbnails
from bot.slack.listening.access import Access
from bot.slack.listening.asking import alone
from bot.slack.people import People
from bot.slack.permalinks import is_ours
from bot.slack.surface import sentences
from bot.slack.surface.gallery_menus import Menus, menus_of
from bot.wiring import Wiring
from tools.kit import AskAgain, Filters, Gate, Item, Scope, Spoken, TextEncoder
from tools.kit.archive.chips import DAY
from tools.kit.archive.resolving import Resolved, resolve
from tools.kit.ranking import Ranked, Ranking, rank
from tools.kit.ranking.snippets import unmarked
from tools.kit.searching.telling import name_of

log = logging.getLogger(__name__)

AT_ONCE, MOST = 50, 500
"""Images of one search, and of a page."""
DIGITS = 9
"""Of a number that is read."""
ASKED = {
    "posted_by": "from",
    "channels": "in",
    "kinds": "kind",
    "colours": "colour",
    "after": "since",
    "before": "until",
}
"""Which part of what is asked each condition comes from."""


@dataclass(frozen=True)
class _View:
    """What one person looks at."""

    scope: Scope
    pair: Pair
    directory: SlackDirectory


class Gallery:
    """`bot.local_slack.serving.gallery.Gallery` of one workspace."""

    def __init__(
        self,
        bot: Identity,
        wiring: Wiring,
        audiences: Audiences,
        access: Access,
        people: People,
        gate: Gate,
        hosts: Sequence[str],
    ) -> None:
        """hosts: where links of ours may lead."""
        self._bot, self._wiring, self._audiences = bot, wiring, audiences
        self._access, self._people, self._gate, self._hosts = access, people, gate, hosts
        self._thumbnails = Thumbnails(wiring, bot.team)

    async def page(self, user: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """asked: ``q``, ``like`` (an id), ``from``, ``in``, ``kind``, ``colour``, ``since`` and ``until`` (days, both
        included), ``shown`` (how many).

        ``images`` (id, name, alt, posted, ts, reason, link), ``said``, ``more``, ``chips`` (label, and the keys of what
        is asked, spaces between them), and ``people``, ``channels``, ``kinds``, ``colours`` (value, name, number): or
        ``problem``, a sentence.
        """
        if not await self._may_look(user):
            return {"problem": sentences.GALLERY_CLOSED}
        try:
            view = await self._view(user)
            if not await view.pair.archive.count(view.scope):
                return {"problem": sentences.GALLERY_EMPTY}
        except Spoken as away:
            return {"problem": self._clean(str(away))}
        try:
            return {**await self._page(view, asked), **await self._menus(view)}
        except Spoken as said:
            return {"problem": self._clean(str(said)), **await self._menus_left(view)}

    async def picture(self, user: str, key: str) -> bytes | None:
        """PNG of an image that the user may see; None for anything else."""
        if not await self._may_look(user):
            return None
        try:
            archive = (await self._wiring.pair(self._bot.team)).archive
            found = await archive.get(await self._audiences.of_person(user), [key])
            return await self._thumbnails.png(found[0]) if found else None
        except (Spoken, ValueError, OSError) as error:
            log.info("A picture of the gallery is not shown: %s", error)
            return None

    async def _may_look(self, user: str) -> bool:
        """Whoever is not answered is shown nothing either."""
        if self._access.listed(user, user, direct=True):
            return False
        return await self._access.of_person(alone(self._bot.team, user, f"{time.time():.6f}")) is None

    # --- what is found ----------------------------------------------------------------------------

    async def _view(self, user: str) -> _View:
        """Raises: Spoken."""
        scope = await self._audiences.of_person(user)
        directory = await directory_for(user, scope, self._people, self._audiences.names)
        return _View(scope, await self._wiring.pair(scope.workspace), directory)

    async def _page(self, view: _View, asked: Mapping[str, str]) -> dict[str, Any]:
        """Raises: Spoken."""
        resolved = await resolve(_filters(asked), view.pair.archive, view.scope, view.directory)
        found, last = await self._found(asked, resolved, view)
        return {
            "images": await self._images(found, view.directory),
            "said": _said(found, last),
            "more": bool(last.more) and len(found) < MOST,
            "chips": [
                *_like(asked),
                *({"key": _part(chip.key), "label": self._clean(chip.label)} for chip in resolved.chips),
            ],
        }

    async def _found(self, asked: Mapping[str, str], resolved: Resolved, view: _View) -> tuple[list[Ranked], Ranking]:
        """As many as are to be shown, a search at a time, and the last of these."""
        wanted = asked.get("shown", "")[:DIGITS]
        shown = min(MOST, int(wanted)) if wanted.isdecimal() else AT_ONCE
        meaning = await self._wiring.lend(TextEncoder)
        found: list[Ranked] = []
        while True:
            ranking = await rank(
                asked.get("q") or None,
                filters=resolved.filters,
                like=asked.get("like") or None,
                limit=max(1, min(AT_ONCE, shown - len(found))),
                without=[each.hit.item.id for each in found],
                order=None if asked.get("q") or asked.get("like") else "newest",
                scope=view.scope,
                encoder=view.pair.encoder,
                archive=view.pair.archive,
                meaning=meaning,
            )
            found += ranking.relevant
            if not ranking.more or not ranking.relevant or len(found) >= shown:
                return found, ranking

    async def _images(self, found: Sequence[Ranked], directory: SlackDirectory) -> list[dict[str, Any]]:
        posts = [(each.hit.item, each.hit.item.post) for each in found]
        people, channels = await asyncio.gather(
            directory.people({post.user for _, post in posts if post}),
            directory.channels({item.audience for item, _ in posts}),
        )
        return [self._image(each, people, channels) for each in found]

    def _image(self, ranked: Ranked, people: Mapping[str, str], channels: Mapping[str, str]) -> dict[str, Any]:
        item = ranked.hit.item
        return {
            "id": item.id,
            "name": self._clean(name_of(item)),
            "alt": self._clean(item.contents.caption or item.name),
            "posted": self._clean(f"{_posted(item, people, channels)} {more_times(len(ranked.places))}".strip()),
            "ts": item.post.ts if item.post else "",
            "reason": self._clean(unmarked(ranked.why)),
            "link": item.path if is_ours(item.path, self._hosts) else "",
        }

    async def _menus(self, view: _View) -> Menus:
        """Raises: Spoken."""
        return await menus_of(view.pair.archive, view.scope, view.directory, self._clean)

    async def _menus_left(self, view: _View) -> Menus:
        """Of a page that could not be made; none where the archive is away."""
        try:
            return await self._menus(view)
        except Spoken:
            return {}

    def _clean(self, said: str) -> str:
        return self._gate.clean(plain(said))


def _filters(asked: Mapping[str, str]) -> Filters:
    """Raises: AskAgain for a day or a kind that is none."""
    given = {
        name: (asked[part],) for name, part in ASKED.items() if name not in ("after", "before") and asked.get(part)
    }
    since, until = (_day(asked.get(part, "")) for part in ("since", "until"))
    try:
        return Filters.model_validate({**given, "after": since, "before": until and until + timedelta(days=1)})
    except (ValueError, OverflowError):
        raise AskAgain(sentences.GALLERY_ODD) from None


def _part(key: str) -> str:
    """What is asked no more when that condition is taken away."""
    return f"{ASKED['after']} {ASKED['before']}" if key == DAY else ASKED[key]


def _day(written: str) -> datetime | None:
    """When that day begins where the asker is. Raises: AskAgain."""
    try:
        return datetime.strptime(written, "%Y-%m-%d") if written else None
    except ValueError:
        raise AskAgain(sentences.GALLERY_ODD) from None


def _like(asked: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": "like", "label": sentences.GALLERY_LIKE}] if asked.get("like") else []


def _said(found: Sequence[Ranked], last: Ranking) -> str:
    total = counted(last.total, "image")
    if not found:
        return sentences.NO_HIT.format(total=total)
    first = {"newest": "the newest first", "oldest": "the oldest first"}.get(last.order, "the best first")
    copies = f" {sentences.GALLERY_COPIES}" if any(each.places for each in found) else ""
    return f"{len(found)} of {total}, {first}.{copies}"


def _posted(item: Item, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    day = day_of(item.when)
    if item.post is None:
        return day
    who = people.get(item.post.user) or item.post.name
    where = channels.get(item.audience) or item.post.channel
    return ", ".join(filter(None, (" ".join(filter(None, (who, f"in #{where}" if where else ""))), day)))
