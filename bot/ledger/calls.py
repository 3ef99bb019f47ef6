"""The ledger in PostgreSQL: what was noted is written a moment later, by the batch."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

from bot.ledger.budgets import Budgets
from bot.ledger.keeping import EVERY, tidy
from bot.ledger.lazily import Tables
from bot.ledger.spending import PAYERS, Payer, payers_of
from tools.kit.models import Account, Entry

log = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds for which calls are gathered before they are written: as much is lost when the process is killed."""
LONGEST_PAUSE = 30.0
"""And when the database stays away."""
AT_ONCE = 500
MOST = 20_000
"""Calls that wait to be written; the oldest beyond that are lost."""
LAST = 5.0
"""Seconds for which closing waits for the database."""

WRITE: LiteralString = """
    with given as (
        select * from unnest(
            %(id)s::uuid[], %(at)s::timestamptz[], %(team)s::text[], %(channel)s::text[], %(user_id)s::text[],
            %(turn)s::text[], %(tool)s::text[], %(purpose)s::text[], %(model)s::text[], %(outcome)s::text[],
            %(calls)s::int[], %(tokens_in)s::bigint[], %(tokens_cached)s::bigint[], %(tokens_written)s::bigint[],
            %(tokens_out)s::bigint[], %(tokens_thinking)s::bigint[], %(images)s::int[], %(image_bytes)s::bigint[],
            %(seconds)s::float8[], %(cost)s::numeric[], %(workspace_pays)s::text[], %(channel_pays)s::text[],
            %(user_pays)s::text[]
        ) as one (
            id, at, team, channel, user_id, turn, tool, purpose, model, outcome, calls, tokens_in, tokens_cached,
            tokens_written, tokens_out, tokens_thinking, images, image_bytes, seconds, cost, workspace_pays,
            channel_pays, user_pays
        )
    ), new as (
        insert into model_calls (
            id, at, team, channel, user_id, turn, tool, purpose, model, outcome, calls, tokens_in, tokens_cached,
            tokens_written, tokens_out, tokens_thinking, images, image_bytes, seconds, cost
        )
        select id, at, team, channel, user_id, turn, tool, purpose, model, outcome, calls, tokens_in, tokens_cached,
            tokens_written, tokens_out, tokens_thinking, images, image_bytes, seconds, cost
        from given on conflict (id) do nothing returning id
    )
    insert into model_spending (team, day, whose, cost)
    select team, (at at time zone 'UTC')::date as day, whose, sum(cost)
    from given join new using (id) cross join lateral unnest(array[workspace_pays, channel_pays, user_pays]) as whose
    where whose is not null and cost > 0
    group by team, day, whose order by team, day, whose
    on conflict (team, day, whose) do update set cost = model_spending.cost + excluded.cost
"""
"""Carried out twice, it writes once. In order: two processes that add to the same sums never wait for each other."""


@dataclass(frozen=True)
class Call:
    """What is to be written."""

    id: UUID
    at: datetime
    account: Account
    entry: Entry

    @property
    def spent(self) -> float | None:
        """US dollars; an answer that was there already costs nothing. None where it is not known."""
        return 0.0 if self.entry.outcome == "cached" else self.entry.cost

    def paying(self) -> dict[Payer, str]:
        return payers_of(self.account, self.at.date()) if self.spent else {}


