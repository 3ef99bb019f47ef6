"""Which installation a payload is for, in shared channels and Enterprise Grid too; and how its token is kept."""

from __future__ import annotations

import json
import logging
from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.oauth.installation_store import Installation as Granted
from slack_sdk.web.async_client import AsyncWebClient

from bot.ledger.answers import Answers
from bot.ledger.calls import Calls
from bot.ledger.lazily import Tables
from bot.local_slack import LocalSlack
from bot.slack.events import Identity, Message, Revoked
from bot.slack.installs import pages, states
from bot.slack.installs.departing import Departing
from bot.slack.installs.installation import Installation, Single
from bot.slack.installs.installing import Installing, _granted
from bot.slack.installs.offices import Offices
from bot.slack.installs.sealing import Sealer
from bot.slack.installs.states import States
from bot.slack.listening.listeners import build_app
from bot.slack.payloads import installed_as, read_event
from bot.slack.people import _person
from bot.slack.serving import _who_we_are
from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.queue import Elsewhere
from bot.slack.storage.tables import Database
from bot.slack.web import Web, open_web
from bot.storage.database import DatabaseAway
from bot.storage.locks import Locks
from tests.unit.slack.slack_edge import Memory
from tools.kit import AskAgain, CannotDo
from tools.kit.models import Account, Entry, Usage

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "slack-samples" / "app-backend"
OURS, THEIRS, ORG = "T1", "T2", "E1"


def authorized(team: str | None, org: str | None = None, *, wide: bool = False) -> list[dict[str, Any]]:
    return [{"enterprise_id": org, "team_id": team, "user_id": "UBOT", "is_bot": True, "is_enterprise_install": wide}]


# --- events ---------------------------------------------------------------------------------------


def test_an_event_goes_by_its_authorization() -> None:
    assert installed_as({"team_id": OURS, "authorizations": authorized(OURS)}) == [OURS]


def test_in_a_shared_channel_the_other_side_may_be_named_first() -> None:
    body = {"team_id": THEIRS, "context_team_id": OURS, "is_ext_shared_channel": True}
    assert installed_as({**body, "authorizations": authorized(OURS)}) == [OURS]


def test_a_workspace_of_an_organisation_has_its_own_installation() -> None:
    assert installed_as({"team_id": OURS, "enterprise_id": ORG, "authorizations": authorized(OURS, ORG)}) == [OURS]


@pytest.mark.parametrize("team", [OURS, THEIRS, None])
def test_where_the_app_is_everybodys_in_an_organisation_it_has_one_name_whatever_the_workspace(team: str) -> None:
    body = {"team_id": team, "context_team_id": team, "enterprise_id": ORG}
    assert installed_as({**body, "authorizations": authorized(team, ORG, wide=True)}) == [ORG]


def test_messages_of_an_organisation_are_kept_under_its_name() -> None:
    event = {"type": "message", "channel": "C1", "user": "U1", "ts": "5.0", "text": "hi", "user_team": OURS}
    body = {"team_id": OURS, "event": event, "authorizations": authorized(OURS, ORG, wide=True)}
    said = read_event(body, Identity(ORG, "UBOT", "BBOT"))
    assert isinstance(said, Message)
    assert said.team == ORG


def test_without_an_authorization_no_organisation_is_meant() -> None:
    """A workspace that leaves must not take the others of its organisation with it."""
    assert installed_as({"team_id": OURS, "enterprise_id": ORG, "event": {"type": "app_uninstalled"}}) == [OURS]


def test_people_of_an_organisation_are_not_from_outside_where_the_app_is_everybodys() -> None:
    user = {"id": "U1", "team_id": THEIRS, "enterprise_user": {"enterprise_id": ORG, "teams": [THEIRS]}}
    assert not _person(user, ORG).external
    assert not _person(user, THEIRS).external
    assert _person(user, OURS).external


def test_an_admin_of_another_workspace_has_no_say_in_this_one() -> None:
    user = {"id": "U1", "team_id": THEIRS, "is_admin": True}
    assert not _person(user, OURS).admin
    assert _person(user, THEIRS).admin


# --- commands, buttons, forms ----------------------------------------------------------------------


