"""A local Slack workspace with a channel, a person and a real client of it; and a real Bolt app beside it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.local_slack import LocalSlack, Person


@dataclass
class Room:
    """`client` is the app's; `channel` has anna and the app in it."""

    slack: LocalSlack
    client: AsyncWebClient
    anna: Person
    channel: str

    @property
    def recipient(self) -> dict[str, Any]:
        """Whom a stream in a channel is for."""
        return {"recipient_team_id": self.slack.team, "recipient_user_id": self.anna.id}


@asynccontextmanager
async def room(**how: Any) -> AsyncIterator[Room]:
    """`how`: what `LocalSlack` is made with."""
    async with LocalSlack(**how) as slack:
        anna = slack.person("anna")
        channel = next((c.id for c in slack.workspace.state.channels.values()), None)
        channel = channel or await slack.channel("design", [anna])
        yield Room(slack, AsyncWebClient(slack.bot_token, base_url=slack.api_url), anna, channel)


@asynccontextmanager
async def connected(app: AsyncApp, slack: LocalSlack) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app over Socket Mode."""
    before = slack.connections
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.until(lambda: slack.connections > before)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def listening(slack: LocalSlack) -> tuple[AsyncApp, list[dict[str, Any]]]:
    """A Bolt app that acknowledges everything, and every body it was given, newest last."""
    app = AsyncApp(client=AsyncWebClient(slack.bot_token, base_url=slack.api_url), signing_secret=slack.signing_secret)
    heard: list[dict[str, Any]] = []

    @app.middleware
    async def hear(body: dict[str, Any], next_: Any) -> None:
        heard.append(body)
        await next_()

    @app.event(re.compile("."))
    async def quiet() -> None:
        """Acknowledged; nothing else."""

    return app, heard


async def refusal(call: Awaitable[Any]) -> str:
    """The error that Slack answers a call with; "" when it answers none."""
    try:
        await call
    except SlackApiError as error:
        return str(error.response["error"])
    return ""
