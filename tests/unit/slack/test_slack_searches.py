"""What people searched for: kept for them alone, and forgotten with them."""

from __future__ import annotations

import json

import pytest

from bot.slack.addressing import Answers
from bot.slack.bulk.jobs import Jobs
from bot.slack.events import Message
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.forgetting import Forgetting, Whose
from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.searches import KEPT, Past, Searches
from bot.slack.storage.tables import Database
from bot.slack.storage.usage import Usage, usage_of
from tests.unit.slack.slack_edge import Memory

BICYCLE = Past("C1", {"query": "a red bicycle"})
RECEIPT = Past("C2", {"query": "a receipt", "kind": "application/pdf"})


@pytest.fixture
def searches(database: Database) -> Searches:
    return Searches(database)


async def test_the_latest_come_first_each_once(searches: Searches) -> None:
    for past in (BICYCLE, RECEIPT, BICYCLE):
        await searches.keep("T1", "U1", past)
    assert await searches.latest("T1", "U1", 5) == [BICYCLE, RECEIPT]
    assert await searches.latest("T1", "U1", 1) == [BICYCLE]


async def test_nobody_else_has_them(searches: Searches) -> None:
    await searches.keep("T1", "U1", BICYCLE)
    assert await searches.latest("T1", "U2", 5) == []
    assert await searches.latest("T2", "U1", 5) == []


async def test_the_oldest_are_dropped(searches: Searches) -> None:
    for number in range(KEPT + 3):
        await searches.keep("T1", "U1", Past("C1", {"query": str(number)}))
    kept = [past.asked["query"] for past in await searches.latest("T1", "U1", 100)]
    assert kept == [str(number) for number in range(KEPT + 2, 2, -1)]


@pytest.mark.parametrize(
    ("whose", "left"),
    [
        (Whose("T1", user="U1"), {"U1": [], "U2": [BICYCLE]}),
        (Whose("T1", channel="C1"), {"U1": [RECEIPT], "U2": []}),
        (Whose("T1", channel="C1", thread_ts="1.0"), {"U1": [RECEIPT, BICYCLE], "U2": [BICYCLE]}),
    ],
)
async def test_they_are_forgotten_with_the_person_and_with_the_channel(
    database: Database, searches: Searches, whose: Whose, left: dict[str, list[Past]]
) -> None:
    for user, past in (("U1", BICYCLE), ("U1", RECEIPT), ("U2", BICYCLE)):
        await searches.keep("T1", user, past)
    forgetting = Forgetting(database, Erasing(database, Memory()))
    gone = 3 - sum(map(len, left.values()))
    assert (await forgetting.count(whose)).searches == gone
    assert (await forgetting.erase(whose)).searches == gone
    assert {user: await searches.latest("T1", user, 5) for user in left} == left


async def test_nobody_who_is_forgotten_is_named_in_what_others_asked(database: Database, searches: Searches) -> None:
    inbox, preferences = Inbox(database), Preferences(database, Answers.ALWAYS)
    for ts, user in (("1.0", "U1"), ("2.0", "U2")):
        asked = Message(team="T1", channel="C1", ts=ts, thread_ts=ts, user=user, text="alt text for all of these")
        await inbox.hear(asked, for_us=True)
        await inbox.cancel(asked.key, by="U1")
        await inbox.finish(asked.key, State.STOPPED, "stopped by U1")
        assert await Jobs(database).begin(asked, [])
        await Jobs(database).stop(asked.key, by="U1")
        await Jobs(database).over(asked.key, "stopped by U1")
    await preferences.choose("T1", "C1", Answers.OFF, by="U1")
    await searches.keep("T1", "U2", Past("C1", {"query": "cat", "by": "U1"}))
    await Forgetting(database, Erasing(database, Memory())).erase(Whose("T1", user="U1"))
    for table in ("inbox", "bulk_jobs", "channels", "searches"):
        rows = await database.rows(f"select to_jsonb(one)::text as row from {table} one")
        assert '"U1"' not in str(rows)
        assert "by U1" not in str(rows)
    assert (await Preferences(database, Answers.ALWAYS).of("T1", "C1")).answers is Answers.OFF


async def test_who_asked_nothing_has_used_nothing(database: Database) -> None:
    assert await usage_of(database, "T1", "U1") == Usage(questions=0, images=0, tools={})


async def test_what_a_tool_could_not_do_is_not_counted_as_used(database: Database) -> None:
    tools = [{"name": "describe", "evidence": {"said": "a dog"}}, {"name": "look", "evidence": None, "error": "none"}]
    async with database.transaction() as db:
        await db.execute(
            "insert into inbox (team, channel, ts, thread, thread_ts, user_id, message, answer, state)"
            " values ('T1', 'C1', '1.0', 'T1:C1:1.0', '1.0', 'U1', '{}', %s, 'done')",
            [json.dumps({"tools": tools})],
        )
    assert (await usage_of(database, "T1", "U1")).tools == {"describe": 1}
