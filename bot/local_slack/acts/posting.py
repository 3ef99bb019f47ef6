"""Messages coming, changing and going: what happens in the records and who is told."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from bot.local_slack.records import shapes
from bot.local_slack.records.state import Channel
from bot.local_slack.records.store import Json
from bot.local_slack.records.typed_text import rich_text
from bot.local_slack.sending import events

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace


def post(workspace: Workspace, channel: Channel, message: Json) -> Json:
    """Puts a new message there: `message` says all but its ts and type. Returns its record."""
    record: Json = {"type": "message", "ts": workspace.state.next_ts(), **message}
    workspace.state.add_message(channel, record)
    for key in record.get("_files", ()):
        _share(workspace, channel, record, key)
    if record.get("user") == workspace.state.identity.bot_user:
        workspace.clear_status(channel.id, record.get("thread_ts"))
    workspace.changes.note("message", channel=channel.id, ts=record["ts"])
    events.posted(workspace, channel, record)
    return record


def _share(workspace: Workspace, channel: Channel, record: Json, key: str) -> None:
    file = workspace.state.files[key]
    share = {
        "channel": channel.id,
        "ts": record["ts"],
        "user": record.get("user", ""),
        "thread_ts": record.get("thread_ts"),
    }
    file["_shares"].append(share)
    workspace.state.keep_file(file)


def by_person(workspace: Workspace, user: str, text: str, files: list[str], thread_ts: str | None) -> Json:
    """A message as a person's client sends it."""
    message: Json = {"user": user, "text": text, "team": workspace.state.users[user].team}
    message["client_msg_id"] = str(uuid.uuid4())
    message |= {"blocks": rich_text(text)} if text else {}
    message |= {"thread_ts": thread_ts} if thread_ts else {}
    return message | ({"_files": files} if files else {})


def by_bot(workspace: Workspace, text: str, **rest: object) -> Json:
    """A message as the app sends it; `rest` that is None is left out."""
    who = workspace.state.identity
    message: Json = {
        "user": who.bot_user,
        "bot_id": who.bot_id,
        "app_id": who.app_id,
        "team": who.team,
        "bot_profile": shapes.bot_profile(workspace),
        "text": text,
    }
    return message | {key: value for key, value in rest.items() if value is not None}


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """Slack names every block that came without a name."""
    return [block if block.get("block_id") else {**block, "block_id": secrets.token_urlsafe(4)} for block in blocks]


def change(workspace: Workspace, channel: Channel, record: Json, changes: Json, *, quiet: bool = False) -> None:
    """Changes a message; a value of None takes the key away. `quiet`: nobody is told, as while it streams."""
    before = {} if quiet else shapes.message(workspace, channel, record)
    for key, value in changes.items():
        if value is None:
            record.pop(key, None)
        else:
            record[key] = value
    workspace.state.keep_message(record)
    workspace.changes.note("edit", channel=channel.id, ts=record["ts"])
    if not quiet:
        events.changed(workspace, channel, record, before)


def delete(workspace: Workspace, channel: Channel, record: Json) -> None:
    """Takes a message away. The root of a thread that has replies leaves a tombstone, as in Slack."""
    ts = record["ts"]
    before = shapes.message(workspace, channel, record)
    for key in record.get("_files", ()):
        _unshare(workspace, channel, ts, key)
    if channel.replies(ts):
        _bury(workspace, channel, record, before)
    else:
        workspace.state.drop_message(channel, ts)
        events.deleted(workspace, channel, before)
    workspace.changes.note("delete", channel=channel.id, ts=ts)


def take_away(workspace: Workspace, channel: Channel, record: Json, key: str) -> None:
    """A file leaves a message; it stays in the workspace, and is shared there no more."""
    left = [each for each in record["_files"] if each != key]
    change(workspace, channel, record, {"_files": left or None})
    _unshare(workspace, channel, record["ts"], key)
    events.file_event(workspace, "file_unshared", workspace.state.files[key])


def _bury(workspace: Workspace, channel: Channel, record: Json, before: Json) -> None:
    where = record["_channel"]
    tombstone = {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}
    kept = {"type": "message", "ts": record["ts"], "thread_ts": record["ts"], "_channel": where, **tombstone}
    record.clear()
    record.update(kept)
    workspace.state.keep_message(record)
    events.changed(workspace, channel, record, before)


def _unshare(workspace: Workspace, channel: Channel, ts: str, key: str) -> None:
    file = workspace.state.files.get(key)
    if file is not None:
        file["_shares"] = [s for s in file["_shares"] if (s["channel"], s["ts"]) != (channel.id, ts)]
        workspace.state.keep_file(file)


def react(workspace: Workspace, channel: Channel, record: Json, user: str, name: str) -> bool:
    """Adds a reaction. False when that user has it there already."""
    reactions = record.setdefault("reactions", [])
    found = next((reaction for reaction in reactions if reaction["name"] == name), None)
    if found is None:
        found = {"name": name, "users": [], "count": 0}
        reactions.append(found)
    if user in found["users"]:
        return False
    found["users"].append(user)
    found["count"] += 1
    _after_reaction(workspace, channel, record, user, name, added=True)
    return True


def unreact(workspace: Workspace, channel: Channel, record: Json, user: str, name: str) -> bool:
    """Takes a reaction back. False when there was none of that user."""
    found = next((r for r in record.get("reactions", ()) if r["name"] == name and user in r["users"]), None)
    if found is None:
        return False
    found["users"].remove(user)
    found["count"] -= 1
    if not found["users"]:
        record["reactions"].remove(found)
    _after_reaction(workspace, channel, record, user, name, added=False)
    return True


def _after_reaction(workspace: Workspace, channel: Channel, record: Json, user: str, name: str, *, added: bool) -> None:
    if not record["reactions"]:
        del record["reactions"]
    workspace.state.keep_message(record)
    workspace.changes.note("reaction", channel=channel.id, ts=record["ts"])
    events.reacted(workspace, channel, record, user, name, added=added)


def ephemeral(workspace: Workspace, channel: Channel, user: str, message: Json) -> Json:
    """A message that only `user` sees; it is gone when the server stops."""
    record = {"type": "message", "ts": workspace.state.next_ts(), "is_ephemeral": True, **message, "_for": user}
    channel.ephemerals.append(record)
    workspace.changes.note("ephemeral", channel=channel.id, ts=record["ts"], user=user)
    return record
