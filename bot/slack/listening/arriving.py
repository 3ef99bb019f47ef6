"""How what Slack sends arrives: over a websocket that we open, or at an address of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.listening.door import Dispatches
from tools.kit import CannotDo


@asynccontextmanager
async def by_socket(app: Dispatches, token: str, client: AsyncWebClient, *, ping: float) -> AsyncIterator[None]:
    """Socket Mode inside the block. token: the app's own. ping: seconds between two looks whether it is still there."""
    dispatches: Any = app  # all that the handler asks of an app
    handler = AsyncSocketModeHandler(dispatches, token, client.logger, client, ping_interval=ping)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def at_door(door: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """The door is open inside the block. Raises: CannotDo when nobody can listen there."""
    runner = web.AppRunner(door, access_log=None)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise CannotDo(
            f"Nobody can listen at {host}:{port} ({error.strerror}): set SPYGLASS_SLACK_HTTP_PORT."
        ) from None