def test_a_command_is_the_workspaces_it_was_typed_in() -> None:
    body = {"command": "/spyglass", "team_id": OURS, "enterprise_id": ORG}
    assert installed_as({**body, "is_enterprise_install": "false"}) == [OURS]
    assert installed_as({**body, "is_enterprise_install": "true"})[0] == ORG


def test_a_button_is_for_whoever_said_the_message_it_stands_in() -> None:
    pressed = {"type": "block_actions", "team": {"id": THEIRS}, "user": {"id": "U9", "team_id": THEIRS}}
    assert installed_as({**pressed, "message": {"team": OURS}})[0] == OURS


def test_a_form_is_the_workspaces_it_was_opened_in() -> None:
    view = {"team_id": THEIRS, "app_installed_team_id": OURS}
    assert installed_as({"type": "view_submission", "team": {"id": THEIRS}, "view": view})[0] == OURS


def test_a_shortcut_on_somebody_elses_message_is_the_workspaces_of_who_used_it() -> None:
    body = {"type": "message_action", "team": {"id": OURS}, "message": {"team": THEIRS}}
    assert installed_as(body) == [OURS]


def test_of_an_organisation_a_press_may_name_no_workspace() -> None:
    body = {"type": "block_actions", "team": None, "enterprise": {"id": ORG}, "is_enterprise_install": True}
    assert installed_as(body) == [ORG]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"team_id": 7, "team": "T1", "view": [], "message": "x", "type": "block_actions"},
        {"authorizations": "T1"},
        {"authorizations": [None]},
        {"authorizations": [], "enterprise": 1, "is_enterprise_install": True},
        {"team_id": {"id": "T1"}},
    ],
)
def test_what_is_not_as_slacks_is_for_nobody(odd: dict[str, Any]) -> None:
    assert installed_as(odd) == []


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs ../shared")
@pytest.mark.parametrize("name", ["BlockAction", "MessageShortcut"])
def test_slacks_own_samples_say_whose_they_are(name: str) -> None:
    body = json.loads((SAMPLES / f"interactive-components_{name}Payload.json").read_text("utf-8"))
    body["team"]["id"] = OURS
    assert OURS in installed_as(body)


# --- what is kept ----------------------------------------------------------------------------------


def keys(number: int) -> list[str]:
    return [Fernet.generate_key().decode() for _ in range(number)]


def test_what_is_sealed_is_not_what_it_was_and_comes_back_as_it_was() -> None:
    sealer = Sealer(keys(1))
    sealed = sealer.seal(SecretStr("xoxb-1"))
    assert b"xoxb" not in sealed
    assert sealer.unseal(sealed).get_secret_value() == "xoxb-1"


def test_an_older_key_still_opens_and_the_first_one_seals() -> None:
    old, new = keys(2)
    sealed = Sealer([old]).seal(SecretStr("xoxb-1"))
    both = Sealer([new, old])
    assert both.unseal(sealed).get_secret_value() == "xoxb-1"
    assert (both.is_current(sealed), both.is_current(both.seal(SecretStr("xoxb-1")))) == (False, True)


def test_without_the_right_key_one_sentence_says_so_and_shows_nothing() -> None:
    one, other = keys(2)
    with pytest.raises(CannotDo, match="No key in SPYGLASS_TOKEN_KEYS opens the tokens") as told:
        Sealer([one]).unseal(Sealer([other]).seal(SecretStr("xoxb-1")))
    assert one not in str(told.value)


@pytest.mark.parametrize("key", ["secret", "x" * 44, "ä" * 44, "A" * 43])
def test_what_is_no_key_is_told_by_its_place_and_not_shown(key: str) -> None:
    with pytest.raises(AskAgain, match="Key 2 in SPYGLASS_TOKEN_KEYS is none") as told:
        Sealer([*keys(1), key])
    assert key not in str(told.value)


def test_an_installation_shows_no_token() -> None:
    assert "xoxb-1" not in repr(Installation(Identity("T1", "U1", "B1"), SecretStr("xoxb-1"), 0.0))


async def test_the_workspace_of_the_settings_is_the_only_one_until_it_is_left() -> None:
    single, here = Single(), Installation(Identity("T1", "U1", "B1"), SecretStr("xoxb-1"), 0.0)
    single.come(here)
    assert (await single.of("T1"), await single.of("T2")) == (here, None)
    await single.remove("T2")
    assert await single.of("T1") == here
    await single.remove("T1")
    assert await single.of("T1") is None


