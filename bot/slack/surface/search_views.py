"""What one person's search finds, as views of the modal: results with pictures and without, or the sentence instead."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.edge import plain
from bot.slack import messages
from bot.slack.audiences import Audiences
from bot.slack.directory import zone_of
from bot.slack.events import Identity, Message
from bot.slack.listening.asking import Asking, alone
from bot.slack.people import People
from bot.slack.storage.origins import Origin
from bot.slack.storage.searches import Past, Searches
from bot.slack.surface import sentences
from bot.slack.surface.blocks import Block, View, button, buttons, kept_in, modal, outside, small, text
from bot.slack.surface.results import CHANGE, narrowed_to, results
from bot.slack.surface.searching import PAGE, Search, Searching
from tools.kit import Gate, Item, Scope, Spoken

log = logging.getLogger(__name__)

FOUND = "spyglass_search_found"
Changed = Callable[[str], None]


@dataclass(frozen=True)
class Asker:
    """Who acts, and the workspace they are of where the payload says so: who is of another may not be answered."""

    id: str
    team: str


class SearchViews:
    """Searches what somebody may see. Each view keeps its search, and the channel its form was opened from."""

    def __init__(
        self,
        bot: Identity,
        searching: Searching,
        searches: Searches,
        audiences: Audiences,
        people: People,
        asking: Asking,
        gate: Gate,
        hosts: Sequence[str],
        changed: Changed,
    ) -> None:
        """changed: told of whom something was kept that their home tab shows."""
        self._bot, self._searching, self._searches = bot, searching, searches
        self._audiences, self._people, self._asking = audiences, people, asking
        self._gate, self._hosts, self._changed = gate, hosts, changed

    def waiting(self, here: str, search: Search) -> View:
        """Until it is found; with a way on, should nobody be left to put what is found in its place."""
        blocks = [text(sentences.SEARCHING), buttons(button(CHANGE, sentences.CHANGE))]
        return modal(sentences.SEARCH, blocks, callback=FOUND, kept=remembered(here, search))

    async def found(self, user: Asker, here: str, search: Search) -> list[View]:
        """What was found, with pictures and without; or the sentence that there is instead. Never raises."""
        try:
            found = await self._blocks(user, search)
        except Spoken as said:
            found = [self._nothing(search, str(said))]
        except Exception:
            log.exception("A search failed.")
            found = [self._nothing(search, messages.WENT_WRONG)]
        kept = remembered(here, search)
        return [modal(sentences.SEARCH, blocks, callback=FOUND, kept=kept) for blocks in found]

    async def hit(self, user: Asker, key: str, search: Search) -> tuple[Item, Origin] | None:
        """What was found, and how it came into Slack, as long as it is there and they may see it."""
        scope = await self._scope(user, search.channel)
        item = await self._searching.item(key, scope) if scope else None
        origin = await self._searching.origin(item) if item else None
        return (item, origin) if item and origin else None

    async def _blocks(self, user: Asker, search: Search) -> list[list[Block]]:
        """Raises: Spoken."""
        if refusal := await self._refusal(user, search.channel):
            return [[text(refusal)]]
        scope = await self._scope(user, search.channel)
        if scope is None:
            return [[text(messages.NOT_A_MEMBER)]]
        found = await self._searching.find(search, scope, zone_of((await self._people.person(user.id)).zone))
        if search.goes_by_something and not search.like and search.shown == PAGE:
            await self._searches.keep(self._bot.team, user.id, Past(search.channel, search.asked))
            self._changed(user.id)
        by = (await self._people.person(search.by)).name if search.by else ""
        how: dict[str, Any] = {"clean": self._clean, "hosts": self._hosts, "by": by}
        return [results(search, found, **how), results(search, found, **how, pictures=False)]

    def _nothing(self, search: Search, sentence: str) -> list[Block]:
        return [
            small(narrowed_to(search, self._clean)),
            outside(self._clean(sentence)),
            buttons(button(CHANGE, sentences.CHANGE)),
        ]

    async def _refusal(self, user: Asker, channel: str) -> str:
        """Why that person may not see what is in a channel; each look counts as a question."""
        now = f"{time.time():.6f}"
        if not channel:  # everywhere is none that could be switched off or that they could be no member of
            return await self._asking.refusal(alone(self._bot.team, user.id, now, user.team))
        asked = {"team": self._bot.team, "ts": now, "thread_ts": now, "user": user.id, "user_team": user.team}
        return await self._asking.refusal(Message(**asked, channel=channel))

    async def _scope(self, user: Asker, channel: str) -> Scope | None:
        """What they may see of what they search; None when that is nothing."""
        if channel:
            return await self._audiences.in_channel(channel, user.id)
        return await self._audiences.of_person(user.id)

    def _clean(self, said: str) -> str:
        return self._gate.clean(plain(said))


def remembered(here: str, search: Search) -> dict[str, Any]:
    """What a view keeps, for `here_of` and `search_of`."""
    return {"here": here, "search": asdict(search)}


def here_of(view: Mapping[str, Any]) -> str:
    """The channel the form was opened from."""
    return str(kept_in(view).get("here") or "")


def search_of(view: Mapping[str, Any]) -> Search | None:
    """None where it is of an earlier version, or no longer there."""
    search = kept_in(view).get("search")
    return Search.read(search) if isinstance(search, dict) else None
