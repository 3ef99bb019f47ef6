"""The app is taken out of a workspace: nothing of it stays, whatever was under way, and nothing of the others goes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.local_slack import LocalSlack
from tests.scenario.slack.bulk import ASK, small_pictures
from tests.scenario.slack.conftest import NewSettings, Opening
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.model import Model, Pause, Use
from tests.scenario.slack.office import Room
from tests.scenario.slack.town import Town, added, everything_kept, installed, open_town, rows

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

ANSWER = "I cannot tell."
LOOK = Use("classify", {"image": "image 1", "labels": ["red", "blue"]})


@pytest_asyncio.fixture(loop_scope="session")
async def plain_town(new_settings: NewSettings, pictures: Any) -> AsyncIterator[Town]:
    """Of the test's own, without a model."""
    async with open_town(new_settings(token_keys=SecretStr(Fernet.generate_key().decode())), pictures) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def town(new_settings: NewSettings, pictures: Any, model: Model) -> AsyncIterator[Town]:
    """Of the test's own; its model says what the test tells it to."""
    settings = new_settings(
        token_keys=SecretStr(Fernet.generate_key().decode()), model="openai:scripted", openai_base_url=model.url
    )
    async with open_town(settings, pictures) as opened:
        yield opened


async def asked(room: Room, model: Model, question: str) -> str:
    """A question on an image that is answered. Returns its ts."""
    model.answers(question, LOOK, ANSWER)
    ts = await room.ask(question, ("small.png", small_png()))
    assert ANSWER in await room.reply_to(ts)
    return ts


async def begun(room: Room, model: Model, question: str) -> Pause:
    """One whose answer waits."""
    pause = Pause()
    model.answers(question, LOOK, pause, ANSWER)
    await room.ask(question, ("small.png", small_png()))
    await pause.begun()
    return pause


async def gone(town: Town, slack: LocalSlack) -> None:
    """Nothing names the workspace any more, in the database or in a folder."""
    async with asyncio.timeout(60):
        while slack.team in everything_kept(town) or files_of(town, slack):  # noqa: ASYNC110  rows and files: no event
            await asyncio.sleep(0.1)


def files_of(town: Town, slack: LocalSlack) -> list[str]:
    """What is kept of it in files, but for empty folders, locks and the emptied archive's frame."""
    home = town.settings.home
    found = (path for path in home.rglob("*") if slack.team in path.parts and path.is_file())
    return [str(path) for path in found if "archive" not in path.relative_to(home).parts and path.name != ".lock"]


async def test_nothing_of_a_workspace_stays_and_all_of_the_other(town: Town, model: Model) -> None:
    before = len(model.told)
    async with town.bot() as bot:
        await added(town, *town.slacks)
        first, second = await town.office(0).room(), await town.office(1).room()
        for room in (first, second):
            await asked(room, model, f"Which colour has it in {room.slack.team}?")
            await room.anna.press(room.channel, room.said[-1]["ts"], "spyglass_feedback")
        await second.slack.until(lambda: len(rows(town, "select run from spyglass.feedback")) == 2)
        calls = len(model.told) - before
        await second.slack.until(lambda: len(rows(town, "select id from spyglass.model_calls")) == calls)
        archived = "select file from spyglass.archive_postings where state = 'done'"
        await second.slack.until(lambda: len(rows(town, archived)) == 2, 60)
        assert {first.slack.team, second.slack.team} == installed(town)
        assert first.slack.bot_token not in everything_kept(town)
        kept = kept_of(town, second.slack)
        await first.slack.uninstall()
        await gone(town, first.slack)
        assert installed(town) == {second.slack.team}
        assert kept_of(town, second.slack) == kept
        assert await bot.offices.of(first.slack.team) is None
        model.answers("Are you there?", ANSWER)
        assert ANSWER in await second.answer_to("Are you there?")


def kept_of(town: Town, slack: LocalSlack) -> dict[str, int]:
    """How many rows and files are its own."""
    tables = [
        name
        for (name,) in rows(
            town,
            "select table_name from information_schema.columns where "
            "table_schema = 'spyglass' and column_name = 'team'",
        )
    ]
    counts = {
        name: rows(town, f"select count(*) from spyglass.{name} where team = '{slack.team}'")[0][0] for name in tables
    }
    return {**counts, "files": len(files_of(town, slack))}


