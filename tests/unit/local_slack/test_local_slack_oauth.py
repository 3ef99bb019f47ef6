"""The app is added to the local Slack by OAuth as to Slack: consent, a code that is good once, a token."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from slack_sdk.web.async_client import AsyncWebClient

from bot.local_slack import LocalSlack
from bot.local_slack.serving import oauth
from bot.local_slack.serving.local_looks import LOOKS
from bot.local_slack.workspace import Call
from tests.unit.local_slack.local_workspace import refusal, room

BACK = "http://127.0.0.1:9/slack/oauth_redirect"


async def consent(slack: LocalSlack, **asked: str) -> tuple[int, dict[str, list[str]]]:
    """Status, and what the browser brings back to the app."""
    query = {"client_id": slack.app_id, "redirect_uri": BACK, "scope": "chat:write", "state": "s", **asked}
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(f"{slack.url}/oauth/v2/authorize", params=query, allow_redirects=False) as told,
    ):
        return told.status, parse_qs(urlsplit(told.headers.get("Location", "")).query)


async def redeemed(slack: LocalSlack, code: str, **how: Any) -> Any:
    client = how.pop("client_id", slack.app_id), how.pop("client_secret", oauth.client_secret(slack.workspace))
    header = {"Authorization": aiohttp.encode_basic_auth(*client)}
    sdk = AsyncWebClient(base_url=slack.api_url)
    return await sdk.api_call("oauth.v2.access", data={"code": code, **how}, headers=header)


async def test_a_consent_gives_a_code_and_the_code_a_token() -> None:
    async with room() as here:
        status, brought = await consent(here.slack)
        assert (status, brought["state"]) == (302, ["s"])
        granted = await redeemed(here.slack, brought["code"][0], redirect_uri=BACK)
        assert granted["access_token"] == here.slack.bot_token
        assert (granted["team"]["id"], granted["scope"]) == (here.slack.team, "chat:write")
        assert await refusal(here.client.auth_test()) == "invalid_auth"  # the token of before


async def test_a_code_is_good_once() -> None:
    async with room() as here:
        code = (await consent(here.slack))[1]["code"][0]
        await redeemed(here.slack, code)
        assert await refusal(redeemed(here.slack, code)) == "code_already_used"
        assert await refusal(redeemed(here.slack, "other")) == "invalid_code"


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"client_secret": "other"}, "bad_client_secret"),
        ({"client_id": "other"}, "invalid_client_id"),
        ({"redirect_uri": "http://127.0.0.1:9/elsewhere"}, "bad_redirect_uri"),
    ],
)
async def test_a_code_is_the_apps_own(how: dict[str, str], error: str) -> None:
    async with room() as here:
        code = (await consent(here.slack))[1]["code"][0]
        assert await refusal(redeemed(here.slack, code, **how)) == error
        assert await refusal(redeemed(here.slack, code)) == ""


async def test_who_thinks_better_of_it_is_sent_back_without_a_code() -> None:
    async with room() as here:
        assert await consent(here.slack, cancel="1") == (302, {"error": ["access_denied"], "state": ["s"]})


@pytest.mark.parametrize("asked", [{"client_id": "other"}, {"redirect_uri": "https://elsewhere.example.com/"}])
async def test_an_app_that_is_not_known_or_elsewhere_is_refused(asked: dict[str, str]) -> None:
    async with room() as here:
        assert await consent(here.slack, **asked) == (400, {})


def test_a_token_that_was_granted_is_not_shown_to_people() -> None:
    granted = Call("oauth.v2.access", {}, {"ok": True, "access_token": "xoxb-1"}, 200, 0.0, 0.0)
    slack = cast(Any, SimpleNamespace(calls=[granted]))
    shown = LOOKS["calls"](slack, make_mocked_request("GET", "/_local/calls"))
    assert "xoxb-1" not in str(shown)
    assert granted.response["access_token"] == "xoxb-1"


async def test_the_apps_secret_is_not_in_the_log_of_calls() -> None:
    async with room() as here:
        await redeemed(here.slack, (await consent(here.slack))[1]["code"][0])
        assert oauth.client_secret(here.slack.workspace) not in str(here.slack.calls[-1].arguments)
