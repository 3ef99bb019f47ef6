"""One workspace while it is open: its records, who listens, what was called, and what goes wrong on purpose."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.local_slack.changes import Changes
from bot.local_slack.faults import Faults
from bot.local_slack.records.state import Channel, State, User
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.sending.delivery import Courier
    from bot.local_slack.sending.sockets import Sockets

SCOPES = frozenset(
    {
        "app_mentions:read",
        "assistant:write",
        "chat:write",
        "commands",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
        *(f"files:{right}" for right in ("read", "write")),
        *(f"channels:{right}" for right in ("history", "join", "read")),
        *(f"groups:{right}" for right in ("history", "read")),
        *(f"im:{right}" for right in ("history", "read", "write")),
        *(f"mpim:{right}" for right in ("history", "read", "write")),
    }
)
"""What the app may do unless the workspace is told otherwise."""

_STATUS_SECONDS = 120  # Slack takes a status away after two minutes


@dataclass(frozen=True)
class Call:
    """One Web API call as it arrived and what was answered. Times are `time.time()`."""

    method: str
    arguments: Json
    response: Json
    status: int
    at_started: float
    at_ended: float


@dataclass
class Panel:
    """What the app shows around a thread: its status, title and suggested prompts."""

    status: str = ""
    loading_messages: list[str] = field(default_factory=list)
    until: float = 0.0
    title: str = ""
    prompts: list[Json] = field(default_factory=list)
    prompts_title: str = ""


class Workspace:
    """What every part works on. `courier` and `sockets` are put in when the server is built."""

    courier: Courier
    sockets: Sockets

    def __init__(self, state: State, scopes: frozenset[str], stream_seconds: float) -> None:
        self.state = state
        self.scopes = scopes
        self.stream_seconds = stream_seconds
        self.url = ""
        self.changes = Changes()
        self.faults = Faults(self)
        self.calls: list[Call] = []
        self.panels: dict[tuple[str, str | None], Panel] = {
            (channel, None): Panel(**kept) for channel, kept in state.store.load("prompts").items()
        }
        self.uploads: dict[str, Json] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._ensure_bot()

    def _ensure_bot(self) -> None:
        who = self.state.identity
        if who.bot_user not in self.state.users:
            self.state.add_user(who.bot_name, "bot", key=who.bot_user)

    @property
    def bot(self) -> User:
        return self.state.users[self.state.identity.bot_user]

    def bot_in(self, channel: Channel) -> bool:
        return self.state.identity.bot_user in channel.members

    def person_named(self, name: str, role: Any = "member") -> User:
        """The person of that name, made when they are not there yet."""
        known = self.state.user_named(name)
        if known is None:
            known = self.state.add_user(name, role)
            self.changes.note("person", user=known.id)
        return known

    def direct(self, people: list[str]) -> Channel:
        """The direct conversation of exactly these users, made when it is not there yet."""
        wanted = set(people)
        kind = "im" if len(wanted) <= 2 else "mpim"
        for channel in self.state.channels.values():
            if channel.kind == kind and set(channel.members) == wanted:
                return channel
        names = "--".join(self.state.users[person].name for person in people)
        name = "" if kind == "im" else f"mpdm-{names}-1"
        made = self.state.add_channel(name, "im" if kind == "im" else "mpim", people[0], list(people))
        self.changes.note("channel", channel=made.id)
        return made

    def panel(self, channel: str, thread_ts: str | None) -> Panel:
        return self.panels.setdefault((channel, thread_ts), Panel())

    def set_status(self, channel: str, thread_ts: str, status: str, loading: list[str]) -> None:
        panel = self.panel(channel, thread_ts)
        panel.status, panel.loading_messages = status, loading
        panel.until = time.monotonic() + _STATUS_SECONDS
        self.changes.note("status", channel=channel, thread_ts=thread_ts, status=status, loading_messages=loading)

    def status(self, channel: str, thread_ts: str) -> str:
        """What the app says it is doing there; empty once that is over."""
        panel = self.panels.get((channel, thread_ts))
        return panel.status if panel is not None and time.monotonic() < panel.until else ""

    def statuses(self) -> list[Json]:
        """Every status that is shown now."""
        return [
            {"channel": channel, "thread_ts": root, "status": panel.status, "loading_messages": panel.loading_messages}
            for (channel, root), panel in self.panels.items()
            if root is not None and self.status(channel, root)
        ]

    def clear_status(self, channel: str, thread_ts: str | None) -> None:
        """The app said something in the thread: its status is over."""
        panel = self.panels.get((channel, thread_ts))
        if panel is not None and panel.status and thread_ts is not None:
            self.set_status(channel, thread_ts, "", [])

    # what the faults reach

    def cut_sockets(self) -> None:
        self.sockets.cut()

    def say_disconnect(self, reason: str, grace: float) -> None:
        self.sockets.say_disconnect(reason, grace)

    def expire_streams(self) -> None:
        for channel in self.state.channels.values():
            for message in channel.messages.values():
                if "_stream" in message:
                    message["_stream"]["started"] = 0.0

    def set_revoked(self, revoked: bool) -> None:
        self.state.identity.revoked = revoked
        self.state.keep_identity()
        if revoked:
            self.cut_sockets()


@dataclass
class Trigger:
    """What a person did that lets the app open a view for them, for three seconds and once."""

    user: str
    at: float
    used: bool = False
    view: str | None = None


@dataclass
class ResponseUrl:
    """Where the app may answer an interaction: five times within half an hour."""

    channel: str
    user: str
    at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    ephemeral: str | None = None
    used: int = 0


WORKSPACE = web.AppKey("workspace", Workspace)
"""Where the server's handlers find it."""
