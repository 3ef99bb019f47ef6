"""Pure: Slack's event payloads -> our events. Shapes: https://docs.slack.dev/reference/events"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.slack.addressing import is_own
from bot.slack.events import (
    BotJoined,
    ChannelGone,
    Deletion,
    Edit,
    Event,
    FileChanged,
    FileDeleted,
    HomeOpened,
    Identity,
    Message,
    Renamed,
    Revoked,
    StopAsked,
)
from bot.slack.people import called
from bot.slack.words import keepable, mentions_of, one_line

Payload = Mapping[str, Any]

WORDS = ("ts", "thread_ts", "channel", "channel_type", "subtype", "user", "bot_id", "text")
PARTS = ("edited", "message", "previous_message")
"""Fields of a message that hold text, and objects."""
TIME = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
"""As Slack writes times: Unix seconds."""

SAID = {"", "file_share", "thread_broadcast", "me_message", "bot_message"}
"""Subtypes of `message` that somebody says something with; the others tell of joins, topics, pins and the like."""

RENAMED = {"channel_rename", "group_rename"}
CHANNELS = {*RENAMED, "channel_deleted", "group_deleted", "channel_left", "group_left", "member_left_channel"}
"""Events about a channel as a whole that matter to what is kept of it."""

FILE_KEYS = {
    *("id", "name", "title", "mimetype", "filetype", "pretty_type", "mode", "size", "created", "file_access"),
    *("user", "user_team", "is_external", "external_type", "url_private", "url_private_download", "permalink"),
}
"""What is kept of a file object: what it is read with, and nothing of what it shows."""


def read_event(body: Payload, bot: Identity) -> Event | None:
    """What an Events API payload tells us; None for whatever does not concern us. Raises: ValueError for a message of
    another shape than Slack's."""
    event, team = keepable(body.get("event") or {}), bot.team
    match event.get("type"):
        case "message":
            return _message_event(event, team, bot)
        case "app_mention":
            return _message(event, team, bot, mentioned=True)
        case "file_deleted" if event.get("file_id"):
            return FileDeleted(team, event["file_id"])
        case "file_change" | "file_unshared" if event.get("file_id"):
            return FileChanged(team, event["file_id"])
        case "member_joined_channel" if event.get("user") == bot.user and event.get("channel"):
            return BotJoined(team, event["channel"], event.get("inviter") or "")
        case kind if kind in CHANNELS:
            return _about_channel(event, team, bot)
        case "user_change" if _word(_part(event.get("user")), "id"):
            return Renamed(team, called(event["user"]), user=event["user"]["id"])
        case "app_home_opened" if event.get("tab") in ("messages", "home"):
            return HomeOpened(team, event.get("user", ""), event.get("channel", ""), event["tab"])
        case "agent_session_stopped" if event.get("channel") and event.get("thread_ts"):
            return StopAsked(team, event["channel"], event["thread_ts"], event.get("user", ""))
        case "tokens_revoked" | "app_uninstalled" as why if _concerns_bot(event):
            return Revoked(team, why, _seconds(body.get("event_time")))
    return None


def _about_channel(event: Payload, team: str, bot: Identity) -> Event | None:
    channel = event.get("channel")
    if event["type"] in RENAMED:
        renamed = _part(channel)
        name, key = _word(renamed, "name"), _word(renamed, "id")
        return Renamed(team, one_line(name), channel=key) if name and key else None
    if event["type"] == "member_left_channel" and event.get("user") != bot.user:
        return None
    if not isinstance(channel, str) or not channel:
        return None
    when = _word(event, "event_ts")
    return ChannelGone(team, channel, when if TIME.fullmatch(when) else "")


def read_message(told: Payload, bot: Identity, channel: str) -> Message | None:
    """A message as conversations.replies and conversations.history give it; None also for one of another shape, which
    keeps no others from being read."""
    try:
        return _message(keepable({**told, "channel": channel}), bot.team, bot) if _says(told) else None
    except ValueError:
        return None


def trimmed(file: Payload) -> dict[str, Any]:
    """What is kept of a file object."""
    return {name: keepable(value) for name, value in file.items() if name in FILE_KEYS}


