"""conversations.*: channels, who is in them and what was said there."""

from __future__ import annotations

import base64
from collections.abc import Callable

from bot.local_slack.acts import membership
from bot.local_slack.methods import method
from bot.local_slack.records import shapes
from bot.local_slack.records.state import Channel
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@method("conversations.info", *_READ)
def info(ask: Ask) -> Json:
    without = () if ask.flag("include_num_members") else ("num_members",)
    channel = ask.channel()
    ask.need(channel, "read")
    return {"channel": _described(ask, channel, *without)}


@method("conversations.list", *_READ)
def everything(ask: Ask) -> Json:
    return listed(ask, lambda channel: True)


def listed(ask: Ask, wanted: Callable[[Channel], bool], *, without: tuple[str, ...] = ()) -> Json:
    """A page of the wanted conversations, of the `types` asked for, that the app may know of."""
    kinds = [_KINDS.get(name.strip()) for name in ask.text("types", "public_channel").split(",")]
    if None in kinds:
        raise SlackError("invalid_types")
    found = [c for c in ask.workspace.state.channels.values() if c.kind in kinds and _known(ask, c) and wanted(c)]
    if ask.flag("exclude_archived"):
        found = [channel for channel in found if not channel.archived]
    channels, following = ask.page(found)
    return {"channels": [_described(ask, channel, *without) for channel in channels], **following}


def _described(ask: Ask, channel: Channel, *without: str) -> Json:
    """The conversation but for what this method does not tell."""
    return {key: value for key, value in shapes.channel(ask.workspace, channel).items() if key not in without}


def _known(ask: Ask, channel: Channel) -> bool:
    return channel.kind == "channel" or ask.workspace.bot_in(channel)


@method("conversations.members", *_READ)
def members(ask: Ask) -> Json:
    channel = ask.channel()
    ask.need(channel, "read")
    users, following = ask.page(channel.members)
    return {"members": users, **following}


@method("conversations.history", *_HISTORY)
def history(ask: Ask) -> Json:
    """Newest first, roots and broadcasts only. A cursor is a place in time: what is posted meanwhile moves nothing."""
    channel = ask.member_channel()
    ask.need(channel, "history")
    begin = _after_cursor(ask)
    found = [m for m in reversed(channel.top_level()) if _between(ask, m["ts"]) and _time(m["ts"]) < begin]
    page = found[: ask.number("limit", 100, most=999)]
    more = len(page) < len(found)
    following = {"response_metadata": {"next_cursor": _cursor_at(page[-1]["ts"]) if more else ""}}
    shown = {"messages": [_shown(ask, channel, record) for record in page], "has_more": more, "pin_count": 0}
    return {**shown, "channel_actions_ts": None, "channel_actions_count": 0} | (following if more else {})


@method("conversations.replies", *_HISTORY)
def replies(ask: Ask) -> Json:
    """The root first, whatever the window, then replies oldest first; a message outside a thread is a thread of one."""
    channel, ts = ask.member_channel(), ask.required("ts")
    ask.need(channel, "history")
    record = channel.messages.get(ts)
    root = record.get("thread_ts", ts) if record else ts
    thread = channel.thread(root)
    if not thread:
        raise SlackError("thread_not_found")
    found = [m for m in thread if m["ts"] == root or _between(ask, m["ts"])]
    page, following = ask.page(found)
    more = bool(following["response_metadata"]["next_cursor"])
    shown = {"messages": [_shown(ask, channel, record) for record in page], "has_more": more}
    return shown | (following if more else {})


_NEXT = "next_ts:"
_END_OF_TIME = (10**12, 0)


def _cursor_at(ts: str) -> str:
    """As Slack writes them: base64 of the place where the next page begins."""
    return base64.b64encode(f"{_NEXT}{ts.replace('.', '')}".encode()).decode()


def _after_cursor(ask: Ask) -> tuple[int, int]:
    """Raises: SlackError for what is no cursor."""
    cursor = ask.text("cursor")
    if not cursor:
        return _END_OF_TIME
    try:
        place = base64.b64decode(cursor, validate=True).decode().removeprefix(_NEXT)
        return int(place[:-6]), int(place[-6:])
    except ValueError:
        raise SlackError("invalid_cursor") from None


def _between(ask: Ask, ts: str) -> bool:
    """Whether a message lies in the window; its ends belong to it only when `inclusive` says so."""
    oldest, latest = ask.text("oldest", "0"), ask.text("latest")
    ends = ask.flag("inclusive")
    after = _time(ts) > _time(oldest) or (ends and _time(ts) == _time(oldest))
    before = not latest or _time(ts) < _time(latest) or (ends and _time(ts) == _time(latest))
    return after and before


def _time(ts: str) -> tuple[int, int]:
    """A ts as numbers that compare exactly. Raises: SlackError for what is none."""
    seconds, _, micros = ts.partition(".")
    try:
        return int(seconds), int(f"{micros:0<6}"[:6])
    except ValueError:
        raise SlackError("invalid_ts_latest") from None


def _shown(ask: Ask, channel: Channel, record: Json) -> Json:
    return shapes.message(ask.workspace, channel, record, metadata=ask.flag("include_all_metadata"))


@method("conversations.open", "im:write", "mpim:write", "channels:manage", "groups:write")
def opened(ask: Ask) -> Json:
    if ask.text("channel"):
        channel = ask.channel()
    else:
        people = [name.strip() for name in ask.required("users").split(",")]
        if any(person not in ask.workspace.state.users for person in people):
            raise SlackError("user_not_found")
        channel = ask.workspace.direct([*people, ask.workspace.bot.id])
    whole = ask.flag("return_im") or channel.kind != "im"
    return {"channel": _described(ask, channel) if whole else {"id": channel.id}}


@method("conversations.join", "channels:join")
def join(ask: Ask) -> Json:
    channel = ask.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    joined = membership.join(ask.workspace, channel, ask.workspace.bot.id)
    shown = {"channel": _described(ask, channel, "num_members")}
    if joined:
        return shown
    return {**shown, "warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
