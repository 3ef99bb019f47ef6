"""The ledger, in memory and on a real PostgreSQL: budgets, and what is written."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from bot.ledger.calls import Calls
from bot.ledger.lazily import Tables
from bot.ledger.spending import Payer
from tests.fakes import MemoryLedger
from tools.kit.models import Account, Entry, Ledger, ProviderFailure, Usage

ANNA = Account(workspace="T1", channel="C1", user="anna", turn="turn-1", tool="look")
BEN = Account(workspace="T1", channel="C2", user="ben", turn="turn-2", tool="describe")
ELSEWHERE = Account(workspace="T2", channel="C1", user="anna", turn="turn-3", tool="look")


@dataclass
class Clock:
    """Says the time it is told."""

    now: datetime = field(default=datetime(2026, 11, 28, 21, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


def looked(cost: float | None = 0.4, outcome: str = "answered") -> Entry:
    usage = Usage(input=1000, cached=200, output=50, images=1, image_bytes=9000, calls=1, seconds=1.5)
    return Entry(model="anthropic:claude-haiku-4-5", purpose="look", usage=usage, cost=cost, outcome=outcome)


New = Callable[..., Ledger]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "postgres"])
async def new(request: pytest.FixtureRequest, clock: Clock) -> AsyncIterator[New]:
    """Makes ledgers with these daily budgets; those on PostgreSQL share one database."""
    made: list[Calls] = []
    url = request.getfixturevalue("database_url") if request.param == "postgres" else ""

    async def where() -> str:
        return str(url)

    tables = Tables(where)

    def make(**limits: float) -> Ledger:
        if request.param == "memory":
            return MemoryLedger(limits=limits, clock=clock)
        chosen: dict[Payer, float] = limits  # type: ignore[assignment]
        made.append(Calls(tables, limits=chosen, clock=clock, pause=0.01))
        return made[-1]

    yield make
    for each in made:
        await each.close()
    await tables.close()


async def spend(ledger: Ledger, account: Account, cost: float | None, outcome: str = "answered") -> None:
    await ledger.allow(account)
    await ledger.note(account, looked(cost, outcome))


# --- budgets ------------------------------------------------------------------------------------


async def test_without_budgets_everything_is_allowed(new: New) -> None:
    ledger = new()
    for _ in range(3):
        await spend(ledger, ANNA, 1_000.0)


async def test_a_spent_budget_says_whose_it_is_how_much_and_when_it_starts_anew(new: New) -> None:
    ledger = new(user=0.5)
    await spend(ledger, ANNA, 0.5)
    with pytest.raises(ProviderFailure) as refused:
        await ledger.allow(ANNA)
    assert refused.value.kind == "budget"
    assert str(refused.value).startswith("Your budget for models, $0.50 a day, is spent; it starts anew at 00:00 UTC")
    assert "reading text" in str(refused.value)


async def test_a_budget_of_less_than_a_cent_is_said_in_full(new: New) -> None:
    ledger = new(user=0.001)
    await spend(ledger, ANNA, 0.001)
    with pytest.raises(ProviderFailure, match=r"^Your budget for models, \$0\.0010 a day, is spent"):
        await ledger.allow(ANNA)


@pytest.mark.parametrize(
    ("payer", "stopped", "goes_on"),
    [
        ("workspace", [ANNA, BEN], [ELSEWHERE]),
        ("channel", [ANNA], [BEN, ELSEWHERE]),
        ("user", [ANNA], [BEN, ELSEWHERE]),
    ],
)
async def test_each_budget_stops_only_those_who_pay_from_it(
    new: New, payer: str, stopped: list[Account], goes_on: list[Account]
) -> None:
    ledger = new(**{payer: 0.3})
    await spend(ledger, ANNA, 0.4)
    for account in stopped:
        with pytest.raises(ProviderFailure):
            await ledger.allow(account)
    for account in goes_on:
        await ledger.allow(account)


async def test_at_midnight_utc_budgets_start_anew(new: New, clock: Clock) -> None:
    ledger = new(workspace=0.3)
    await spend(ledger, ANNA, 0.4)
    clock.passes(hours=2.4)
    with pytest.raises(ProviderFailure, match="in 6 minutes"):
        await ledger.allow(ANNA)
    clock.passes(minutes=7)
    await ledger.allow(ANNA)


async def test_answers_that_were_there_already_and_unknown_prices_spend_nothing(new: New) -> None:
    ledger = new(workspace=0.3)
    await spend(ledger, ANNA, None)
    await ledger.note(ANNA, looked(5.0, "cached"))
    await ledger.allow(ANNA)


async def test_a_budget_of_nothing_allows_nothing(new: New) -> None:
    with pytest.raises(ProviderFailure):
        await new(workspace=0.0).allow(ANNA)


async def test_who_is_no_person_in_no_channel_pays_from_the_workspace_alone(new: New) -> None:
    ledger = new(channel=0.1, user=0.1)
    await spend(ledger, Account(workspace="T1"), 5.0)
    await ledger.allow(Account(workspace="T1"))


async def test_calls_under_way_count_as_much_as_the_tools_calls_did_lately(new: New) -> None:
    ledger = new(workspace=1.0)
    await spend(ledger, ANNA, 0.4)
    await ledger.allow(ANNA)
    await ledger.allow(ANNA)
    with pytest.raises(ProviderFailure):
        await ledger.allow(ANNA)
    await ledger.note(ANNA, looked(0.01))  # that one was cheaper than thought
    await ledger.allow(ANNA)


async def test_a_call_that_was_never_noted_does_not_count_for_ever(new: New, clock: Clock) -> None:
    ledger = new(workspace=0.7)
    await spend(ledger, ANNA, 0.4)
    await ledger.allow(ANNA)
    with pytest.raises(ProviderFailure):
        await ledger.allow(ANNA)
    clock.passes(minutes=6)
    await ledger.allow(ANNA)


# --- over processes -----------------------------------------------------------------------------


@pytest.fixture
async def tables(database_url: str) -> AsyncIterator[Tables]:
    async def where() -> str:
        return database_url

    made = Tables(where)
    yield made
    await made.close()


async def written(url: str, query: str = "select * from spyglass.model_calls order by at, id") -> list[dict[str, Any]]:
    async with await psycopg.AsyncConnection.connect(url, row_factory=dict_row) as db:
        return await (await db.execute(query.encode())).fetchall()


async def test_what_another_process_spent_counts_two_seconds_later(tables: Tables, clock: Clock) -> None:
    ours, theirs = (Calls(tables, limits={"workspace": 0.3}, clock=clock) for _ in range(2))
    await ours.allow(ANNA)
    await spend(theirs, BEN, 0.4)
    await theirs.flush()
    await ours.allow(ANNA)
    clock.passes(seconds=2)
    with pytest.raises(ProviderFailure):
        await ours.allow(ANNA)
    await asyncio.gather(ours.close(), theirs.close())


async def test_what_is_written_is_not_counted_twice(tables: Tables, clock: Clock) -> None:
    ledger = Calls(tables, limits={"workspace": 1.0}, clock=clock)
    for _ in range(2):
        await spend(ledger, ANNA, 0.3)
        await ledger.flush()
        await ledger.allow(BEN)
        clock.passes(seconds=3)
    await ledger.allow(ANNA)
    await ledger.close()


async def test_many_processes_that_write_at_once_add_up(tables: Tables, database_url: str) -> None:
    ledgers = [Calls(tables, limits={"workspace": 1e6}) for _ in range(5)]
    for ledger in ledgers:
        for account in (ANNA, BEN, ELSEWHERE) * 10:
            await ledger.note(account, looked(0.1))
    await asyncio.gather(*(ledger.close() for ledger in ledgers))
    kept = await written(database_url, "select cost from spyglass.model_spending order by cost")
    # T1: 10 from the workspace, 5 each from two channels and two people; T2: 5 from the workspace, channel and person
    assert [round(float(row["cost"]), 6) for row in kept] == [5.0] * 7 + [10.0]


# --- what is written ----------------------------------------------------------------------------


async def test_a_call_is_written_with_its_account_and_all_it_took(tables: Tables, database_url: str) -> None:
    ledger = Calls(tables)
    await ledger.note(ANNA, looked(0.0123))
    await ledger.close()
    (row,) = await written(database_url)
    assert (row["team"], row["channel"], row["user_id"], row["turn"], row["tool"]) == (
        *("T1", "C1", "anna", "turn-1", "look"),
    )
    assert (row["model"], row["purpose"], row["outcome"]) == ("anthropic:claude-haiku-4-5", "look", "answered")
    assert (row["tokens_in"], row["tokens_cached"], row["tokens_out"], row["calls"]) == (1000, 200, 50, 1)
    assert (row["images"], row["image_bytes"], row["seconds"]) == (1, 9000, 1.5)
    assert float(row["cost"]) == 0.0123


async def test_an_unknown_cost_is_written_as_unknown(tables: Tables, database_url: str) -> None:
    ledger = Calls(tables)
    await ledger.note(ANNA, looked(None))
    await ledger.close()
    assert [row["cost"] for row in await written(database_url)] == [None]


async def test_calls_are_written_a_moment_later_without_being_asked_for(tables: Tables, database_url: str) -> None:
    ledger = Calls(tables, pause=0.01)
    await ledger.note(ANNA, looked())
    await tables.db()
    async with asyncio.timeout(20):
        while not await written(database_url):  # noqa: ASYNC110  a row: no event
            await asyncio.sleep(0.01)
    await ledger.close()


async def test_noting_needs_no_database_and_what_waits_is_written_when_it_is_there(database_url: str) -> None:
    away, there = True, database_url

    async def where() -> str:
        return "postgresql://127.0.0.1:1/nothing?connect_timeout=1" if away else there

    tables = Tables(where)
    ledger = Calls(tables)
    await ledger.note(ANNA, looked())
    away = False
    await ledger.close()
    assert len(await written(database_url)) == 1
    await tables.close()


async def test_a_batch_that_is_written_twice_is_there_once(
    tables: Tables, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after the statement was carried out, and it is repeated."""
    ledger, db = Calls(tables, limits={"user": 9.0}), await tables.db()
    rows = db.rows

    async def twice(query: Any, parameters: Any = ()) -> list[dict[str, Any]]:
        await rows(query, parameters)
        return await rows(query, parameters)

    monkeypatch.setattr(db, "rows", twice)
    await ledger.note(ANNA, looked(0.5))
    await ledger.close()
    assert len(await written(database_url)) == 1
    assert [float(row["cost"]) for row in await written(database_url, "select * from spyglass.model_spending")] == [
        *(0.5, 0.5, 0.5),
    ]


