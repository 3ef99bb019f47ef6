"""Who is answered, where, and how often."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.settings import Settings
from bot.slack.events import Key, Message
from bot.slack.people import People

K = TypeVar("K")
V = TypeVar("V")
MOST = 10_000
"""People, channels and messages that are remembered."""
REPEATED = 3600.0
"""Seconds before somebody is told the same again."""


class Refusal(StrEnum):
    """Why a message is not answered."""

    USER = "user"
    CHANNEL = "channel"
    GUEST = "guest"
    EXTERNAL = "external"
    USER_RATE = "user_rate"
    CHANNEL_RATE = "channel_rate"


@dataclass(frozen=True)
class Rules:
    """The settings this follows."""

    allow_users: frozenset[str] = frozenset()
    deny_users: frozenset[str] = frozenset()
    allow_channels: frozenset[str] = frozenset()
    deny_channels: frozenset[str] = frozenset()
    guests: bool = True
    external: bool = False
    user_per_minute: int = 20
    channel_per_minute: int = 60

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        return cls(**{name: getattr(settings, f"slack_{name}") for name in cls.__dataclass_fields__})


class Access:
    """Decides whom to refuse. Rates are counted in the process that hears the events."""

    def __init__(self, rules: Rules, people: People, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._people = people
        self._clock = clock
        self._users = Allowance(rules.user_per_minute, clock)
        self._channels = Allowance(rules.channel_per_minute, clock)
        self._judged: Recent[Key, Refusal | None] = Recent()
        self._told: Recent[tuple[str, str, str], float] = Recent()

    def at_the_door(self, message: Message) -> Refusal | None:
        """By lists and rates, at once. A message that comes again is judged as it was the first time."""
        if message.key not in self._judged:
            listed = self.listed(message.user, message.channel, direct=message.is_direct)
            self._judged[message.key] = listed or self._rated(message)
        return self._judged[message.key]

    async def of_person(self, message: Message) -> Refusal | None:
        """By who the author is: may ask Slack."""
        rules = self._rules
        if message.is_bot or (rules.external and rules.guests):
            return None
        person = await self._people.person(message.user)
        if person.external or (not person.known and message.user_team not in ("", message.team)):
            return None if rules.external else Refusal.EXTERNAL
        return Refusal.GUEST if person.guest and not rules.guests else None

    def tells(self, message: Message, why: str) -> bool:
        """Whether to say it: the first time, then not again for an hour; for a rate, until it was kept again."""
        place, now = (message.user, message.channel, why), self._clock()
        if now - self._told.get(place, -math.inf) < REPEATED:
            return False
        self._told[place] = now
        return True

    def listed(self, user: str, channel: str, *, direct: bool) -> Refusal | None:
        """By the lists alone."""
        rules = self._rules
        if user in rules.deny_users or (rules.allow_users and user not in rules.allow_users):
            return Refusal.USER
        if channel in rules.deny_channels:
            return Refusal.CHANNEL
        if rules.allow_channels and not direct and channel not in rules.allow_channels:
            return Refusal.CHANNEL
        return None

    def _rated(self, message: Message) -> Refusal | None:
        who = message.user or message.bot_id or ""
        if not self._users.take(who):
            return Refusal.USER_RATE
        if not self._channels.take(message.channel):
            return Refusal.CHANNEL_RATE
        for rate in (Refusal.USER_RATE, Refusal.CHANNEL_RATE):  # within it again: next time it is said again
            self._told.pop((message.user, message.channel, rate), None)
        return None


class Allowance:
    """Token buckets (Turner 1986): so many a minute, at once or spread."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._most = per_minute
        self._clock = clock
        self._left: Recent[str, tuple[float, float]] = Recent()
        """Tokens, and when they were counted."""

    def take(self, who: str) -> bool:
        now = self._clock()
        tokens, counted = self._left.get(who, (float(self._most), now))
        tokens = min(self._most, tokens + (now - counted) * self._most / 60)
        self._left[who] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1


class Recent(OrderedDict[K, V]):
    """A dict of what was set last."""

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > MOST:
            self.popitem(last=False)
