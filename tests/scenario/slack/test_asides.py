"""What only the asker is told of a search: cards with pictures and buttons, of which nobody else ever sees anything."""

from __future__ import annotations

import json

import pytest

from bot.local_slack import Person
from bot.slack.replying import labels
from bot.slack.replying.beside import FORM
from bot.slack.replying.cards import ALONE
from bot.slack.surface import search_entries, sentences
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.forms import answered, opened
from tests.scenario.slack.hits import button, cards
from tests.scenario.slack.marked import FIND, Cast, asked, small_town
from tests.scenario.slack.office import PATIENCE, Json, Room
from tests.scenario.slack.test_hostile_presses import deliver, pressed

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


async def told_alone(cast: Cast, question: str = FIND) -> Json:
    """What Anna alone is told when she asks in the board's channel."""
    board, anna = cast.room("board"), cast.who("anna")
    await asked(board, question, anna)
    told = [one for one in board.slack.ephemerals(board.channel) if labels.FOR_YOU_ALONE in json.dumps(one)]
    assert {one["_for"] for one in told} == {anna.id}
    return told[-1]


def of(cast: Cast, aside: Json, name: str) -> int:
    """Which of its cards shows the image of that channel."""
    return next(at for at, card in enumerate(cards(aside)) if f"zq{name}{cast.letter}q" in card["title"]["text"])


async def press(room: Room, aside: Json, action: str, who: Person, number: int = 0) -> None:
    await who.press(room.channel, aside["ts"], action, button(aside, action, number).get("value"))


async def noted(room: Room, person: Person, before: int) -> str:
    """What that person alone is told there after so many other things."""
    await room.slack.until(lambda: len(room.notes_to(person)) > before, PATIENCE)
    return room.notes_to(person)[-1]


async def test_it_has_pictures_says_by_whom_where_when_and_why_and_can_be_gone_on_with(cast: Cast) -> None:
    aside, slack = await told_alone(cast), cast.town.slack
    [card] = [cards(aside)[of(cast, aside, "secret")]]
    [file] = slack.messages(cast.room("secret").channel)[-1]["files"]
    assert card["hero_image"]["slack_file"] == {"id": file["id"]}
    assert f"in #secret{cast.letter}" in card["subtitle"]["text"]
    assert cast.who("anna").name in card["subtitle"]["text"]
    assert card["body"]["text"]
    assert [each["action_id"] for each in card["actions"]] == [ALONE.open, ALONE.ask, ALONE.like]
    assert cast.room("secret").channel in card["actions"][0]["url"]


async def test_images_like_one_are_found_where_nobody_else_looks(cast: Cast) -> None:
    aside, board, anna = await told_alone(cast), cast.room("board"), cast.who("anna")
    said = len(board.said)
    await press(board, aside, ALONE.like, anna, of(cast, aside, "secret"))
    await cast.town.slack.until(lambda: sentences.CHANGE in json.dumps(anna.view()), PATIENCE)
    assert cast.town.marks(json.dumps(anna.view()["blocks"])) >= cast.channels("board")  # type: ignore[index]
    assert len(board.said) == said


async def test_a_question_about_one_is_answered_in_direct_messages_and_nowhere_else(cast: Cast) -> None:
    aside, board, anna = await told_alone(cast), cast.room("board"), cast.who("anna")
    slack, said = cast.town.slack, {name: len(room.said) for name, room in cast.town.rooms.items()}
    await press(board, aside, ALONE.ask, anna, of(cast, aside, "secret"))
    view = await opened(board, anna)
    assert sentences.ANSWERED_ALONE in json.dumps(view)
    for _ in range(2):  # pressed twice, before the form was gone
        await slack.workspace.courier.ask("interactive", submission(slack, anna, view, "What format is it?"))
    direct = cast.room("direct")
    [root] = [one for one in slack.messages(direct.channel) if sentences.ASKED_ALONE in str(one.get("text"))]
    assert "PNG" in " ".join(await answered(direct, view))
    thread = slack.messages(direct.channel, root["ts"])
    assert sum("What format is it?" in json.dumps(one) for one in thread) == 1
    later = {name: len(room.said) for name, room in cast.town.rooms.items()}
    assert {name for name in later if later[name] != said[name]} == cast.channels("direct")
    assert cast.town.told(board) == cast.channels("board", "plan")