@pytest.mark.parametrize(("hours", "state"), [(1, State.WAITING), (25, State.SILENT)])
async def test_a_message_of_an_unknown_workspace_is_left_to_others_for_a_day(
    database: Database, hours: int, state: State
) -> None:
    async def build(installation: Installation) -> Any:
        raise AssertionError(installation)

    inbox = Inbox(database)
    asked = (await inbox.hear(Message(team="T2", channel="C1", ts="1.0", thread_ts="1.0", user="U1"), for_us=True)).row
    await database.rows("update inbox set created = created - make_interval(hours => %s)", [hours])
    with nullcontext() if state.over else pytest.raises(Elsewhere):
        await Offices(Single(), inbox, build).work(asked.thread)
    row = await inbox.row(asked.key)
    assert row
    assert row.state is state


# --- what Slack grants -----------------------------------------------------------------------------


def granted(**more: Any) -> Granted:
    usual = {"team_id": "T1", "bot_token": "xoxb-1", "bot_id": "B1", "bot_user_id": "U1", "user_id": "U9"}
    return Granted(**{**usual, **more})


def test_an_organisation_that_grants_is_one_installation_under_its_own_name() -> None:
    assert _granted(granted()).team == "T1"
    assert _granted(granted(enterprise_id="E1")).team == "T1"
    assert _granted(granted(team_id=None, enterprise_id="E1", is_enterprise_install=True)).team == "E1"


@pytest.mark.parametrize(
    "odd", [{"bot_token": None}, {"bot_refresh_token": "xoxe-1", "bot_token_expires_in": 9}, {"team_id": None}]
)
def test_what_would_not_last_is_not_taken(odd: dict[str, Any]) -> None:
    with pytest.raises(CannotDo):
        _granted(granted(**odd))


def test_names_of_workspaces_are_text_on_the_page() -> None:
    page = pages.added('<img src="x" onerror="alert(1)">')
    assert "<img" not in page.body
    assert "&lt;img" in page.body


@pytest.mark.parametrize("reason", ["access_denied", "invalid_state", "<script>", ""])
def test_every_page_is_whole_and_brings_nothing_from_outside(reason: str) -> None:
    page: BoltResponse = pages.refused(reason)
    assert page.body.count("<h1>") == 1
    assert "http" not in page.body
    assert "<script" not in page.body


# --- Bolt follows our settings ---------------------------------------------------------------------


async def test_variables_of_bolts_own_turn_nothing_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN"):
        monkeypatch.setenv(name, "xoxb-other")
    with caplog.at_level(logging.DEBUG):
        async with open_web("xoxb-ours") as web:
            app: AsyncApp = build_app(web, Identity("T1", "U1", "B1"), _Hears(), [])  # type: ignore[arg-type]
            told = await app.async_dispatch(
                AsyncBoltRequest(body={"type": "url_verification", "challenge": "c"}, mode="socket_mode")
            )
    assert (app.oauth_flow, app.installation_store) == (None, None)
    assert told.status == 200
    assert "xoxb-other" not in caplog.text


class _Hears:
    async def take(self, event: Any) -> None:
        """Nothing comes."""


# --- what goes wrong with us -----------------------------------------------------------------------


class _Flow:
    """Bolt's flow on a bad day."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def handle_installation(self, request: AsyncBoltRequest) -> BoltResponse:
        raise self._error

    handle_callback = handle_installation


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (DatabaseAway("no route to db.internal"), 503, "try it again in a minute"),
        (CannotDo("The app's tokens <expire>."), 503, "The app&#x27;s tokens &lt;expire&gt;."),
        (TimeoutError(), 502, "Slack does not answer"),
    ],
)
async def test_what_goes_wrong_is_a_page_that_tells_nothing_of_our_insides(
    error: Exception, status: int, said: str
) -> None:
    installing, request = Installing(_Flow(error)), AsyncBoltRequest(body="")  # type: ignore[arg-type]
    for page in (await installing.begin(request), await installing.end(request)):
        assert (page.status, said in page.body, "internal" in page.body) == (status, True, False)


async def test_a_token_of_a_whole_organisation_is_one_installation_under_its_name() -> None:
    told = {"team_id": "E1", "enterprise_id": "E1", "user_id": "U1", "bot_id": "B1", "is_enterprise_install": True}
    assert (await _who_we_are(_Tells(told))).team == "E1"  # type: ignore[arg-type]
    of_one = {**told, "team_id": "T1", "is_enterprise_install": False}
    assert (await _who_we_are(_Tells(of_one))).team == "T1"  # type: ignore[arg-type]


class _Tells:
    """Slack's methods, of which one is asked."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told, self.client = told, AsyncWebClient()

    async def call(self, method: Any) -> dict[str, Any]:
        return self._told


