"""How Slack writes things down: the JSON of people, channels and messages, from the records of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.local_slack.records.file_shapes import file_in_message
from bot.local_slack.records.state import Channel, User
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace


def user(workspace: Workspace, who: User) -> Json:
    bot = who.role == "bot"
    stranger = {"is_stranger": True} if who.role == "external" else {}
    return {
        **stranger,
        "id": who.id,
        "team_id": who.team,
        "name": who.name,
        "deleted": False,
        "color": "9f69e7",
        "real_name": who.name.title(),
        "tz": "Europe/Amsterdam",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": _profile(workspace, who),
        "is_admin": who.role == "admin",
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": who.role == "guest",
        "is_ultra_restricted": False,
        "is_bot": bot,
        "is_app_user": False,
        "updated": who.created,
        "is_email_confirmed": not bot,
        "who_can_share_contact_card": "EVERYONE",
    }


def _profile(workspace: Workspace, who: User) -> Json:
    name = who.name.title()
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": name,
        "real_name_normalized": name,
        "display_name": who.name,
        "display_name_normalized": who.name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "g0",
        "first_name": name,
        "last_name": "",
        "team": who.team,
    }
    if who.id == workspace.state.identity.bot_user:
        profile |= {"api_app_id": workspace.state.identity.app_id, "bot_id": workspace.state.identity.bot_id}
    return profile


def bot_profile(workspace: Workspace) -> Json:
    """Who posted, in the app's own messages."""
    who = workspace.state.identity
    return {
        "id": who.bot_id,
        "deleted": False,
        "name": who.bot_name,
        "updated": 0,
        "app_id": who.app_id,
        "icons": bot_icons(workspace),
        "team_id": who.team,
    }


def bot_icons(workspace: Workspace) -> Json:
    return {f"image_{side}": f"{workspace.url}/icons/bot_{side}.png" for side in (36, 48, 72)}


def channel(workspace: Workspace, where: Channel) -> Json:
    """As conversations.info gives it to the bot."""
    shared: Json = {
        "id": where.id,
        "created": where.created,
        "updated": where.created * 1000,
        "is_archived": where.archived,
        "is_org_shared": False,
        "context_team_id": workspace.state.identity.team,
        "is_im": where.kind == "im",
    }
    if where.kind == "im":
        person = next((m for m in where.members if m != workspace.state.identity.bot_user), "")
        return {**shared, "user": person, "priority": 0}
    return {**shared, **_named(workspace, where)}


def _named(workspace: Workspace, where: Channel) -> Json:
    """What every conversation but a direct one with one person has."""
    nothing = {"value": "", "creator": "", "last_set": 0}
    return {
        "name": where.name,
        "name_normalized": where.name,
        "is_channel": where.kind == "channel",
        "is_group": where.kind == "group",
        "is_mpim": where.kind == "mpim",
        "is_private": where.kind != "channel",
        "is_general": where.name == "general",
        "unlinked": 0,
        "is_shared": where.connected,
        "is_ext_shared": where.connected,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": [workspace.state.identity.team],
        "creator": where.creator,
        "is_member": workspace.bot_in(where),
        "topic": nothing,
        "purpose": nothing,
        "previous_names": [],
        "num_members": len(where.members),
    }


def message(workspace: Workspace, where: Channel, record: Json, *, metadata: bool = True) -> Json:
    """A message as conversations.history and .replies give it. `metadata`: only when the caller asked for it."""
    shown = {key: value for key, value in record.items() if not key.startswith("_")}
    if not metadata:
        shown.pop("metadata", None)
    if "_files" in record:
        shown["files"] = [file_in_message(workspace, key) for key in record["_files"]]
        shown |= {"upload": False, "display_as_bot": False}
    return shown | _counters(workspace, where, record)


def _counters(workspace: Workspace, where: Channel, record: Json) -> Json:
    """What a root says about its thread; its author is what a reply says about its root."""
    ts = record["ts"]
    root = str(record.get("thread_ts", ts))
    if root != ts:
        parent = where.messages.get(root)
        return {"parent_user_id": parent["user"]} if parent and "user" in parent else {}
    replies = where.replies(ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.get("user") or reply.get("bot_id", "") for reply in replies))
    return {
        "thread_ts": ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1]["ts"],
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": workspace.state.identity.bot_user in users,
    }


def permalink(workspace: Workspace, where: Channel, record: Json) -> str:
    link = f"{workspace.url}/archives/{where.id}/p{record['ts'].replace('.', '')}"
    root = record.get("thread_ts")
    return f"{link}?thread_ts={root}&cid={where.id}" if root and root != record["ts"] else link
