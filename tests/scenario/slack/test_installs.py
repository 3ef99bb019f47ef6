"""The app is added to workspaces by OAuth, and answers in each of them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from itertools import cycle
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from pydantic import SecretStr
from yarl import URL

from bot.local_slack import LocalSlack
from bot.local_slack.serving import oauth
from bot.slack.serving import Bot, open_bot
from tests.scenario.slack.conftest import NewSettings
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.office import Office
from tests.scenario.slack.town import Browser, Town, added, everything_kept, installed, open_browser, open_town, rows
from tools.kit import Archive, AskAgain, CannotDo, Scope

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

KEY = Fernet.generate_key().decode()
WHAT = "What format is it?"
IS_PNG = "Image 1 is a PNG file (image/png)."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(new_settings: NewSettings, pictures: Any) -> AsyncIterator[Town]:
    async with open_town(new_settings(token_keys=SecretStr(KEY)), pictures) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(town: Town) -> AsyncIterator[Bot]:
    async with town.bot() as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="session")
async def browser(town: Town, bot: Bot) -> AsyncIterator[Browser]:
    """A new one."""
    async with open_browser(town.door) as opened:
        yield opened


async def test_who_thinks_better_of_it_is_told_and_nothing_is_kept(town: Town, browser: Browser) -> None:
    consent = await browser.begin(town.slacks[0])
    status, page = await browser.shown(await browser.sent_to(f"{consent}&cancel=1"))
    assert (status, "The installation was cancelled. Nothing was kept of it." in page) == (200, True)
    assert installed(town) == set()
    assert rows(town, "select * from spyglass.installing") == []


async def test_a_code_that_slack_refuses_is_told_and_nothing_is_kept(town: Town, browser: Browser) -> None:
    back = await browser.sent_to(await browser.begin(town.slacks[0]))
    status, page = await browser.shown(back.replace("code=", "code=x"))
    assert (status, "Slack did not accept this installation" in page) == (400, True)
    assert installed(town) == set()


async def test_an_installation_ends_in_the_browser_that_began_it(town: Town, browser: Browser) -> None:
    back = await browser.sent_to(await browser.begin(town.slacks[0]))
    async with open_browser(town.door) as other:
        status, page = await other.shown(back)
    assert (status, "This is not the browser it began in" in page) == (400, True)
    assert installed(town) == set()


async def test_an_installation_that_took_too_long_is_over(town: Town, browser: Browser) -> None:
    back = await browser.sent_to(await browser.begin(town.slacks[0]))
    rows(town, "update spyglass.installing set expires = now() - interval '1 second'")
    status, page = await browser.shown(back)
    assert (status, "This installation is over" in page) == (400, True)
    assert installed(town) == set()


async def test_whatever_comes_back_is_shown_as_a_page_of_ours(town: Town, browser: Browser) -> None:
    for odd in ("", "?error=%3Cscript%3E", "?state=%00&code=%00", "?code=1", "?state=%FF%FE&code=x"):
        status, page = await browser.shown(f"{town.door}/slack/oauth_redirect{odd}")
        assert (status, "<script" in page, "Start again" in page) == (400, False, True)
    assert installed(town) == set()


async def test_while_slack_does_not_answer_nothing_is_kept(town: Town, browser: Browser) -> None:
    for fault in ({"reset": True}, {"status": 500}, {"status": 429}):
        back = await browser.sent_to(await browser.begin(town.slacks[0]))
        town.slacks[0].faults.fail("oauth.v2.access", **fault)
        status, page = await browser.shown(back)
        assert (status, "Slack does not answer" in page) == (502, True)
    assert installed(town) == set()


async def test_what_comes_from_where_the_app_is_not_is_acknowledged_and_forgotten(town: Town, bot: Bot) -> None:
    room = await town.office(0).room()
    await room.ask("Is anybody there?")
    await room.slack.delivered()
    assert all(one.acknowledged for one in room.slack.deliveries)
    assert await room.slack.verify_url()
    assert room.slack.team not in everything_kept(town)


async def test_two_workspaces_are_answered_each_by_its_own_token_and_never_mixed(
    town: Town, browser: Browser, bot: Bot
) -> None:
    for slack in town.slacks:
        status, page = await browser.install(slack)
        assert (status, "Spyglass is in Local now." in page) == (200, True)
    first, second = await town.office(0).room(), await town.office(1).room()
    assert IS_PNG in await first.answer_to(WHAT, ("a.png", small_png()))
    assert (await second.answer_to("How many images are in this thread?"))[0] != IS_PNG
    assert IS_PNG in await second.answer_to(WHAT, ("b.png", small_png("blue")))
    assert await first.answer_to("thanks!")
    for slack in town.slacks:
        assert not [call for call in slack.calls if call.response.get("error") in ("invalid_auth", "not_authed")]
        threads = {team for (team,) in rows(town, "select distinct team from spyglass.inbox")}
        assert slack.team in threads
    blobs = {path.name for path in (town.settings.home / "blobs").iterdir()}
    assert blobs == {slack.team for slack in town.slacks}


async def test_the_same_ids_in_two_workspaces_are_two_threads(town: Town, bot: Bot) -> None:
    """Nothing says that ids of channels differ between workspaces."""
    first, second = await town.office(0).room(), await town.office(1).room()
    state = second.slack.workspace.state
    state.channels[first.channel] = state.channels.pop(second.channel)
    second.channel = state.channels[first.channel].id = first.channel
    await first.answer_to(WHAT, ("a.png", small_png()))
    state._last = int(first.thread.replace(".", "")) - 1 if first.thread else 0
    state.next_ts = lambda: _next(state)  # type: ignore[method-assign]
    assert IS_PNG not in await second.answer_to(WHAT)
    assert second.thread == first.thread
    await first.answer_to("thanks!")  # by now its image can be found, in its own workspace
    archive = await bot.wiring.lend(Archive)
    scopes = [Scope(workspace=slack.team, audiences=(first.channel,)) for slack in town.slacks]
    assert [await archive.count(scope) for scope in scopes] == [1, 0]


def _next(state: Any) -> str:
    state._last += 1
    return f"{state._last // 1_000_000}.{state._last % 1_000_000:06d}"


async def test_a_state_that_was_used_is_used_up(town: Town, browser: Browser, bot: Bot) -> None:
    consent = await browser.begin(town.slacks[0])
    kept = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.session.cookie_jar)
    back = await browser.sent_to(consent)
    assert (await browser.shown(back))[0] == 200
    before = rows(town, "select * from spyglass.installations order by team")
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), headers={"Cookie": kept}) as replaying,
        replaying.get(URL(back, encoded=True)) as told,
    ):
        assert (told.status, "This installation is over" in await told.text()) == (400, True)
    assert rows(town, "select * from spyglass.installations order by team") == before


async def test_who_installs_again_is_answered_by_the_new_token(town: Town, browser: Browser, bot: Bot) -> None:
    old = town.slacks[0].bot_token
    assert (await browser.install(town.slacks[0]))[0] == 200
    assert town.slacks[0].bot_token != old
    room = await town.office(0).room()
    assert IS_PNG in await room.answer_to(WHAT, ("a.png", small_png()))


async def test_no_token_is_kept_as_it_is(town: Town, bot: Bot) -> None:
    kept = everything_kept(town)
    assert all(slack.team in kept for slack in town.slacks)
    for slack in town.slacks:
        assert slack.bot_token not in kept
        assert slack.bot_token.encode().hex() not in kept


async def test_no_token_code_or_secret_is_logged(
    town: Town, browser: Browser, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        back = await browser.sent_to(await browser.begin(town.slacks[1]))
        assert (await browser.shown(back.replace("code=", "code=x")))[0] == 400
        back = await browser.sent_to(await browser.begin(town.slacks[1]))
        assert (await browser.shown(back))[0] == 200
    assert "installed" in caplog.text
    codes = parse_qs(urlsplit(back).query)
    hidden = (
        town.slacks[1].bot_token,
        oauth.client_secret(town.slacks[0].workspace),
        codes["code"][0],
        codes["state"][0],
    )
    assert not [secret for secret in hidden if secret in caplog.text]


@pytest_asyncio.fixture(loop_scope="session")
async def other(new_settings: NewSettings, pictures: Any) -> AsyncIterator[Town]:
    """A town of the test's own, where nothing runs yet."""
    async with open_town(new_settings(token_keys=SecretStr(KEY)), pictures) as opened:
        yield opened


