"""Answers that can be said again, in memory and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest

from bot.ledger.answers import Answers
from bot.ledger.keeping import tidy
from bot.ledger.lazily import Tables
from tests.fakes import MemoryAnswers
from tools.kit.models import AnswerStore

CAT, DOG = "c" * 64, "d" * 64
KEY = "look|anthropic:claude-haiku-4-5|v1|What is this?"
SAID = {"answer": "A cat.\u0000", "confidence": 0.9, "regions": [{"left": 0.5}], "odd": "\ud800"}


@pytest.fixture
async def tables(database_url: str) -> AsyncIterator[Tables]:
    async def where() -> str:
        return database_url

    made = Tables(where)
    yield made
    await made.close()


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> AnswerStore:
    if request.param == "memory":
        return MemoryAnswers()
    return Answers(request.getfixturevalue("tables"), days=30)


async def test_an_answer_comes_back_as_it_was(store: AnswerStore) -> None:
    assert await store.get("T1", [CAT], KEY) is None
    await store.put("T1", [CAT], KEY, SAID)
    assert await store.get("T1", [CAT], KEY) == SAID


async def test_the_latest_answer_stands(store: AnswerStore) -> None:
    await store.put("T1", [CAT], KEY, "a dog")
    await store.put("T1", [CAT], KEY, "a cat")
    assert await store.get("T1", [CAT], KEY) == "a cat"


async def test_another_workspace_never_gets_it(store: AnswerStore) -> None:
    await store.put("T1", [CAT], KEY, SAID)
    assert await store.get("T2", [CAT], KEY) is None


@pytest.mark.parametrize(
    ("images", "key"),
    [
        pytest.param([DOG], KEY, id="another image"),
        pytest.param([CAT, DOG], KEY, id="one more image"),
        pytest.param([CAT], f"{KEY} ", id="another question"),
        pytest.param([], f"{CAT}\0{KEY}", id="the image in the question"),
    ],
)
async def test_nor_does_who_asks_something_else(store: AnswerStore, images: list[str], key: str) -> None:
    await store.put("T1", [CAT], KEY, SAID)
    assert await store.get("T1", images, key) is None


async def test_images_in_another_order_are_something_else(store: AnswerStore) -> None:
    await store.put("T1", [CAT, DOG], KEY, "the first is a cat")
    assert await store.get("T1", [DOG, CAT], KEY) is None


async def test_every_answer_about_an_image_that_is_let_go_is_gone(store: AnswerStore) -> None:
    await store.put("T1", [CAT], KEY, "a cat")
    await store.put("T1", [DOG, CAT], KEY, "a dog and a cat")
    await store.put("T1", [DOG], KEY, "a dog")
    await store.put("T2", [CAT], KEY, "their cat")
    await store.forget("T1", CAT)
    assert await store.get("T1", [CAT], KEY) is None
    assert await store.get("T1", [DOG, CAT], KEY) is None
    assert await store.get("T1", [DOG], KEY) == "a dog"
    assert await store.get("T2", [CAT], KEY) == "their cat"


LOOKS = 0xF0F0_0000_FFFF_0001


async def test_what_was_said_of_the_image_that_looks_most_alike_is_found(store: AnswerStore) -> None:
    await store.put("T1", [CAT], KEY, "far", looks=LOOKS ^ 0b1111)
    await store.put("T1", [DOG], KEY, "close", looks=LOOKS ^ 0b1)
    assert await store.near("T1", LOOKS, KEY, within=4) == "close"


async def test_what_looks_too_different_is_not_found(store: AnswerStore) -> None:
    await store.put("T1", [CAT], KEY, "far", looks=LOOKS ^ (1 << 63) ^ 0b11)
    assert await store.near("T1", LOOKS, KEY, within=2) is None
    assert await store.near("T1", LOOKS, KEY, within=3) == "far"


async def test_likeness_does_not_reach_another_question_or_workspace(store: AnswerStore) -> None:
    await store.put("T1", [CAT], KEY, "a cat", looks=LOOKS)
    await store.put("T1", [DOG], KEY, "said without a look at its looks")
    assert await store.near("T1", LOOKS, f"{KEY}!", within=64) is None
    assert await store.near("T2", LOOKS, KEY, within=64) is None


async def test_what_is_forgotten_is_not_found_by_its_looks(store: AnswerStore) -> None:
    await store.put("T1", [CAT], KEY, "a cat", looks=LOOKS)
    await store.forget("T1", CAT)
    assert await store.near("T1", LOOKS, KEY, within=64) is None


# --- PostgreSQL alone ---------------------------------------------------------------------------


async def age(url: str, days: int) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await db.execute("update spyglass.model_answers set at = at - make_interval(days => %s)", [days])


async def kept(url: str) -> int:
    async with await psycopg.AsyncConnection.connect(url) as db:
        row = await (await db.execute("select count(*) from spyglass.model_answers")).fetchone()
        return int(row[0]) if row else 0


async def test_an_answer_expires(tables: Tables, database_url: str) -> None:
    store = Answers(tables, days=30)
    await store.put("T1", [CAT], KEY, SAID)
    await age(database_url, 29)
    assert await store.get("T1", [CAT], KEY) == SAID
    await age(database_url, 2)
    assert await store.get("T1", [CAT], KEY) is None


async def test_what_has_expired_is_dropped(tables: Tables, database_url: str) -> None:
    store = Answers(tables, days=30)
    await store.put("T1", [CAT], KEY, SAID)
    await age(database_url, 31)
    await store.put("T1", [DOG], KEY, SAID)
    await tidy(await tables.db(), calls=0, answers=30)
    assert await kept(database_url) == 1


async def test_no_answer_is_kept_where_none_is_wanted(tables: Tables, database_url: str) -> None:
    store = Answers(tables, days=0)
    await store.put("T1", [CAT], KEY, SAID)
    assert await store.get("T1", [CAT], KEY) is None
    await tables.db()
    assert await kept(database_url) == 0


async def test_an_answer_too_long_to_be_one_is_not_kept(tables: Tables) -> None:
    store = Answers(tables, days=30)
    await store.put("T1", [CAT], KEY, "x" * 300_000)
    assert await store.get("T1", [CAT], KEY) is None


async def test_of_a_workspace_only_the_latest_answers_are_kept(
    tables: Tables, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ledger.keeping.MOST_ANSWERS", 2)
    store = Answers(tables, days=30)
    for number in range(4):
        await store.put("T1", [CAT], f"{number}", number)
    await store.put("T2", [CAT], "0", 0)
    await tidy(await tables.db(), calls=0, answers=30)
    assert [await store.get("T1", [CAT], f"{number}") for number in range(4)] == [None, None, 2, 3]
    assert await store.get("T2", [CAT], "0") == 0


async def test_a_database_that_does_not_answer_costs_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.database.PATIENCE", 0.5)

    async def where() -> str:
        return "postgresql://127.0.0.1:1/nothing?connect_timeout=1"

    store = Answers(Tables(where), days=30)
    await store.put("T1", [CAT], KEY, SAID)
    assert await store.get("T1", [CAT], KEY) is None