async def test_a_turn_under_way_ends_quietly_and_nothing_is_written_late(town: Town, model: Model) -> None:
    async with town.bot():
        await added(town, *town.slacks)
        first, second = await town.office(0).room(), await town.office(1).room()
        pause = await begun(first, model, "Does it end quietly?")
        other = await begun(second, model, "Does this one go on?")
        shown = len(first.said)
        await first.slack.uninstall()
        await gone(town, first.slack)
        pause.end()
        other.end()
        await second.slack.until(lambda: ANSWER in str(second.said), 60)
        assert len(first.said) == shown
        assert ANSWER not in str(first.said)
        assert not [call for call in second.slack.calls if first.channel in str(call.arguments)]
        await gone(town, first.slack)


async def test_a_job_under_way_ends_quietly_too(plain_town: Town) -> None:
    async with plain_town.bot():
        await added(plain_town, *plain_town.slacks)
        room = await plain_town.office(0).room()
        await room.say("", *small_pictures(25))
        await room.say(ASK, mention=True)
        await room.slack.until(lambda: room.calls("chat.postMessage"), 60)
        await room.slack.uninstall()
        await gone(plain_town, room.slack)
        assert installed(plain_town) == {plain_town.slacks[1].team}
        assert not [file for file in room.slack.files.values() if file["name"].endswith(".csv")]


async def test_revoked_tokens_are_taken_for_the_same_and_those_of_people_are_not(town: Town, model: Model) -> None:
    async with town.bot():
        await added(town, *town.slacks)
        first, second = town.slacks
        second.emit({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}, "event_ts": "1.0"})
        first.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [first.bot_user]}, "event_ts": "1.0"})
        first.faults.revoke_token()
        await gone(town, first)
        await second.delivered()
        assert installed(town) == {second.team}


async def test_who_comes_back_begins_anew(town: Town, model: Model) -> None:
    async with town.bot():
        await added(town, town.slacks[0])
        room = await town.office(0).room()
        await asked(room, model, "What was it before?")
        await room.slack.uninstall()
        await added(town, town.slacks[0])
        assert installed(town) == {room.slack.team}
        assert rows(town, "select * from spyglass.inbox") == []
        room.thread = None
        await asked(room, model, "And now?")


async def test_an_old_word_of_leaving_does_not_take_out_who_came_back(town: Town, model: Model) -> None:
    async with town.bot():
        await added(town, town.slacks[0])
        slack, room = town.slacks[0], await town.office(0).room()
        payload = slack.emit({"type": "team_join", "event_ts": "1.0"})
        late = {**payload, "event": {"type": "app_uninstalled"}, "event_time": int(time.time()) - 60, "event_id": "Ev1"}
        slack.workspace.courier.send_again(late)
        await slack.delivered()
        await asked(room, model, "Am I still here?")
        assert installed(town) == {slack.team}


async def test_who_left_while_the_bot_was_stopped_is_erased_when_it_starts(town: Town, model: Model) -> None:
    first, second = town.slacks
    async with town.bot():
        await added(town, first, second)
        await asked(await town.office(0).room(), model, "Left behind?")
    await first.uninstall()
    await first.delivered()
    async with town.bot() as bot:
        await gone(town, first)
        assert await bot.offices.of(second.team)
    assert installed(town) == {second.team}


async def test_what_was_not_erased_before_the_bot_was_stopped_is_erased_when_it_starts(
    town: Town, model: Model
) -> None:
    async with town.bot():
        await added(town, *town.slacks)
        await asked(await town.office(0).room(), model, "Half gone?")
    rows(town, f"insert into spyglass.departures (team) values ('{town.slacks[0].team}')")
    async with town.bot():
        await gone(town, town.slacks[0])
    assert installed(town) == {town.slacks[1].team}


async def test_the_one_workspace_of_a_token_is_erased_too(opening: Opening, model: Model) -> None:
    async with opening(model="openai:scripted", openai_base_url=model.url) as office:
        room = await office.room()
        pause = await begun(room, model, "Is it the only one?")
        await office.slack.uninstall()
        await office.slack.delivered()
        pause.end()
        folder = office.home / "blobs" / office.slack.team
        await office.slack.until(lambda: not [path for path in folder.rglob("*") if len(path.name) == 64], 60)
        assert ANSWER not in str(room.said)