# --- shared channels, and organisations ------------------------------------------------------------


def said_of(slack: LocalSlack, *wrappings: dict[str, Any]) -> None:
    """From now on events come wrapped so, each in its turn."""
    courier, turn = slack.workspace.courier, cycle(wrappings)
    send = courier.send
    courier.send = lambda payload: send({**payload, **next(turn)})  # type: ignore[method-assign]


async def test_in_a_channel_shared_with_another_workspace_that_has_the_app_each_answers_its_own(other: Town) -> None:
    ours, theirs = other.slacks
    async with other.bot():
        await added(other, ours, theirs)
        room = await other.office(0).room()
        said_of(ours, {"team_id": theirs.team, "context_team_id": ours.team, "is_ext_shared_channel": True})
        assert IS_PNG in await room.answer_to(WHAT, ("a.png", small_png()))
        assert rows(other, "select distinct team from spyglass.inbox") == [(ours.team,)]
        assert not [call for call in theirs.calls if call.method.startswith("chat.")]


async def test_an_organisations_installation_is_one_whichever_workspace_an_event_names(other: Town) -> None:
    slack = other.slacks[0]
    async with other.bot(slack_external=True):  # the local Slack tells nothing of organisations
        await added(other, slack)
        rows(other, "update spyglass.installations set team = 'E1'")  # as the whole organisation's
        room = await other.office(0).room()
        wide = {"enterprise_id": "E1", "team_id": None, "user_id": slack.bot_user, "is_enterprise_install": True}
        said_of(slack, *({"team_id": team, "authorizations": [wide]} for team in ("T1", "T2")))
        assert IS_PNG in await room.answer_to(WHAT, ("a.png", small_png()))
        assert IS_PNG in await room.answer_to("And what format is image 1?")
        assert rows(other, "select distinct team from spyglass.inbox") == [("E1",)]


