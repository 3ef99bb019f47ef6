"""`/spyglass usage`: what models took, in words and bars. Admins see the workspace, everybody else themselves.

Bars are characters, with their figures beside them: they need no file, which somebody else might open, and can be read
aloud.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.counting import counted
from bot.edge import plain
from bot.ledger.spending import Payer
from bot.ledger.usage import By, Sum, every_day, merged, sums
from bot.ledger.words import bars, cost, in_all, money, savings, short, unpriced
from bot.slack.events import Identity
from bot.slack.people import People
from bot.slack.replying import rich
from bot.slack.replying.mrkdwn import escape
from bot.slack.storage.tables import Database
from bot.slack.surface import sentences
from bot.slack.surface.blocks import Block, heading, mention, small, text
from tools.kit import Gate

DAYS = 30
MOST_DAYS = 366
CHART = 31
"""Days of the chart."""
SHOWN = 8
"""Lines of a list."""
DAY_CELLS, CELLS = 16, 10
"""Of the longest bar."""
OF_ALL: tuple[By, ...] = ("user", "channel", "tool", "model")
OF_ONE: tuple[By, ...] = ("tool", "model")


@dataclass(frozen=True)
class UsageReports:
    """Says who used what."""

    bot: Identity
    db: Database
    people: People
    gate: Gate
    budgets: dict[Payer, float]
    """US dollars a day."""
    written: Callable[[], Awaitable[None]]
    """Comes back when the ledger of this process has written what it heard."""

    async def of(self, user: str, days: int) -> tuple[str, list[Block]]:
        """For that person: the report in a sentence, and as blocks."""
        await self.written()
        all_of_it = (await self.people.person(user)).admin
        whose = {"workspace": self.bot.team, "user": None if all_of_it else user}
        total = next(iter(await sums(self.db, None, days=days, **whose)), None)
        period = sentences.TODAY if days == 1 else sentences.LAST_DAYS.format(days=days)
        if total is None:
            none = (sentences.NO_CALLS if all_of_it else sentences.NO_CALLS_OF_YOURS).format(period=period)
            return none, [text(none), *await self._today(user, all_of_it)]
        first = (sentences.USED_HERE if all_of_it else sentences.USED_BY_YOU).format(period=period, sum=in_all(total))
        told = [sentence for sentence in (first, savings(total), unpriced(total)) if sentence]
        daily = every_day(await sums(self.db, "day", days=min(days, CHART), **whose), min(days, CHART))
        blocks = [heading(sentences.MODEL_USAGE), text(escape("\n".join(told))), *await self._today(user, all_of_it)]
        blocks += [text(f"*{sentences.BY['day']}*"), _chart(daily)]
        for by in OF_ALL if all_of_it else OF_ONE:
            found = await sums(self.db, by, days=days, **whose)
            blocks.append(text(f"*{sentences.BY[by]}*\n{self._listed(by, found)}"))
        return first, [*blocks, small(sentences.ONLY_YOU_SEE_USAGE)]

    async def _today(self, user: str, all_of_it: bool) -> list[Block]:
        """What is spent of today's budgets, where there are any."""
        lines = []
        if "workspace" in self.budgets and all_of_it:
            lines.append(sentences.OF_WORKSPACE_BUDGET.format(**await self._spent("workspace", None)))
        if "user" in self.budgets:
            lines.append(sentences.OF_YOUR_BUDGET.format(**await self._spent("user", user)))
        return [text(" ".join([sentences.BUDGETS_TODAY, *lines]))] if lines else []

    async def _spent(self, payer: Payer, user: str | None) -> dict[str, str]:
        today = await sums(self.db, None, days=1, workspace=self.bot.team, user=user)
        return {"spent": money(sum(one.cost for one in today)), "budget": money(self.budgets[payer])}

    def _listed(self, by: By, found: Sequence[Sum]) -> str:
        named = merged(found, _direct_as_one) if by == "channel" else list(found)
        lines = [
            " · ".join([f"`{bar.ljust(CELLS, '░')}` {escape(cost(one))}", *_counts(one), self._named(by, one.name)])
            for one, bar in zip(named[:SHOWN], bars(named[:SHOWN], CELLS), strict=True)
        ]
        more = [sentences.AND_MORE.format(n=len(named) - SHOWN)] if len(named) > SHOWN else []
        return "\n".join([*lines, *more])

    def _named(self, by: By, name: str) -> str:
        if not name:
            return sentences.NO_LONGER_KNOWN
        if by == "user":
            return mention(name)
        if by == "channel":
            return sentences.IN_DIRECT if name == DIRECT else f"<#{escape(name)}>"
        if by == "tool":
            name = sentences.TOOLS.get(name) or sentences.PURPOSES.get(name) or name
        return escape(self.gate.clean(plain(name)))


DIRECT = "D"


def _direct_as_one(channel: str) -> str:
    """Who talks to us alone is not told apart by where."""
    return DIRECT if channel.startswith(DIRECT) else channel


def _counts(one: Sum) -> list[str]:
    again = [sentences.SAID_AGAIN.format(n=one.again)] if one.again else []
    return [counted(one.calls, "call"), f"{short(one.tokens)} tokens", *again]


def _chart(days: Sequence[Sum]) -> Block:
    """From the first day on which something was asked."""
    busy = next(number for number, one in enumerate(days) if one.calls or one.again or number == len(days) - 1)
    shown = days[busy:]
    lines = [
        f"{one.name[5:]} {bar.ljust(DAY_CELLS)} {cost(one) if one.calls else ''}".rstrip()
        for one, bar in zip(shown, bars(shown, DAY_CELLS), strict=True)
    ]
    return rich.block([{"type": "rich_text_preformatted", "elements": [rich.text_element("\n".join(lines))]}])
