"""`spyglass run`: a local Slack workspace with the bot in it, in one process, kept between runs."""

from __future__ import annotations

import asyncio
import fcntl
import importlib
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.endings import ended_like_ctrl_c
from bot.local_slack import LocalSlack
from bot.samples import workspace as samples
from bot.settings import Settings
from tools.kit import CannotDo

if TYPE_CHECKING:
    from bot.slack.serving import Bot

PORT = 8420
"""Where the page is unless it was elsewhere the last time: links that people keep go on to work."""
PATIENCE = (0.0, *[1.0] * 600)
"""Seconds before each further attempt at an event: what is asked while the bot comes in waits for it."""

SHARED = ("database_url", "archive", "blobs")
"""Settings by which processes on many machines share what they keep."""


@dataclass(frozen=True)
class Place:
    """Where the workspace of a home is kept, and where its page is or was the last time."""

    home: Path

    @property
    def workspace(self) -> Path:
        return self.home / "local_slack" / "workspace"

    @property
    def _address(self) -> Path:
        return self.home / "local_slack" / "address"

    @contextmanager
    def held(self) -> Iterator[None]:
        """By one process at a time; the system lets go for one that dies. Raises: CannotDo."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._address.parent.mkdir(exist_ok=True, mode=0o700)
        file = os.open(self._address, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if not _locked(file):
                raise CannotDo(
                    f"Spyglass runs in {self.home} already: open {self.address() or 'its page'}, or stop it first."
                )
            yield
        finally:
            os.close(file)

    def address(self) -> str:
        """The URL of the page, or nothing before there was one."""
        return self._address.read_text("utf-8")

    def note(self, url: str) -> None:
        self._address.write_text(url, "utf-8")

    def port(self) -> int:
        return urlsplit(self.address()).port or PORT

    def set_aside(self) -> Path | None:
        """The next workspace is a new one. Returns where the one before is now, if there was one."""
        if not self.workspace.exists():
            return None
        return self.workspace.rename(self.workspace.with_name(f"workspace-{datetime.now():%Y%m%d-%H%M%S-%f}"))


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def run(
    settings: Settings, *, port: int | None, fresh: bool, say: Callable[[str], None], show: Callable[[str], None]
) -> None:
    """Until it is cancelled; then running turns end or wait in the queue.

    port: None for the last one. fresh: begin with a new workspace. say: told a sentence now and then. show: told the
    page's URL. Raises: AskAgain, CannotDo.
    """
    place = Place(settings.home)
    with ended_like_ctrl_c(), place.held():
        if fresh and (before := place.set_aside()):
            say(f"This is a new workspace; the one before is kept in {before}.")
        async with _opened(place, place.port() if port is None else port) as slack:
            await _furnished(slack)
            say(f"The workspace is at {slack.url}/ (Ctrl-C stops it); Spyglass is on its way in.")
            show(f"{slack.url}/")
            await _with_bot(slack, settings, say)


@asynccontextmanager
async def _opened(place: Place, port: int) -> AsyncIterator[LocalSlack]:
    slack = LocalSlack(place.workspace, port=port, retries=PATIENCE)
    try:
        await slack.__aenter__()
    except OSError as error:
        if error.filename:
            raise
        reason = os.strerror(error.errno or 0).lower()
        raise CannotDo(f"Port {port} cannot be used ({reason}): choose another with --port.") from None
    except sqlite3.DatabaseError as error:
        raise CannotDo(
            f"The workspace in {place.workspace} cannot be read ({error}): begin with a new one with --fresh."
        ) from None
    try:
        place.note(f"{slack.url}/")
        yield slack
    finally:
        await slack.__aexit__(None, None, None)


async def _furnished(slack: LocalSlack) -> None:
    if samples.is_furnished(slack):
        return
    with TemporaryDirectory(prefix="spyglass-") as folder:
        await samples.furnish(slack, await asyncio.to_thread(samples.draw, Path(folder)))


async def _with_bot(slack: LocalSlack, settings: Settings, say: Callable[[str], None]) -> None:
    # loading it takes a second, in which the page is served
    serving = await asyncio.to_thread(importlib.import_module, "bot.slack.serving")
    async with serving.open_bot(pointed_at(slack, settings)) as bot, bot.listening():
        await show_gallery(slack, bot)
        say("Spyglass is there.")
        await bot.work()


async def show_gallery(slack: LocalSlack, bot: Bot) -> None:
    """From now on the page shows the archive of that bot."""
    office = await bot.offices.of(slack.team)
    slack.gallery = office.gallery if office else None


def pointed_at(slack: LocalSlack, settings: Settings) -> Settings:
    """The settings of a bot in that workspace, with everything of its own kept in its home: ids of people and channels
    in another workspace mean nothing there, and what a team shares is not written to, nor its questions taken."""
    ours: dict[str, Any] = {
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_api_url": slack.api_url,
        "slack_mode": "socket",
        **{name: Settings.model_fields[name].default for name in SHARED},
        **dict.fromkeys(("slack_allow_users", "slack_allow_channels"), frozenset()),
    }
    return settings.model_copy(update=ours)
