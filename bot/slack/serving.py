"""The bot as processes: `serve` hears from Slack and works, `work` only works. Any number on one database.

What all workspaces share is put together here, and closed in the opposite order when they are told to stop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web as http
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.settings import Settings
from bot.slack.alive import alive
from bot.slack.background import Background
from bot.slack.bulk.jobs import Jobs
from bot.slack.bulk.rounds import Rounds
from bot.slack.bulk.working import Working
from bot.slack.events import Identity
from bot.slack.installs.installation import Installation, Single
from bot.slack.installs.offices import Offices
from bot.slack.installs.switchboard import Switchboard
from bot.slack.listening.door import build_door
from bot.slack.office import Office, Shared, build_office
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.queue import Queue
from bot.slack.storage.tables import open_database
from bot.slack.web import Refused, Unsure, Web, open_web
from bot.turns import Turns
from bot.wiring import Wiring
from tools.kit import Archive, AskAgain, CannotDo

log = logging.getLogger(__name__)

PING = 5.0
"""Seconds between two looks whether the websocket is still there."""
EMBEDDED = "qdrant_edge"
"""The archive that only one process can have open."""


@dataclass(frozen=True)
class Bot:
    """What runs: events are heard in the office of their workspace, and answered by whoever works."""

    settings: Settings
    web: Web
    inbox: Inbox
    queue: Queue
    erasing: Erasing
    rounds: Rounds
    offices: Offices

    async def work(self) -> None:
        """Answer questions, go on with jobs, and erase what was forgotten, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.erasing.work())
            tasks.create_task(self.queue.work(self.offices.work, self.settings.slack_concurrency))
            tasks.create_task(self.rounds.work(self._bulk_of))

    async def _bulk_of(self, team: str) -> Working | None:
        office = await self.offices.of(team)
        return office.bulk if office else None

    @asynccontextmanager
    async def listening(self, *, ping: float = PING) -> AsyncIterator[None]:
        """Events are heard inside the block. Raises: CannotDo."""
        listening = self._by_http() if self.settings.slack_mode == "http" else self._by_socket(ping)
        async with listening:
            yield

    @asynccontextmanager
    async def _by_socket(self, ping: float) -> AsyncIterator[None]:
        token = _secret(self.settings.slack_app_token, "SLACK_APP_TOKEN")
        board: Any = Switchboard(self.offices)  # all that the handler asks of an app
        client = self.web.client
        handler = AsyncSocketModeHandler(board, token, client.logger, client, ping_interval=ping)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]

    @asynccontextmanager
    async def _by_http(self) -> AsyncIterator[None]:
        secret = _secret(self.settings.slack_signing_secret, "SLACK_SIGNING_SECRET")
        runner = http.AppRunner(build_door(Switchboard(self.offices), secret), access_log=None)
        await runner.setup()
        try:
            await _listen(runner, self.settings.slack_http_host, self.settings.slack_http_port)
            yield
        finally:
            await runner.cleanup()


@asynccontextmanager
async def open_bot(settings: Settings, *, alone: bool = True) -> AsyncIterator[Bot]:
    """The bot of the workspace its token belongs to, connected to Slack's methods and to the database.

    alone: False for a process that is one of several. Raises: AskAgain for what is not set; CannotDo.
    """
    token = _secret(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    if not alone and settings.archive.partition(":")[0] == EMBEDDED:
        raise AskAgain(
            "More than one process needs a Qdrant server for the archive: "
            "set SPYGLASS_ARCHIVE=qdrant_server:http://HOST:6333."
        )
    async with AsyncExitStack() as closing:
        web = await closing.enter_async_context(open_web(token, api_url=settings.slack_api_url))
        identity = await _who_we_are(web)
        wiring = await closing.enter_async_context(Wiring(settings, say=log.info, workspace=identity.team))
        shared = await _shared(settings, wiring, closing)
        bot = await _built(shared, web, Single(Installation(identity, SecretStr(token))))
        await bot.offices.of(identity.team)  # the first event does not wait for it
        yield bot


async def _shared(settings: Settings, wiring: Wiring, closing: AsyncExitStack) -> Shared:
    url = await wiring.database_url()
    db = await closing.enter_async_context(open_database(url))
    ears = await closing.enter_async_context(open_database(url))
    background, turns = Background(), Turns(wiring)
    closing.push_async_callback(background.close)
    await closing.enter_async_context(alive(settings.home))
    erasing, rounds = Erasing(db, turns, partial(wiring.lend, Archive)), Rounds(Jobs(db), await wiring.locks())
    return Shared(settings, wiring, turns, db, ears, background, erasing, rounds)


async def _built(shared: Shared, web: Web, installations: Single) -> Bot:
    async def build(installation: Installation) -> Office:
        return await build_office(shared, web, installation.bot)

    inbox = Inbox(shared.db)
    queue = Queue(shared.db, await shared.wiring.locks())
    offices = Offices(installations, inbox, build)
    return Bot(shared.settings, web, inbox, queue, shared.erasing, shared.rounds, offices)


async def _who_we_are(web: Web) -> Identity:
    """Raises: CannotDo when Slack does not know the token, or does not answer."""
    try:
        told = await web.call(web.client.auth_test)
    except Refused as refused:
        raise CannotDo(f"Slack does not take SLACK_BOT_TOKEN ({refused.error}): `spyglass doctor` says more.") from None
    except Unsure as error:
        raise CannotDo(f"Slack does not answer ({error}): check the network, or SLACK_API_URL.") from None
    team = told["enterprise_id"] if told.get("is_enterprise_install") else told["team_id"]
    return Identity(team=team, user=told["user_id"], bot_id=told["bot_id"])


async def _listen(runner: http.AppRunner, host: str, port: int) -> None:
    """Raises: CannotDo."""
    try:
        await http.TCPSite(runner, host, port).start()
    except OSError as error:
        raise CannotDo(
            f"Nobody can listen at {host}:{port} ({error.strerror}): set SPYGLASS_SLACK_HTTP_PORT."
        ) from None


def _secret(secret: SecretStr | None, variable: str) -> str:
    """Raises: AskAgain when it is not set."""
    if secret is None:
        raise AskAgain(f"{variable} is not set: `spyglass doctor` says where Slack shows it.")
    return secret.get_secret_value()
