"""What the app is told: events of the kinds it may hear, in Slack's shapes, in Slack's order.

A posted message can arrive several times over: as `message`, as `app_mention` and as `file_shared` a file.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.local_slack.records import shapes
from bot.local_slack.records.file_shapes import file_in_message
from bot.local_slack.records.state import SCOPED, Channel, User, new_id
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace

_OF_ROOTS = frozenset(
    {"type", "subtype", "text", "user", "username", "team", "bot_id", "bot_profile", "edited", "ts", "thread_ts"}
    | {"reply_count", "reply_users_count", "latest_reply", "subscribed"}
)
_NOT_IN_MENTIONS = ("subtype", "channel_type", "parent_user_id", "root", "metadata", "attachments")


def announce(workspace: Workspace, event: Json, *, connected: bool = False) -> Json:
    """Wraps an event as the Events API does and sends it. Returns the wrapped payload."""
    payload = wrapped(workspace, event, connected=connected)
    workspace.courier.send(payload)
    return payload


def wrapped(workspace: Workspace, event: Json, *, connected: bool = False) -> Json:
    who = workspace.state.identity
    authorization = {
        "enterprise_id": None,
        "team_id": who.team,
        "user_id": who.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": who.verification_token,
        "team_id": who.team,
        "context_team_id": who.team,
        "context_enterprise_id": None,
        "api_app_id": who.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": connected,
        "event_context": f"4-{new_id('')}",
    }


def posted(workspace: Workspace, channel: Channel, record: Json) -> None:
    """Everything that one new message sets off, files included."""
    if not workspace.bot_in(channel):
        return
    message = _message_event(workspace, channel, record)
    told = [_as_subtype(message)] if _may(workspace, channel, "history") else []
    if _mentions_bot(workspace, channel, record):
        mention = _mention_event(workspace, message)
        told = [mention, *told] if workspace.faults.mention_first else [*told, mention]
    if "files:read" in workspace.scopes:
        told += [_file_shared(workspace, channel, record, key) for key in record.get("_files", ())]
    for event in told:
        announce(workspace, event, connected=channel.connected)


def _may(workspace: Workspace, channel: Channel, right: str) -> bool:
    return f"{SCOPED[channel.kind]}:{right}" in workspace.scopes


def _message_event(workspace: Workspace, channel: Channel, record: Json) -> Json:
    event = {key: value for key, value in record.items() if not key.startswith("_")}
    event |= {"channel": channel.id, "event_ts": record["ts"], "channel_type": channel.kind}
    if record.get("subtype") == "thread_broadcast":
        root = channel.messages[record["thread_ts"]]
        shown = shapes.message(workspace, channel, root, metadata=False)
        event["root"] = {key: value for key, value in shown.items() if key in _OF_ROOTS}
    elif _parent_author(channel, record):
        event["parent_user_id"] = _parent_author(channel, record)
    if "_files" in record:
        files = [file_in_message(workspace, key, early=True) for key in record["_files"]]
        event |= {"subtype": "file_share", "files": files, "upload": False, "display_as_bot": False}
    event.pop("app_id", None)
    return event


def _as_subtype(message: Json) -> Json:
    """Messages with files and broadcasts come without some of what plain ones have."""
    if message.get("subtype") not in ("file_share", "thread_broadcast"):
        return message
    left_out = ("team", "client_msg_id") if message["subtype"] == "file_share" else ("team",)
    return {key: value for key, value in message.items() if key not in left_out}


def _parent_author(channel: Channel, record: Json) -> str | None:
    root = str(record.get("thread_ts", record["ts"]))
    return channel.messages.get(root, {}).get("user") if root != record["ts"] else None


def _mentions_bot(workspace: Workspace, channel: Channel, record: Json) -> bool:
    """Slack sends no app_mention in direct messages, nor for what the app says itself."""
    who = workspace.state.identity
    if channel.kind == "im" or record.get("user") == who.bot_user or "app_mentions:read" not in workspace.scopes:
        return False
    return f"<@{who.bot_user}>" in record.get("text", "")


def _mention_event(workspace: Workspace, message: Json) -> Json:
    mention = {key: value for key, value in message.items() if key not in _NOT_IN_MENTIONS}
    if workspace.faults.mentions_without_files:
        mention = {key: value for key, value in mention.items() if key not in ("files", "upload", "display_as_bot")}
    return mention | {"type": "app_mention"}


def _file_shared(workspace: Workspace, channel: Channel, record: Json, key: str) -> Json:
    file = {"file_id": key, "user_id": record.get("user", ""), "file": {"id": key}, "channel_id": channel.id}
    return {"type": "file_shared", **file, "event_ts": record["ts"]}


def changed(workspace: Workspace, channel: Channel, record: Json, before: Json) -> None:
    """`before`: the message as `shapes.message` gave it then."""
    after = shapes.message(workspace, channel, record)
    _about_message(workspace, channel, {"subtype": "message_changed", "message": after, "previous_message": before})


def deleted(workspace: Workspace, channel: Channel, before: Json) -> None:
    what = {"subtype": "message_deleted", "deleted_ts": before["ts"], "previous_message": before}
    _about_message(workspace, channel, what)


def _about_message(workspace: Workspace, channel: Channel, what: Json) -> None:
    if not workspace.bot_in(channel) or not _may(workspace, channel, "history"):
        return
    ts = workspace.state.next_ts()
    event = {"type": "message", **what, "channel": channel.id, "hidden": True, "ts": ts, "event_ts": ts}
    announce(workspace, event | {"channel_type": channel.kind}, connected=channel.connected)


def reacted(workspace: Workspace, channel: Channel, record: Json, user: str, name: str, *, added: bool) -> None:
    if not workspace.bot_in(channel) or "reactions:read" not in workspace.scopes:
        return
    item = {"type": "message", "channel": channel.id, "ts": record["ts"]}
    event = {"type": "reaction_added" if added else "reaction_removed", "user": user, "item": item, "reaction": name}
    author = record.get("user")
    announce(workspace, event | ({"item_user": author} if author else {}) | {"event_ts": workspace.state.next_ts()})


def file_event(workspace: Workspace, kind: str, record: Json) -> None:
    """`kind`: file_change or file_deleted. Told only of files the app could see."""
    if "files:read" not in workspace.scopes:
        return
    event: Json = {"type": kind, "file_id": record["id"]}
    if kind == "file_deleted":
        event["channel_ids"] = list(dict.fromkeys(share["channel"] for share in record["_shares"]))
    else:
        event["file"] = {"id": record["id"]}
    announce(workspace, event | {"event_ts": workspace.state.next_ts()})


def membership(workspace: Workspace, channel: Channel, user: str, *, joined: bool, inviter: str = "") -> None:
    who = workspace.state.identity
    concerns = user == who.bot_user or workspace.bot_in(channel)
    if not concerns or not _may(workspace, channel, "read"):
        return
    event = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": who.team,
        "event_ts": workspace.state.next_ts(),
    }
    announce(workspace, event | ({"inviter": inviter} if inviter else {}))


def archived(workspace: Workspace, channel: Channel, user: str) -> None:
    if not workspace.bot_in(channel) or not _may(workspace, channel, "read"):
        return
    verb = "archive" if channel.archived else "unarchive"
    event = {"type": f"{_prefix(channel)}_{verb}", "channel": channel.id, "user": user, "is_moved": 0}
    announce(workspace, event | {"event_ts": workspace.state.next_ts()})


def renamed(workspace: Workspace, channel: Channel) -> None:
    if not workspace.bot_in(channel) or not _may(workspace, channel, "read"):
        return
    named = {"id": channel.id, "name": channel.name, "name_normalized": channel.name, "created": channel.created}
    kinds = {"is_channel": channel.kind == "channel", "is_mpim": channel.kind == "mpim"}
    event = {"type": f"{_prefix(channel)}_rename", "channel": {**named, **kinds}}
    announce(workspace, event | {"event_ts": workspace.state.next_ts()})


def removed(workspace: Workspace, channel: Channel, user: str) -> None:
    """The channel was deleted."""
    if not workspace.bot_in(channel) or not _may(workspace, channel, "read"):
        return
    event = {"type": f"{_prefix(channel)}_deleted", "channel": channel.id, "actor_id": user}
    announce(workspace, event | {"event_ts": workspace.state.next_ts()})


def _prefix(channel: Channel) -> str:
    return "channel" if channel.kind == "channel" else "group"


def user_changed(workspace: Workspace, user: User) -> None:
    if "users:read" not in workspace.scopes:
        return
    event = {"type": "user_change", "user": shapes.user(workspace, user), "cache_ts": int(time.time())}
    announce(workspace, event | {"event_ts": workspace.state.next_ts()})


def home_opened(workspace: Workspace, channel: Channel, user: str, tab: str, view: Json | None) -> None:
    event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
    event["event_ts"] = workspace.state.next_ts()
    announce(workspace, event | ({"view": view} if view and tab == "home" else {}))


def uninstalled(workspace: Workspace) -> None:
    tokens = {"oauth": [], "bot": [workspace.state.identity.bot_user]}
    announce(workspace, {"type": "tokens_revoked", "tokens": tokens, "event_ts": workspace.state.next_ts()})
    announce(workspace, {"type": "app_uninstalled", "event_ts": workspace.state.next_ts()})
