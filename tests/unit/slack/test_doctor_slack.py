"""The doctor tries the tokens, compares what the app may do with the manifest, and says how to get what is missing."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from cryptography.fernet import Fernet

from bot.local_slack import LocalSlack
from bot.local_slack.serving import oauth
from bot.settings import Settings
from bot.slack.checkup import look_at_slack
from bot.slack.manifest import scopes
from tools.kit.errors import CannotDo, Spoken

BOT, APP, SECRET = "xoxb-1", "xapp-1", "0" * 32
Answer = Callable[[web.Request], web.Response]


def settings(**more: Any) -> Settings:
    return Settings(_env_file=None, **more)


@asynccontextmanager
async def slack(
    *, granted: set[str] | None = None, auth: dict[str, Any] | None = None, opened: dict[str, Any] | None = None
) -> AsyncIterator[str]:
    """Slack's two methods on loopback, each with the given answer for the right token."""

    def answer(request: web.Request, token: str, told: dict[str, Any]) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        headers = {} if granted is None else {"X-OAuth-Scopes": ",".join(sorted(granted))}
        return web.json_response({"ok": True, **told}, headers=headers)

    async def auth_test(request: web.Request) -> web.Response:
        return answer(request, BOT, auth or {"user": "spyglass", "team": "Acme", "bot_id": "B1"})

    async def connections_open(request: web.Request) -> web.Response:
        return answer(request, APP, opened or {"url": "wss://example.com"})

    app = web.Application()
    app.add_routes([web.post("/api/auth.test", auth_test), web.post("/api/apps.connections.open", connections_open)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


async def look(url: str, **more: Any) -> tuple[str, str]:
    chosen = {"slack_bot_token": BOT, "slack_app_token": APP, "slack_api_url": url, **more}
    return await look_at_slack(settings(**chosen), patience=5)


async def test_without_any_token_slack_is_not_connected_and_it_is_said_how() -> None:
    state, said = await look_at_slack(settings(), patience=5)
    assert (state, "deploy/manifest.yaml" in said, "SLACK_BOT_TOKEN" in said) == ("note", True, True)


async def test_an_app_that_may_do_all_it_needs_is_fit() -> None:
    async with slack(granted={*scopes(), "emoji:read"}) as url:
        assert await look(url) == ("ok", "spyglass in Acme, by Socket Mode; the app may do all it needs")


async def test_the_manifests_scopes_are_all_a_workspace_has_to_grant() -> None:
    granted = frozenset(scopes())
    async with LocalSlack(scopes=granted) as workspace:
        tokens = {"slack_bot_token": workspace.bot_token, "slack_app_token": workspace.app_token}
        assert (await look(workspace.api_url, **tokens))[0] == "ok"
    async with LocalSlack(scopes=granted - {"commands"}) as workspace:
        tokens = {"slack_bot_token": workspace.bot_token, "slack_app_token": workspace.app_token}
        with pytest.raises(CannotDo, match=r"commands \(for /spyglass and the shortcuts\)"):
            await look(workspace.api_url, **tokens)


async def test_each_missing_scope_is_named_with_its_reason_and_the_way_to_get_it() -> None:
    async with slack(granted=set(scopes()) - {"files:read", "im:history"}) as url:
        with pytest.raises(CannotDo) as told:
            await look(url)
    said = str(told.value)
    assert "files:read (to open the images and PDFs people post); im:history (to hear" in said
    assert "chat:write" not in said
    assert said.endswith(
        "paste deploy/manifest.yaml into App Manifest, save, and install the app to the workspace again."
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"slack_bot_token": None}, "SLACK_BOT_TOKEN is not set (OAuth & Permissions"),
        ({"slack_app_token": None}, "SLACK_APP_TOKEN is not set (Basic Information, App-Level Tokens"),
        ({"slack_mode": "http"}, "SLACK_SIGNING_SECRET is not set (Basic Information, Signing Secret"),
        ({"slack_bot_token": APP, "slack_app_token": BOT}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ({"slack_bot_token": "xoxb-2"}, "SLACK_BOT_TOKEN cannot be used, Slack does not know it"),
        ({"slack_app_token": "xapp-2"}, "SLACK_APP_TOKEN cannot be used, Slack does not know it"),
    ],
)
async def test_a_token_that_is_not_there_or_not_right_is_named_with_where_it_is_found(
    more: dict[str, Any], said: str
) -> None:
    async with slack(granted=set(scopes())) as url:
        with pytest.raises(CannotDo, match=r"api\.slack\.com/apps") as told:
            await look(url, **more)
    assert str(told.value).startswith(said)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("token_revoked", "install it again and set the new token"),
        ("missing_scope", "it has not the scope connections:write"),
        ("team_access_not_granted", "Slack says team_access_not_granted"),
    ],
)
async def test_what_slack_refuses_is_said_in_words(error: str, said: str) -> None:
    async with slack(granted=set(scopes()), opened={"ok": False, "error": error}) as url:
        with pytest.raises(CannotDo, match=said):
            await look(url)


