"""What `spyglass doctor` finds out about Slack: both tokens are tried, and the app's scopes compared with the manifest.

https://docs.slack.dev/reference/methods/auth.test; the scopes of a token come in the header X-OAuth-Scopes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from bot.settings import Settings
from bot.slack.installs.app_client import AppClient
from bot.slack.installs.pages import INSTALL, REDIRECT
from bot.slack.installs.sealing import Sealer
from bot.slack.manifest import FILE, missing_scopes
from bot.slack.web import Web, open_web
from tools.kit.errors import CannotDo

APPS = "https://api.slack.com/apps"
NOT_CONNECTED = (
    f"not connected: make the app from {FILE} at {APPS}, then set SLACK_BOT_TOKEN and SLACK_APP_TOKEN "
    "(for several workspaces SLACK_CLIENT_ID in place of SLACK_BOT_TOKEN)"
)
NOT_USED = "; SLACK_CLIENT_ID is not used: SLACK_BOT_TOKEN says which workspace it is"
WHERE = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions, Bot User OAuth Token: xoxb-...",
    "SLACK_APP_TOKEN": "Basic Information, App-Level Tokens, with the scope connections:write: xapp-...",
    "SLACK_SIGNING_SECRET": "Basic Information, Signing Secret",
    "SLACK_CLIENT_SECRET": "Basic Information, Client Secret",
}
_GONE = "the app is no longer in the workspace: install it again and set the new token"
WHY = {
    "account_inactive": _GONE,
    "token_revoked": _GONE,
    "invalid_auth": "Slack does not know it",
    "missing_scope": "it has not the scope connections:write",
    "not_allowed_token_type": "it is a token of another kind",
    "token_expired": "it has run out: turn token rotation off and set a new one",
}
BEGIN = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}


def needed(settings: Settings) -> dict[str, SecretStr | None]:
    """The secrets this way of hearing from Slack takes, by their variables."""
    if settings.several_workspaces:
        first = {"SLACK_CLIENT_SECRET": settings.slack_client_secret}
    else:
        first = {"SLACK_BOT_TOKEN": settings.slack_bot_token}
    if settings.slack_mode == "http":
        return {**first, "SLACK_SIGNING_SECRET": settings.slack_signing_secret}
    return {**first, "SLACK_APP_TOKEN": settings.slack_app_token}


async def look_at_slack(settings: Settings, *, patience: float) -> tuple[str, str]:
    """State and sentence of a finding. patience: seconds Slack has to answer.

    Raises: CannotDo, AskAgain: what is missing, why it is needed and how to get it.
    """
    secrets = {name: secret.get_secret_value() for name, secret in needed(settings).items() if secret}
    if not secrets and not settings.several_workspaces:
        return "note", NOT_CONNECTED
    for name in needed(settings):
        _require(name, secrets.get(name, ""))
    look = _installable if settings.several_workspaces else _connected
    try:
        async with asyncio.timeout(patience):
            return await look(settings, secrets)
    except (TimeoutError, aiohttp.ClientError):
        raise CannotDo(f"{settings.slack_api_url} does not answer: check the network, or SLACK_API_URL.") from None


def _require(name: str, secret: str) -> None:
    if not secret:
        raise CannotDo(f"{name} is not set ({WHERE[name]}; at {APPS}).")
    if not secret.startswith(BEGIN.get(name, "")):
        raise CannotDo(f"{name} does not begin with {BEGIN[name]}: take the other one ({WHERE[name]}; at {APPS}).")


async def _connected(settings: Settings, secrets: dict[str, str]) -> tuple[str, str]:
    async with open_web(secrets["SLACK_BOT_TOKEN"], api_url=settings.slack_api_url) as web:
        told = await _try("SLACK_BOT_TOKEN", web.client.auth_test())
        await _try_socket(web, settings, secrets)
    who = f"{told['user']} in {told['team']}, {_way(settings)}{NOT_USED if settings.slack_client_id else ''}"
    granted = _scopes(told.headers)
    if granted is None:
        return "note", f"{who}; {settings.slack_api_url} does not say what the app may do"
    if missing := missing_scopes(granted):
        raise CannotDo(f"{who}, but the app may not: {_listed(missing)}. {_how_to_get_them()}")
    return "ok", f"{who}; the app may do all it needs"


async def _installable(settings: Settings, secrets: dict[str, str]) -> tuple[str, str]:
    """Slack looks at the app's id and secret before it looks at the code, which is none."""
    Sealer.of(settings.token_keys)
    back = settings.slack_redirect_uri
    if back and not back.endswith(REDIRECT):
        raise CannotDo(f"SLACK_REDIRECT_URI does not end with {REDIRECT}: that is where an installation ends.")
    async with open_web("", api_url=settings.slack_api_url) as web:
        client = {"client_id": settings.slack_client_id or "", "client_secret": secrets["SLACK_CLIENT_SECRET"]}
        try:
            await AppClient.of(web).oauth_v2_access(**client, code="none")
        except SlackApiError as error:
            _refuse_client(str(error.response.get("error")))
        await _try_socket(web, settings, secrets)
    where = back.removesuffix(REDIRECT) if back else "https://YOUR.HOST"
    return "ok", f"several workspaces, {_way(settings)}: {where}{INSTALL} adds one"


def _refuse_client(error: str) -> None:
    """Raises: CannotDo."""
    if wrong := {"invalid_client_id": "SLACK_CLIENT_ID", "bad_client_secret": "SLACK_CLIENT_SECRET"}.get(error):
        raise CannotDo(
            f"{wrong} cannot be used, Slack does not know it (Basic Information, App Credentials; at {APPS})."
        )


async def _try_socket(web: Web, settings: Settings, secrets: dict[str, str]) -> None:
    if settings.slack_mode == "socket":
        opening = web.client.apps_connections_open(app_token=secrets["SLACK_APP_TOKEN"])
        await _try("SLACK_APP_TOKEN", opening)


def _way(settings: Settings) -> str:
    return "by Socket Mode" if settings.slack_mode == "socket" else "by HTTP"


async def _try(name: str, call: Awaitable[Any]) -> Any:
    """Slack's answer. Raises: CannotDo when the token is refused."""
    try:
        return await call
    except SlackApiError as error:
        code = str(error.response.get("error") or "no answer it should give")
        why = WHY.get(code, f"Slack says {code}")
        raise CannotDo(f"{name} cannot be used, {why} ({WHERE[name]}; at {APPS}).") from None


def _scopes(headers: Any) -> list[str] | None:
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    listed = named.get("x-oauth-scopes")
    return None if listed is None else [scope.strip() for scope in listed.split(",")]


def _listed(missing: list[tuple[str, str]]) -> str:
    return "; ".join(f"{scope} ({reason})" for scope, reason in missing)


def _how_to_get_them() -> str:
    return f"At {APPS}, paste {FILE} into App Manifest, save, and install the app to the workspace again."
