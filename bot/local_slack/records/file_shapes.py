"""How Slack writes down files: whole, within messages, as stubs, and where they are shared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.local_slack.records.state import Channel
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace


def file(workspace: Workspace, record: Json) -> Json:
    """A file as files.info gives it, with where it is shared."""
    if record.get("_deleted"):
        return {"id": record["id"], "mode": "tombstone"}
    return _plain_file(workspace, record) | _shares(workspace, record)


def file_in_message(workspace: Workspace, key: str, *, early: bool = False) -> Json:
    """A file as messages and events carry it: without its shares, a stub where Slack gives a stub.

    `early`: as events show it just after the upload, when its type may not be known yet.
    """
    record = workspace.state.files.get(key)
    if record is None or record.get("_deleted"):
        return {"id": key, "mode": "tombstone"}
    if record["mode"] in ("tombstone", "hidden_by_limit"):
        return {"id": key, "mode": record["mode"]}
    if record["file_access"] == "check_file_info":
        return _stub(record)
    shown = _plain_file(workspace, record)
    if early and record.get("_untyped"):
        shown |= {"mimetype": "", "filetype": "", "pretty_type": ""}
    return shown


def _stub(record: Json) -> Json:
    """All that Slack tells of a file in a Slack Connect channel until files.info is asked."""
    return {
        "id": record["id"],
        "mode": "file_access",
        "file_access": "check_file_info",
        "created": 0,
        "timestamp": 0,
        "user": "",
    }


def _plain_file(workspace: Workspace, record: Json) -> Json:
    shown = {key: value for key, value in record.items() if not key.startswith("_")}
    name, key = _slug(record["name"]), record["id"]
    base = f"{workspace.url}/files-pri/{workspace.state.identity.team}-{key}"
    if not record["is_external"]:
        shown |= {"url_private": f"{base}/{name}", "url_private_download": f"{base}/download/{name}"}
    if record["file_access"] == "check_file_info":
        shown["file_access"] = "visible"
    permalink = f"{workspace.url}/files/{record['user']}/{key}/{name}"
    return shown | {"permalink": permalink, "is_public": _is_public(workspace, record)}


def _is_public(workspace: Workspace, record: Json) -> bool:
    return any(workspace.state.channels[share["channel"]].kind == "channel" for share in record["_shares"])


def _shares(workspace: Workspace, record: Json) -> Json:
    where: dict[str, list[str]] = {"channel": [], "group": [], "im": []}
    shares: dict[str, dict[str, list[Json]]] = {}
    for share in record["_shares"]:
        target = workspace.state.channels[share["channel"]]
        ids = where["im" if target.kind == "im" else "channel" if target.kind == "channel" else "group"]
        ids += [target.id] if target.id not in ids else []
        side = shares.setdefault("public" if target.kind == "channel" else "private", {})
        side.setdefault(target.id, []).append(_share(workspace, target, share))
    listed = {"channels": where["channel"], "groups": where["group"], "ims": where["im"]}
    return {**listed, "shares": shares, "has_more_shares": False}


def _share(workspace: Workspace, target: Channel, share: Json) -> Json:
    shown = {
        "reply_users": [],
        "reply_users_count": 0,
        "reply_count": 0,
        "ts": share["ts"],
        "channel_name": target.name,
        "team_id": workspace.state.identity.team,
        "share_user_id": share["user"],
        "source": "UNKNOWN",
    }
    return shown | ({"thread_ts": share["thread_ts"]} if share.get("thread_ts") else {})


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "_", name.lower()) or "file"
