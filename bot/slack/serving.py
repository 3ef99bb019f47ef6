"""The bot as processes: `serve` hears from Slack and works, `work` only works. Any number on one database.

What all workspaces share is put together here, and closed in the opposite order when they are told to stop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from pydantic import SecretStr

from bot.archive.following import follow_encoder
from bot.logs import note
from bot.settings import Settings
from bot.slack.alive import alive
from bot.slack.archiving.history.backfills import Backfills
from bot.slack.archiving.register import Register
from bot.slack.archiving.rounds import ArchiveRounds, Archivist
from bot.slack.archiving.telling.announcements import Announcements
from bot.slack.background import Background
from bot.slack.bulk.jobs import Jobs
from bot.slack.bulk.rounds import Rounds
from bot.slack.bulk.working import Working
from bot.slack.events import Identity
from bot.slack.installs.departing import Departing
from bot.slack.installs.installation import Installation, Installations, Single
from bot.slack.installs.installed import Installed
from bot.slack.installs.installing import Grants, Installing, build_installing
from bot.slack.installs.offices import Offices
from bot.slack.installs.roll_call import call_the_roll
from bot.slack.installs.sealing import Sealer
from bot.slack.installs.states import States
from bot.slack.installs.switchboard import Switchboard
from bot.slack.listening.arriving import at_door, by_socket
from bot.slack.listening.door import build_door
from bot.slack.office import Office, Shared, build_office
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.expiring import Expiring
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.queue import Queue
from bot.slack.storage.tables import Database, open_database
from bot.slack.storage.tidying import Tidying
from bot.slack.web import Refused, Unsure, Web, open_web
from bot.turns.intake import let_go
from bot.turns.running import Turns
from bot.wiring import Wiring
from tools.kit import AT_TERMINAL, Archive, AskAgain, CannotDo, Gate, Scope

log = logging.getLogger(__name__)

PING = 5.0
"""Seconds between two looks whether the websocket is still there."""
EMBEDDED = "qdrant_edge"
"""The archive that only one process can have open."""


@dataclass(frozen=True)
class Bot:
    """What runs: events are heard in the office of their workspace, and answered by whoever works."""

    settings: Settings
    wiring: Wiring
    web: Web
    inbox: Inbox
    queue: Queue
    erasing: Erasing
    expiring: Expiring
    tidying: Tidying
    departing: Departing
    rounds: Rounds
    archiving: ArchiveRounds
    offices: Offices
    installing: Installing | None
    """How further workspaces get the app, where they may."""

    async def work(self) -> None:
        """Answer questions, go on with jobs, and erase what was forgotten or is too old, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.erasing.work())
            tasks.create_task(self.expiring.work())
            tasks.create_task(self.tidying.work())
            tasks.create_task(self.departing.work())
            tasks.create_task(self.queue.work(self.offices.work, self.settings.slack_concurrency))
            tasks.create_task(self.rounds.work(self._bulk_of))
            tasks.create_task(self.archiving.work(self._archivist_of))
            tasks.create_task(self.wiring.keep_database_up())
            tasks.create_task(self.wiring.prepare())
            tasks.create_task(follow_encoder(self.wiring))

    async def _bulk_of(self, team: str) -> Working | None:
        office = await self.offices.of(team)
        return office.bulk if office else None

    async def _archivist_of(self, team: str) -> Archivist | None:
        office = await self.offices.of(team)
        return office.archivist if office else None

    @asynccontextmanager
    async def listening(self, *, ping: float = PING) -> AsyncIterator[None]:
        """Events are heard inside the block, and the app can be added to workspaces. Raises: CannotDo."""
        settings, board = self.settings, Switchboard(self.offices)
        async with AsyncExitStack() as ways:
            if settings.slack_mode == "http":
                secret = _secret(settings.slack_signing_secret, "SLACK_SIGNING_SECRET")
                await ways.enter_async_context(self._door(board, secret))
            else:
                token = _secret(settings.slack_app_token, "SLACK_APP_TOKEN")
                if self.installing:
                    await ways.enter_async_context(self._door())
                await ways.enter_async_context(by_socket(board, token, self.web.client, ping=ping))
            yield

    def _door(self, board: Switchboard | None = None, secret: str = "") -> AbstractAsyncContextManager[None]:
        door = build_door(board, secret, self.installing)
        return at_door(door, self.settings.slack_http_host, self.settings.slack_http_port)