def submission(slack: object, who: Person, view: Json, question: str) -> Json:
    team = slack.team  # type: ignore[attr-defined]
    values = {"own": {"own": {"value": question}}}
    return {
        "type": "view_submission",
        "user": {"id": who.id, "team_id": team},
        "team": {"id": team},
        "trigger_id": "1.0",
        "view": {**view, "state": {"values": values}},
    }


async def test_where_slack_will_not_write_to_the_asker_alone_nothing_is_asked(cast: Cast) -> None:
    aside, board, anna = await told_alone(cast), cast.room("board"), cast.who("anna")
    await press(board, aside, ALONE.ask, anna, of(cast, aside, "secret"))
    view, said = await opened(board, anna), len(board.said)
    cast.town.slack.faults.fail("chat.postMessage", error="messages_tab_disabled")
    answer = await cast.town.slack.workspace.courier.ask(
        "interactive", submission(cast.town.slack, anna, view, "What format is it?")
    )
    assert sentences.NO_DIRECT in json.dumps(answer)
    await board.nothing_more_comes()
    assert cast.town.told(board) == cast.channels("board", "plan")
    assert len(board.said) == said + 1  # the thanks


async def test_where_slack_refuses_its_blocks_it_is_said_with_fewer(opening: Opening) -> None:
    async with opening() as own:  # which learns that there are no cards in its workspace
        cast = await small_town(own)
        for refused, pictures, has_buttons in ((1, True, True), (1, False, True), (2, False, False)):
            own.slack.faults.fail("chat.postEphemeral", error="invalid_blocks", times=refused)
            aside = await told_alone(cast)
            kinds = [block["type"] for block in aside["blocks"]]
            assert ("carousel" in kinds, "image" in kinds, "actions" in kinds) == (False, pictures, has_buttons)
            assert cast.town.marks(json.dumps(aside)) == cast.channels("secret", "direct")


async def test_somebody_elses_buttons_tell_nothing(cast: Cast) -> None:
    aside, board, ben = await told_alone(cast), cast.room("board"), cast.who("ben")
    for action in (ALONE.ask, ALONE.like):
        for value in (cast.town.items[f"secret{cast.letter}"], "no id", "' or 1=1", "", "x" * 3000):
            before = len(board.notes_to(ben))
            await deliver(board, pressed(board, action, value, ben))
            assert await noted(board, ben, before) == sentences.GONE_ALONE
    for value in ("{", "[]", "7", '{"query": 3}', '{"like": "x"}', json.dumps({"channel": "", "by": "U1' or 1"})):
        await deliver(board, pressed(board, FORM, value, ben))
    await board.nothing_more_comes()
    assert ben.view() is None
    assert not cast.town.marks(json.dumps(board.notes_to(ben)))
    assert aside["_for"] != ben.id


async def test_who_has_left_since_gets_nothing_by_old_buttons(cast: Cast) -> None:
    aside, board, anna = await told_alone(cast), cast.room("board"), cast.who("anna")
    number = of(cast, aside, "secret")
    await cast.town.slack.remove(cast.room("secret").channel, anna)
    await cast.town.slack.delivered(PATIENCE)
    for action in (ALONE.ask, ALONE.like):
        before = len(board.notes_to(anna))
        await press(board, aside, action, anna, number)
        assert await noted(board, anna, before) == sentences.GONE_ALONE
    assert anna.view() is None


async def test_no_more_than_a_few_are_told_and_the_form_finds_the_others(cast: Cast) -> None:
    board, anna = cast.room("board"), cast.who("anna")
    aside = await told_alone(cast, "Find 1 picture of a bike")
    assert len(cards(aside)) == 1
    await press(board, aside, FORM, anna)
    await cast.town.slack.until(lambda: sentences.WHERE in json.dumps(anna.view()), PATIENCE)
    view = await opened(board, anna)
    [what] = [each for each in view["blocks"] if each.get("block_id") == search_entries.QUERY]
    assert "bike" in what["element"]["initial_value"]
