"""What a search finds, on cards: pressed by several people, twice, late, by strangers, and after things are gone."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.local_slack import Person
from bot.local_slack.records.transcript import transcript
from bot.slack import messages
from bot.slack.replying import labels
from bot.slack.replying.cards import ASK, LIKE, MORE, OPEN
from bot.slack.replying.replies import STOP
from bot.slack.surface.question import OWN
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.drawings import saying
from tests.scenario.slack.hits import (
    FIND,
    FLOWERS,
    button,
    cards,
    filed,
    flowers,
    found,
    has_more,
    names,
    press,
    shown_flowers,
)
from tests.scenario.slack.model import Model, Pause, Use
from tests.scenario.slack.office import Json, Office, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


KINDS = "Is this a dog, a flower, a car or a building?"


async def searched(room: Room) -> Json:
    """The message with the first hits: two of five flowers."""
    await shown_flowers(room)
    await room.answer_to(FIND)
    [message] = found(room)
    return message


async def pages(room: Room, number: int) -> list[Json]:
    """What was found, once there are so many messages of it."""
    await room.slack.until(lambda: len(found(room)) == number, 60)
    await room.nothing_more_comes()
    return found(room)


async def test_a_hit_is_a_card_with_its_picture_where_it_is_from_and_what_to_do_with_it(room: Room) -> None:
    message = await searched(room)
    card = cards(message)[0]
    file = card["hero_image"]["slack_file"]["id"]
    assert room.slack.files[file]["name"] == names(message)[0]
    assert card["subtitle"]["text"].startswith(f"Posted by {room.anna.name}, ")
    assert card["body"]["text"].endswith(")")
    assert [element["text"]["text"] for element in card["actions"]] == ["Open", "Ask about this", "Search like this"]
    posted = room.slack.messages(room.channel)[0]["ts"].replace(".", "")
    assert button(message, OPEN)["url"] == f"{room.slack.url}/archives/{room.channel}/p{posted}"
    assert not any(block["type"] == "image" for block in message["blocks"])
    assert not room.calls("files.completeUploadExternal")


async def test_more_results_go_on_where_the_page_before_ended_until_there_are_no_more(room: Room) -> None:
    first = await searched(room)
    await press(room, first, MORE)
    second = (await pages(room, 2))[1]
    await press(room, second, MORE)
    third = (await pages(room, 3))[2]
    shown = [*names(first), *names(second), *names(third)]
    assert [len(names(each)) for each in (first, second, third)] == [2, 2, 1]
    assert sorted(shown) == sorted(f"flower-{number}.png" for number in range(1, FLOWERS + 1))
    assert not has_more(third)
    assert {each["thread_ts"] for each in (first, second, third)} == {room.thread}


async def test_who_asked_for_more_is_said_in_the_thread(room: Room) -> None:
    first = await searched(room)
    await press(room, first, MORE, room.ben)
    await pages(room, 2)
    assert any(f"@{room.ben.id} asks" in line and "More results" in line for line in lines(room))


def lines(room: Room) -> list[str]:
    """All that the bot has said, a line a message."""
    return [" ".join(transcript(message)) for message in room.said]


async def test_however_often_and_by_whomever_more_is_pressed_it_is_answered_once(room: Room) -> None:
    first = await searched(room)
    people = [room.anna, room.ben, room.anna, room.ben]
    await asyncio.gather(*(press(room, first, MORE, person) for person in people))
    await pages(room, 2)
    await press(room, first, MORE, room.ben)
    await room.slack.until(lambda: labels.ASKED_ALREADY in room.notes_to(room.ben))
    assert len(await pages(room, 2)) == 2


async def test_in_a_direct_message_it_is_the_same(room: Room) -> None:
    room.channel = await room.slack.dm(room.anna)
    first = await searched(room)
    await press(room, first, MORE)
    second = (await pages(room, 2))[1]
    await press(room, second, LIKE)
    third = (await pages(room, 3))[2]
    assert len({*names(first), *names(second)}) == 4
    assert names(second)[0] not in names(third)


async def test_a_page_that_was_stopped_can_be_asked_for_again(slow_room: Room, model: Model) -> None:
    await shown_flowers(slow_room, question="Are these the flowers to stop at?")
    model.answers("Which are the two best?", Use("search", {"query": "flower", "limit": 2}), "I found two.")
    await slow_room.answer_to("Which are the two best?")
    pause, [first] = Pause(), found(slow_room)
    model.answers(labels.MORE_RESULTS, pause, "I found others.")
    await press(slow_room, first, MORE)
    await pause.begun()
    await slow_room.slack.until(lambda: STOP in str(slow_room.said[-1]["blocks"]))
    await press(slow_room, slow_room.said[-1], STOP)
    await slow_room.slack.until(lambda: labels.STOPPED in lines(slow_room)[-1])
    pause.end()
    await press(slow_room, first, MORE)
    await slow_room.slack.until(lambda: len(found(slow_room)) == 2, 60)
    assert len({name for message in found(slow_room) for name in names(message)}) == 4


async def test_images_like_a_hit_are_searched_for(room: Room) -> None:
    first = await searched(room)
    await press(room, first, LIKE, room.ben, number=1)
    second = (await pages(room, 2))[1]
    assert names(first)[1] not in names(second)
    assert f"like {names(first)[1]}" in " ".join(lines(room))


async def test_a_question_about_a_hit_is_one_turn_with_that_image(room: Room) -> None:
    first = await searched(room)
    await press(room, first, ASK, room.ben)
    await asked(room, room.ben, "What format is it?")
    await room.slack.until(lambda: "PNG" in " ".join(lines(room)[-1:]), 60)
    await room.nothing_more_comes()
    said = lines(room)
    assert len([line for line in said if "is a PNG file" in line]) == 2  # when the flowers were filed, and now
    assert [line for line in said if f"@{room.ben.id} asks about {names(first)[0]}: What format is it?" in line]


async def test_a_page_of_a_pdf_is_drawn_and_asked_about_by_itself(room: Room) -> None:
    pages = [Image.open(BytesIO(data)) for data in (saying("Minutes of the meeting"), flowers(photo(room), 1)[0][1])]
    written = BytesIO()
    pages[0].convert("RGB").save(written, "PDF", save_all=True, append_images=[pages[1].resize((800, 600))])
    await room.answer_to("What format is it?", ("minutes.pdf", written.getvalue()))
    await filed(room)
    await room.answer_to("Find a picture of a flower")
    [message] = found(room)
    assert names(message)[0] == "minutes.pdf, page 2"
    drawn = cards(message)[0]["hero_image"]["slack_file"]["id"]
    assert room.slack.files[drawn]["mimetype"] == "image/png"
    await press(room, message, ASK)
    await asked(room, room.anna, KINDS)
    await room.slack.until(lambda: "looks like a flower" in lines(room)[-1], 60)
    assert "Image 2 looks like a flower" in lines(room)[-1]
    assert "Image 1" not in lines(room)[-1]


def photo(room: Room) -> Path:
    return room.office.pictures["flower"]


async def asked(room: Room, who: Person, question: str) -> None:
    """Types a question into the form that is open, and submits it."""
    await room.slack.until(lambda: who.view() is not None)
    view = who.view()
    assert view is not None
    await who.submit(view["id"], {OWN: question})


async def test_a_stranger_to_the_channel_finds_nothing_in_it(room: Room) -> None:
    first = await searched(room)
    stranger = room.slack.person("stranger")
    for action in (MORE, LIKE, ASK):
        await press(room, first, action, stranger)
        await room.slack.until(lambda: stranger.view() is not None)
        view = stranger.view()
        assert view is not None
        assert messages.NOT_A_MEMBER in str(view["blocks"])
        await stranger.close(view["id"])
    assert len(await pages(room, 1)) == 1


async def test_where_the_bot_is_switched_off_a_button_says_so(room: Room) -> None:
    first = await searched(room)
    await room.anna.slash("/spyglass", "settings threads off", room.channel)
    await room.slack.until(lambda: "From now on" in str(room.notes_to(room.anna)))
    await press(room, first, MORE, room.ben)
    await room.slack.until(lambda: "I am switched off" in str(room.notes_to(room.ben)))
    assert len(found(room)) == 1


# --- what is gone ---------------------------------------------------------------------------------


async def delete(room: Room, message: Json) -> None:
    """The image of the first hit is deleted, and has left the archive."""
    await room.anna.delete_file(cards(message)[0]["hero_image"]["slack_file"]["id"])
    while labels.HIT_GONE not in room.notes_to(room.anna):
        await press(room, message, ASK)
        await asyncio.sleep(0.1)  # an erasure has no event to wait for


async def test_of_a_hit_that_was_deleted_since_nothing_can_be_asked(room: Room) -> None:
    first = await searched(room)
    await delete(room, first)
    await press(room, first, LIKE, room.ben)
    await room.slack.until(lambda: room.notes_to(room.ben) == [labels.HIT_GONE])
    assert len(await pages(room, 1)) == 1


async def test_after_a_hit_was_deleted_the_others_are_still_found(room: Room) -> None:
    first = await searched(room)
    await delete(room, first)
    await press(room, first, MORE)
    second = (await pages(room, 2))[1]
    assert len({*names(first), *names(second)}) == 4


async def test_buttons_of_a_forgotten_search_say_so(room: Room) -> None:
    first = await searched(room)
    await room.anna.delete(room.channel, room.thread or "")
    await room.slack.delivered(60)
    await press(room, first, MORE)
    await room.slack.until(lambda: labels.GONE in room.notes_to(room.anna))


async def test_buttons_of_other_times_are_answered_with_a_sentence(room: Room) -> None:
    first = await searched(room)
    for action, value in ((MORE, ""), (MORE, "no run:0"), (MORE, f"{'0' * 8}:9"), (LIKE, "hit 2"), (ASK, "")):
        await room.ben.press(room.channel, first["ts"], action, value)
    await room.slack.until(lambda: len(room.notes_to(room.ben)) == 5)
    assert room.notes_to(room.ben) == [labels.GONE] * 3 + [labels.HIT_GONE] * 2


# --- where there are no cards ---------------------------------------------------------------------


async def test_where_slack_has_no_cards_hits_are_on_a_sheet_and_in_a_list(opening: Opening) -> None:
    async with opening() as office:
        office.slack.faults.unknown_blocks = ("carousel",)
        room = await office.room()
        await shown_flowers(room)
        said = await room.answer_to(FIND)
        assert [line for line in said if line.startswith("[picture: flower: 2 of 5 images")]
        assert [line for line in said if "flower-" in line and "match (" in line]
        assert labels.NOT_SHOWN not in said
        tried = refusals(office)
        [message] = room.whole_replies(room.thread or "")
        await press(room, message, MORE)
        await room.slack.until(lambda: "more images" in " ".join(lines(room)), 60)
        assert (tried, refusals(office)) == (1, 1)


def refusals(office: Office) -> int:
    return sum((call.response or {}).get("error") == "invalid_blocks" for call in office.slack.calls)
