"""Slack as an app in several workspaces sees it: each workspace is a local Slack, and one address stands for all.

Who is meant is said by the token, as in Slack; an upload, a file and a response URL are their workspace's own.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import aiohttp
import psycopg
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bot.local_slack import LocalSlack
from bot.local_slack.serving import oauth
from bot.settings import Settings
from bot.slack.installs.pages import INSTALL, REDIRECT
from bot.slack.listening.door import PATH
from bot.slack.serving import Bot, open_bot
from tests.scenario.slack.office import Office, sweeping

OURS = ("Host", "Content-Length", "Transfer-Encoding", "Content-Encoding")


@dataclass
class Slacks:
    """The address of them all."""

    slacks: list[LocalSlack]
    homes: dict[str, str] = field(default_factory=dict)
    """Team -> where its server really is."""
    tokens: dict[str, LocalSlack] = field(default_factory=dict)
    """Also those that are no longer good."""
    codes: dict[str, LocalSlack] = field(default_factory=dict)

    async def pass_on(self, request: web.Request) -> web.Response:
        """As it is, broken connections included."""
        try:
            return await self._passed_on(request)
        except aiohttp.ClientError:
            assert request.transport
            request.transport.abort()
            return web.Response()

    async def _passed_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        slack = self._meant(request, body)
        kept = {name: value for name, value in request.headers.items() if name != "Content-Length"}
        address = URL(f"{self.homes[slack.team]}{request.raw_path}", encoded=True)
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(request.method, address, headers=kept, data=body, allow_redirects=False) as told,
        ):
            self._learn(slack, told.headers.get("Location", ""))
            headers = {name: value for name, value in told.headers.items() if name not in OURS}
            return web.Response(status=told.status, body=await told.read(), headers=headers)

    def _meant(self, request: web.Request, body: bytes) -> LocalSlack:
        self.tokens |= {slack.bot_token: slack for slack in self.slacks}
        form = dict(parse_qsl(body.decode(errors="replace")))
        named = request.query.get("team", "") + request.path
        tickets = (request.path.rpartition("/")[2],)
        for slack in self.slacks:
            made = (*slack.workspace.uploads, *slack.workspace.response_urls)
            if slack.team in named or any(ticket in made for ticket in tickets):
                return slack
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.tokens.get(token) or self.codes.get(form.get("code", "")) or self.slacks[0]

    def _learn(self, slack: LocalSlack, location: str) -> None:
        for code in parse_qs(urlsplit(location).query).get("code", ()):
            self.codes[code] = slack


@dataclass
class Browser:
    """Somebody who adds the app to a workspace."""

    door: str
    session: aiohttp.ClientSession

    async def begin(self, slack: LocalSlack) -> str:
        """Where Slack's consent is."""
        return await self.sent_to(f"{self.door}{INSTALL}?team={slack.team}")

    async def sent_to(self, url: str) -> str:
        """Where an address sends the browser."""
        async with self.session.get(URL(url, encoded=True), allow_redirects=False) as told:
            assert told.status == 302, await told.text()
            return told.headers["Location"]

    async def shown(self, url: str) -> tuple[int, str]:
        async with self.session.get(URL(url, encoded=True)) as told:
            assert "default-src 'none'" in told.headers["Content-Security-Policy"]
            return told.status, await told.text()

    async def install(self, slack: LocalSlack) -> tuple[int, str]:
        """All of it. Returns the last page."""
        return await self.shown(await self.sent_to(await self.begin(slack)))


@asynccontextmanager
async def open_browser(door: str) -> AsyncIterator[Browser]:
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[URL(door)])  # as browsers treat this machine
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Browser(door, session)


@dataclass
class Town:
    """Two workspaces and the address of the bot, whether it runs or not."""

    slacks: list[LocalSlack]
    settings: Settings
    pictures: dict[str, Path]
    door: str

    def office(self, number: int) -> Office:
        return Office(self.slacks[number], self.pictures, self.settings.home)

    @asynccontextmanager
    async def bot(self, **changed: object) -> AsyncIterator[Bot]:
        """The bot, at work."""
        async with open_bot(self.settings.model_copy(update=changed)) as bot, bot.listening(ping=1.0):
            working = asyncio.create_task(bot.work())
            try:
                yield bot
            finally:
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working


@asynccontextmanager
async def open_town(settings: Settings, pictures: dict[str, Path]) -> AsyncIterator[Town]:
    """settings: of a bot that has no token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    door = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as opened:
        opened.enter_context(sweeping(settings))
        slacks = [
            await opened.enter_async_context(LocalSlack(event_url=f"{door}{PATH}", retries=(0.2, 0.5, 1)))
            for _ in range(2)
        ]
        _same_app(*slacks)
        url = await opened.enter_async_context(_one_address(slacks))
        oauth_settings: dict[str, object] = {
            "slack_api_url": f"{url}/api/",
            "slack_mode": "http",
            "slack_http_port": port,
            "slack_signing_secret": SecretStr(slacks[0].signing_secret),
            "slack_client_id": slacks[0].app_id,
            "slack_client_secret": SecretStr(oauth.client_secret(slacks[0].workspace)),
            "slack_redirect_uri": f"{door}{REDIRECT}",
        }
        yield Town(slacks, settings.model_copy(update=oauth_settings), pictures, door)


def _same_app(first: LocalSlack, second: LocalSlack) -> None:
    for name in ("app_id", "app_token", "signing_secret", "verification_token"):
        setattr(second.workspace.state.identity, name, getattr(first.workspace.state.identity, name))


@asynccontextmanager
async def _one_address(slacks: list[LocalSlack]) -> AsyncIterator[str]:
    front = Slacks(slacks, {slack.team: slack.url for slack in slacks})
    app = web.Application(client_max_size=1 << 28)
    app.router.add_route("*", "/{path:.*}", front.pass_on)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        for slack in slacks:
            slack.workspace.url = url
        yield url
    finally:
        await runner.cleanup()


async def added(town: Town, *slacks: LocalSlack) -> None:
    """The app, to these workspaces; the bot runs."""
    async with open_browser(town.door) as browser:
        for slack in slacks:
            status, page = await browser.install(slack)
            assert status == 200, page


# --- what the bot keeps -----------------------------------------------------------------------------


def rows(town: Town, query: str) -> list[Any]:
    """From the bot's database."""
    assert town.settings.database_url
    with psycopg.connect(town.settings.database_url.get_secret_value(), autocommit=True) as db:
        cursor = db.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def installed(town: Town) -> set[str]:
    return {team for (team,) in rows(town, "select team from spyglass.installations")}


def everything_kept(town: Town) -> str:
    """Every row of every table, as text."""
    tables = rows(town, "select schemaname, tablename from pg_tables where schemaname in ('spyglass', 'public')")
    return "\n".join(str(rows(town, f'select t::text from "{schema}"."{table}" t')) for schema, table in tables)
