"""What people saw, kept, typed and pressed before who may see what changed shows them no more than they may see now."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.local_slack import Person
from bot.local_slack.acts import interacting
from bot.slack.replying.beside import FORM
from bot.slack.replying.cards import ALONE, MORE
from bot.slack.surface import results, search, search_entries, sentences
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.forms import answered, opened
from tests.scenario.slack.hits import found, has_more
from tests.scenario.slack.hits import press as press_hit
from tests.scenario.slack.marked import FIND, Cast, Town, asked
from tests.scenario.slack.office import PATIENCE, Json, Office, Room
from tests.scenario.slack.test_asides import noted, of, told_alone
from tests.scenario.slack.test_asides import press as press_alone

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def open_office(opening: Opening) -> AsyncIterator[Office]:
    """Members find what is in public channels."""
    async with opening(archive_public=True) as opened_office:
        yield opened_office


async def leaves(cast: Cast, channel: str, name: str) -> None:
    await cast.town.slack.remove(cast.room(channel).channel, cast.who(name))
    await cast.town.slack.delivered(PATIENCE)


# --- threads ----------------------------------------------------------------------------------------


async def test_who_leaves_between_two_pages_of_more_sees_no_more_of_it(cast: Cast) -> None:
    direct, anna = cast.room("direct"), cast.who("anna")
    since = await asked(direct, "Find 1 picture of a bike", anna)
    for channel in ("secret", "plan", "board"):
        await leaves(cast, channel, "anna")
    first = found(direct)[-1]
    seen = cast.town.told(direct, since)
    assert has_more(first)
    before = len(direct.said)
    await press_hit(direct, first, MORE, anna)
    await direct.slack.until(lambda: len(direct.said) > before + 1, PATIENCE)
    await direct.nothing_more_comes()
    assert cast.town.told(direct, since) <= seen | cast.channels("direct")


async def test_a_question_about_a_hit_can_be_gone_on_with_only_as_long_as_it_may_be_seen(cast: Cast) -> None:
    aside, board, direct, anna = await told_alone(cast), cast.room("board"), cast.room("direct"), cast.who("anna")
    await press_alone(board, aside, ALONE.ask, anna, of(cast, aside, "secret"))
    view = await opened(board, anna)
    await anna.submit(view["id"], {"own": "What format is it?"})
    await answered(direct, view)
    [root] = [one for one in board.slack.messages(direct.channel) if sentences.ASKED_ALONE in str(one.get("text"))]
    await leaves(cast, "secret", "anna")
    direct.thread = root["ts"]
    for question in ("What colours are in image 1?", "What does it say?", "Find images like it", "what did you find?"):
        since = await direct.ask(question, who=anna)
        told = "\n".join(await direct.reply_to(since))
        assert "secret" not in told, question
        assert cast.channels("secret").isdisjoint(cast.town.told(direct, since)), question


@pytest.mark.parametrize(
    "question",
    [
        "Who posted the most images?",
        "How many images are there?",
        "How many pictures are in #{secret}?",
        "Find pictures of a bike in #{secret}",
        "Find pictures of a bike in #secre",
        "Find pictures posted by anna in #{secret} and show the nearest miss",
        "Find pictures with the text zqsecret",
        "Find pictures named zqsecret",
    ],
)
async def test_no_count_name_suggestion_or_nearest_miss_tells_of_what_not_all_see(cast: Cast, question: str) -> None:
    """The same question, asked by who may see it and by who may not, is answered alike where all can read it."""
    board, words = cast.room("board"), question.format(secret=f"secret{cast.letter}")
    told = []
    for name in ("anna", "ben"):
        since = await asked(board, words, cast.who(name))
        assert cast.town.told(board, since) <= cast.channels("board", "plan")
        told.append([line for reply in board.replies(since) for line in _words(reply["blocks"])])
    assert told[0] == told[1]
    assert cast.town.aside_to(board, cast.who("ben")) == set()


def _words(value: Any) -> list[str]:
    """All that people read."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for name, inner in value.items() if name != "text" or not own for text in _words(inner)]
    return [text for inner in value for text in _words(inner)] if isinstance(value, list) else []


# --- forms, and the gallery -------------------------------------------------------------------------


async def test_what_an_old_form_found_is_nothing_to_who_has_left(cast: Cast) -> None:
    anna, slack = cast.who("anna"), cast.town.slack
    view = await form_with_hits(cast, anna)
    secret = cast.town.items[f"secret{cast.letter}"]
    await leaves(cast, "secret", "anna")
    for action, value in ((results.LIKE, secret), (results.MORE, None), (f"{results.CHIP}_by", "by")):
        await deliver_in(slack, anna, view, action, value)
        await cast.town.slack.delivered(PATIENCE)
        await slack.until(lambda: sentences.SEARCHING not in json.dumps(anna.view()), PATIENCE)
    await deliver_in(slack, anna, view, results.ASK, secret)
    await slack.until(lambda: sentences.GONE in json.dumps(anna.view()), PATIENCE)
    await slack.until(lambda: not cast.town.marks(json.dumps(anna.view())) & cast.channels("secret"), PATIENCE)


