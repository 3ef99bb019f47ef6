"""Daily budgets: whether a workspace, a channel or a person may have one more call of a model made."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from bot.ledger.spending import Payer, payers_of
from bot.ledger.words import money
from tools.kit.models import Account, ProviderFailure

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=2)
"""For as long a sum that was read holds: what other processes spend is noticed after that."""
LONGEST_CALL = timedelta(minutes=5)
"""A call that was allowed and never noted counts for as long."""
PATIENCE = 2.0
"""Seconds for which a sum is waited for."""
MOST = 10_000
"""Sums that are remembered."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)
TINY = 1e-12
WEIGHT = 0.2
"""Of the latest call in what the next one is thought to cost."""
WHOSE: Mapping[Payer, str] = {
    "workspace": "This workspace's budget",
    "channel": "This channel's budget",
    "user": "Your budget",
}
SPENT = (
    "{whose} for models, {limit} a day, is spent; it starts anew at 00:00 UTC, in {left}. What needs no model "
    "works until then: reading text, taking data out of documents, sorting, measuring, comparing and searching."
)

Read = Callable[[str, date, Collection[str]], Awaitable[Mapping[str, float]]]
"""Told a workspace, the day and digests, gives what was spent by each of these."""


class Budgets:
    """Counts what is kept in the database, what this process has not written there yet, and what its calls under way
    are thought to cost (as much as the tool's calls did lately).

    A budget can be overshot: in each process by what the calls under way cost beyond that thought, and by what other
    processes spend within FRESH and the ledger's pause before it writes. Where sums cannot be read, the last ones hold:
    a database that is away for a moment stops nobody. Calls whose price is not known cost nothing here.
    """

    def __init__(self, limits: Mapping[Payer, float], read: Read, clock: Callable[[], datetime]) -> None:
        """limits: US dollars a day. clock: in UTC."""
        self._limits, self._read, self._clock = limits, read, clock
        self._kept: dict[str, float] = {}
        """Sums as they were read, by digest."""
        self._asked: dict[str, datetime] = {}
        """When that was."""
        self._unwritten: defaultdict[str, float] = defaultdict(float)
        self._under_way: defaultdict[Account, deque[tuple[datetime, float]]] = defaultdict(deque)
        """When each was allowed and what it is thought to cost, the oldest first."""
        self._thought: dict[str, float] = {}
        """What a call of a tool costs."""
        self.writing = asyncio.Lock()
        """Held while sums are read, and by whoever writes: none is counted twice or left out between the two."""

    async def allow(self, account: Account, *, expected: float | None = None) -> None:
        """expected: US dollars the call is thought to cost, where that is known better.

        Raises: ProviderFailure of the kind ``budget``. What it allows is under way until it is `noted`.
        """
        if not self._limits:
            return
        now = self._clock()
        paying = self._paying(account, now)
        await self._refresh(account.workspace, paying.values(), now)
        for payer, digest in paying.items():
            if self._spent(payer, digest, account, now) >= self._limits[payer]:
                raise ProviderFailure(_sentence(payer, self._limits[payer], now), "budget")
        thought = self._thought.get(account.tool, 0.0) if expected is None else expected
        self._under_way[account].append((now, thought))

    def noted(self, account: Account, cost: float | None) -> None:
        """A call is over. cost: None where it is not known."""
        if not self._limits:
            return
        if waiting := self._under_way.get(account):
            waiting.popleft()
        if not waiting:
            self._under_way.pop(account, None)
        if cost:
            before = self._thought.get(account.tool, cost)
            self._thought[account.tool] = before + WEIGHT * (cost - before)
            for digest in self._paying(account, self._clock()).values():
                self._unwritten[digest] += cost

    def written(self, spent: Mapping[str, float]) -> None:
        """So much, by digest, is in the database now. Called while `writing` is held."""
        for digest, cost in spent.items():
            if digest in self._kept:
                self._kept[digest] += cost
            self._unwritten[digest] -= cost
            if self._unwritten[digest] < TINY:
                del self._unwritten[digest]

    def _paying(self, account: Account, now: datetime) -> dict[Payer, str]:
        payers = payers_of(account, now.date())
        return {payer: digest for payer, digest in payers.items() if payer in self._limits}

    async def _refresh(self, workspace: str, digests: Collection[str], now: datetime) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self.writing:
                old = [digest for digest in digests if now - self._asked.get(digest, LONG_AGO) >= FRESH]
                if not old:
                    return
                if len(self._asked) >= MOST:
                    self._asked.clear()
                    self._kept.clear()
                self._asked |= dict.fromkeys(old, now)
                self._kept |= {**dict.fromkeys(old, 0.0), **await self._read(workspace, now.date(), old)}
        except Exception as error:
            log.warning("What was spent today is not known (%s): the last sums hold.", error or type(error).__name__)

    def _spent(self, payer: Payer, digest: str, account: Account, now: datetime) -> float:
        known = self._kept.get(digest, 0.0) + self._unwritten.get(digest, 0.0)
        return known + sum(self._thoughts(payer, account, now))

    def _thoughts(self, payer: Payer, account: Account, now: datetime) -> Iterator[float]:
        """What the calls under way are thought to cost who pays for that account."""
        for other, calls in list(self._under_way.items()):
            while calls and now - calls[0][0] > LONGEST_CALL:
                calls.popleft()
            if not calls:
                del self._under_way[other]
            elif other.workspace == account.workspace and (
                payer == "workspace" or getattr(other, payer) == getattr(account, payer)
            ):
                yield from (cost for _, cost in calls)


def _sentence(payer: Payer, limit: float, now: datetime) -> str:
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    minutes = max(1, round((midnight - now).total_seconds() / 60))
    left = f"{round(minutes / 60)} hours" if minutes >= 90 else f"{minutes} minute{'s' if minutes > 1 else ''}"
    return SPENT.format(whose=WHOSE[payer], limit=money(limit), left=left)
