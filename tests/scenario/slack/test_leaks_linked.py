"""What a link opened in a thread is shown there only as long as everybody who reads it may see where it is from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.local_slack import Person
from bot.slack.fetching.links import NOT_HERE
from bot.slack.replying import labels
from bot.slack.replying.cards import ASK, MORE
from bot.slack.replying.replies import REASONING
from tests.scenario.slack.drawings import saying, small_png
from tests.scenario.slack.forms import opened
from tests.scenario.slack.hits import cards, has_more, press
from tests.scenario.slack.marked import Cast, Town
from tests.scenario.slack.model import Model, Pause, Use
from tests.scenario.slack.office import PATIENCE, Json, Office, Room
from tests.scenario.slack.test_hostile_presses import run_of
from tools.kit.toolbox import no_longer_shown

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

HUSH = "TOTAL 77.31"
"""What the linked image says; nobody who may not see it may read that."""
NOT_SHOWN = no_longer_shown(["image 1"])
QUESTIONS = (
    "what does image 1 say?",
    "and the first one?",
    "compare image 1 and image 2",
    "what did it say again?",
    "summarise this thread",
    "find images like image 1",
    "was image 1 posted before?",
    "what is the file of image 1 called?",
    "what have we found so far?",
    "describe the first image",
    "what is the total of all images?",
)


async def linked(cast: Cast, source: Room | None = None) -> Json:
    """Ben links in the board's channel what Anna posted in the plan's (or `source`), and asks about it; after that an
    image of the board's own. Returns the file."""
    plan, board, anna, ben = source or cast.room("plan"), cast.room("board"), cast.who("anna"), cast.who("ben")
    ts = await anna.post(plan.channel, "", files=[(f"hush zqplan{cast.letter}q.png", saying(HUSH))])
    [posted] = [one for one in board.slack.messages(plan.channel) if one["ts"] == ts]
    file: Json = board.slack.files[posted["files"][0]["id"]]
    board.thread = None
    since = await board.ask(f"What does <{file['permalink']}> say?", who=ben)
    assert HUSH in "\n".join(await board.reply_to(since))
    await board.answer_to("what colours are in this?", ("red.png", small_png()), who=ben)
    return {**file, "_message": ts}


async def nothing_is_told(cast: Cast, who: Person, *questions: str) -> list[str]:
    """What is said to who asks about the linked image, none of which is of it."""
    board, said = cast.room("board"), []
    for question in questions:
        since = await board.ask(question, who=who)
        told = "\n".join(await board.reply_to(since))
        assert "77.31" not in json.dumps(board.replies(since)), (question, told)
        assert "hush" not in told.lower(), (question, told)
        assert cast.town.told(board, since) <= cast.channels("board"), (question, told)
        said.append(told)
    return said


async def test_who_joins_later_is_told_nothing_of_what_a_link_opened(cast: Cast) -> None:
    await linked(cast)
    cara = cast.who("cara")
    await cast.town.slack.invite(cast.room("board").channel, cara)
    first, *others = await nothing_is_told(cast, cara, *QUESTIONS)
    assert NOT_SHOWN in first
    assert labels.STATUS["asked"] not in first
    assert any("red.png" in told for told in others)  # the thread's own image is there still


async def taken_out(cast: Cast, file: Json) -> None:
    await cast.town.slack.remove(cast.room("plan").channel, cast.who("ben"))


async def without_the_bot(cast: Cast, file: Json) -> None:
    await cast.town.slack.remove(cast.room("plan").channel, None)


async def channel_deleted(cast: Cast, file: Json) -> None:
    await cast.town.slack.delete_channel(cast.town.rooms.pop(f"plan{cast.letter}").channel)


async def message_deleted(cast: Cast, file: Json) -> None:
    await cast.who("anna").delete(cast.room("plan").channel, file["_message"])


async def file_deleted(cast: Cast, file: Json) -> None:
    await cast.who("anna").delete_file(file["id"])


@pytest.mark.parametrize("happens", [taken_out, without_the_bot, channel_deleted, message_deleted, file_deleted])
async def test_it_is_told_no_more_once_not_all_who_read_can_see_where_it_is_from(cast: Cast, happens: Any) -> None:
    file = await linked(cast)
    await happens(cast, file)
    await cast.town.slack.delivered(PATIENCE)
    first, *_ = await nothing_is_told(cast, cast.who("anna"), *QUESTIONS[:5])
    assert NOT_SHOWN in first or "image 1 was deleted" in first