# --- these stop the bot, or take it out ------------------------------------------------------------


async def test_a_restart_finds_the_workspaces_and_keys_can_be_changed(other: Town) -> None:
    new = Fernet.generate_key().decode()
    async with other.bot():
        await added(other, *other.slacks)
    sealed = rows(other, "select token from spyglass.installations")
    async with other.bot(token_keys=SecretStr(f"{new}, {KEY}")):
        for number in (0, 1):
            room = await other.office(number).room()
            assert await room.answer_to("thanks!")
    assert not {*rows(other, "select token from spyglass.installations")} & {*sealed}
    async with other.bot(token_keys=SecretStr(new)):  # the old one is not needed any more
        room = await other.office(0).room()
        assert await room.answer_to("thanks!")
    with pytest.raises(CannotDo, match="No key in SPYGLASS_TOKEN_KEYS opens the tokens"):
        async with open_bot(other.settings):
            pass


async def test_with_socket_mode_the_door_is_there_for_installations_alone(
    new_settings: NewSettings, pictures: Any
) -> None:
    async with LocalSlack() as slack, open_town(new_settings(token_keys=SecretStr(KEY)), pictures) as town:
        own: dict[str, object] = {
            "slack_mode": "socket",
            "slack_api_url": slack.api_url,
            "slack_app_token": SecretStr(slack.app_token),
            "slack_client_id": slack.app_id,
            "slack_client_secret": SecretStr(oauth.client_secret(slack.workspace)),
        }
        async with town.bot(**own), aiohttp.ClientSession() as stranger:
            await added(town, slack)
            room = await Office(slack, pictures, town.settings.home).room()
            assert IS_PNG in await room.answer_to(WHAT, ("a.png", small_png()))
            async with stranger.post(f"{town.door}/slack/events", data=b"{}") as told:
                assert told.status == 404


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (None, "SPYGLASS_TOKEN_KEYS is not set"),
        (SecretStr(" , "), "SPYGLASS_TOKEN_KEYS is not set"),
        (SecretStr(f"{KEY},secret"), "Key 2 in SPYGLASS_TOKEN_KEYS is none"),
    ],
)
async def test_without_a_key_nothing_starts(town: Town, keys: SecretStr | None, told: str) -> None:
    with pytest.raises(AskAgain, match=told) as refused:
        async with open_bot(town.settings.model_copy(update={"token_keys": keys})):
            pass
    assert "secret" not in str(refused.value).replace("secrets", "")
