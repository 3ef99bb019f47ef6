"""Searching in a form: what was found as pictures, and what can be done with them."""

from __future__ import annotations

import pytest

from bot.slack import messages
from bot.slack.surface import sentences
from bot.slack.surface.question import OWN
from bot.slack.surface.results import ASK, CHANGE, LIKE, MORE
from bot.slack.surface.search import SHORTCUT
from bot.slack.surface.search_entries import BY, CHANNEL, KIND, QUERY, SINCE, UNTIL
from tests.scenario.slack.archives import shelved
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.forms import actions, answered, changed, opened, said
from tests.scenario.slack.office import Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


async def filed(room: Room, *pictures: str | tuple[str, bytes]) -> None:
    """Anna shows the bot pictures: from then on they can be found."""
    await room.answer_to("What is this?", *pictures)
    await room.nothing_more_comes()  # they are filed when the answer is said
    await shelved(room)


async def found(room: Room, query: str, **more: str) -> Json:
    """Anna searches in the room by the shortcut: what she sees then."""
    await room.anna.shortcut(SHORTCUT)
    form = await opened(room, room.anna)
    await room.anna.submit(form["id"], {QUERY: query, CHANNEL: room.channel, **more})
    await changed(room, room.anna, lambda shown: shown not in ("", said(form)) and sentences.SEARCHING not in shown)
    return await opened(room, room.anna)


def pictures(view: Json | None) -> list[Json]:
    return [block for block in view["blocks"] if block["type"] == "image"] if view else []


async def test_hits_are_shown_as_pictures_with_what_they_are_like(room: Room) -> None:
    await filed(room, "flower")
    await found(room, "a flower")
    await room.slack.until(lambda: len(pictures(room.anna.view())) == 1)
    view = await opened(room, room.anna)
    (picture,) = pictures(view)
    assert picture["slack_file"]["id"] in room.slack.files
    assert "match (0." in picture["alt_text"]
    assert "of 1 image" in said(view)
    assert f"posted by <@{room.anna.id}>" in said(view)


async def test_words_after_the_command_are_searched_for_at_once(room: Room) -> None:
    await filed(room, "flower")
    await room.ben.slash("/spyglass", "search a flower", room.channel)
    view = await opened(room, room.ben)
    assert "*a flower*" in said(view)
    assert f"<#{room.channel}>" in said(view)


async def test_no_hit_is_said_with_the_best_score(room: Room) -> None:
    await filed(room, ("red.png", small_png()))
    shown = said(await found(room, "a spreadsheet of quarterly earnings"))
    assert "No hit" in shown
    assert "under the cutoff of" in shown


async def test_a_channel_nobody_showed_an_image_in_has_none(room: Room) -> None:
    assert "No image of this channel is in the archive yet" in said(await found(room, "a flower"))


async def test_filters_narrow_what_is_searched(room: Room) -> None:
    await filed(room, "flower")
    assert "No image in the archive passes" not in said(await found(room, "a flower", **{KIND: "image/"}))
    assert sentences.NO_HIT.format(total="0 images") in said(await found(room, "a flower", **{KIND: "application/pdf"}))
    assert sentences.NO_HIT.format(total="0 images") in said(await found(room, "a flower", **{UNTIL: "2001-01-01"}))
    assert sentences.NOTHING_BY in said(await found(room, "a flower", **{BY: room.ben.id}))
    assert "of 1 image" in said(await found(room, "a flower", **{BY: room.anna.id, SINCE: "2001-01-01"}))


async def test_what_is_filled_in_wrong_is_said_where_it_is(room: Room) -> None:
    await room.anna.shortcut(SHORTCUT)
    form = await opened(room, room.anna)
    days = {QUERY: "a flower", CHANNEL: room.channel, SINCE: "2026-02-02", UNTIL: "2026-02-01"}
    answer = await room.anna.submit(form["id"], days)
    assert answer == {"response_action": "errors", "errors": {UNTIL: sentences.TURNED_ROUND}}
    answer = await room.anna.submit(form["id"], {QUERY: " ", CHANNEL: room.channel})
    assert answer == {"response_action": "errors", "errors": {QUERY: sentences.NO_QUERY}}


async def test_only_channels_of_the_person_and_the_bot_are_offered(room: Room) -> None:
    other = await room.slack.channel(f"other-{room.channel.lower()}", members=[room.ben])
    without = await room.slack.channel(f"without-{room.channel.lower()}", members=[room.anna], bot=False)
    await room.anna.shortcut(SHORTCUT)
    form = await opened(room, room.anna)
    offered = str(next(block for block in form["blocks"] if block.get("block_id") == CHANNEL))
    assert room.channel in offered
    assert other not in offered
    assert without not in offered


async def test_who_left_the_channel_sees_nothing_of_it(room: Room) -> None:
    await filed(room, "flower")
    await room.anna.shortcut(SHORTCUT)
    form = await opened(room, room.anna)
    await room.anna.leave(room.channel)
    await room.anna.submit(form["id"], {QUERY: "a flower", CHANNEL: room.channel})
    assert await changed(room, room.anna, lambda shown: shown == messages.NOT_A_MEMBER)


async def test_what_is_like_a_hit_is_found_and_the_search_can_be_changed(room: Room) -> None:
    await filed(room, "flower", ("red.png", small_png()))
    view = await found(room, "a flower")
    assert actions(view, MORE) == []
    await room.anna.press_in_view(view["id"], LIKE, actions(view, LIKE)[0])
    await changed(room, room.anna, lambda shown: "*like " in shown)
    await room.anna.press_in_view(view["id"], CHANGE)
    await changed(room, room.anna, lambda shown: sentences.WHAT in shown)


async def test_a_hit_is_asked_about_in_the_thread_it_was_posted_in(room: Room) -> None:
    await filed(room, "flower")
    view = await found(room, "a flower")
    await room.anna.press_in_view(view["id"], ASK, actions(view, ASK)[0])
    await changed(room, room.anna, lambda shown: sentences.OWN_QUESTION in shown)
    form = await opened(room, room.anna)
    await room.anna.submit(form["id"], {OWN: "What is this?"})
    lines = await answered(room, form)
    assert "asks about" in lines[0]
    assert room.said[-1]["thread_ts"] == room.thread
    assert "image 1" in " ".join(lines)


async def test_pictures_slack_does_not_show_leave_their_names(room: Room) -> None:
    await filed(room, "flower")
    await room.anna.shortcut(SHORTCUT)
    form = await opened(room, room.anna)
    room.slack.faults.fail("views.update", status=200, error="invalid_arguments")
    await room.anna.submit(form["id"], {QUERY: "a flower", CHANNEL: room.channel})
    await changed(room, room.anna, lambda shown: "match (0." in shown)
    assert pictures(room.anna.view()) == []
