"""files.*: the three steps of an upload (the middle one is in `transfers`), and what is known of a file."""

from __future__ import annotations

import secrets

from bot.local_slack.acts import filing, posting
from bot.local_slack.methods import method
from bot.local_slack.records import file_shapes
from bot.local_slack.records.state import Channel, new_id
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError, invalid


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(ask: Ask) -> Json:
    name, length = ask.required("filename"), ask.text("length", "0")
    if not length.isdigit() or int(length) < 1:
        raise invalid("must be greater than 0 [json-pointer:/length]")
    key, ticket = new_id("F"), secrets.token_urlsafe(24)
    upload = {"id": key, "name": name, "length": int(length), "data": None, "alt_txt": ask.text("alt_txt")}
    ask.workspace.uploads[ticket] = upload
    return {"upload_url": f"{ask.workspace.url}/upload/v1/{ticket}", "file_id": key}


@method("files.completeUploadExternal", "files:write")
def complete_upload(ask: Ask) -> Json:
    """The answer comes before Slack knows the type or has shared anything: ask files.info for the ts of the message."""
    wanted = ask.structure("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise invalid("missing required field: files")
    channels = _targets(ask)
    root = ask.root(channels[0]) if channels else None
    tickets = [_uploaded(ask, one) for one in wanted]
    records = [_complete(ask, ticket, one) for ticket, one in zip(tickets, wanted, strict=True)]
    shown = [file_shapes.file(ask.workspace, record) | {"mimetype": "", "filetype": ""} for record in records]
    for channel in channels:
        message = posting.by_bot(ask.workspace, ask.text("initial_comment"), thread_ts=root)
        posting.post(ask.workspace, channel, {**message, "_files": [record["id"] for record in records]})
    return {"files": shown}


def _targets(ask: Ask) -> list[Channel]:
    names = [name for name in (ask.text("channels") or ask.text("channel_id")).split(",") if name]
    if len(names) > 1 and ask.text("thread_ts"):
        raise invalid("thread_ts can only be used with one channel")
    return [Ask(ask.workspace, {"channel": name}).writable_channel() for name in names]


def _uploaded(ask: Ask, wanted: Json) -> str:
    """The ticket of an upload whose bytes have arrived."""
    for ticket, upload in ask.workspace.uploads.items():
        if upload["id"] == wanted.get("id") and upload["data"] is not None:
            return ticket
    raise SlackError("file_not_found")


def _complete(ask: Ask, ticket: str, wanted: Json) -> Json:
    upload = ask.workspace.uploads.pop(ticket)
    taken = filing.Upload(upload["name"], upload["data"], title=wanted.get("title"))
    record = filing.add(ask.workspace, ask.workspace.bot.id, taken, key=upload["id"])
    if upload["alt_txt"]:
        record["alt_txt"] = upload["alt_txt"]
    return record


@method("files.info", "files:read")
def info(ask: Ask) -> Json:
    record = _file(ask)
    if record["mode"] in ("tombstone", "hidden_by_limit"):
        return {"file": {"id": record["id"], "mode": record["mode"]}}
    paging = {"count": 0, "total": 0, "page": 1, "pages": 0}
    return {"file": file_shapes.file(ask.workspace, record), "comments": [], "paging": paging}


@method("files.list", "files:read")
def everything(ask: Ask) -> Json:
    found = [record for record in ask.workspace.state.files.values() if _listed(ask, record)]
    count, page = ask.number("count", 100), ask.number("page", 1)
    shown = found[::-1][(page - 1) * count : page * count]
    paging = {"count": count, "total": len(found), "page": page, "pages": -(-len(found) // count)}
    return {"files": [file_shapes.file(ask.workspace, record) for record in shown], "paging": paging}


def _listed(ask: Ask, record: Json) -> bool:
    if record.get("_deleted") or not filing.seen_by_bot(ask.workspace, record):
        return False
    channels = [share["channel"] for share in record["_shares"]]
    in_channel = not ask.text("channel") or ask.text("channel") in channels
    return in_channel and ask.text("user", record["user"]) == record["user"]


@method("files.delete", "files:write")
def delete(ask: Ask) -> Json:
    record = _file(ask)
    if record["user"] != ask.workspace.bot.id:
        raise SlackError("cant_delete_file")
    filing.delete(ask.workspace, record)
    return {}


def _file(ask: Ask) -> Json:
    record = ask.workspace.state.files.get(ask.required("file"))
    if record is None or not filing.seen_by_bot(ask.workspace, record):
        raise SlackError("file_not_found")
    if record.get("_deleted"):
        raise SlackError("file_deleted")
    return record
