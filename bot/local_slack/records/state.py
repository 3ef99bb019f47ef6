"""What a workspace knows: people, channels and messages, files, views; in memory, written behind to the store."""

from __future__ import annotations

import secrets
import string
import time
from dataclasses import asdict, dataclass, field
from typing import Literal

from bot.local_slack.records.store import Json, Store

Role = Literal["member", "admin", "guest", "external", "bot"]
Kind = Literal["channel", "group", "im", "mpim"]

_ALPHABET = string.ascii_uppercase + string.digits
SCOPED: dict[Kind, str] = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
"""How scopes call each kind of conversation, as in `groups:history`."""

_PREFIX: dict[Kind, str] = {"channel": "C", "group": "C", "im": "D", "mpim": "G"}


@dataclass
class Identity:
    """Who the workspace and the app are, and the app's secrets."""

    team: str
    team_name: str
    app_id: str
    bot_id: str
    bot_user: str
    bot_name: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    local_token: str
    revoked: bool = False

    def public(self) -> Json:
        return {"team": self.team, "app_id": self.app_id, "bot_user": self.bot_user, "bot_id": self.bot_id}

    def secrets(self) -> Json:
        tokens = {"bot_token": self.bot_token, "app_token": self.app_token, "local_token": self.local_token}
        return {**tokens, "signing_secret": self.signing_secret}


@dataclass
class User:
    id: str
    name: str
    role: Role
    created: int
    team: str


@dataclass
class Channel:
    """A conversation. `messages` by ts, oldest first; `threads`: root ts -> the ts of its replies, oldest first."""

    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: list[str]
    archived: bool = False
    connected: bool = False
    messages: dict[str, Json] = field(default_factory=dict, repr=False)
    threads: dict[str, list[str]] = field(default_factory=dict, repr=False)
    ephemerals: list[Json] = field(default_factory=list, repr=False)

    def replies(self, root: str) -> list[Json]:
        return [self.messages[ts] for ts in self.threads.get(root, [])]

    def thread(self, root: str) -> list[Json]:
        """The root, when it is still there, and its replies."""
        first = [self.messages[root]] if root in self.messages else []
        return first + self.replies(root)

    def top_level(self) -> list[Json]:
        """What the channel shows outside threads: roots and broadcast replies."""
        return [m for m in self.messages.values() if not _is_reply(m) or m.get("subtype") == "thread_broadcast"]

    def document(self) -> Json:
        return {
            name: getattr(self, name)
            for name in ("id", "name", "kind", "creator", "created", "members", "archived", "connected")
        }


def _is_reply(message: Json) -> bool:
    return message.get("thread_ts") not in (None, message["ts"])


def new_id(prefix: str) -> str:
    return prefix + "0" + "".join(secrets.choice(_ALPHABET) for _ in range(9))


class State:
    """All of it, found by id. Whoever changes a record calls the `keep_…` of its kind."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.identity = self._identity()
        self.users = {key: User(**body) for key, body in store.load("user").items()}
        self.channels = {key: Channel(**body) for key, body in store.load("channel").items()}
        self.files = store.load("file")
        self.views = store.load("view")
        self._last = 0
        for body in store.load("message").values():
            self._index(self.channels[body["_channel"]], body)

    def _identity(self) -> Identity:
        kept = self.store.load("identity").get("app")
        identity = Identity(**kept) if kept else _new_identity()
        self.store.put("identity", "app", asdict(identity))
        return identity

    def keep_identity(self) -> None:
        self.store.put("identity", "app", asdict(self.identity))

    def next_ts(self) -> str:
        """Microseconds since 1970 as Slack writes them; later than every one before, over restarts too."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add_user(self, name: str, role: Role, *, key: str | None = None) -> User:
        team = new_id("T") if role == "external" else self.identity.team
        user = User(key or new_id("U"), name, role, int(time.time()), team)
        self.users[user.id] = user
        self.store.put("user", user.id, asdict(user))
        return user

    def user_named(self, name: str) -> User | None:
        return next((user for user in self.users.values() if user.name == name), None)

    def add_channel(self, name: str, kind: Kind, creator: str, members: list[str]) -> Channel:
        channel = Channel(new_id(_PREFIX[kind]), name, kind, creator, int(time.time()), members)
        self.channels[channel.id] = channel
        self.keep_channel(channel)
        return channel

    def keep_channel(self, channel: Channel) -> None:
        self.store.put("channel", channel.id, channel.document())

    def drop_channel(self, channel: Channel) -> None:
        """Its files stay, shared there no more."""
        for ts in list(channel.messages):
            self.drop_message(channel, ts)
        for file in self.files.values():
            left = [share for share in file.get("_shares", ()) if share["channel"] != channel.id]
            if len(left) < len(file.get("_shares", ())):
                self.keep_file(file | {"_shares": left})
        del self.channels[channel.id]
        self.store.drop("channel", channel.id)

    def rename_user(self, user: User, name: str) -> None:
        user.name = name
        self.store.put("user", user.id, asdict(user))

    def add_message(self, channel: Channel, message: Json) -> None:
        message["_channel"] = channel.id
        self._index(channel, message)
        self.keep_message(message)

    def _index(self, channel: Channel, message: Json) -> None:
        ts = message["ts"]
        channel.messages[ts] = message
        self._last = max(self._last, int(ts.replace(".", "")))
        if _is_reply(message):
            channel.threads.setdefault(message["thread_ts"], []).append(ts)

    def keep_message(self, message: Json) -> None:
        self.store.put("message", f"{message['ts']} {message['_channel']}", message)

    def drop_message(self, channel: Channel, ts: str) -> None:
        message = channel.messages.pop(ts)
        if _is_reply(message):
            channel.threads[message["thread_ts"]].remove(ts)
        self.store.drop("message", f"{ts} {channel.id}")

    def keep_file(self, file: Json) -> None:
        self.files[file["id"]] = file
        self.store.put("file", file["id"], file)

    def keep_view(self, view: Json) -> None:
        self.views[view["id"]] = view
        self.store.put("view", view["id"], view)

    def drop_view(self, key: str) -> None:
        self.views.pop(key, None)
        self.store.drop("view", key)


def _new_identity() -> Identity:
    app = new_id("A")
    return Identity(
        team=new_id("T"),
        team_name="Local",
        app_id=app,
        bot_id=new_id("B"),
        bot_user=new_id("U"),
        bot_name="spyglass",
        bot_token=f"xoxb-{secrets.token_hex(24)}",
        app_token=f"xapp-1-{app}-{secrets.token_hex(24)}",
        signing_secret=secrets.token_hex(16),
        verification_token=secrets.token_hex(12),
        local_token=secrets.token_urlsafe(24),
    )