async def form_with_hits(cast: Cast, person: Person) -> Json:
    await person.shortcut(search.SHORTCUT)
    await cast.town.slack.until(lambda: sentences.WHERE in json.dumps(person.view()), PATIENCE)
    view = person.view()
    assert view
    everywhere = {search_entries.QUERY: "bike", search_entries.CHANNEL: search_entries.EVERYWHERE}
    await person.submit(view["id"], everywhere)
    await cast.town.slack.until(lambda: "zqsecret" in json.dumps(person.view()), PATIENCE)
    shown = person.view()
    assert shown
    return shown


async def deliver_in(slack: Any, person: Person, view: Json, action: str, value: str | None) -> None:
    """A press on a screen that still shows what was found before."""
    user, team = {"id": person.id, "team_id": slack.team}, {"id": slack.team}
    pressed = {"type": "button", "action_id": action, "block_id": "b", **({"value": value} if value else {})}
    trigger = interacting.trigger(slack.workspace, person.id, view["id"])
    body = {"type": "block_actions", "user": user, "team": team, "trigger_id": trigger, "view": view}
    place = {"container": {"type": "view", "view_id": view["id"]}, "actions": [pressed]}
    await slack.workspace.courier.ask("interactive", {**body, **place})


async def test_an_old_button_of_an_aside_finds_no_more_in_the_form_than_may_be_seen(cast: Cast) -> None:
    board, anna = cast.room("board"), cast.who("anna")
    aside = await told_alone(cast, "Find 1 picture of a bike")
    await leaves(cast, "secret", "anna")
    await press_alone(board, aside, FORM, anna)
    await board.slack.until(lambda: sentences.WHERE in json.dumps(anna.view()), PATIENCE)
    assert f"secret{cast.letter}" not in json.dumps(anna.view())
    before = len(board.notes_to(anna))
    if "zqsecret" in json.dumps(aside):
        await press_alone(board, aside, ALONE.like, anna)
        assert await noted(board, anna, before) == sentences.GONE_ALONE


async def test_a_gallery_address_typed_by_hand_shows_nothing_of_others(cast: Cast) -> None:
    secret, channel = cast.town.items[f"secret{cast.letter}"], cast.room("secret").channel
    nobodys = "00000000-0000-0000-0000-000000000000"
    typed = [
        {"like": "{}"},
        {"in": "{}"},
        {"q": "bike", "like": "{}", "shown": "500"},
        {"from": cast.who("anna").id, "in": "{}"},
    ]
    for asked_for in typed:
        told = []
        for value in (secret, nobodys) if "like" in asked_for else (channel, "C0NOBODYS1"):
            said = {name: each.replace("{}", value) for name, each in asked_for.items()}
            page = await gallery(cast, "ben", **said)
            assert cast.town.marks(json.dumps(page).replace(value, "")) <= cast.channels("plan", "board")
            told.append(json.dumps(page).replace(value, "").lower().replace(value.lower(), ""))
        assert told[0] == told[1], asked_for
    assert await status(cast, "ben", secret) == await status(cast, "ben", nobodys) == 404
    assert await status(cast, "anna", secret) == 200
    await leaves(cast, "secret", "anna")
    assert await status(cast, "anna", secret) == 404


async def gallery(cast: Cast, name: str, **asked_for: str) -> Json:
    person = {"person": cast.who(name).name, "token": cast.town.slack.local_token}
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{cast.town.slack.url}/_local/gallery", params={**person, **asked_for}) as told,
    ):
        return await told.json()  # type: ignore[no-any-return]


async def status(cast: Cast, name: str, key: str) -> int:
    person = {"person": cast.who(name).name, "token": cast.town.slack.local_token}
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{cast.town.slack.url}/_local/gallery/{key}", params=person) as told,
    ):
        return told.status


# --- channels that become something else ------------------------------------------------------------


async def test_what_becomes_private_is_found_by_nobody_else_at_once(open_office: Office) -> None:
    town = Town(open_office)
    await town.add("square", "annasq", private=False)
    ben, gus = town.person("bensq"), town.person("gussq")
    theirs = Room(open_office, ben.dm(), ben, ben)
    guests = Room(open_office, gus.dm(), gus, gus)
    await asked(theirs, FIND, ben)
    assert town.told(theirs) == {"square"}
    await asked(guests, FIND, gus)
    assert town.told(guests) == set()
    thread = theirs.thread
    await town.slack.make_private(town.rooms["square"].channel)
    await town.slack.delivered(PATIENCE)
    since = await asked(theirs, FIND, ben)
    assert town.told(theirs, since) == set()
    theirs.thread = thread
    for question in ("more", "what does the first one say?", "What format is the first one?"):
        since = await theirs.ask(question, who=ben)
        await theirs.reply_to(since)
        assert town.told(theirs, since) == set(), question


async def test_an_archived_channel_is_found_by_who_is_in_it_and_nobody_else(cast: Cast) -> None:
    ben, anna = cast.who("ben"), cast.who("anna")
    await cast.town.slack.archive(cast.room("secret").channel)
    await cast.town.slack.delivered(PATIENCE)
    theirs = Room(cast.town.office, ben.dm(), ben, ben)
    await asked(theirs, FIND, ben)
    assert cast.town.told(theirs) == cast.channels("board", "plan")
    direct = cast.room("direct")
    since = await asked(direct, FIND, anna)
    assert cast.channels("board", "plan", "direct") <= cast.town.told(direct, since)
