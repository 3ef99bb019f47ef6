"""reactions.*: the app's own emoji on messages."""

from __future__ import annotations

from bot.local_slack import posting, shapes
from bot.local_slack.asking import Ask, SlackError
from bot.local_slack.methods import method
from bot.local_slack.store import Json


@method("reactions.add", "reactions:write")
def add(ask: Ask) -> Json:
    channel = ask.writable_channel()
    record = ask.message(channel, "timestamp")
    if not posting.react(ask.workspace, channel, record, ask.workspace.bot.id, ask.required("name")):
        raise SlackError("already_reacted")
    return {}


@method("reactions.remove", "reactions:write")
def remove(ask: Ask) -> Json:
    channel = ask.writable_channel()
    record = ask.message(channel, "timestamp")
    if not posting.unreact(ask.workspace, channel, record, ask.workspace.bot.id, ask.required("name")):
        raise SlackError("no_reaction")
    return {}


@method("reactions.get", "reactions:read")
def get(ask: Ask) -> Json:
    channel = ask.member_channel()
    record = ask.message(channel, "timestamp")
    message = shapes.message(ask.workspace, channel, record, metadata=False)
    message["permalink"] = shapes.permalink(ask.workspace, channel, record)
    return {"type": "message", "channel": channel.id, "message": message}