def installed_as(body: Payload) -> list[str]:
    """Ids under which the installation may be known that a payload is for, likeliest first: the workspace's, or the
    organisation's where the app is installed for all of it.

    In a channel that is shared with another workspace `team_id` and `team` may be the other side's. So events go by
    their authorization, a pressed button by the message that it stands in, and a form by where it was opened.
    https://docs.slack.dev/apis/events-api/#authorizations, https://docs.slack.dev/enterprise/organization-ready-apps
    """
    authorized = _part(next(iter(_listed(body.get("authorizations"))), None))
    if authorized:
        org = authorized.get("is_enterprise_install") is True
        return _ids(authorized.get("enterprise_id" if org else "team_id"))
    view, team, message = _part(body.get("view")), _part(body.get("team")), _part(body.get("message"))
    pressed_in = message.get("team") if body.get("type") == "block_actions" else None
    installed = _ids(view.get("app_installed_team_id"), pressed_in, team.get("id"), body.get("team_id"))
    if body.get("is_enterprise_install") not in (True, "true"):  # a command's is a form's word
        return installed
    return [
        *_ids(_part(body.get("enterprise")).get("id"), team.get("enterprise_id"), body.get("enterprise_id")),
        *installed,
    ]


def _concerns_bot(event: Payload) -> bool:
    """Not so where only tokens of people were revoked, of which we have none."""
    tokens = _part(event.get("tokens"))
    return bool(tokens.get("bot")) or not tokens.get("oauth")


def _seconds(value: object) -> int:
    return value if isinstance(value, int) else 0


def _part(value: object) -> Payload:
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _ids(*values: object) -> list[str]:
    return list(dict.fromkeys(keepable(value) for value in values if value and isinstance(value, str)))


def _message_event(event: Payload, team: str, bot: Identity) -> Event | None:
    _check_shape(event)
    subtype = event.get("subtype") or ""
    if subtype == "message_changed":
        return _changed(event, team, bot)
    if subtype == "message_deleted":
        return _deleted(event, team, bot)
    return _message(event, team, bot) if _says(event) else None


def _check_shape(message: Payload) -> None:
    """Raises: ValueError."""
    odd = [name for name in WORDS if not isinstance(message.get(name) or "", str)]
    odd += [name for name in PARTS if not isinstance(message.get(name) or {}, Mapping)]
    if odd:
        raise ValueError(f"The {odd[0]} of a message is of another shape.")


def _says(message: Payload) -> bool:
    return _word(message, "subtype") in SAID


def _changed(event: Payload, team: str, bot: Identity) -> Event | None:
    place = {name: event[name] for name in ("channel", "channel_type") if name in event}
    now, before = _part(event.get("message")), _part(event.get("previous_message"))
    if now.get("subtype") == "tombstone":  # the root of a thread that has replies is deleted so
        return _deleted({**event, "deleted_ts": now.get("ts"), "previous_message": {**now, **before}}, team, bot)
    after = _message({**now, **place}, team, bot)
    earlier = _message({**now, "text": "", "files": (), **before, **place}, team, bot)
    return Edit(after, earlier) if after and earlier and _says(now) else None


def _deleted(event: Payload, team: str, bot: Identity) -> Deletion | None:
    place = {name: event[name] for name in ("channel", "channel_type") if name in event}
    before = _part(event.get("previous_message"))
    message = _message({**before, **place, "ts": event.get("deleted_ts") or before.get("ts")}, team, bot)
    if message is None or is_own(message, bot):
        return None
    files = tuple(file["id"] for file in message.files)
    return Deletion(message.emptied(), files, to_bot=message.is_direct or message.mentioned)


def _message(event: Payload, team: str, bot: Identity, *, mentioned: bool = False) -> Message | None:
    _check_shape(event)
    channel, ts, text = (event.get(name) or "" for name in ("channel", "ts", "text"))
    if not channel or not ts:
        return None
    files = _files(event)
    return Message(
        team=team,
        channel=channel,
        ts=ts,
        thread_ts=event.get("thread_ts") or ts,
        user=event.get("user") or "",
        text=text,
        files=files,
        channel_type=event.get("channel_type") or "",
        mentioned=mentioned or bot.user in mentions_of(text),
        bot_id=event.get("bot_id") or None,
        is_bot=bool(event.get("bot_id")) or event.get("subtype") == "bot_message",
        complete=not mentioned or bool(files),
        edited=_word(_part(event.get("edited")), "ts"),
        user_team=_word(event, "user_team") or _word(event, "team"),
        in_ours=event.get("parent_user_id") == bot.user,
    )


def _files(event: Payload) -> tuple[dict[str, Any], ...]:
    files = event.get("files")
    listed = files if isinstance(files, list | tuple) else ()
    return tuple(trimmed(file) for file in listed if isinstance(file, Mapping) and _word(file, "id"))


def _word(part: Payload, name: str) -> str:
    """A field that holds text; empty where it holds none."""
    value = part.get(name)
    return value if isinstance(value, str) else ""