async def test_what_was_open_to_all_is_told_no_more_once_it_is_private(cast: Cast) -> None:
    anna, ben, slack = cast.who("anna"), cast.who("ben"), cast.town.slack
    square = Room(cast.town.office, await slack.channel(f"square{cast.letter}", [anna, ben]), anna, ben)
    await slack.invite(cast.room("board").channel, cast.who("cara"))
    await linked(cast, square)
    await slack.make_private(square.channel)
    await cast.town.slack.delivered(PATIENCE)
    first, *_ = await nothing_is_told(cast, ben, *QUESTIONS[:5])
    assert NOT_SHOWN in first


async def test_an_archived_channel_is_read_by_who_is_in_it(cast: Cast) -> None:
    await linked(cast)
    await cast.town.slack.archive(cast.room("plan").channel)
    await cast.town.slack.delivered(PATIENCE)
    assert HUSH in "\n".join(await cast.room("board").answer_to("what does image 1 say?", who=cast.who("ben")))


async def test_a_new_link_opens_it_again_once_all_may_see_it(cast: Cast) -> None:
    file, board, cara, ben = await linked(cast), cast.room("board"), cast.who("cara"), cast.who("ben")
    await cast.town.slack.invite(board.channel, cara)
    again = f"What does <{file['permalink']}> say?"
    await nothing_is_told(cast, cara, "what does image 1 say?")
    since = await board.ask(again, who=ben)
    told = "\n".join(await board.reply_to(since))
    assert NOT_HERE in told
    assert "77.31" not in told
    await cast.town.slack.remove(board.channel, cara)
    await cast.town.slack.delivered(PATIENCE)
    assert HUSH in "\n".join(await board.answer_to(again, who=ben))
    assert NOT_SHOWN in "\n".join(await board.answer_to("what does image 1 say?", who=ben))


async def test_the_reasoning_of_what_a_link_opened_is_not_for_who_came_later(cast: Cast) -> None:
    await linked(cast)
    board, dora = cast.room("board"), cast.who("dora")
    message = next(one for one in board.said if HUSH in json.dumps(one))
    await cast.town.slack.invite(board.channel, dora)
    await dora.press(board.channel, message["ts"], REASONING, run_of(message))
    await cast.town.slack.until(lambda: labels.OUT_OF_SIGHT in board.notes_to(dora), PATIENCE)
    assert dora.view() is None


async def test_no_button_goes_on_with_what_a_link_opened_for_who_came_later(cast: Cast) -> None:
    await linked(cast)
    board, cara = cast.room("board"), cast.who("cara")
    since = await board.ask("find 1 image like image 1", who=cast.who("ben"))
    await board.reply_to(since)
    [message] = [one for one in board.replies(since) if has_more(one)]
    await cast.town.slack.invite(board.channel, cara)
    before = len(board.said)
    await press(board, message, MORE, cara)
    await cast.town.slack.until(lambda: NOT_SHOWN in json.dumps(board.said), PATIENCE)
    assert "hush" not in json.dumps(board.said[before:])


async def test_a_form_that_was_open_when_somebody_joined_does_not_name_its_file_to_them(cast: Cast) -> None:
    board, ben = cast.room("board"), cast.who("ben")
    board.thread = None
    await board.answer_to("Find 9 pictures of a bike", who=ben)
    message = next(one for one in board.said if cards(one))
    place = next(number for number, card in enumerate(cards(message)) if "zqplan" in card["title"]["text"])
    await press(board, message, ASK, ben, place)
    view = await opened(board, ben)
    await cast.town.slack.invite(board.channel, cast.who("cara"))
    await cast.town.slack.delivered(PATIENCE)
    before = len(board.said)
    await ben.submit(view["id"], {"own": "What format is it?"})
    await cast.town.slack.until(lambda: NOT_HERE in json.dumps(board.said), PATIENCE)
    assert cast.town.marks(json.dumps(board.said[before:])) == set()


