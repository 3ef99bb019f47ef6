"""The Slack edge as it runs, but for the turns: a real Bolt app on the local Slack, by Socket Mode or by HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web as aio
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.local_slack import LocalSlack, Person
from bot.slack.addressing import Answers
from bot.slack.archiving.following import Following
from bot.slack.archiving.places import Places
from bot.slack.archiving.telling.asked import ArchiveAsked
from bot.slack.archiving.telling.choosing import Choosing
from bot.slack.background import Background
from bot.slack.events import Identity, Key, Message
from bot.slack.listening.access import Access, Rules
from bot.slack.listening.door import PATH, build_door
from bot.slack.listening.hearing import Hearing
from bot.slack.listening.listeners import build_app
from bot.slack.listening.notes import Notes
from bot.slack.membership import Membership
from bot.slack.people import People
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.forgetting import Forgetting
from bot.slack.storage.inbox import Inbox, Row
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database
from bot.slack.surface.commands import Commands
from bot.slack.surface.screens import Screens
from bot.slack.surface.searching import Search
from bot.slack.surface.settings import ChannelSettings
from bot.slack.surface.usage import UsageReports
from bot.slack.web import open_web
from graphs.constraints import open_gate


class Memory:
    """Threads' memory that tells what it was asked to forget, and can be out of order."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.broken = False

    def _note(self, *asked: Any) -> None:
        if self.broken:
            raise OSError("out of order")
        self.asked.append(asked)

    async def forget_image(self, thread: str, sha256: str) -> None:
        self._note("image", thread, sha256)

    async def edit(self, thread: str, *, turn: str, text: str | None) -> None:
        self._note("edit", thread, turn, text)

    async def forget(self, thread: str) -> None:
        self._note("thread", thread)


class Fragile(Inbox):
    """An inbox that fails so many times first."""

    failures = 0

    async def hear(self, message: Message, *, for_us: bool, reason: str = "") -> Any:
        if self.failures:
            self.failures -= 1
            raise OSError("out of order")
        return await super().hear(message, for_us=for_us, reason=reason)


class NoSearch:
    """Opens nothing, as when Slack gives too little time."""

    async def open(self, body: Mapping[str, Any], here: str = "", search: Search | None = None) -> bool:
        return False


@dataclass
class Edge:
    """Everything of it a test looks at."""

    slack: LocalSlack
    db: Database
    inbox: Fragile
    preferences: Preferences
    records: Records
    forgetting: Forgetting
    memory: Memory
    background: Background
    commands: Commands
    app: AsyncApp
    door: str
    """Where requests of Slack arrive, by HTTP."""
    asked: list[Message] = field(default_factory=list)

    async def row(self, channel: str, ts: str) -> Row | None:
        return await self.inbox.row(Key(self.slack.team, channel, ts))

    async def settled(self) -> None:
        """Every delivery so far was acknowledged, and what it set off is done."""
        async with asyncio.timeout(30):
            while self.background.busy or not all(one.acknowledged for one in self.slack.deliveries):  # noqa: ASYNC110
                await asyncio.sleep(0.005)  # neither has an event to wait for

    def notes_to(self, person: Person, channel: str) -> list[str]:
        """What only that person sees there."""
        seen = {one["ts"] for one in person.messages(channel)}
        return [str(one["text"]) for one in self.slack.ephemerals(channel) if one["ts"] in seen]


@asynccontextmanager
async def open_edge(
    db: Database,
    *,
    http: bool = False,
    rules: Rules | None = None,
    other_bots: bool = False,
) -> AsyncIterator[Edge]:
    """The edge, connected."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}" if http else None
        async with (
            LocalSlack(event_url=url, retries=(0, 0, 0)) as slack,
            open_web(slack.bot_token, api_url=slack.api_url) as web,
        ):
            bot, background, memory = Identity(slack.team, slack.bot_user, slack.bot_id), Background(), Memory()
            inbox, people, preferences = Fragile(db), People(web, slack.team), Preferences(db, Answers.ALWAYS)
            records, erasing = Records(db, inbox, bot), Erasing(db, memory)
            forgetting, asked = Forgetting(db, erasing), list[Message]()
            access = Access(rules or Rules(), people)
            following = Following(bot, db, preferences, Places(web), erasing, _nobody, check=_nothing_changed)
            hearing = Hearing(
                *(bot, inbox, records, preferences, access, erasing, Notes(web), background),
                other_bots=other_bots,
                asked=asked.append,
                archive=following,
            )
            gate = open_gate(None)
            settings = ChannelSettings(
                *(bot, Screens(web), preferences, people, access, Membership(web), background, gate),
                has_model=False,
                changed=lambda user: None,
            )
            choosing = Choosing(bot, db, preferences, settings, Places(web), erasing, _nobody)
            archive = ArchiveAsked(web, choosing, Notes(web), background)
            commands = Commands(
                *(web, bot, preferences, people, forgetting, background, gate),
                settings=settings,
                searching=NoSearch(),
                reports=UsageReports(bot, db, people, gate, {}, _nothing_waits),
                changed=lambda user: None,
                archive=archive,
            )
            app = build_app(web, bot, hearing, [commands, settings, archive], signing_secret=slack.signing_secret)
            connected = _by_http(app, slack, listening) if http else _by_socket(app, slack)
            async with connected:
                yield Edge(
                    slack,
                    db,
                    inbox,
                    preferences,
                    records,
                    forgetting,
                    memory,
                    background,
                    commands,
                    app,
                    url or "",
                    asked,
                )
            await background.close()


def _nobody() -> None:
    """Nobody fills archives in these tests."""


def _nothing_changed(file: str) -> None:
    """No file is looked at again in these tests."""


async def _nothing_waits() -> None:
    """The ledger of these tests is written at once."""


@asynccontextmanager
async def _by_socket(app: AsyncApp, slack: LocalSlack) -> AsyncIterator[None]:
    handler: Any = AsyncSocketModeHandler(app, slack.app_token, web_client=app.client)
    handler.client.proxy = None
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def _by_http(app: AsyncApp, slack: LocalSlack, listening: socket.socket) -> AsyncIterator[None]:
    runner = aio.AppRunner(build_door(app, slack.signing_secret))
    await runner.setup()
    await aio.SockSite(runner, listening).start()
    try:
        yield
    finally:
        await runner.cleanup()
