"""A question in the local Slack, and what is needed to reply to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.local_slack.local import LocalSlack
from bot.local_slack.people import Person
from bot.slack.events import Identity, Message
from bot.slack.replying.live import Live
from bot.slack.replying.replies import Reply, sentence
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.tables import Database
from bot.slack.telling import Telling
from bot.slack.web import Web, open_web
from graphs.state import Step
from tests.fakes import WordGate
from tools.kit import Scope

GATE = WordGate()


async def only_its_own(channel: str, user: str) -> Scope:
    """What is shown in a channel to somebody where nothing comes from elsewhere."""
    return Scope(workspace="T1", audiences=(channel,))


async def nothing_linked(channel: str, user: str, files: Collection[str]) -> Collection[str]:
    """Which files that links opened may be shown, where none may."""
    return ()


ITS_OWN = Telling(only_its_own, nothing_linked)


@dataclass
class Scene:
    """Anna has asked something in a channel the bot is in."""

    slack: LocalSlack
    web: Web
    outbox: Outbox
    anna: Person
    channel: str
    bot: Identity
    question: Message = field(init=False)

    async def ask(self, text: str = "what is this?") -> None:
        """A question that begins a thread; from now on it is the one."""
        ts = await self.anna.post(self.channel, text, mention=True)
        self.question = Message(
            team=self.slack.team, channel=self.channel, ts=ts, thread_ts=ts, user=self.anna.id, text=text
        )

    def live(self, **options: Any) -> Live:
        return Live(self.web, self.outbox, self.question, self.bot, **{"pace": 0.02, "stop_after": 60.0, **options})

    @property
    def thread(self) -> list[dict[str, Any]]:
        """The replies so far, newest last."""
        return self.slack.messages(self.question.channel, self.question.thread_ts)[1:]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Arguments of the calls of a method that Slack carried out."""
        done = [call for call in self.slack.calls if call.method == method]
        return [call.arguments for call in done if (call.response or {}).get("ok")]


@asynccontextmanager
async def scene(database: Database, **options: Any) -> AsyncIterator[Scene]:
    async with LocalSlack(**options) as slack, open_web(slack.bot_token, api_url=slack.api_url) as web:
        anna = slack.person("anna")
        channel = await slack.channel("design", members=[anna])
        bot = Identity(slack.team, slack.bot_user, slack.bot_id)
        made = Scene(slack, web, Outbox(database), anna, channel, bot)
        await made.ask()
        yield made


def running(title: str) -> Step:
    return Step(title, "running", title.partition(" ")[0])


def done(title: str) -> Step:
    return Step(title, "done", title.partition(" ")[0])


def said(text: str) -> Reply:
    return sentence(text, GATE)


# --- a process that dies -------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone."""


class Doom:
    """At the so-many-th moment the process dies, or something else goes wrong."""

    def __init__(self, at: int, error: BaseException | None = None) -> None:
        self.left, self.error = at, error or Killed()

    def moment(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.error


class DoomedDatabase(Database):
    """Dies before or after a statement."""

    def __init__(self, database: Database, doom: Doom) -> None:
        super().__init__(database.pool, database.url)
        self.doom = doom

    async def rows(self, *statement: Any) -> list[dict[str, Any]]:
        self.doom.moment()
        found = await super().rows(*statement)
        self.doom.moment()
        return found


class DoomedWeb(Web):
    """A call may be made, and its answer never be seen."""

    def __init__(self, web: Web, doom: Doom) -> None:
        super().__init__(web.client)
        self.doom = doom

    async def call(self, method: Any, **options: Any) -> dict[str, Any]:
        told = await super().call(method, **options)
        self.doom.moment()
        return told
