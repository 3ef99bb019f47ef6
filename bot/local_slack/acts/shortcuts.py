"""Shortcuts: of the workspace, on a message; and the options of a menu that the app is asked for while people type.

https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.local_slack.acts import interacting, viewing
from bot.local_slack.records import shapes
from bot.local_slack.records.state import Channel, User
from bot.local_slack.records.store import Json
from bot.local_slack.serving import response_urls

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace


async def use(workspace: Workspace, user: User, callback_id: str) -> Json | None:
    """A shortcut from anywhere. Raises: Unanswered."""
    return await workspace.courier.ask("interactive", _shortcut(workspace, user, "shortcut", callback_id))


async def use_on(workspace: Workspace, user: User, channel: Channel, message: Json, callback_id: str) -> Json | None:
    """A shortcut on a message. Raises: Unanswered."""
    ts, root = message["ts"], message.get("thread_ts")
    origin = {"channel": channel.id, "user": user.id, "thread_ts": root, "message_ts": ts}
    payload = {
        **_shortcut(workspace, user, "message_action", callback_id),
        "channel": {"id": channel.id, "name": interacting.channel_name(channel)},
        "message_ts": ts,
        "message": shapes.message(workspace, channel, message),
        "response_url": response_urls.issue(workspace, **origin),
    }
    return await workspace.courier.ask("interactive", payload)


def _shortcut(workspace: Workspace, user: User, kind: str, callback_id: str) -> Json:
    return {
        **interacting.common(workspace, user, kind),
        "callback_id": callback_id,
        "trigger_id": interacting.trigger(workspace, user.id),
        "action_ts": f"{time.time():.6f}",
    }


async def suggest(workspace: Workspace, user: User, view: Json, action_id: str, typed: str) -> Json | None:
    """The options of an external menu in a modal for what was typed; they can be chosen from then on.

    Raises: ValueError when there is no such menu; Unanswered.
    """
    block, element = interacting.found(view["blocks"], action_id)
    payload = {
        **interacting.common(workspace, user, "block_suggestion"),
        "action_id": action_id,
        "block_id": block["block_id"],
        "value": typed,
        "container": {"type": "view", "view_id": view["id"]},
        "view": viewing.shown(view),
    }
    answer = await workspace.courier.ask("interactive", payload) or {}
    view.setdefault("_suggested", {})[element["action_id"]] = answer
    return answer