async def test_over_http_the_signing_secret_is_all_that_is_needed_besides() -> None:
    async with slack(granted=set(scopes())) as url:
        state, said = await look(url, slack_mode="http", slack_signing_secret=SECRET, slack_app_token=None)
    assert (state, "by HTTP" in said) == ("ok", True)


async def test_a_server_that_does_not_say_what_the_app_may_do_is_a_note() -> None:
    async with slack() as url:
        assert (await look(url))[0] == "note"


async def test_a_slack_that_does_not_answer_is_said_with_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        chosen = settings(slack_bot_token=BOT, slack_app_token=APP, slack_api_url=url)
        with pytest.raises(CannotDo, match="does not answer: check the network, or SLACK_API_URL"):
            await look_at_slack(chosen, patience=0.3)
    with pytest.raises(CannotDo, match="does not answer"):
        await look("http://127.0.0.1:9/api/")


# --- several workspaces ----------------------------------------------------------------------------


def of_several(workspace: LocalSlack, **more: Any) -> dict[str, Any]:
    usual = {
        "slack_bot_token": None,
        "slack_app_token": workspace.app_token,
        "slack_client_id": workspace.app_id,
        "slack_client_secret": oauth.client_secret(workspace.workspace),
        "token_keys": Fernet.generate_key().decode(),
    }
    return {**usual, **more}


async def test_an_app_that_workspaces_install_themselves_is_fit_and_says_where() -> None:
    async with LocalSlack() as workspace:
        back = {"slack_redirect_uri": "https://bot.example.com/slack/oauth_redirect"}
        told = await look(workspace.api_url, **of_several(workspace, **back))
    said = "several workspaces, by Socket Mode: https://bot.example.com/slack/install adds one"
    assert told == ("ok", said)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"slack_client_secret": None}, "SLACK_CLIENT_SECRET is not set (Basic Information, Client Secret"),
        ({"slack_client_secret": "other"}, "SLACK_CLIENT_SECRET cannot be used, Slack does not know it"),
        ({"slack_client_id": "other"}, "SLACK_CLIENT_ID cannot be used, Slack does not know it"),
        ({"slack_app_token": None}, "SLACK_APP_TOKEN is not set"),
        ({"slack_mode": "http"}, "SLACK_SIGNING_SECRET is not set"),
        ({"token_keys": None}, "SPYGLASS_TOKEN_KEYS is not set"),
        ({"token_keys": "none"}, "Key 1 in SPYGLASS_TOKEN_KEYS is none"),
        ({"slack_redirect_uri": "https://bot.example.com/"}, "SLACK_REDIRECT_URI does not end with"),
    ],
)
async def test_what_is_missing_for_several_workspaces_is_named(more: dict[str, Any], said: str) -> None:
    async with LocalSlack() as workspace:
        with pytest.raises(Spoken) as told:
            await look(workspace.api_url, **of_several(workspace, **more))
    assert str(told.value).startswith(said)


async def test_a_client_id_beside_a_token_is_said_not_to_be_used() -> None:
    async with slack(granted=set(scopes())) as url:
        assert "SLACK_CLIENT_ID is not used" in (await look(url, slack_client_id="1.2"))[1]