class Calls:
    """The ledger (`tools.kit.models.Ledger`). Nobody waits for what is written; budgets count it at once."""

    def __init__(
        self,
        tables: Tables,
        *,
        limits: Mapping[Payer, float] | None = None,
        days: int = 0,
        answers_days: int = 0,
        pause: float = PAUSE,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """limits: daily budgets in US dollars. days, answers_days: for which calls and answers are kept, as `tidy`
        says."""
        self._tables, self._pause, self._clock = tables, pause, clock
        self._days = {"calls": days, "answers": answers_days}
        self._budgets = Budgets(limits or {}, self._spent, clock)
        self.hears: list[Callable[[Account, Entry], None]] = []
        """Told of every call as it is noted, for whoever measures."""
        self._waiting: list[Call] = []
        self._writing: asyncio.Task[None] | None = None
        self._tidied = datetime.min.replace(tzinfo=UTC)

    async def allow(self, account: Account, *, expected: float | None = None) -> None:
        await self._budgets.allow(account, expected=expected)

    async def note(self, account: Account, entry: Entry) -> None:
        try:
            for hear in self.hears:
                hear(account, entry)
            call = Call(uuid4(), self._clock(), account, entry)
            if entry.outcome != "cached":
                self._budgets.noted(account, call.spent)
            self._waiting.append(call)
            self._make_room()
            if self._writing is None or self._writing.done():
                # in a context of its own: it works for others than whose call this was
                self._writing = asyncio.get_running_loop().create_task(self._write_soon(), context=Context())
        except Exception:
            log.exception("A call of a model is not in the ledger.")

    async def flush(self) -> None:
        """Write what waits. Raises: DatabaseAway and others, when it cannot be: then it waits on."""
        async with self._budgets.writing:
            while self._waiting:
                batch = self._waiting[:AT_ONCE]
                await (await self._tables.db()).rows(WRITE, _columns(batch))
                del self._waiting[: len(batch)]
                spent = Counter[str]()
                for call in batch:
                    spent.update(dict.fromkeys(call.paying().values(), call.spent))
                self._budgets.written(spent)

    async def close(self) -> None:
        """Write what waits, unless the database is away for long."""
        if self._writing:
            self._writing.cancel()
            await asyncio.wait([self._writing])
        try:
            async with asyncio.timeout(LAST):
                await self.flush()
        except Exception as error:
            log.warning("%d calls of models are not in the ledger (%s).", len(self._waiting), error)

    async def _write_soon(self) -> None:
        pause = self._pause
        while self._waiting:
            await asyncio.sleep(pause)
            try:
                await self.flush()
                await self._tidy()
                pause = self._pause
            except Exception as error:
                log.warning("Calls of models cannot be written to the ledger now (%s).", error)
                pause = min(2 * max(pause, PAUSE), LONGEST_PAUSE)

    async def _tidy(self) -> None:
        if self._clock() - self._tidied > timedelta(seconds=EVERY):
            self._tidied = self._clock()
            await tidy(await self._tables.db(), **self._days)

    def _make_room(self) -> None:
        lost = self._waiting[:-MOST]
        if lost:
            log.warning("The ledger is full and cannot be written: %d calls of models are lost.", len(lost))
            del self._waiting[: len(lost)]

    async def _spent(self, workspace: str, day: Any, whose: Any) -> dict[str, float]:
        rows = await (await self._tables.db()).rows(
            "select whose, cost from model_spending where (team, day) = (%s, %s) and whose = any(%s)",
            [workspace, day, list(whose)],
        )
        return {row["whose"]: float(row["cost"]) for row in rows}


def _columns(batch: Sequence[Call]) -> dict[str, list[Any]]:
    rows = [_row(call) for call in batch]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _row(call: Call) -> dict[str, Any]:
    account, entry, usage, paying = call.account, call.entry, call.entry.usage, call.paying()
    return {
        "id": call.id,
        "at": call.at,
        "team": account.workspace,
        "channel": account.channel,
        "user_id": account.user,
        "turn": account.turn,
        "tool": account.tool,
        "purpose": entry.purpose,
        "model": entry.model,
        "outcome": entry.outcome,
        "calls": usage.calls,
        "tokens_in": usage.input,
        "tokens_cached": usage.cached,
        "tokens_written": usage.written,
        "tokens_out": usage.output,
        "tokens_thinking": usage.thinking,
        "images": usage.images,
        "image_bytes": usage.image_bytes,
        "seconds": usage.seconds,
        "cost": entry.cost,
        **{f"{payer}_pays": paying.get(payer) for payer in PAYERS},
    }
