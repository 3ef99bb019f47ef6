"""chat.*: what the app says (streams are in `streams`)."""

from __future__ import annotations

from bot.local_slack.acts import posting
from bot.local_slack.methods import method
from bot.local_slack.records import shapes
from bot.local_slack.records.content import content
from bot.local_slack.records.state import Channel
from bot.local_slack.records.store import Json
from bot.local_slack.records.streaming import is_streaming
from bot.local_slack.serving.asking import Ask, SlackError

_UPDATE_TEXT_MOST = 4_000  # chat.update: "The `text` field cannot exceed 4,000 characters."

_NOT_TOLD = ("ts", "thread_ts", "parent_user_id", "reply_count", "reply_users_count", "reply_users", "latest_reply")


@method("chat.postMessage", "chat:write")
def post_message(ask: Ask) -> Json:
    channel = ask.writable_channel()
    said = content(ask)
    if not (said.get("text") or said.get("blocks") or said.get("attachments")):
        raise SlackError("no_text")
    message = posting.by_bot(ask.workspace, said.pop("text", ""), **said, **_threaded(ask, channel))
    record = posting.post(ask.workspace, channel, message)
    return {"channel": channel.id, "ts": record["ts"], "message": shapes.message(ask.workspace, channel, record)}


def _threaded(ask: Ask, channel: Channel) -> Json:
    root = ask.root(channel)
    if root is None:
        return {}
    return {"thread_ts": root} | ({"subtype": "thread_broadcast"} if ask.flag("reply_broadcast") else {})


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(ask: Ask) -> Json:
    channel, user = ask.writable_channel(), ask.user()
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    said = content(ask)
    if not (said.get("text") or said.get("blocks") or said.get("attachments")):
        raise SlackError("no_text")
    message = posting.by_bot(ask.workspace, said.pop("text", ""), **said, thread_ts=ask.root(channel))
    return {"message_ts": posting.ephemeral(ask.workspace, channel, user.id, message)["ts"]}


@method("chat.update", "chat:write")
def update(ask: Ask) -> Json:
    """Text without blocks takes the old blocks away; metadata stays unless it is given."""
    channel = ask.writable_channel(archived="is_inactive")
    record = _own(ask, channel, "cant_update_message")
    if is_streaming(ask.workspace, record):
        raise SlackError("streaming_state_conflict")
    said = content(ask, text_most=_UPDATE_TEXT_MOST)
    if not (said.get("text") or said.get("blocks") or said.get("attachments")):
        raise SlackError("no_text")
    posting.change(ask.workspace, channel, record, _replacing(ask, said))
    message = shapes.message(ask.workspace, channel, record)
    shown = {key: value for key, value in message.items() if key not in _NOT_TOLD}
    return {"channel": channel.id, "ts": record["ts"], "text": record["text"], "message": shown}


def _replacing(ask: Ask, said: Json) -> Json:
    changes: Json = {"text": "", **said}
    if "text" not in said:
        del changes["text"]
    if "blocks" not in said and "text" in said:
        changes["blocks"] = None
    if "blocks" not in said:  # "If blocks are used the edited flag will not be displayed"
        changes["edited"] = {"user": ask.workspace.state.identity.bot_user, "ts": ask.workspace.state.next_ts()}
    if said.get("metadata") == {}:
        changes["metadata"] = None
    return changes


@method("chat.delete", "chat:write")
def delete(ask: Ask) -> Json:
    channel = ask.writable_channel()
    record = _own(ask, channel, "cant_delete_message")
    posting.delete(ask.workspace, channel, record)
    return {"channel": channel.id, "ts": ask.required("ts")}


def _own(ask: Ask, channel: Channel, otherwise: str) -> Json:
    record = ask.message(channel)
    if record.get("bot_id") != ask.workspace.state.identity.bot_id:
        raise SlackError(otherwise)
    return record


@method("chat.getPermalink")
def get_permalink(ask: Ask) -> Json:
    channel = ask.channel()
    record = ask.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": shapes.permalink(ask.workspace, channel, record)}
