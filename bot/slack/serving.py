"""The bot as processes: `serve` hears from Slack and works, `work` only works. Any number on one database.

What they are made of is put together here, and closed in the opposite order when they are told to stop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from aiohttp import web as http
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.settings import Settings
from bot.slack.alive import alive
from bot.slack.answering import Answering
from bot.slack.background import Background
from bot.slack.events import Answers, Identity
from bot.slack.fetching.downloads import Downloads
from bot.slack.fetching.files import Files
from bot.slack.fetching.filing import Filing
from bot.slack.fetching.gathering import Gathering
from bot.slack.listening.access import Access, Rules
from bot.slack.listening.buttons import Buttons
from bot.slack.listening.commands import Commands
from bot.slack.listening.door import build_door
from bot.slack.listening.hearing import Hearing
from bot.slack.listening.listeners import build_app
from bot.slack.listening.notes import Notes
from bot.slack.people import People
from bot.slack.replying.showing import announce
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.feedback import Feedback
from bot.slack.storage.forgetting import Forgetting
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.queue import Queue
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database, open_database
from bot.slack.web import Refused, Unsure, Web, open_web
from bot.turns import Turns
from bot.wiring import Wiring
from tools.kit import Archive, AskAgain, CannotDo, Gate

log = logging.getLogger(__name__)

SLACK = "slack.com"
PING = 5.0
"""Seconds between two looks whether the websocket is still there."""
EMBEDDED = "qdrant_edge"
"""The archive that only one process can have open."""


@dataclass(frozen=True)
class Bot:
    """What runs: events are heard by `app`, and answered by whoever works."""

    settings: Settings
    web: Web
    app: AsyncApp
    inbox: Inbox
    queue: Queue
    erasing: Erasing
    answering: Answering

    async def work(self) -> None:
        """Answer questions, and erase what was forgotten, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.erasing.work())
            tasks.create_task(self.queue.work(self.answering.work, self.settings.slack_concurrency))

    @asynccontextmanager
    async def listening(self, *, ping: float = PING) -> AsyncIterator[None]:
        """Events are heard inside the block. Raises: CannotDo."""
        listening = self._by_http() if self.settings.slack_mode == "http" else self._by_socket(ping)
        async with listening:
            yield

    @asynccontextmanager
    async def _by_socket(self, ping: float) -> AsyncIterator[None]:
        token = _secret(self.settings.slack_app_token, "SLACK_APP_TOKEN")
        handler = AsyncSocketModeHandler(self.app, token, web_client=self.web.client, ping_interval=ping)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]

    @asynccontextmanager
    async def _by_http(self) -> AsyncIterator[None]:
        secret = _secret(self.settings.slack_signing_secret, "SLACK_SIGNING_SECRET")
        runner = http.AppRunner(build_door(self.app, secret), access_log=None)
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
        url = await wiring.database_url()
        db = await closing.enter_async_context(open_database(url))
        # of their own: an acknowledgement does not queue behind the statements of turns
        ears = await closing.enter_async_context(open_database(url))
        background = Background()
        closing.push_async_callback(background.close)
        await closing.enter_async_context(alive(settings.home))
        yield await _built(settings, web, identity, wiring, db, ears, background)


async def _built(
    settings: Settings,
    web: Web,
    bot: Identity,
    wiring: Wiring,
    db: Database,
    ears: Database,
    background: Background,
) -> Bot:
    gate, turns = await wiring.lend(Gate), Turns(wiring)
    inbox, outbox, notes, people = Inbox(db), Outbox(db), Notes(web), People(web, bot.team)
    records = Records(db, inbox, bot)
    erasing = Erasing(db, turns, partial(wiring.lend, Archive))
    access = Access(Rules.of(settings), people)
    preferences = Preferences(ears, Answers(settings.slack_threads))
    heard = Inbox(ears)
    hearing = Hearing(
        *(bot, heard, Records(ears, heard, bot), preferences, access, erasing, notes, background),
        other_bots=settings.slack_other_bots,
        asked=lambda question: background.start(announce(web, question)),
    )
    buttons = Buttons(web, inbox, Feedback(db), people, gate, bot)
    commands = Commands(web, bot, preferences, people, Forgetting(db, erasing), background, access, gate)
    downloads = Downloads(web.session, web.client.token or "", settings.slack_api_url, most_bytes=settings.max_bytes)
    files = Files(web, downloads)
    answering = Answering(
        *(bot, web, inbox, outbox, access, people, notes),
        gathering=Gathering(web, files, downloads, inbox, records, bot),
        files=files,
        records=records,
        filing=Filing(wiring),
        turns=turns,
        gate=gate,
        hosts=(SLACK, urlsplit(settings.slack_api_url).hostname or SLACK),
    )
    secret = settings.slack_signing_secret
    app = build_app(web, bot, hearing, [buttons, commands], signing_secret=secret.get_secret_value() if secret else "")
    return Bot(settings, web, app, inbox, Queue(db, await wiring.locks()), erasing, answering)


async def _who_we_are(web: Web) -> Identity:
    """Raises: CannotDo when Slack does not know the token, or does not answer."""
    try:
        told = await web.call(web.client.auth_test)
    except Refused as refused:
        raise CannotDo(f"Slack does not take SLACK_BOT_TOKEN ({refused.error}): `spyglass doctor` says more.") from None
    except Unsure as error:
        raise CannotDo(f"Slack does not answer ({error}): check the network, or SLACK_API_URL.") from None
    return Identity(team=told["team_id"], user=told["user_id"], bot_id=told["bot_id"])


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
