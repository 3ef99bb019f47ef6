"""Forms while things go wrong: a bot that was restarted, people who may not, forms of versions gone by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.local_slack import LocalSlack
from bot.settings import Settings
from bot.slack import messages
from bot.slack.serving import open_bot
from bot.slack.surface import sentences
from bot.slack.surface.question import FORM, OWN, SHORTCUT
from bot.slack.surface.search import SHORTCUT as SEARCH
from bot.slack.surface.search_entries import CHANNEL, QUERY
from bot.slack.surface.settings import ANSWERS, LANGUAGE
from tests.scenario.slack.conftest import NewSettings, Opening
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.forms import answered, changed, opened, said
from tests.scenario.slack.office import Office, Room, pointed_at

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

SMALL = ("small.png", small_png())


@asynccontextmanager
async def at_work(slack: LocalSlack, settings: Settings) -> AsyncIterator[None]:
    """A bot, until it is restarted."""
    async with open_bot(pointed_at(slack, settings)) as bot, bot.listening(ping=1.0):
        working = asyncio.create_task(bot.work())
        try:
            yield
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


async def test_forms_opened_before_a_restart_work_after_it(new_settings: NewSettings, tmp_path: Path) -> None:
    settings = new_settings()
    async with LocalSlack(retries=(0, 0, 0)) as slack:
        room = await Office(slack, {}, tmp_path).room()
        async with at_work(slack, settings):
            room.thread = await room.anna.post(room.channel, "look", files=[SMALL])
            await room.ben.message_action(room.channel, room.thread, SHORTCUT)
            asking = await opened(room, room.ben)
            await room.anna.slash("/spyglass", "settings", room.channel)
            setting = await opened(room, room.anna)
        async with at_work(slack, settings):
            await asyncio.gather(*(room.ben.submit(asking["id"], {OWN: "What is this?"}) for _ in range(2)))
            await room.anna.submit(setting["id"], {ANSWERS: "always", LANGUAGE: "de"})
            assert "Saved for" in said(room.anna.view())
            lines = await answered(room, asking)
            assert "asks about small.png" in lines[0]
            await room.nothing_more_comes()
            assert sum("asks about" in str(one) for one in room.said) == 1


async def test_a_guest_who_may_not_ask_is_told_so_in_the_form(opening: Opening) -> None:
    async with opening(slack_guests=False) as office:
        room = await office.room()
        guest = office.slack.person("gus", role="guest")
        await guest.join(room.channel)
        ts = await room.anna.post(room.channel, "look", files=[SMALL])
        await guest.message_action(room.channel, ts, SHORTCUT)
        assert await changed(room, guest, lambda shown: shown == messages.REFUSED["guest"])
        await guest.shortcut(SEARCH)
        await room.slack.until(lambda: sentences.WHAT in said(guest.view()))
        view = guest.view()
        assert view is not None
        await guest.submit(view["id"], {QUERY: "a flower", CHANNEL: room.channel})
        assert await changed(room, guest, lambda shown: shown == messages.REFUSED["guest"])
        assert room.said == []


async def test_a_channel_that_is_switched_off_answers_no_form(room: Room) -> None:
    await room.anna.slash("/spyglass", "settings threads off", room.channel)
    await room.slack.until(lambda: room.notes_to(room.anna) != [])
    ts = await room.anna.post(room.channel, "look", files=[SMALL])
    await room.ben.message_action(room.channel, ts, SHORTCUT)
    assert await changed(room, room.ben, lambda shown: shown == messages.OFF)


async def test_a_form_nobody_knows_any_more_says_so(room: Room) -> None:
    ts = await room.anna.post(room.channel, "look", files=[SMALL])
    await room.ben.message_action(room.channel, ts, SHORTCUT)
    view = await opened(room, room.ben)
    for kept in ("", "[]", "{}", '{"channel": 1}', "no JSON"):
        record = room.slack.workspace.state.views[view["id"]]
        record |= {"private_metadata": kept, "callback_id": FORM}
        answer = await room.ben.submit(view["id"], {OWN: "What is this?"})
        assert answer
        assert sentences.LOST in str(answer)
    assert room.said == []