class Vault:
    """An archive that is asked to forget a workspace."""

    restarted: list[str]

    def __init__(self) -> None:
        self.restarted = []

    async def restart(self, workspace: str) -> None:
        self.restarted.append(workspace)


async def nothing_waits() -> None:
    """No call of a model is to be written."""


async def test_what_models_took_goes_with_the_workspace_also_what_was_not_yet_written(database: Database) -> None:
    async def archive() -> Any:
        return Vault()

    async def url() -> str:
        return database.url

    tables, locks = Tables(url), Locks(database.url)
    ledger, answers = Calls(tables, pause=60.0), Answers(tables, days=30)
    for team in ("T1", "T2"):
        await ledger.note(Account(team, "C1", "U1"), Entry(model="m", purpose="look", usage=Usage(input=1), cost=0.1))
        await answers.put(team, ["0" * 64], "what is it", "a cat")
    await database.rows("insert into departures (team) values ('T1')")
    web = cast(Web, None)  # nothing is asked of Slack
    await Departing(database, locks, Single(), Memory(), archive, web, written=ledger.flush).finish("T1")
    for close in (ledger.close, tables.close, locks.close):
        await close()
    for table in ("model_calls", "model_answers", "model_spending"):
        left = await database.rows(f"select distinct team from {table}")
        assert left == [{"team": "T2"}], table


async def test_who_comes_back_by_a_token_waits_until_all_that_was_there_is_gone(database: Database) -> None:
    vault, locks = Vault(), Locks(database.url)

    async def archive() -> Any:
        return vault

    await database.rows("insert into departures (team) values ('T1')")
    await Inbox(database).hear(Message(team="T1", channel="C1", ts="1.0", thread_ts="1.0", user="U1"), for_us=True)
    web = cast(Web, None)  # nothing is asked of Slack
    departing = Departing(database, locks, Single(), Memory(), archive, web, written=nothing_waits)
    try:
        with pytest.raises(CannotDo):
            await departing.finish("T1", patience=0)
        await departing.finish("T1", patience=None)
    finally:
        await locks.close()
    assert vault.restarted == ["T1"]
    assert await database.rows("select team from inbox union all select team from departures") == []


@pytest.mark.parametrize(("good", "stays"), [(True, ["T1"]), (False, [])])
async def test_whether_a_workspace_left_is_told_by_its_token_and_not_by_clocks(
    database: Database, good: bool, stays: list[str]
) -> None:
    async def archive() -> Any:
        return Vault()

    single, locks = Single(), Locks(database.url)
    async with LocalSlack() as slack, open_web("", api_url=slack.api_url) as web:
        since = 1000.0 if good else 3000.0  # our clock is behind Slack's, or before it
        single.come(Installation(Identity("T1", "U1", "B1"), SecretStr(slack.bot_token), since))
        if not good:
            await slack.uninstall()
        await Departing(database, locks, single, Memory(), archive, web, written=nothing_waits).leave(
            Revoked("T1", "it was removed", 2000)
        )
    await locks.close()
    assert await single.teams() == stays
    assert bool(await database.rows("select team from departures")) is not good


async def test_so_many_may_begin_at_once_and_those_who_never_came_back_make_room(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states, "MOST", 2)
    kept = States(database)
    first = await kept.async_issue()
    await kept.async_issue()
    with pytest.raises(CannotDo):
        await kept.async_issue()
    assert await kept.async_consume(first)
    await kept.async_issue()
    await database.rows("update installing set expires = now() - interval '1 second'")
    last = await kept.async_issue()
    assert len(await database.rows("select state from installing")) == 1
    assert await kept.async_consume(last)
