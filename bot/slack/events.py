"""Pure: what was said, edited or deleted, and whether it is for us. `payloads` reads it from what Slack sends.

One posted message may come as `message` and as `app_mention`, in any order and more than once, so everything is keyed
by (team, channel, ts) and views of a message are merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.slack.words import mentions_of, plain_words
from graphs.memory import thread_key


@dataclass(frozen=True)
class Key:
    """Of one message."""

    team: str
    channel: str
    ts: str


@dataclass(frozen=True)
class Identity:
    """Who we are in a workspace, as auth.test says."""

    team: str
    user: str
    """The bot's user id, which people mention."""
    bot_id: str


class Message(BaseModel):
    """What one posted message says, over all events about it."""

    model_config = ConfigDict(frozen=True)

    team: str
    channel: str
    ts: str
    thread_ts: str
    """The message's own `ts` when it begins a thread."""
    user: str = ""
    text: str = ""
    """As Slack sends it: mrkdwn, escaped, with <@U...>."""
    files: tuple[dict[str, Any], ...] = ()
    channel_type: str = ""
    """channel, group, im, mpim, or empty where the event does not say."""
    mentioned: bool = False
    """The bot is addressed by name."""
    bot_id: str | None = None
    is_bot: bool = False
    complete: bool = True
    """False while only an `app_mention` without files came: its files may be missing."""
    edited: str = ""
    """The `ts` of its last edit."""
    user_team: str = ""
    """The author's own workspace where the event says (Slack Connect)."""
    in_ours: bool = False
    """The event says that we began its thread. (Who else did is none of this message's business.)"""
    about: dict[str, str] = {}
    """The files that it points at without naming them: ids and names."""
    hits: dict[str, str] = {}
    """Which of those are hits from elsewhere: ids of files, and of what the archive knows them by."""
    once: str = ""
    """Names the act by which it was asked, such as the press of a button: it has no message in Slack, and counts once
    however often that is done. Empty for what somebody posted."""
    call: dict[str, Any] | None = None
    """The tool call it asks for, as `name` and `args`, where no planner has to find out."""
    deleted: bool = False
    """It is gone, and with it what it said."""

    @property
    def key(self) -> Key:
        return Key(self.team, self.channel, self.ts)

    @property
    def thread(self) -> str:
        """The id of its thread everywhere in Spyglass."""
        return thread_key(self.team, self.channel, self.thread_ts)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts != self.ts

    @property
    def is_direct(self) -> bool:
        return self.channel_type == "im" or self.channel.startswith("D")

    def emptied(self) -> Message:
        """What is left of it once it was deleted: its place, so that a late event does not bring it back."""
        return Message(team=self.team, channel=self.channel, ts=self.ts, thread_ts=self.thread_ts, deleted=True)

    def wordless(self) -> Message:
        """Its place and its files: all that is kept of what people say to each other."""
        return self.model_copy(update={"text": "", "edited": ""})

    def for_planner(self, bot: Identity, names: Mapping[str, str] | None = None) -> str:
        """Plain words, without the bot's mention. `names`: user id -> display name; unknown people stay ids."""
        return plain_words(self.text, without=bot.user, names=names or {})


@dataclass(frozen=True)
class Edit:
    """A message that was changed, with what it was before."""

    message: Message
    before: Message

    @property
    def gone(self) -> tuple[str, ...]:
        """Ids of files that are no longer in it, or are only a tombstone there."""
        left = {file["id"] for file in self.message.files if file.get("mode") != "tombstone"}
        return tuple(file["id"] for file in self.before.files if file["id"] not in left)

    @property
    def changes(self) -> bool:
        """Slack tells of unfurled links and new replies as edits too."""
        return self.message.text != self.before.text or bool(self.gone)


@dataclass(frozen=True)
class Deletion:
    """A message that is gone."""

    message: Message
    """Emptied."""
    files: tuple[str, ...] = ()
    to_bot: bool = False
    """It was said to the bot: should it come later than its deletion, it must not be answered."""


@dataclass(frozen=True)
class FileDeleted:
    """A file that is gone from the workspace."""

    team: str
    file: str


@dataclass(frozen=True)
class FileChanged:
    """A file is called otherwise, or is no longer shared where it was."""

    team: str
    file: str


@dataclass(frozen=True)
class ChannelGone:
    """A channel was deleted, or we are in it no more: what happens in it is not told any longer."""

    team: str
    channel: str


@dataclass(frozen=True)
class BotJoined:
    """We were added to a channel."""

    team: str
    channel: str
    by: str
    """Who did; empty where Slack does not say."""


