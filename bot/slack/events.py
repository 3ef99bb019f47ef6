"""Pure: what happened in a workspace: what was said, edited or deleted. `payloads` reads it from what Slack sends.

One posted message may come as `message` and as `app_mention`, in any order and more than once, so everything is keyed
by (team, channel, ts), and `merging` makes one of the views of a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.slack.words import plain_words
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
    ts: str = ""
    """When, as Slack writes times; empty where it does not say."""


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