@asynccontextmanager
async def open_bot(settings: Settings, *, alone: bool = True) -> AsyncIterator[Bot]:
    """The bot of one workspace by its token, or of all that installed the app, connected to Slack and the database.

    alone: False for a process that is one of several. Raises: AskAgain for what is not set; CannotDo.
    """
    if not settings.several_workspaces:
        _secret(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    if not alone and settings.archive.partition(":")[0] == EMBEDDED:
        raise AskAgain(
            "More than one process needs a Qdrant server for the archive: "
            "set SPYGLASS_ARCHIVE=qdrant_server:http://HOST:6333."
        )
    async with AsyncExitStack() as closing:
        yield await (_of_several if settings.several_workspaces else _of_one)(settings, closing)


async def _of_one(settings: Settings, closing: AsyncExitStack) -> Bot:
    token = _secret(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    web = await closing.enter_async_context(open_web(token, api_url=settings.slack_api_url))
    identity = await _who_we_are(web)
    wiring = await closing.enter_async_context(Wiring(settings, say=log.info, workspace=identity.team))
    db, ears = await _databases(wiring, closing)
    single = Single()
    shared = await _shared(settings, web, wiring, db, ears, single, closing)
    await shared.departing.finish(identity.team, patience=None)  # what erases else begins after this
    single.come(Installation(identity, SecretStr(token), time.time()))
    bot = await _built(shared, web, single)
    await bot.offices.of(identity.team)  # the first event does not wait for it
    return bot


async def _of_several(settings: Settings, closing: AsyncExitStack) -> Bot:
    sealer = Sealer.of(settings.token_keys)
    _secret(settings.slack_client_secret, "SLACK_CLIENT_SECRET")
    web = await closing.enter_async_context(open_web("", api_url=settings.slack_api_url))
    wiring = await closing.enter_async_context(Wiring(settings, say=log.info))
    db, ears = await _databases(wiring, closing)
    installed = Installed(ears, sealer)
    note(log, "installed", workspaces=await installed.reseal())
    wiring.workspace = next(iter(await installed.teams()), wiring.workspace)
    shared = await _shared(settings, web, wiring, db, ears, installed, closing)
    gate = await wiring.lend(Gate)
    shared.background.start(call_the_roll(installed, web, shared.departing))
    grants = Grants(installed, shared.departing)
    return await _built(shared, web, installed, build_installing(settings, web, grants, States(ears), gate.clean))


async def _databases(wiring: Wiring, closing: AsyncExitStack) -> tuple[Database, Database]:
    url = await wiring.database_url()
    return await closing.enter_async_context(open_database(url)), await closing.enter_async_context(open_database(url))


async def _shared(
    settings: Settings,
    web: Web,
    wiring: Wiring,
    db: Database,
    ears: Database,
    installations: Installations,
    closing: AsyncExitStack,
) -> Shared:
    background, turns = Background(), Turns(wiring)
    closing.push_async_callback(background.close)
    await closing.enter_async_context(alive(settings.home))
    archive, locks = partial(wiring.lend, Archive), await wiring.locks()

    async def release(team: str, sha256: str, holder: str) -> None:
        await let_go(wiring, [sha256], Scope(workspace=team, audiences=(AT_TERMINAL,)), holder=holder)

    erasing, rounds = Erasing(db, turns, archive, release), Rounds(Jobs(db), locks)
    archiving = ArchiveRounds(Register(db), Announcements(db), Backfills(db), rounds.give_way)

    async def written() -> None:
        await (await wiring.ledger()).flush()

    departing = Departing(db, locks, installations, turns, archive, web, written=written, release=release)
    return Shared(settings, wiring, turns, db, ears, background, erasing, departing, rounds, archiving)


async def _built(shared: Shared, web: Web, installations: Installations, installing: Installing | None = None) -> Bot:
    async def build(installation: Installation) -> Office:
        return await build_office(shared, web.by(installation.token.get_secret_value()), installation.bot)

    inbox = Inbox(shared.db)
    queue = Queue(shared.db, await shared.wiring.locks())
    offices = Offices(installations, inbox, build)

    def expired() -> None:
        shared.erasing.wake()
        shared.archiving.wake()

    expiring = Expiring(
        *(shared.db, shared.turns, installations.teams),
        days=shared.settings.slack_keep_days,
        archive_days=shared.settings.archive_keep_days,
        expired=expired,
    )
    return Bot(
        *(shared.settings, shared.wiring, web, inbox, queue, shared.erasing),
        expiring=expiring,
        tidying=Tidying(shared.db, shared.settings.usage_days, shared.settings.answers_days),
        departing=shared.departing,
        rounds=shared.rounds,
        archiving=shared.archiving,
        offices=offices,
        installing=installing,
    )


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


def _secret(secret: SecretStr | None, variable: str) -> str:
    """Raises: AskAgain when it is not set."""
    if secret is None:
        raise AskAgain(f"{variable} is not set: `spyglass doctor` says where Slack shows it.")
    return secret.get_secret_value()
