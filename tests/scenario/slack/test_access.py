"""Who is answered, and how often, where somebody has set limits."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.slack import messages
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.office import Office, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

PER_MINUTE = 3


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict_office(opening: Opening) -> AsyncIterator[Office]:
    async with opening(slack_guests=False, slack_user_per_minute=PER_MINUTE) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def strict_room(strict_office: Office) -> Room:
    return await strict_office.room()


async def test_who_asks_too_much_is_told_so_once_and_others_are_answered(strict_room: Room) -> None:
    asked = [await strict_room.ask("thanks!") for _ in range(PER_MINUTE + 2)]
    for ts in asked[:PER_MINUTE]:
        await strict_room.reply_to(ts)
    await strict_room.reply_to(await strict_room.say("thanks!", who=strict_room.ben, mention=True))
    await strict_room.slack.until(lambda: strict_room.notes_to(strict_room.anna))
    assert strict_room.notes_to(strict_room.anna) == [messages.REFUSED["user_rate"]]
    assert not any(strict_room.replies(ts) for ts in asked[PER_MINUTE:])


async def test_guests_are_told_that_they_are_not_answered(strict_room: Room) -> None:
    guest = strict_room.slack.person("gus", role="guest")
    await guest.join(strict_room.channel)
    refused = await strict_room.ask("thanks!", who=guest)
    await strict_room.slack.until(lambda: strict_room.notes_to(guest) == [messages.REFUSED["guest"]])
    await strict_room.reply_to(await strict_room.say("thanks!", who=strict_room.ben, mention=True))
    assert not strict_room.replies(refused)


async def test_people_of_other_organisations_are_not_answered(strict_room: Room) -> None:
    stranger = strict_room.slack.person("eve", role="external")
    await stranger.join(strict_room.channel)
    refused = await strict_room.ask("thanks!", who=stranger)
    await strict_room.slack.until(lambda: strict_room.notes_to(stranger) == [messages.REFUSED["external"]])
    assert not strict_room.replies(refused)
