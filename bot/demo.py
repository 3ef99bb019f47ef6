"""The demo: a short conversation about real images in a local Slack workspace, with embedded parts and no key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.local_run import pointed_at
from bot.local_slack import LocalSlack
from bot.local_slack.people import Person
from bot.local_slack.records.transcript import transcript
from bot.samples.drawings import draw_all
from bot.settings import Settings
from bot.slack.events import Key
from bot.slack.serving import Bot, open_bot
from bot.slack.storage.inbox import Row
from bot.turns.running import Answer
from tools.kit import CannotDo

PATIENCE = 120.0
"""Seconds for an answer; on a slow machine the first one waits for models."""
RULES = """\
banned_brands:
  brands:
    - name: Acme
      aliases: [Acme Tools]
"""


@dataclass(frozen=True)
class Message:
    """One message of the demo."""

    text: str
    shows: str
    """What it is there to show."""
    pictures: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    """Tools that have to bring evidence for it."""


SCRIPT = (
    Message("Is this a dog, a flower, a car or a building?", "classify a photo", ("flower",), ("classify",)),
    Message("and this one?", "a follow-up with a new photo", ("temple",), ("classify",)),
    Message("What is the total, and what is the date?", "typed fields from a receipt", ("receipt",), ("extract",)),
    Message("Do the sums on it add up?", "printed arithmetic, checked", (), ("analyze",)),
    Message(
        "Which company is this invoice from?",
        "a PDF whose issuer is on the list of banned brands",
        ("invoice",),
        ("extract",),
    ),
    Message("Walk me through this diagram step by step.", "labels and connections", ("diagram",), ("analyze",)),
    Message(
        "The first of these is our product photo, the second is what arrived. Is it as advertised?",
        "a before/after pair",
        ("before", "after"),
        ("compare",),
    ),
    Message("Find pictures of flowers among what we posted", "search in the archive", (), ("search",)),
    Message("Who is the person in the first photo?", "something it does not do"),
    Message("thanks!", "small talk"),
)


@dataclass(frozen=True)
class Exchange:
    """A message and all that Slack shows in reply."""

    message: Message
    answer: Answer
    shown: tuple[str, ...]
    """The bot's messages, line by line."""


@dataclass
class Demo:
    """Everything the demo makes lies in one folder of SPYGLASS_HOME."""

    settings: Settings
    pictures: dict[str, Path] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.settings.home / "demo"

    def prepared(self) -> Settings:
        """Draw the pictures, write the rules; the settings that use them."""
        self.pictures = draw_all(self.folder / "pictures")
        rules = self.folder / "rules.yaml"
        rules.write_text(RULES, "utf-8")
        return self.settings.model_copy(update={"rules": rules})

    @asynccontextmanager
    async def workspace(self) -> AsyncIterator[Conversation]:
        """A local Slack with the bot in it, and somebody who talks to it."""
        async with (
            LocalSlack(self.folder / "slack") as slack,
            open_bot(pointed_at(slack, self.prepared())) as bot,
            bot.listening(),
        ):
            working = asyncio.create_task(bot.work())
            anna = slack.person("anna")
            channel = await slack.channel("demo", members=[anna])
            try:
                yield Conversation(slack, bot, anna, channel, self.pictures)
            finally:
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working


@dataclass
class Conversation:
    """One thread, in which only the first message mentions the bot."""

    slack: LocalSlack
    bot: Bot
    anna: Person
    channel: str
    pictures: dict[str, Path]
    thread: str | None = None

    async def say(self, message: Message) -> Exchange:
        """Post a message and wait for the whole reply. Raises: CannotDo when none comes."""
        files = [self.pictures[name] for name in message.pictures]
        begins = self.thread is None
        ts = await self.anna.post(self.channel, message.text, files=files, thread_ts=self.thread, mention=begins)
        self.thread = self.thread or ts
        row = await self._answered(ts)
        replies = [one for one in self.slack.messages(self.channel, self.thread) if one["ts"] > ts]
        shown = tuple(line for reply in replies for line in transcript(reply))
        return Exchange(message, Answer.model_validate(row.answer), shown)

    async def _answered(self, ts: str) -> Row:
        key = Key(self.slack.team, self.channel, ts)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not ((row := await self.bot.inbox.row(key)) and row.state.over):  # noqa: ASYNC110  a row: no event
                    await asyncio.sleep(0.02)
                if row.answer is not None:
                    return row
        raise CannotDo(f"The demo went wrong: no answer came to the message {ts}.")
