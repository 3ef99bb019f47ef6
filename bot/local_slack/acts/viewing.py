"""Modals and home tabs as they are kept: who sees which, and what lies on top of what."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from bot.local_slack.acts.posting import with_block_ids
from bot.local_slack.records.state import new_id
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace

_DEFAULTS: Json = {
    "title": None,
    "submit": None,
    "close": None,
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
}


def put(workspace: Workspace, given: Json, user: str, *, below: Json | None = None, old: Json | None = None) -> Json:
    """Shows a view to a person: in place of `old`, on top of `below`, or as the first."""
    key = old["id"] if old else new_id("V")
    under = old or {"root_view_id": below["root_view_id"] if below else key, "previous_view_id": below and below["id"]}
    who = workspace.state.identity
    view = {
        "id": key,
        "team_id": who.team,
        "type": given["type"],
        **{name: given.get(name, default) for name, default in _DEFAULTS.items()},
        "blocks": with_block_ids(given["blocks"]),
        "state": {"values": {}},
        "hash": f"{time.time():.0f}.{secrets.token_hex(4)}",
        "root_view_id": under["root_view_id"],
        "previous_view_id": under["previous_view_id"],
        "app_id": who.app_id,
        "app_installed_team_id": who.team,
        "bot_id": who.bot_id,
        "_for": user,
    }
    workspace.state.keep_view(view)
    workspace.changes.note("view", id=key, user=user)
    return view


def shown(view: Json) -> Json:
    return {key: value for key, value in view.items() if not key.startswith("_")}


def home(workspace: Workspace, user: str) -> Json | None:
    views = workspace.state.views.values()
    return next((view for view in views if view["type"] == "home" and view["_for"] == user), None)


def stack(workspace: Workspace, user: str) -> list[Json]:
    """The modals a person has open, the one on top last."""
    return [view for view in workspace.state.views.values() if view["type"] == "modal" and view["_for"] == user]


def close(workspace: Workspace, view: Json, *, all_of_them: bool = False) -> None:
    """Takes a modal off the screen, or the whole stack."""
    gone = stack(workspace, view["_for"]) if all_of_them else [view]
    for one in gone:
        workspace.state.drop_view(one["id"])
        workspace.changes.note("view", id=one["id"], user=one["_for"])
