"""All that the bot says and shows in a workspace, looked through for marks of channels its reader may not see."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_asyncio

from bot.local_slack import Person
from bot.slack.replying import labels
from bot.slack.replying.cards import ASK, LIKE, MORE
from bot.slack.replying.replies import REASONING
from bot.slack.surface import search, search_entries, sentences
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.hits import cards, press
from tests.scenario.slack.marked import FIND, MARK, Cast, Town, asked, small_town
from tests.scenario.slack.model import Model, Pause, Use
from tests.scenario.slack.office import PATIENCE, Json, Office, Room
from tests.scenario.slack.test_hostile_presses import deliver, pressed, run_of

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own(opening: Opening) -> AsyncIterator[Office]:
    async with opening() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def cast(own: Office) -> AsyncIterator[Cast]:
    yield await small_town(own)
    own.slack.faults.clear()


async def test_a_place_shows_what_all_its_readers_may_see_and_the_asker_alone_the_rest(cast: Cast) -> None:
    board, anna, ben = cast.room("board"), cast.who("anna"), cast.who("ben")
    await asked(board, FIND, anna)
    assert cast.town.told(board) == cast.channels("board", "plan")
    assert cast.town.aside_to(board, anna) == cast.channels("secret", "direct")
    assert cast.town.aside_to(board, ben) == set()
    uploads = [call for call in cast.town.slack.calls if call.method == "files.completeUploadExternal"]
    assert not any(cast.town.marks(json.dumps(call.arguments)) & cast.channels("secret", "direct") for call in uploads)


async def test_nothing_tells_others_that_there_was_more_for_the_asker(cast: Cast) -> None:
    plan, anna, ben = cast.room("plan"), cast.who("anna"), cast.who("ben")
    first = await asked(plan, FIND, anna)
    second = await asked(plan, FIND, ben)
    told = [_plain(plan.replies(ts)) for ts in (first, second)]
    assert told[0] == told[1]
    assert cast.town.aside_to(plan, ben) == set()


def _plain(replies: list[Json]) -> list[str]:
    """All that is said in them, without what names the turn and what took how long."""
    said = [json.dumps(reply["blocks"]) for reply in replies]
    changing = r"[0-9a-f]{8}-[0-9a-f-]{27}|F0[A-Z0-9]{9}|\"block_id\": \"[^\"]*\"|[0-9.]+ s\b"
    return [re.sub(changing, "", each) for each in said]


async def test_who_is_not_in_the_channel_of_the_answer_any_more_is_told_in_their_direct_messages(cast: Cast) -> None:
    board, anna = cast.room("board"), cast.who("anna")
    board.thread = None
    cast.town.slack.faults.fail("chat.postEphemeral", error="user_not_in_channel")
    await asked(board, FIND, anna)
    direct = cast.town.slack.messages(anna.dm())
    assert any(labels.FOR_YOU_ALONE in json.dumps(one) and "zqsecret" in json.dumps(one) for one in direct)
    assert cast.town.told(board) <= cast.channels("board", "plan")


async def test_everything_is_found_in_a_direct_message_and_nothing_of_others(cast: Cast) -> None:
    direct, anna = cast.room("direct"), cast.who("anna")
    await asked(direct, FIND, anna)
    assert cast.town.told(direct) == cast.channels("board", "plan", "secret", "direct")
    ben = cast.who("ben")
    theirs = Room(cast.town.office, ben.dm(), ben, ben)
    await asked(theirs, FIND, ben)
    assert cast.town.told(theirs) == cast.channels("board", "plan")


async def test_who_joins_is_minded_at_once_and_what_a_thread_knew_is_forgotten(cast: Cast) -> None:
    board, anna = cast.room("board"), cast.who("anna")
    await asked(board, FIND, anna)
    thread = board.thread
    cara = cast.who("cara")
    await cast.town.slack.invite(board.channel, cara)
    board.thread = thread
    for question in ("more", "What does the second one say?", "only the ones with people", "what did you find?"):
        since = await board.ask(question, who=cara)
        await board.reply_to(since)
        assert cast.town.told(board, since) <= cast.channels("board"), question
    await asked(board, FIND, anna)
    assert cast.channels("plan") <= cast.town.aside_to(board, anna)


async def test_who_leaves_finds_nothing_of_it_any_more(cast: Cast) -> None:
    direct, ben = cast.who("ben").dm(), cast.who("ben")
    theirs = Room(cast.town.office, direct, ben, ben)
    await asked(theirs, FIND, ben)
    thread = theirs.thread
    await cast.town.slack.remove(cast.room("plan").channel, ben)
    since = await asked(theirs, FIND, ben)
    assert cast.town.told(theirs, since) <= cast.channels("board")
    theirs.thread = thread
    since = await theirs.ask("What does the first one say?", who=ben)
    await theirs.reply_to(since)
    assert cast.town.told(theirs, since) <= cast.channels("board")


async def test_forged_buttons_come_to_nothing(cast: Cast) -> None:
    board, plan, anna, ben = cast.room("board"), cast.room("plan"), cast.who("anna"), cast.who("ben")
    await asked(board, FIND, ben)
    [message] = [one for one in board.said if cards(one)][-1:]
    secret = cast.town.items[f"secret{cast.letter}"]
    for person in (ben, anna):
        for action in (LIKE, ASK):
            await person.press(board.channel, message["ts"], action, secret)
            await cast.town.slack.until(lambda person=person: labels.HIT_GONE in board.notes_to(person))
    run = run_of(message)
    for action, value in ((MORE, f"{run}:0"), (REASONING, run), (LIKE, "no id"), (ASK, "' or 1=1"), (MORE, "x" * 900)):
        await deliver(plan, pressed(plan, action, value, ben))
    await plan.nothing_more_comes()
    assert cast.town.told(board) <= cast.channels("board", "plan")
    assert "zqsecret" not in json.dumps(ben.view())


async def test_the_reasoning_of_an_answer_is_not_for_who_came_later(cast: Cast) -> None:
    board, anna, dora = cast.room("board"), cast.who("anna"), cast.who("dora")
    await asked(board, FIND, anna)
    message = next(one for one in board.said if cards(one))
    await cast.town.slack.invite(board.channel, dora)
    await dora.press(board.channel, message["ts"], REASONING, run_of(message))
    await cast.town.slack.until(lambda: labels.OUT_OF_SIGHT in board.notes_to(dora), PATIENCE)
    assert dora.view() is None


async def test_a_hit_from_elsewhere_that_is_asked_about_stays_in_its_channel(cast: Cast) -> None:
    board, anna, ben = cast.room("board"), cast.who("anna"), cast.who("ben")
    await asked(board, FIND, anna)
    message = next(one for one in board.said if cards(one))
    place = next(number for number, card in enumerate(cards(message)) if "zqplan" in card["title"]["text"])
    await press(board, message, ASK, ben, place)
    await cast.town.slack.until(lambda: ben.view() and "zqplan" in json.dumps(ben.view()), PATIENCE)
    view = ben.view()
    assert view
    await ben.submit(view["id"], {"own": "What format is it?"})
    await board.nothing_more_comes()
    emil = cast.who("emil")
    await cast.town.slack.invite(board.channel, emil)
    since = await asked(board, FIND, emil)
    assert cast.town.told(board, since) == cast.channels("board")


async def test_the_search_form_finds_for_each_what_they_may_see(cast: Cast) -> None:
    for name, expected in (("anna", ("board", "plan", "secret", "direct")), ("ben", ("board", "plan")), ("finn", ())):
        person = cast.who(name)
        await person.shortcut(search.SHORTCUT)
        await cast.town.slack.until(lambda person=person: sentences.WHERE in json.dumps(person.view()), PATIENCE)
        view = person.view()
        assert view
        everywhere = {search_entries.QUERY: "bike", search_entries.CHANNEL: search_entries.EVERYWHERE}
        await person.submit(view["id"], everywhere)
        await cast.town.slack.until(lambda person=person: sentences.CHANGE in json.dumps(person.view()), PATIENCE)
        assert cast.town.marks(json.dumps(person.view()["blocks"])) == cast.channels(*expected)  # type: ignore[index]


async def test_a_channel_that_somebody_is_not_in_cannot_be_searched_by_a_forged_form(cast: Cast) -> None:
    ben, board, slack = cast.who("ben"), cast.room("board"), cast.town.slack
    for place in ("secret", "direct"):
        channel = cast.room(place).channel
        await ben.shortcut(search.SHORTCUT)
        await slack.until(lambda: sentences.WHERE in json.dumps(ben.view()), PATIENCE)
        view = ben.view()
        assert view
        kept = {
            "here": channel,
            "search": {"channel": channel, "query": "bike", "like": cast.town.items[f"{place}{cast.letter}"]},
        }
        for forged in (kept, json.loads(view["private_metadata"])):
            values = {
                search_entries.QUERY: {search_entries.QUERY: {"value": "bike"}},
                search_entries.CHANNEL: {search_entries.CHANNEL: {"selected_option": {"value": channel}}},
            }
            told = {**view, "private_metadata": json.dumps(forged), "state": {"values": values}}
            user, team = {"id": ben.id, "team_id": slack.team}, {"id": slack.team}
            answer = await slack.workspace.courier.ask(
                "interactive",
                {"type": "view_submission", "user": user, "team": team, "trigger_id": "1.0", "view": told},
            )
            assert not cast.town.marks(json.dumps(answer).replace(channel, ""))
        for action in ("more", "like", "ask"):
            await deliver(board, _in_view(board, ben, {**view, "private_metadata": json.dumps(kept)}, action, kept))
        assert not cast.town.marks(json.dumps(ben.view()["blocks"]))  # type: ignore[index]


def _in_view(room: Room, person: Person, view: Json, action: str, kept: Json) -> Json:
    """A press in a modal that was never shown."""
    body = pressed(room, f"spyglass_search_{action}", kept["search"]["like"], person)
    return {**body, "container": {"type": "view", "view_id": view["id"]}, "view": view, "channel": None}


async def test_who_joins_while_an_answer_is_thought_is_minded_before_it_is_said(
    slow_office: Office, model: Model
) -> None:
    town, pause, question = Town(slow_office), Pause(), "Which bikes are there, by whoever looks?"
    await town.add("planslow", "annaslow", "benslow")
    board = await town.add("boardslow", "annaslow", "benslow")
    find, first, second = Use("search", {"query": "bike"}), "I found those.", "I found what is left."
    model.answers(question, find, pause, first, find, second)
    ts = await board.ask(question)
    await pause.begun()
    await town.slack.invite(board.channel, town.person("caraslow"))
    await town.slack.delivered(PATIENCE)
    pause.end()
    await board.reply_to(ts)
    assert town.told(board, ts) == {"boardslow"}
    assert second in json.dumps(board.said)
    assert first not in json.dumps(board.said)


async def test_a_model_is_told_nothing_of_what_a_thread_found_for_fewer_readers(
    slow_office: Office, model: Model
) -> None:
    town, first, second = Town(slow_office), "Which bikes were here before?", "And what was it that you found?"
    await town.add("planlate", "annalate", "benlate")
    board = await town.add("boardlate", "annalate", "benlate")
    model.answers(first, Use("search", {"query": "bike"}), "I found those of zqplanlateq.")
    model.answers(second, "I do not know.")
    await board.answer_to(first)
    assert "zqplanlateq" in model.told[-1]
    await town.slack.invite(board.channel, town.person("caralate"))
    await board.answer_to(second, who=town.person("caralate"))
    assert second in model.told[-1]
    assert "zqplanlateq" not in model.told[-1]


@pytest.mark.parametrize("seed", [0, 27])
async def test_whatever_happens_nobody_reads_what_they_may_not_see(cast: Cast, seed: int) -> None:
    """People come and go, and ask, here and there, and link to what Anna posted elsewhere."""
    town, chance = cast.town, Random(seed)
    people = [cast.who(name) for name in ("anna", "ben", "cara")]
    places = [cast.room(name) for name in ("plan", "board", "secret")]
    names = {room.channel: name for name, room in town.rooms.items()}
    questions = (FIND, "Find pictures of a bike in #secret", "Show me photos by anna", "bikes from yesterday", "more")
    about_linked = (
        "What format is image 1?",
        "and the first one?",
        "what have we found so far?",
        "images like image 1",
    )
    links = [f"What format is <{await _link_into(room)}>?" for room in places]
    for _ in range(18):
        room, person = chance.choice(places), chance.choice(people)
        members = town.slack.workspace.state.channels[room.channel].members
        match chance.randrange(4):
            case 0 if person.id not in members:
                await town.slack.invite(room.channel, person)
            case 1 if person.id in members and len(members) > 2:
                await town.slack.remove(room.channel, person)
            case _ if person.id in members:
                if chance.random() < 0.3:
                    room.thread = None
                said: tuple[str, ...] = about_linked if room.thread and chance.random() < 0.5 else questions
                if person.id != cast.who("anna").id and chance.random() < 0.5:  # her own she has shown to all there
                    said = tuple(links)
                since = await room.ask(chance.choice(said), who=person)
                await room.reply_to(since)
                assert town.told(room, since) <= town.shown_in(names[room.channel])
                assert town.aside_to(room, person) <= set(town.rooms)
                for other in people:
                    if other.id != person.id and not (
                        town.aside_to(room, other) <= town.may_see(other.name) | ever(room)
                    ):
                        raise AssertionError(other.name)


async def _link_into(room: Room) -> str:
    """To the picture that Anna posted there."""
    [posted] = [one for one in room.slack.messages(room.channel) if one.get("files") and one["user"] == room.anna.id]
    return str(room.slack.files[posted["files"][0]["id"]]["permalink"])


def ever(room: Room) -> set[str]:
    """What asides said before somebody left stays on their screen."""
    return {name for one in room.slack.ephemerals(room.channel) for name in MARK.findall(json.dumps(one))}
