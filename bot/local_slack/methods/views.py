"""views.*: modals on a person's screen and their home tab."""

from __future__ import annotations

import time

from bot.local_slack.acts import viewing
from bot.local_slack.block_kit import validate_view
from bot.local_slack.methods import method
from bot.local_slack.records.content import refused
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError
from bot.local_slack.workspace import Trigger

_TRIGGER_SECONDS = 3
_STACK_MOST = 3


@method("views.open")
def open_view(ask: Ask) -> Json:
    trigger, view = _trigger(ask), _given(ask, "modal")
    trigger.used = True
    return _put(ask, view, trigger.user)


@method("views.push")
def push(ask: Ask) -> Json:
    """On top of the modal whose button or submission gave the trigger."""
    trigger, view = _trigger(ask), _given(ask, "modal")
    below = ask.workspace.state.views.get(trigger.view or "")
    if below is None:
        raise SlackError("invalid_trigger_id")
    if len(viewing.stack(ask.workspace, trigger.user)) >= _STACK_MOST:
        raise SlackError("push_limit_reached")
    trigger.used = True
    return _put(ask, view, trigger.user, below=below)


@method("views.update")
def update(ask: Ask) -> Json:
    old = _named(ask)
    if ask.text("hash") not in ("", old["hash"]):
        raise SlackError("hash_conflict")
    view = _given(ask, old["type"])
    return _put(ask, view, old["_for"], old=old)


@method("views.publish")
def publish(ask: Ask) -> Json:
    """The home tab of one person."""
    user, view = ask.user("user_id"), _given(ask, "home")
    old = viewing.home(ask.workspace, user.id)
    if old is not None and ask.text("hash") not in ("", old["hash"]):
        raise SlackError("hash_conflict")
    return _put(ask, view, user.id, old=old)


def _trigger(ask: Ask) -> Trigger:
    trigger = ask.workspace.triggers.get(ask.required("trigger_id"))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() - trigger.at > _TRIGGER_SECONDS:
        raise SlackError("expired_trigger_id")
    return trigger


def _given(ask: Ask, kind: str) -> Json:
    view = ask.structure("view", "invalid_arguments")
    wrong = validate_view(view) if isinstance(view, dict) else ["must provide an object [json-pointer:/view]"]
    if not wrong and view["type"] != kind:
        wrong = [f"invalid view type {view['type']} [json-pointer:/view/type]"]
    if wrong:
        raise refused("invalid_arguments", wrong)
    return dict(view)


def _named(ask: Ask) -> Json:
    key, external = ask.text("view_id"), ask.text("external_id")
    for view in ask.workspace.state.views.values():
        if view["id"] == key or (external and view["external_id"] == external):
            return view
    raise SlackError("not_found")


def _put(ask: Ask, given: Json, user: str, *, below: Json | None = None, old: Json | None = None) -> Json:
    return {"view": viewing.shown(viewing.put(ask.workspace, given, user, below=below, old=old))}
