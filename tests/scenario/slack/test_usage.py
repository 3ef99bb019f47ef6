"""What models took for people in Slack: written down by who asked, shown by `/spyglass usage`, held by budgets."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from bot.local_slack import Person
from tests.provider import Provider
from tests.scenario.slack.bulk import ASK, over, small_pictures
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.forms import said
from tests.scenario.slack.office import Office, Room
from tests.scenario.slack.seer import SPEC, settings

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

RED = ("red.png", small_png("red"))


def calls_of(office: Office, person: Person) -> list[dict[str, Any]]:
    """What is in the ledger of somebody, in order."""
    query = "select * from spyglass.model_calls where user_id = %s order by at"
    with psycopg.connect(office.database, row_factory=dict_row) as db:
        return db.execute(query, [person.id]).fetchall()


async def written(office: Office, person: Person, number: int) -> list[dict[str, Any]]:
    """So many calls of theirs, once they are written."""
    async with asyncio.timeout(30):
        while len(found := calls_of(office, person)) < number:  # noqa: ASYNC110  rows: no event
            await asyncio.sleep(0.05)
    return found


async def usage(room: Room, who: Person, words: str = "usage") -> str:
    """What only they see."""
    before = len(room.notes_to(who))
    await who.slash("/spyglass", words, room.channel)
    await room.slack.until(lambda: len(room.notes_to(who)) > before)
    shown = [one for one in room.slack.ephemerals(room.channel) if one["_for"] == who.id]
    return said(shown[-1]).replace("\u2060", "")


async def test_every_call_is_on_the_account_of_who_asked_where_and_of_the_tool(seeing: Office) -> None:
    room = await seeing.room()
    assert "red square" in " ".join(await room.answer_to("What is this?", RED)).lower()
    calls = await written(seeing, room.anna, 3)
    assert {(one["team"], one["channel"], one["model"], one["outcome"]) for one in calls} == {
        (seeing.slack.team, room.channel, SPEC, "answered")
    }
    assert [one["tool"] for one in calls] == ["", "look", ""]
    assert len({one["turn"] for one in calls}) == 1
    look = calls[1]
    assert look["images"] == 1
    assert look["tokens_in"] > 0
    assert look["cost"] > 0


async def test_what_models_took_is_shown_to_who_asks_alone(seeing: Office) -> None:
    room = await seeing.room()
    await room.answer_to("What is this?", ("blue.png", small_png("blue")))
    shown = await usage(room, room.anna)
    assert "In the last 30 days, for you: $0.0" in shown
    assert "for 3 calls of models" in shown
    assert "planning" in shown
    assert "looking with the vision model" in shown
    assert SPEC in shown
    assert await usage(room, room.ben) == "In the last 30 days no model was asked anything for you."
    assert room.notes_to(room.ben)[-1] == "In the last 30 days no model was asked anything for you."


async def test_the_home_tab_tells_ones_own(seeing: Office) -> None:
    room = await seeing.room()
    await room.answer_to("What is this?", ("grey.png", small_png("grey")))
    await written(seeing, room.anna, 3)
    await room.anna.open_app_home("home")
    await room.slack.until(lambda: "Models took: $0.0" in said(room.anna.home()))
    assert "for 3 calls of models" in said(room.anna.home())
    await room.ben.open_app_home("home")
    await room.slack.until(lambda: "Only you see this page" in said(room.ben.home()))
    assert "Models took" not in said(room.ben.home())


async def test_an_answer_that_was_there_already_is_counted_as_such(seeing: Office, provider: Provider) -> None:
    room = await seeing.room()
    green = ("green.png", small_png("green"))
    await room.answer_to("What is this?", green)
    looked = sum(bool(one.images) for one in provider.heard)
    room.thread = None
    await room.answer_to("What is this?", green)
    assert sum(bool(one.images) for one in provider.heard) == looked
    await written(seeing, room.anna, 6)
    assert "1 answer was there already" in await usage(room, room.anna)


async def test_bulk_work_is_on_the_account_of_who_asked_for_it(seeing: Office) -> None:
    room = await seeing.room()
    await room.say("", *small_pictures(9), who=room.ben)
    await room.say(ASK, mention=True)
    await over(room)
    calls = await written(seeing, room.anna, 9)
    assert {(one["tool"], one["channel"]) for one in calls} == {("look", room.channel)}
    assert calls_of(seeing, room.ben) == []


async def test_whose_budget_is_spent_is_answered_without_models_and_told_so(
    opening: Opening, provider: Provider
) -> None:
    async with opening(**settings(provider, budget_user=0.000001)) as office:
        room = await office.room()
        await room.answer_to("What is this?", RED)
        asked = len(provider.heard)
        lines = await room.answer_to("and what colour is it?")
        assert len(provider.heard) == asked
        told = " ".join(lines)
        assert "Your budget for models" in told
        assert "it starts anew at 00:00 UTC" in told
        assert "Spent today (UTC):" in await usage(room, room.anna)
        room.thread = None
        await room.answer_to("What is this?", RED, who=room.ben)
        assert len(provider.heard) > asked
