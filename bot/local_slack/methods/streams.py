"""chat.startStream, chat.appendStream, chat.stopStream."""

from __future__ import annotations

from bot.local_slack.acts import posting
from bot.local_slack.block_kit import validate_chunks
from bot.local_slack.methods import method
from bot.local_slack.records import streaming
from bot.local_slack.records.content import checked_blocks, checked_markdown, checked_metadata, refused
from bot.local_slack.records.state import Channel
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError, invalid

_DISPLAYS = ("timeline", "plan", "dense")


@method("chat.startStream", "chat:write")
def start(ask: Ask) -> Json:
    channel = ask.writable_channel()
    _check_recipient(ask, channel)
    display = ask.text("task_display_mode", "timeline")
    if display not in _DISPLAYS:
        raise invalid("invalid value for task_display_mode")
    stream = streaming.begin(display)
    chunks = _chunks(ask, stream)
    blocks = streaming.folded([], chunks, display)
    root = ask.root(channel)
    message = posting.by_bot(ask.workspace, streaming.plain(blocks), blocks=blocks, thread_ts=root, _stream=stream)
    record = posting.post(ask.workspace, channel, message)
    return {"channel": channel.id, "ts": record["ts"]}


def _check_recipient(ask: Ask, channel: Channel) -> None:
    """Outside direct messages Slack wants to know whom the stream is for."""
    if channel.kind == "im":
        return
    for name in ("recipient_team_id", "recipient_user_id"):
        if not ask.text(name):
            raise SlackError(f"missing_{name}")
    if ask.text("recipient_team_id") != ask.user("recipient_user_id").team:
        raise SlackError("team_not_found")


@method("chat.appendStream", "chat:write")
def append(ask: Ask) -> Json:
    channel = ask.writable_channel()
    record = _streaming(ask, channel)
    chunks = _chunks(ask, record["_stream"])
    if not chunks:
        raise SlackError("no_text")
    _grow(ask, channel, record, chunks)
    return {"channel": channel.id, "ts": record["ts"]}


def _grow(ask: Ask, channel: Channel, record: Json, chunks: list[Json]) -> None:
    blocks = streaming.folded(record["blocks"], chunks, record["_stream"]["display"])
    changes = {"blocks": blocks, "text": streaming.plain(blocks)}
    posting.change(ask.workspace, channel, record, changes, quiet=True)


@method("chat.stopStream", "chat:write")
def stop(ask: Ask) -> Json:
    """Ends it; `blocks` come below all that was streamed, and only now is the message an edited one to listeners."""
    channel = ask.writable_channel()
    record = _streaming(ask, channel)
    chunks, last = _chunks(ask, record["_stream"]), checked_blocks(ask) or []
    _grow(ask, channel, record, chunks)
    changes = {"blocks": record["blocks"] + last, "_stream": None, **checked_metadata(ask)}
    posting.change(ask.workspace, channel, record, changes)
    ask.workspace.clear_status(channel.id, record.get("thread_ts"))
    return {}


def _streaming(ask: Ask, channel: Channel) -> Json:
    record = ask.message(channel)
    if record.get("bot_id") != ask.workspace.state.identity.bot_id:
        raise SlackError("message_not_owned_by_app")
    if not streaming.is_streaming(ask.workspace, record):
        raise SlackError("message_not_in_streaming_state")
    return record


def _chunks(ask: Ask, stream: Json) -> list[Json]:
    """What this call adds. A stream begun with text goes on with text, one begun with chunks with chunks."""
    chunks, text = ask.structure("chunks", "invalid_chunks") or [], checked_markdown(ask)
    if chunks and text:
        raise SlackError("cannot_provide_both_markdown_text_and_chunks")
    wrong = validate_chunks(chunks) if chunks else []  # the SDK ends a stream with an empty list
    if wrong:
        raise refused("invalid_chunks", wrong)
    mode = "chunks" if chunks else "text" if text else None
    if mode and stream["mode"] not in (None, mode):
        raise SlackError("streaming_mode_mismatch")
    stream["mode"] = stream["mode"] or mode
    return chunks or ([{"type": "markdown_text", "text": text}] if text else [])
