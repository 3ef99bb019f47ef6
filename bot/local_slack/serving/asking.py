"""A call of a Web API method as the method sees it: its arguments read the way Slack reads them, and Slack's errors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.local_slack.records.state import SCOPED, Channel, User
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace


class SlackError(Exception):
    """`{"ok": false, "error": code}` and whatever else Slack says with it."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


def invalid(*messages: str) -> SlackError:
    """invalid_arguments, with what is wrong in response_metadata."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {said}" for said in messages]})


def missing_scope(needed: str, granted: Iterable[str]) -> SlackError:
    return SlackError("missing_scope", needed=needed, provided=",".join(sorted(granted)))


@dataclass(frozen=True)
class Ask:
    """The arguments of a call, from JSON, form or query alike: a form writes lists and objects as JSON."""

    workspace: Workspace
    arguments: Json

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name)
        if value is None:
            return default
        if isinstance(value, dict | list):
            raise invalid(f"must provide a string [json-pointer:/{name}]")
        return str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        return str(self.arguments.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int, *, most: int = 1000) -> int:
        try:
            value = int(self.arguments.get(name) or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_limit" if name == "limit" else "invalid_arguments") from None
        return max(1, min(value, most))

    def structure(self, name: str, wrong: str) -> Any:
        """A list or an object; None when it was not given. `wrong`: the error for what is no JSON."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(wrong) from None

    # what arguments point at

    def channel(self, name: str = "channel", *, error: str = "channel_not_found") -> Channel:
        """A conversation that the app may know of: a private one only from inside."""
        found = self.workspace.state.channels.get(self.required(name))
        if found is None or (found.kind != "channel" and not self.workspace.bot_in(found)):
            raise SlackError(error)
        return found

    def member_channel(self, name: str = "channel") -> Channel:
        """A conversation that the app is in."""
        channel = self.channel(name)
        if not self.workspace.bot_in(channel):
            raise SlackError("not_in_channel")
        return channel

    def writable_channel(self, name: str = "channel", *, archived: str = "is_archived") -> Channel:
        """A conversation the app may write to; a user's id is the direct conversation with them."""
        if self.text(name) in self.workspace.state.users:
            return self.workspace.direct([self.text(name), self.workspace.bot.id])
        channel = self.channel(name)
        if channel.archived:
            raise SlackError(archived)
        if not self.workspace.bot_in(channel) and "chat:write.public" not in self.workspace.scopes:
            raise SlackError("not_in_channel")
        return channel

    def need(self, channel: Channel, right: str) -> None:
        """Every kind of conversation has scopes of its own. `right`: read or history. Raises: SlackError."""
        scope = f"{SCOPED[channel.kind]}:{right}"
        if scope not in self.workspace.scopes:
            raise missing_scope(scope, self.workspace.scopes)

    def message(self, channel: Channel, name: str = "ts") -> Json:
        found = channel.messages.get(self.required(name))
        if found is None:
            raise SlackError("message_not_found")
        return found

    def user(self, name: str = "user", *, error: str = "user_not_found") -> User:
        found = self.workspace.state.users.get(self.required(name))
        if found is None:
            raise SlackError(error)
        return found

    def root(self, channel: Channel) -> str | None:
        """The root of the thread to answer in; None outside threads. Raises: SlackError when it is gone."""
        ts = self.text("thread_ts")
        if not ts:
            return None
        found = channel.messages.get(ts)
        if found is None and not channel.replies(ts):
            raise SlackError("thread_not_found")
        return str(found.get("thread_ts") or ts) if found else ts

    def page(self, found: list[Any], default: int = 100) -> tuple[list[Any], Json]:
        """A page of results and what the response says about the next one."""
        limit, start = self.number("limit", default), _offset(self.text("cursor"))
        following = start + limit
        cursor = f"o:{following}" if following < len(found) else ""
        return found[start:following], {"response_metadata": {"next_cursor": cursor}}


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    prefix, _, number = cursor.partition(":")
    if prefix != "o" or not number.isdigit():
        raise SlackError("invalid_cursor")
    return int(number)
