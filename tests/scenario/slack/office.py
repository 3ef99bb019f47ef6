"""A workspace with the real bot in it, and the rooms its tests have to themselves."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.local_run import show_gallery
from bot.local_slack import LocalSlack, Person
from bot.local_slack.acts.filing import Posted
from bot.local_slack.records.transcript import transcript
from bot.settings import Settings
from bot.slack.replying.replies import STOP
from bot.slack.serving import Bot, open_bot

Json = dict[str, Any]

REPLY = "spyglass_reply"
PATIENCE = 60.0
"""Seconds for an answer: on a busy machine the first one waits for models."""
NUMBERS = count(1)


@dataclass(frozen=True)
class Office:
    """The bot is at work in this workspace."""

    slack: LocalSlack
    pictures: dict[str, Path]
    home: Path
    """Where the bot keeps what it keeps in files."""
    database: str = ""
    """URL of what it keeps in tables."""
    bot: Bot | None = None
    """The bot itself, where it is at work in this process."""

    async def room(self, *, private: bool = False) -> Room:
        """A channel nobody else uses, with two people in it."""
        number = next(NUMBERS)
        anna, ben = (self.slack.person(f"{name}{number}") for name in ("anna", "ben"))
        channel = await self.slack.channel(f"room-{number}", members=[anna, ben], private=private)
        return Room(self, channel, anna, ben)


@dataclass
class Room:
    """What happens in one channel, as it is seen on the wire."""

    office: Office
    channel: str
    anna: Person
    ben: Person
    thread: str | None = field(default=None)
    """Of the conversation under way: the first question begins it."""

    @property
    def slack(self) -> LocalSlack:
        return self.office.slack

    # --- what people do -------------------------------------------------------------------------

    async def ask(self, text: str = "", *pictures: str | Posted, who: Person | None = None) -> str:
        """Anna (or `who`) mentions the bot where the conversation begins, and goes on asking in its thread after that.
        Pictures by name. Returns the ts."""
        return await self.say(text, *pictures, who=who, mention=self.thread is None)

    async def say(
        self, text: str = "", *pictures: str | Posted, who: Person | None = None, mention: bool = False
    ) -> str:
        """The same, with or without a mention."""
        files = [self.office.pictures.get(each, each) if isinstance(each, str) else each for each in pictures]
        person = who or self.anna
        ts = await person.post(self.channel, text, files=files, thread_ts=self.thread, mention=mention)
        self.thread = self.thread or ts
        return ts

    async def answer_to(self, text: str = "", *pictures: str | Posted, who: Person | None = None) -> list[str]:
        """Ask, and wait for what is said to it."""
        return await self.reply_to(await self.ask(text, *pictures, who=who))

    # --- what the bot says ----------------------------------------------------------------------

    async def reply_to(self, ts: str) -> list[str]:
        """What the reply to a message says, line by line, once it is whole."""
        await self.slack.until(lambda: self.whole_replies(ts), PATIENCE)
        return [line for reply in self.replies(ts) for line in transcript(reply)]

    async def nothing_more_comes(self) -> None:
        """Everything is delivered, and answered: a question asked after all that has its answer, for threads are
        answered in order."""
        await self.slack.delivered(PATIENCE)
        await self.answer_to("thanks!")

    def replies(self, ts: str) -> list[Json]:
        """The messages that answer a message, as far as they are there."""
        return [message for message in self.said if _answers(message) == ts]

    def whole_replies(self, ts: str) -> list[Json]:
        return [reply for reply in self.replies(ts) if is_whole(reply)]

    @property
    def said(self) -> list[Json]:
        """All that the bot has said in the room, oldest first."""
        everything = self.slack.messages(self.channel)
        threads = [self.slack.messages(self.channel, one["ts"]) for one in everything if one.get("reply_count")]
        by_ts = {message["ts"]: message for message in (*everything, *(each for thread in threads for each in thread))}
        return [by_ts[ts] for ts in sorted(by_ts) if by_ts[ts].get("user") == self.slack.bot_user]

    def calls(self, method: str) -> list[Json]:
        """Arguments of the calls of a method that had to do with this room."""
        made = [call.arguments for call in self.slack.calls if call.method == method]
        return [one for one in made if self.channel in (one.get("channel"), one.get("channel_id"))]

    def notes_to(self, person: Person) -> list[str]:
        """What only that person sees in this room."""
        return [str(one.get("text")) for one in self.slack.ephemerals(self.channel) if one["_for"] == person.id]


def is_whole(message: Json) -> bool:
    """Whether it says everything: it names what it answers, and there is nothing left to stop."""
    return _answers(message) != "" and not any(
        element.get("action_id") == STOP for block in message.get("blocks", ()) for element in block.get("elements", ())
    )


def _answers(message: Json) -> str:
    metadata = message.get("metadata") or {}
    return str(metadata["event_payload"]["question_ts"]) if metadata.get("event_type") == REPLY else ""


@asynccontextmanager
async def open_office(settings: Settings, pictures: dict[str, Path], slack: LocalSlack) -> AsyncIterator[Office]:
    """The bot of these settings, connected and working, in that workspace. Its home goes with it."""
    with sweeping(settings), standing_still():
        async with slack, open_bot(pointed_at(slack, settings)) as bot, bot.listening(ping=1.0):
            await show_gallery(slack, bot)
            working = asyncio.create_task(bot.work())
            try:
                url = settings.database_url
                yield Office(slack, pictures, settings.home, url.get_secret_value() if url else "", bot)
            finally:
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working


@contextmanager
def sweeping(settings: Settings) -> Iterator[None]:
    """The home of a bot is gone after it: it may be in memory, and there are many."""
    try:
        yield
    finally:
        shutil.rmtree(settings.home, ignore_errors=True)


@contextmanager
def standing_still() -> Iterator[None]:
    """A loop of the whole session stands still while tests without it run. The client would take its websocket for
    dead after that, and open another one under the hands of the next test: what is sent just then is lost."""

    async def never(self: SocketModeClient) -> bool:
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SocketModeClient, "is_ping_pong_failing", never)
        yield


def pointed_at(slack: LocalSlack, settings: Settings) -> Settings:
    tokens: Json = {
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_signing_secret": SecretStr(slack.signing_secret),
        "slack_api_url": slack.api_url,
    }
    return settings.model_copy(update=tokens)
