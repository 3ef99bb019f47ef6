"""What models took, summed up from a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.ledger.calls import Calls
from bot.ledger.lazily import Tables
from bot.ledger.usage import By, Sum, every_day, sums
from bot.ledger.words import bars, cost, in_all, money, savings, short, unpriced
from tools.kit.models import Account, Entry, Usage

CLAUDE, LLAVA = "anthropic:claude-haiku-4-5", "openai_compatible:http://localhost:1#llava"
ANNA, BEN = Account("T1", "C1", "anna", "1", "look"), Account("T1", "C2", "ben", "2", "")
STRANGER = Account("T2", "C9", "anna", "3", "look")


def took(
    spent: float | None, *, model: str = CLAUDE, purpose: str = "look", outcome: str = "answered", tokens: int = 1000
) -> Entry:
    usage = Usage(input=tokens, cached=tokens // 4, output=tokens // 10, images=1, calls=1)
    return Entry(model=model, purpose=purpose, usage=usage, cost=spent, outcome=outcome)


@pytest.fixture
async def tables(database_url: str) -> AsyncIterator[Tables]:
    async def where() -> str:
        return database_url

    made = Tables(where)
    yield made
    await made.close()


async def fill(tables: Tables, *noted: tuple[int, Account, Entry]) -> None:
    """Calls of so many days ago."""
    ago = 0
    ledger = Calls(tables, clock=lambda: datetime.now(UTC) - timedelta(days=ago))
    for ago, account, entry in noted:  # noqa: B007  the clock reads it
        await ledger.note(account, entry)
    await ledger.close()


@pytest.fixture
async def filled(tables: Tables) -> Tables:
    await fill(
        tables,
        (0, ANNA, took(0.5)),
        (0, ANNA, took(0.5, outcome="cached")),
        (1, BEN, took(2.0, purpose="plan")),
        (1, BEN, took(None, model=LLAVA, purpose="plan")),
        (2, ANNA, took(None, outcome="timeout", tokens=0)),
        (2, STRANGER, took(7.0)),
        (40, ANNA, took(100.0)),
    )
    return tables


async def named(tables: Tables, by: By | None, **of: Any) -> dict[str, Sum]:
    return {one.name: one for one in await sums(await tables.db(), by, days=30, **of)}


async def test_all_of_it_in_one_sum(filled: Tables) -> None:
    (total,) = (await named(filled, None)).values()
    assert (total.calls, total.failed, total.again, total.unpriced) == (5, 1, 1, 1)
    assert (total.cost, total.saved) == (9.5, 0.5)
    assert (total.tokens_in, total.tokens_cached, total.tokens_out, total.images) == (4000, 1000, 400, 5)


async def test_an_answer_said_again_saved_what_such_answers_cost(tables: Tables) -> None:
    again = took(0.0, outcome="cached", tokens=0)
    await fill(tables, (1, ANNA, took(0.2)), (1, BEN, took(0.4)), (0, ANNA, again), (0, STRANGER, again))
    assert (await named(tables, None, workspace="T1", user="anna"))[""].saved == pytest.approx(0.3)
    assert (await named(tables, None, workspace="T2"))[""].saved == 0


async def test_nothing_asked_is_no_sum(tables: Tables) -> None:
    assert await named(tables, None) == {}


@pytest.mark.parametrize(
    ("by", "costs"),
    [
        ("model", {CLAUDE: 9.5, LLAVA: 0.0}),
        ("tool", {"look": 7.5, "plan": 2.0}),
        ("channel", {"C9": 7.0, "C2": 2.0, "C1": 0.5}),
        ("user", {"anna": 7.5, "ben": 2.0}),
        ("workspace", {"T2": 7.0, "T1": 2.5}),
    ],
)
async def test_the_most_expensive_come_first(filled: Tables, by: By, costs: dict[str, float]) -> None:
    found = {name: one.cost for name, one in (await named(filled, by)).items()}
    assert list(found.items()) == list(costs.items())


async def test_days_are_in_their_order_and_none_is_left_out(filled: Tables) -> None:
    days = every_day(await sums(await filled.db(), "day", days=4), 4)
    assert [one.cost for one in days] == [0.0, 7.0, 2.0, 0.5]
    assert [one.name for one in days] == sorted(one.name for one in days)


async def test_of_one_workspace_or_person_alone(filled: Tables) -> None:
    assert (await named(filled, None, workspace="T1"))[""].cost == 2.5
    assert (await named(filled, None, workspace="T1", user="anna"))[""].cost == 0.5
    assert await named(filled, None, workspace="T3") == {}


# --- in words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "$0.00"), (0.00001, "under $0.0001"), (0.0123, "$0.0123"), (0.1, "$0.10"), (1234.5, "$1,234.50")],
)
def test_money(amount: float, said: str) -> None:
    assert money(amount) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (999, "999"), (1000, "1k"), (12_345, "12.3k"), (2e6, "2M")])
def test_large_numbers_are_short(number: float, said: str) -> None:
    assert short(int(number)) == said


def summed(**changed: Any) -> Sum:
    nothing = dict.fromkeys(set(Sum.model_fields) - {"name"}, 0)
    return Sum.model_validate({"name": "", **nothing, **changed})


def test_what_is_not_known_is_never_said_to_be_nothing() -> None:
    assert cost(summed(calls=2, unpriced=2)) == "unknown"
    assert cost(summed(calls=3, unpriced=2, cost=1.5)) == "$1.50 + ?"
    assert "budgets do not count them" in unpriced(summed(unpriced=2))
    assert unpriced(summed(cost=1.0)) == ""


def test_a_sum_in_a_sentence() -> None:
    one = summed(calls=2, failed=1, tokens_in=4000, tokens_cached=1000, tokens_out=50, images=1, cost=0.25)
    assert in_all(one) == (
        "$0.25 for 2 calls of models (1 without an answer), with 4k tokens in (25% from the provider's cache), 50 out, "
        "1 image."
    )
    assert savings(summed(again=3, saved=0.5)) == "3 answers were there already, which saved about $0.50."


def test_bars_are_as_long_as_what_was_spent() -> None:
    assert bars([summed(cost=2.0), summed(cost=1.0), summed(cost=0.0001), summed()], 10) == ["█" * 10, "█" * 5, "█", ""]


def test_bars_tell_tokens_where_no_cost_is_known() -> None:
    assert bars([summed(tokens_in=100), summed(tokens_in=50)], 10) == ["█" * 10, "█" * 5]


# --- in the terminal ----------------------------------------------------------------------------


async def usage(url: str, home: Path, *arguments: str, **settings: str) -> str:
    """What the command prints, in a terminal of 80 columns."""
    told = {"SPYGLASS_HOME": str(home), "SPYGLASS_DATABASE_URL": url, "COLUMNS": "80", **settings}
    ran = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "usage", *arguments),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **told},
    )
    said, _ = await ran.communicate()
    assert ran.returncode == 0
    return said.decode()


@pytest.fixture
async def few(tables: Tables) -> None:
    await fill(tables, (0, ANNA, took(0.5)), (1, BEN, took(None, model=LLAVA)), (1, BEN, took(0.1, outcome="cached")))


@pytest.mark.usefixtures("few")
async def test_the_terminal_shows_tables_and_bars(database_url: str, tmp_path: Path) -> None:
    said = await usage(database_url, tmp_path)
    assert "In the last 30 days: $0.50 + ? for 2 calls" in said
    assert "1 answer was there already, which saved about $0.10." in said
    assert "The price of 1 call is not known" in said
    lines = {line.split("  ")[0]: line.rstrip() for line in said.splitlines()}
    assert lines["look"].endswith("█" * 12)
    assert lines[datetime.now(UTC).date().isoformat()].endswith("█" * 40)


@pytest.mark.usefixtures("few")
async def test_the_terminal_tells_budgets(database_url: str, tmp_path: Path) -> None:
    budgets = {"SPYGLASS_BUDGET_WORKSPACE": "5", "SPYGLASS_BUDGET_USER": "0.5"}
    said = await usage(database_url, tmp_path, **budgets)
    assert "Budgets a day: $5.00 for a workspace, $0.50 for a person." in said


@pytest.mark.usefixtures("few")
async def test_one_table_as_json(database_url: str, tmp_path: Path) -> None:
    told = json.loads(await usage(database_url, tmp_path, "--by", "user", "--days", "1", "--json"))
    assert told["days"] == 1
    assert told["total"]["cost"] == 0.5
    assert [(one["name"], one["calls"]) for one in told["by"]["user"]] == [("anna", 1)]


async def test_a_ledger_without_calls_says_so(database_url: str, tmp_path: Path) -> None:
    assert await usage(database_url, tmp_path, "--days", "1") == "No model was asked today (UTC).\n"