async def test_without_budgets_and_calls_the_database_is_not_asked() -> None:
    async def where() -> str:
        raise AssertionError("The database was asked for.")

    ledger = Calls(Tables(where))
    await ledger.allow(ANNA)
    await ledger.close()


PROGRAM = """
import asyncio, sys
from bot.ledger.calls import Calls
from bot.ledger.lazily import Tables
from tools.kit.models import Account, Entry, Usage

async def main():
    async def url():
        return sys.argv[1]

    ledger = Calls(Tables(url), limits={"workspace": 1000.0})
    for number in range(100):
        await ledger.note(Account("T1", "C1", f"U{number}"), Entry(model="m", purpose="look", usage=Usage(), cost=0.5))
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_what_was_written_outlives_a_process_that_is_killed(
    tables: Tables, database_url: str, clock: Clock
) -> None:
    await tables.db()
    noting = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, database_url)
    try:
        async with asyncio.timeout(60):
            while len(await written(database_url)) < 100:  # noqa: ASYNC110  rows: no event
                await asyncio.sleep(0.05)
    finally:
        noting.kill()
        await noting.wait()
    clock.now = datetime.now(UTC)
    with pytest.raises(ProviderFailure):  # it spent 50
        await Calls(tables, limits={"workspace": 50.0}, clock=clock).allow(ANNA)


async def test_calls_older_than_they_are_kept_are_dropped(tables: Tables, database_url: str, clock: Clock) -> None:
    clock.now = datetime.now(UTC) - timedelta(days=40)
    ledger = Calls(tables, days=30, clock=clock, pause=0.01)
    await ledger.note(ANNA, looked())
    await ledger.flush()
    clock.now = datetime.now(UTC)
    await ledger.note(BEN, looked())
    async with asyncio.timeout(20):
        while [row["user_id"] for row in await written(database_url)] != ["ben"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await ledger.close()
