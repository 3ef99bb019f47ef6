"""The rules of who may see what.

An audience is a channel. Somebody sees the images of the channels they are in now, and by a setting those of public
channels they have not joined, unless they are a guest or of another organisation. At a place, what everybody who reads
it may see is shown: of a private channel or a group conversation those are its members, of a public one the whole
workspace, with its guests. Of a channel shared with another organisation nobody knows who reads it there, so only its
own images are shown in it. What Slack does not tell is taken for a no; a place's own images are always shown there.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from bot.slack.audiences.changes import Changes
from bot.slack.audiences.directs import Directs
from bot.slack.audiences.roster import Channel, Look, Roster, each
from bot.slack.events import Identity
from tools.kit import Scope, Spoken

log = logging.getLogger(__name__)

MOST = 100
"""People or channels that are asked about to find what all readers of a place may see; with more it is only itself."""
NOBODY = "nobody"
"""The audience of whoever may see nothing: a scope has one at least, and no channel is called so."""


@dataclass(frozen=True)
class Sight:
    """What may be seen of an answer's images."""

    shown: Scope
    """At the place."""
    alone: Scope | None
    """By the asker, and by nobody else there."""


class Audiences:
    """Applies the rules for one workspace."""

    def __init__(
        self,
        bot: Identity,
        roster: Roster,
        directs: Directs,
        changes: Changes,
        archived: Callable[[], Awaitable[Collection[str]]],
        stays: Callable[[Collection[str]], Awaitable[Collection[str]]],
        *,
        public: bool,
        leaves: bool,
    ) -> None:
        """archived: channels of which anything is in the archive. stays: those of some channels of which nothing may
        leave the machine. public: whether members see public channels they have not joined. leaves: whether anything
        leaves the machine elsewhere, as to a model behind a provider."""
        self._bot, self._roster, self._directs, self._changes = bot, roster, directs, changes
        self._archived, self._stays = archived, stays
        self._public, self._leaves = public, leaves

    async def heard(self, subjects: Collection[str]) -> None:
        """These changed (see `changes.subjects_of`): what was known of them no longer holds."""
        if subjects:
            await self._changes.note(subjects)

    async def sight(self, channel: str, user: str) -> Sight:
        """What that person is shown in answer at that place, and what they alone."""
        own, others = self._scope({channel}), await self._others(channel)
        if not others or not user:
            return Sight(own, None)
        look = await self._roster.look()
        place = await look.channel(channel)
        if place is None:
            return Sight(own, None)
        if place.direct and place.direct == user:
            await self._directs.keep(user, channel)
        theirs = await self._seen_by(look, user, others)
        if place.direct:
            return Sight(self._scope({channel, *theirs}) if place.direct == user else own, None)
        everybodys = await self._seen_by_all(look, place, theirs, public=self._public)
        alone = theirs - everybodys
        return Sight(self._scope({channel, *everybodys}), self._scope(alone) if alone else None)

    async def shown(self, channel: str, user: str) -> Scope:
        """What that person is shown at that place."""
        return (await self.sight(channel, user)).shown

    async def may_be_shown(self, channel: str, user: str, places: Collection[str]) -> bool:
        """Whether a file that is shared in these channels may be shown at that place, since that person links to it.

        A public channel is open to all full members, as its files are in Slack, whatever is found by searching.
        """
        if channel in places:
            return True
        look = await self._roster.look()
        place = await look.channel(channel) if user else None
        theirs = await self._seen_by(look, user, frozenset(places)) if place else frozenset()
        if place is None or place.direct:
            return bool(theirs) and place is not None and place.direct == user
        return bool(await self._seen_by_all(look, place, theirs, public=True))

    async def in_channel(self, channel: str, user: str) -> Scope | None:
        """The images of one channel, for whoever may see them; None for who may not, or of whom that is not known."""
        look = await self._roster.look()
        if channel in await self._seen_by(look, user, frozenset([channel])):
            return self._scope({channel})
        place = await look.channel(channel) if user else None
        return self._scope({channel}) if place and place.direct == user else None

    async def of_person(self, user: str) -> Scope:
        """All that the person may see where nobody else looks."""
        return self._scope(await self._seen_by(await self._roster.look(), user, await self._others("")) or {NOBODY})

    async def names(self, channels: Collection[str]) -> dict[str, str]:
        """What channels are called now. Whether that may be told is for the caller to know."""
        look = await self._roster.look()
        known = await each(look.channel, sorted(channels))
        return {channel.id: channel.name for channel in known if channel and channel.name}

    def _scope(self, audiences: Collection[str]) -> Scope:
        return Scope(workspace=self._bot.team, audiences=tuple(sorted(audiences)))

    async def _others(self, channel: str) -> frozenset[str]:
        """Other channels whose images could be shown there at all. Where something leaves the machine, no image comes
        from where nothing may."""
        try:
            others = frozenset(await self._archived()) - {channel}
        except Spoken as error:
            log.warning("It is not known what is in the archive: %s", error)
            return frozenset()
        if not others or not self._leaves or (channel and await self._stays([channel])):
            return others
        return others - frozenset(await self._stays(others))

    async def _seen_by(self, look: Look, user: str, channels: frozenset[str]) -> frozenset[str]:
        """Those of the channels that the person may see."""
        if not channels or not user:
            return frozenset()
        theirs = await look.channels_of(user) or frozenset()
        seen = channels & theirs
        if self._public and await self._is_full(look, user):
            seen |= channels & (await look.public() or frozenset())
        return seen | (channels & {await self._directs.of(user)})

    async def _is_full(self, look: Look, user: str) -> bool:
        person = await look.person(user)
        return person is not None and person.full

    async def _seen_by_all(
        self, look: Look, place: Channel, channels: frozenset[str], *, public: bool
    ) -> frozenset[str]:
        """Those of the channels that everybody who reads the place may see. public: full members see public ones."""
        if not channels or place.shared:
            return frozenset()
        open_to_all = channels & (await look.public() or frozenset()) if public else frozenset()
        if place.public and not open_to_all:
            return frozenset()
        members = await look.members(place.id)
        if members is None:
            return frozenset()
        readers = members - {self._bot.user}
        seen = frozenset() if place.public else await self._with_all(look, readers, channels)
        if open_to_all - seen:
            full = await look.full_members() or frozenset()
            seen |= await self._with_all(look, readers - full, open_to_all)
        return seen

    async def _with_all(self, look: Look, people: frozenset[str], channels: frozenset[str]) -> frozenset[str]:
        """Those of the channels that all these people are in. Asked about are the people or the channels, whichever
        are fewer."""
        if min(len(people), len(channels)) > MOST:
            return frozenset()
        if len(people) <= len(channels):
            for theirs in await each(look.channels_of, sorted(people)):
                channels &= theirs or frozenset()
            return channels
        listed = sorted(channels)
        members = await each(look.members, listed)
        return frozenset(channel for channel, them in zip(listed, members, strict=True) if them and people <= them)
