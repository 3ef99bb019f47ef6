"""reactions.*: the app's own emoji on messages."""

from __future__ import annotations

from collections.abc import Callable

from bot.local_slack.acts import posting
from bot.local_slack.methods import method
from bot.local_slack.records import shapes
from bot.local_slack.records.state import Channel
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError
from bot.local_slack.workspace import Workspace


@method("reactions.add", "reactions:write")
def add(ask: Ask) -> Json:
    return _changed(ask, posting.react, "already_reacted")


@method("reactions.remove", "reactions:write")
def remove(ask: Ask) -> Json:
    return _changed(ask, posting.unreact, "no_reaction")


def _changed(ask: Ask, change: Callable[[Workspace, Channel, Json, str, str], bool], unchanged: str) -> Json:
    channel = ask.writable_channel()
    record = ask.message(channel, "timestamp")
    if not change(ask.workspace, channel, record, ask.workspace.bot.id, ask.required("name")):
        raise SlackError(unchanged)
    return {}


@method("reactions.get", "reactions:read")
def get(ask: Ask) -> Json:
    channel = ask.member_channel()
    record = ask.message(channel, "timestamp")
    message = shapes.message(ask.workspace, channel, record, metadata=False)
    message["permalink"] = shapes.permalink(ask.workspace, channel, record)
    return {"type": "message", "channel": channel.id, "message": message}
