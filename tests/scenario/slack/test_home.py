"""The home tab, and the settings of a channel as a form."""

from __future__ import annotations

import pytest

from bot.local_slack import Person
from bot.slack import messages
from bot.slack.surface import sentences
from bot.slack.surface.home import AGAIN, CHANNEL, SEARCH
from bot.slack.surface.settings import ANSWERS, LANGUAGE, STYLE
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.forms import actions, changed, opened, said
from tests.scenario.slack.office import Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

BRIEF = {ANSWERS: "mentions", STYLE: "briefly, *please*", LANGUAGE: "de"}


async def home_of(room: Room, person: Person, holds: str = sentences.ABOUT[:20]) -> Json:
    """Somebody's home tab, once it says that."""
    await person.open_app_home("home")
    await room.slack.until(lambda: holds in said(person.home()))
    home = person.home()
    assert home is not None
    return home


async def settings_of(room: Room, person: Person) -> Json:
    await person.slash("/spyglass", "settings", room.channel)
    return await opened(room, person)


# --- the home tab ---------------------------------------------------------------------------------


async def test_home_says_what_can_be_done_and_with_what(room: Room) -> None:
    shown = said(await home_of(room, room.anna))
    assert sentences.NO_MODEL in shown
    assert sentences.NO_RECENT in shown
    assert "0 questions; of what you posted I remember 0 images." in shown


async def test_home_counts_what_the_person_asked_and_nobody_elses(room: Room) -> None:
    await room.answer_to("What is this?", ("red.png", small_png()))
    assert "describing 1×" in said(await home_of(room, room.anna, "1 question; of what you posted I remember 1 image."))
    assert "0 questions" in said(await home_of(room, room.ben))


async def test_searches_are_there_again_until_they_are_forgotten(room: Room) -> None:
    await room.answer_to("What is this?", "flower")
    await room.nothing_more_comes()
    await room.anna.slash("/spyglass", "search a flower", room.channel)
    await opened(room, room.anna)
    home = await home_of(room, room.anna, "*a flower*")
    assert "a flower" not in said(await home_of(room, room.ben))
    await room.anna.press_in_view(home["id"], AGAIN, actions(home, AGAIN)[0] if actions(home, AGAIN) else None)
    await changed(room, room.anna, lambda shown: "of 1 image" in shown)
    await room.anna.slash("/spyglass", "forget me", room.channel)
    await room.slack.until(lambda: room.notes_to(room.anna) != [])
    assert "1 search" in room.notes_to(room.anna)[-1]
    (shown,) = [one for one in room.slack.ephemerals(room.channel) if one["_for"] == room.anna.id]
    await room.anna.press(room.channel, shown["ts"], "spyglass_erase")
    await room.slack.until(lambda: sentences.NO_RECENT in said(room.anna.home()))
    await room.slack.until(lambda: "Erased" in room.notes_to(room.anna)[-1])


async def test_home_opens_a_search(room: Room) -> None:
    home = await home_of(room, room.anna)
    await room.anna.press_in_view(home["id"], SEARCH)
    assert sentences.WHAT in said(await opened(room, room.anna))


async def test_home_opens_the_settings_of_a_channel(room: Room) -> None:
    home = await home_of(room, room.anna)
    await room.anna.press_in_view(home["id"], CHANNEL, room.channel)
    view = await opened(room, room.anna)
    assert f"<#{room.channel}>" in said(view)
    await room.anna.submit(view["id"], BRIEF)
    assert await changed(room, room.anna, lambda shown: "Only when I am mentioned" in shown)


# --- settings -------------------------------------------------------------------------------------


async def test_members_set_what_is_answered_and_how(room: Room) -> None:
    view = await settings_of(room, room.anna)
    assert sentences.NOBODY_CHOSE in said(view)
    assert sentences.NEEDS_MODEL in said(view)
    await room.anna.submit(view["id"], BRIEF)
    shown = said(room.anna.view())
    assert "Only when I am mentioned" in shown
    assert "German" in shown
    assert f"Last changed by <@{room.anna.id}>" in shown
    again = said(await settings_of(room, room.ben))
    assert f"Last changed by <@{room.anna.id}>" in again


async def test_settings_submitted_twice_are_saved_once_and_say_the_same(room: Room) -> None:
    view = await settings_of(room, room.anna)
    await room.anna.slash("/spyglass", "help", room.channel)
    first = await room.anna.submit(view["id"], BRIEF)
    assert first
    assert first["response_action"] == "update"
    assert "Saved for" in str(first)


async def test_settings_changed_meanwhile_are_not_overwritten(room: Room) -> None:
    annas, bens = await settings_of(room, room.anna), await settings_of(room, room.ben)
    await room.ben.submit(bens["id"], {**BRIEF, STYLE: "at length"})
    await room.anna.submit(annas["id"], BRIEF)
    shown = said(room.anna.view())
    assert shown.startswith(sentences.MEANWHILE.format(who=f"<@{room.ben.id}>"))
    assert "at length" in shown


async def test_guests_see_the_settings_and_change_nothing(room: Room) -> None:
    guest = room.slack.person(f"guest-{room.channel.lower()}", role="guest")
    await guest.join(room.channel)
    view = await settings_of(room, guest)
    assert messages.NO_SETTINGS_BY_GUESTS in said(view)
    assert "submit" not in view or view["submit"] is None


async def test_who_left_the_channel_sets_nothing_there(room: Room) -> None:
    view = await settings_of(room, room.ben)
    await room.ben.leave(room.channel)
    await room.ben.submit(view["id"], BRIEF)
    assert said(room.ben.view()) == sentences.NOT_OURS
    assert sentences.NOBODY_CHOSE in said(await settings_of(room, room.anna))
