"""users.*: the people of the workspace."""

from __future__ import annotations

import time

from bot.local_slack.methods import method
from bot.local_slack.methods.conversations import listed
from bot.local_slack.records import shapes
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask


@method("users.info", "users:read")
def info(ask: Ask) -> Json:
    return {"user": shapes.user(ask.workspace, ask.user())}


@method("users.list", "users:read")
def everybody(ask: Ask) -> Json:
    users, following = ask.page(list(ask.workspace.state.users.values()), 1000)
    members = [shapes.user(ask.workspace, user) for user in users]
    return {"members": members, "cache_ts": int(time.time()), **following}


@method("users.conversations", "channels:read", "groups:read", "im:read", "mpim:read")
def conversations(ask: Ask) -> Json:
    """The conversations of a user (the app when none is named) that the app may know of."""
    user = ask.user().id if ask.text("user") else ask.workspace.bot.id
    return listed(ask, lambda channel: user in channel.members, without=("is_member", "num_members"))
