"""Who is in which channel, what a channel is and who is a guest, as Slack says, remembered for a short while."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from bot.slack.audiences.changes import EVERYTHING, PEOPLE, Changes, Marks
from bot.slack.people import People, Person, is_full
from bot.slack.web import Refused, Unsure, Web
from bot.slack.words import one_line

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 6.0
"""Seconds for one call of Slack: an answer waits for it."""
PAGE = 200
MEMBERS_PAGE = 1000
PAGES = 10
"""Pages that are looked through. Who or what comes after them is not known, and then nothing is taken for granted."""
REMEMBERED = 5_000
"""Answers of Slack's that are kept in memory."""


@dataclass(frozen=True)
class Channel:
    """What a conversation is."""

    id: str
    name: str = ""
    """On one short line; empty for direct messages."""
    public: bool = False
    """Every full member of the workspace can open it."""
    shared: bool = False
    """Another organisation or workspace is in it. Who reads it there is not ours to know: it may be public there."""
    direct: str = ""
    """Whose direct messages with us it holds."""


def read_channel(told: Mapping[str, Any]) -> Channel:
    """Of a channel object: https://docs.slack.dev/reference/objects/conversation-object"""
    if told.get("is_im"):
        return Channel(str(told["id"]), direct=str(told.get("user") or ""))
    closed = any(told.get(name, False) for name in ("is_private", "is_group", "is_mpim"))
    shared = any(told.get(name) for name in ("is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared"))
    public = bool(told.get("is_channel")) and not closed
    return Channel(str(told["id"]), one_line(str(told.get("name") or "")), public=public, shared=shared)


@dataclass(frozen=True)
class _Told(Generic[T]):
    at: float
    marks: tuple[int, ...]
    value: T


class Roster:
    """Asks Slack for one workspace."""

    def __init__(self, web: Web, people: People, changes: Changes, *, clock: Callable[[], float] = time.monotonic):
        self._web, self._people, self._changes, self._clock = web, people, changes, clock
        self._told: OrderedDict[tuple[str, str], _Told[Any]] = OrderedDict()

    async def look(self) -> Look:
        """As things are now. A look is for one answer and not to be kept."""
        return Look(self, await self._changes.lately())

    async def asked(self, what: str, about: str, marks: tuple[int, ...], ask: Callable[[], Awaitable[T]]) -> T | None:
        """What Slack says, or said not long ago under the same marks; None when it does not say."""
        now, known = self._clock(), self._told.get((what, about))
        if known and known.marks == marks and now - known.at < self._changes.seconds:
            return cast(T, known.value)
        try:
            value = await ask()
        except (Refused, Unsure) as error:
            log.warning("It is not known who may see what: %s", error)
            return None
        self._told[what, about] = _Told(now, marks, value)
        self._told.move_to_end((what, about))
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return value

    async def channel(self, channel: str) -> Channel:
        told = await self._web.call(self._web.client.conversations_info, channel=channel, patience=PATIENCE)
        return read_channel(told["channel"])

    async def members(self, channel: str) -> frozenset[str] | None:
        found, whole = await self._all("members", self._web.client.conversations_members, MEMBERS_PAGE, channel=channel)
        return frozenset(map(str, found)) if whole else None

    async def channels_of(self, user: str) -> frozenset[str]:
        """Of those we may know of; of very many only the first."""
        found, _ = await self._all(
            *("channels", self._web.client.users_conversations, PAGE),
            user=user,
            types="public_channel,private_channel,mpim",
        )
        return frozenset(str(channel["id"]) for channel in found)

    async def public(self) -> frozenset[str]:
        method = self._web.client.conversations_list
        found, _ = await self._all("channels", method, MEMBERS_PAGE, types="public_channel")
        return frozenset(channel.id for channel in map(read_channel, found) if channel.public)

    async def full_members(self) -> frozenset[str]:
        """Of the workspace, without guests and bots; of very many only the first."""
        found, _ = await self._all("members", self._web.client.users_list, MEMBERS_PAGE)
        return frozenset(str(user["id"]) for user in found if is_full(user, self._changes.team))

    async def person(self, user: str) -> Person:
        return await self._people.ask(user)

    async def _all(
        self, listed: str, method: Callable[..., Awaitable[Any]], size: int, **arguments: Any
    ) -> tuple[list[Any], bool]:
        """What is listed on PAGES pages at most, and whether that is all. Raises: Refused; Unsure."""
        found: list[Any] = []
        async for page, last in self._pages(method, size, arguments):
            found += page[listed]
            if last:
                return found, True
        return found, False

    async def _pages(
        self, method: Callable[..., Awaitable[Any]], size: int, arguments: Mapping[str, Any]
    ) -> AsyncIterator[tuple[dict[str, Any], bool]]:
        cursor = ""
        for _ in range(PAGES):
            told = await self._web.call(method, patience=PATIENCE, limit=size, cursor=cursor, **arguments)
            cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
            yield told, not cursor
            if not cursor:
                return


@dataclass(frozen=True)
class Look:
    """What is known at one moment; whatever Slack does not tell is None."""

    roster: Roster
    marks: Marks

    async def channel(self, channel: str) -> Channel | None:
        return await self._asked("channel", channel, channel, lambda: self.roster.channel(channel))

    async def members(self, channel: str) -> frozenset[str] | None:
        """None too where there are more than we look through."""
        return await self._asked("members", channel, channel, lambda: self.roster.members(channel))

    async def channels_of(self, user: str) -> frozenset[str] | None:
        """Ids of the channels and group conversations that the person is in."""
        return await self._asked("channels", user, user, lambda: self.roster.channels_of(user))

    async def public(self) -> frozenset[str] | None:
        return await self._asked("public", "", EVERYTHING, self.roster.public)

    async def full_members(self) -> frozenset[str] | None:
        return await self._asked("full", "", PEOPLE, self.roster.full_members)

    async def person(self, user: str) -> Person | None:
        return await self._asked("person", user, user, lambda: self.roster.person(user))

    async def _asked(self, what: str, about: str, subject: str, ask: Callable[[], Awaitable[T]]) -> T | None:
        marks = tuple(self.marks.get(each, 0) for each in (EVERYTHING, subject))
        return await self.roster.asked(what, about, marks, ask)


async def each(what: Callable[[str], Awaitable[T]], about: list[str]) -> list[T]:
    """All of them, a few at a time."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(key: str) -> T:
        async with slots:
            return await what(key)

    return await asyncio.gather(*map(one, about))


AT_ONCE = 8
"""Calls of Slack's that one look makes at the same time."""
