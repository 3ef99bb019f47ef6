"""`/spyglass`, typed in a channel: only who asks sees the answer."""

from __future__ import annotations

import pytest

from bot.local_slack import Person
from bot.slack import messages
from bot.slack.surface import sentences
from tests.scenario.slack.forms import opened, said
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


async def told(room: Room, who: Person, words: str) -> str:
    before = len(room.notes_to(who))
    await who.slash("/spyglass", words, room.channel)
    await room.slack.until(lambda: len(room.notes_to(who)) > before)
    return room.notes_to(who)[-1]


async def test_help_says_what_can_be_asked(room: Room) -> None:
    assert "Show me images or PDFs" in await told(room, room.anna, "help")
    assert room.notes_to(room.ben) == []
    assert room.said == []


async def test_settings_are_shown_and_changed_by_members(room: Room) -> None:
    assert "I answer only when I am mentioned" in await told(room, room.anna, "settings threads mentions")
    await room.ben.slash("/spyglass", "settings", room.channel)
    shown = said(await opened(room, room.ben))
    assert f"Last changed by <@{room.anna.id}>" in shown


async def test_a_guest_changes_no_settings(room: Room) -> None:
    guest = room.slack.person("gus", role="guest")
    await guest.join(room.channel)
    assert await told(room, guest, "settings threads off") == messages.NO_SETTINGS_BY_GUESTS
    await room.anna.slash("/spyglass", "settings", room.channel)
    assert sentences.NOBODY_CHOSE in said(await opened(room, room.anna))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("settings threads sometimes", "I do not know the setting"),
        ("dance <!channel>", "I do not know `/spyglass dance"),
        ("forget", "What shall I forget?"),
        ("forget thread", "Which thread?"),
        ("forget me", "There is nothing I remember there."),
        ("forget channel", "Only an admin"),
    ],
)
async def test_what_cannot_be_done_is_said_with_the_way_out(room: Room, words: str, answer: str) -> None:
    said = await told(room, room.anna, words)
    assert said.startswith(answer)
    assert "<!channel>" not in said


async def test_in_a_direct_message_there_is_nothing_to_set(room: Room) -> None:
    room.channel = await room.slack.dm(room.anna)
    assert "Here I answer every message" in await told(room, room.anna, "settings threads off")