@dataclass(frozen=True)
class Renamed:
    """A channel or a person is called otherwise."""

    team: str
    name: str
    channel: str = ""
    user: str = ""


@dataclass(frozen=True)
class HomeOpened:
    """Somebody opened the direct message with the bot (the agent view), or its home tab."""

    team: str
    user: str
    channel: str
    """Of their direct messages."""
    tab: str = "messages"


@dataclass(frozen=True)
class StopAsked:
    """Somebody pressed Slack's own stop button in a thread."""

    team: str
    channel: str
    thread_ts: str
    user: str


@dataclass(frozen=True)
class Revoked:
    """Our tokens no longer work, or the app was removed."""

    team: str
    why: str
    at: int = 0
    """When it happened, in seconds since 1970 by Slack's clock; 0 where the event does not say."""


Event = (
    Message
    | Edit
    | Deletion
    | FileDeleted
    | FileChanged
    | ChannelGone
    | BotJoined
    | Renamed
    | HomeOpened
    | StopAsked
    | Revoked
)


# --- two views of one message ---------------------------------------------------------------------


def merge(one: Message, other: Message) -> Message:
    """Both views as one, whichever came first: what one of them lacks the other gives, and the latest edit is its text.

    Commutative, associative (but for the order of files) and idempotent: duplicates and order do not matter.
    """
    began = min(one.thread_ts, other.thread_ts)  # a reply's thread began before it
    if one.deleted or other.deleted:
        return one.model_copy(update={"thread_ts": began}).emptied()
    said = max(one, other, key=lambda view: (view.edited, len(view.text), view.text))
    return said.model_copy(
        update={
            "thread_ts": began,
            "user": max(one.user, other.user),
            "files": _united(one.files, other.files),
            "channel_type": max(one.channel_type, other.channel_type),
            "mentioned": one.mentioned or other.mentioned,
            "bot_id": max(one.bot_id or "", other.bot_id or "") or None,
            "is_bot": one.is_bot or other.is_bot,
            "complete": one.complete or other.complete,
            "user_team": max(one.user_team, other.user_team),
            "in_ours": one.in_ours or other.in_ours,
        }
    )


def _united(some: tuple[dict[str, Any], ...], others: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Files by id, each as the richer view has it, in the order of the view that has more of them."""
    best: dict[str, dict[str, Any]] = {}
    for file in sorted((*some, *others), key=_richness):
        best[file["id"]] = file
    order = [file["id"] for file in max(some, others, key=lambda files: (len(files), [file["id"] for file in files]))]
    return tuple(best[name] for name in [*order, *sorted(best.keys() - set(order))])


def _richness(file: dict[str, Any]) -> tuple[bool, int, str]:
    return (
        file.get("mode") == "tombstone",
        sum(bool(value) for value in file.values()),
        repr(sorted(file.items(), key=str)),
    )


# --- is it for us? --------------------------------------------------------------------------------


class Answers(StrEnum):
    """What the bot answers in a channel."""

    ALWAYS = "always"
    """Mentions, and follow-ups in threads it takes part in."""
    MENTIONS = "mentions"
    OFF = "off"


class Speaking(StrEnum):
    """To whom the message before this one was said in its thread."""

    TO_BOT = "to the bot"
    """By the bot itself, or by somebody whose message was for the bot."""
    TO_PEOPLE = "to people"
    NOBODY = "nobody"
    """We know of none: the bot takes no part in this thread."""


def is_own(message: Message, bot: Identity) -> bool:
    return message.user == bot.user or (message.bot_id is not None and message.bot_id == bot.bot_id)


def is_for_us(
    message: Message, bot: Identity, *, answers: Answers, before: Speaking = Speaking.NOBODY, other_bots: bool = False
) -> bool:
    """Whether the bot answers this message.

    Direct messages and mentions are for us. A reply without a mention is for us when the message before it in the
    thread was the bot's or was for the bot, and it names nobody else: once people speak to each other the bot stays
    silent until it is mentioned again. Other bots are answered only when they mention us and that is wanted, so that
    two bots never talk to each other for ever.
    """
    if message.deleted or is_own(message, bot):
        return False
    if message.is_bot:
        return other_bots and message.mentioned and answers is not Answers.OFF
    if message.is_direct:
        return True
    if answers is Answers.OFF or message.mentioned:
        return answers is not Answers.OFF
    return answers is Answers.ALWAYS and _follows_up(message, before)


def _follows_up(message: Message, before: Speaking) -> bool:
    return message.is_reply and before is Speaking.TO_BOT and not mentions_of(message.text)