async def test_what_cannot_be_read_of_a_link_is_not_named(cast: Cast) -> None:
    plan, board, anna, ben = cast.room("plan"), cast.room("board"), cast.who("anna"), cast.who("ben")
    ts = await anna.post(plan.channel, "", files=[(f"hush zqplan{cast.letter}q.html", b"<!doctype html><p>hush")])
    [posted] = [one for one in board.slack.messages(plan.channel) if one["ts"] == ts]
    board.thread = None
    since = await board.ask(f"What does <{board.slack.files[posted['files'][0]['id']]['permalink']}> say?", who=ben)
    told = "\n".join(await board.reply_to(since))
    assert "A file is a web page" in told
    assert cast.town.told(board, since) <= cast.channels("board")


async def test_what_somebody_links_of_their_own_they_have_shown_to_all(cast: Cast) -> None:
    plan, board, ben, cara = cast.room("plan"), cast.room("board"), cast.who("ben"), cast.who("cara")
    ts = await ben.post(plan.channel, "", files=[("own.png", saying(HUSH))])
    [posted] = [one for one in board.slack.messages(plan.channel) if one["ts"] == ts]
    board.thread = None
    await board.answer_to(f"What does <{board.slack.files[posted['files'][0]['id']]['permalink']}> say?", who=ben)
    await cast.town.slack.invite(board.channel, cara)
    assert HUSH in "\n".join(await board.answer_to("what does image 1 say?", who=cara))


async def test_while_slack_does_not_say_where_it_is_shared_nothing_is_said_and_nothing_forgotten(cast: Cast) -> None:
    await linked(cast)
    board, slack = cast.room("board"), cast.town.slack
    for _ in range(2):
        slack.faults.fail("files.info", status=503)
    assert HUSH in "\n".join(await board.answer_to("what does image 1 say?", who=cast.who("ben")))


async def test_who_joins_while_it_is_looked_at_is_minded_before_it_is_said(slow_office: Office, model: Model) -> None:
    town, pause = Town(slow_office), Pause()
    plan = await town.add("planlink", "annalink", "benlink")
    board = await town.add("boardlink", "annalink", "benlink")
    [posted] = [one for one in town.slack.messages(plan.channel) if one.get("files")]
    link = town.slack.files[posted["files"][0]["id"]]["permalink"]
    look, secret = Use("describe", {"image": "image 1"}), "It is zqplanlinkq."
    model.answers("What colours are in it, then?", look, pause, secret)
    ts = await board.ask(f"What colours are in it, then? <{link}>", who=town.person("benlink"))
    await pause.begun()
    await town.slack.invite(board.channel, town.person("caralink"))
    await town.slack.delivered(PATIENCE)
    pause.end()
    await board.reply_to(ts)
    assert town.told(board, ts) <= {"boardlink"}
    assert NOT_HERE in json.dumps(board.said)
    assert secret not in json.dumps(board.said)
    await town.slack.remove(board.channel, town.person("caralink"))
    await town.slack.delivered(PATIENCE)
    await board.answer_to(f"What colours are in it by now? <{link}>", who=town.person("benlink"))
    assert "There are no images in this thread yet" not in model.told[-1]
    assert "(came with the latest message)" in model.told[-1]


async def test_a_model_is_told_nothing_of_what_a_link_opened_for_fewer_readers(
    slow_office: Office, model: Model
) -> None:
    town = Town(slow_office)
    plan = await town.add("planmemo", "annamemo", "benmemo")
    board = await town.add("boardmemo", "annamemo", "benmemo")
    [posted] = [one for one in town.slack.messages(plan.channel) if one.get("files")]
    link = town.slack.files[posted["files"][0]["id"]]["permalink"]
    first, second, third = (
        "What format has this got, please?",
        "And which format is that one?",
        "And what was it again?",
    )
    model.answers(first, Use("describe", {"image": "image 1"}), "It is zqplanmemoq, and it is hushhush.")
    model.answers(second, Use("describe", {"image": "image 2"}), "A PNG, and no hushhush.")
    model.answers(third, "I do not know.")
    await board.answer_to(f"{first} <{link}>", who=town.person("benmemo"))
    assert "zqplanmemoq" in model.told[-1]
    await board.answer_to(second, ("red.png", small_png()), who=town.person("benmemo"))
    assert "hushhush" in model.told[-1]
    await town.slack.invite(board.channel, town.person("caramemo"))
    await board.answer_to(third, who=town.person("caramemo"))
    assert third in model.told[-1]
    assert "zqplanmemoq" not in model.told[-1]
    assert "hushhush" not in model.told[-1]
    assert NOT_SHOWN in model.told[-1]
