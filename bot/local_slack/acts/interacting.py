"""What a person does with what the app shows: pressing, typing commands, submitting; and what answers do."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.local_slack.acts import viewing
from bot.local_slack.records import shapes
from bot.local_slack.records.state import Channel, User
from bot.local_slack.records.store import Json
from bot.local_slack.serving import response_urls
from bot.local_slack.workspace import ResponseUrl, Trigger

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace

_OPTIONS = ("static_select", "external_select", "radio_buttons", "overflow")
_CHOSEN = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
}
_MANY = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
_OPTION_LISTS = ("checkboxes", "multi_static_select", "multi_external_select")


def trigger(workspace: Workspace, user: str, view: str | None = None) -> str:
    key = f"{time.time_ns()}.{secrets.token_hex(16)}"
    workspace.triggers[key] = Trigger(user, time.monotonic(), view=view)
    return key


async def press(workspace: Workspace, user: User, channel: Channel, ts: str, action_id: str, value: Any) -> Json | None:
    """Presses or chooses what `action_id` names in a message. Raises: ValueError when that is not there; Unanswered."""
    message, ephemeral = _message(channel, user, ts)
    root = message.get("thread_ts")
    origin = {"channel": channel.id, "user": user.id, "thread_ts": root}
    where = {"ephemeral": ts} if ephemeral else {"message_ts": ts}
    container = {"type": "message", "message_ts": ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
    payload = {
        **common(workspace, user, "block_actions"),
        "container": container | ({"thread_ts": root} if root else {}),
        "trigger_id": trigger(workspace, user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": response_urls.issue(workspace, **origin, **where),
        "state": {"values": {}},
        "actions": [_action(message.get("blocks", []), action_id, value, {})],
    }
    if not ephemeral:
        payload["message"] = shapes.message(workspace, channel, message)
    return await workspace.courier.ask("interactive", payload)


async def press_in_view(
    workspace: Workspace, user: User, view: Json, action_id: str, value: Any, values: Json
) -> Json | None:
    """The same, in a modal or the home tab. `values`: what its inputs hold, by action id."""
    view["state"] = {"values": _state(view, values)}
    payload = {
        **common(workspace, user, "block_actions"),
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": trigger(workspace, user.id, view["id"]),
        "view": viewing.shown(view),
        "state": view["state"],
        "actions": [_action(view["blocks"], action_id, value, _suggested(view))],
    }
    return await workspace.courier.ask("interactive", payload)


def _message(channel: Channel, user: User, ts: str) -> tuple[Json, bool]:
    if ts in channel.messages:
        return channel.messages[ts], False
    for one in channel.ephemerals:
        if one["ts"] == ts and one["_for"] == user.id:
            return one, True
    raise ValueError(f"{user.name} sees no message {ts} in {channel.name or channel.id}.")


def common(workspace: Workspace, user: User, kind: str) -> Json:
    """What every payload of an interaction says."""
    who = workspace.state.identity
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "api_app_id": who.app_id,
        "token": who.verification_token,
        "team": {"id": who.team, "domain": "local"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def found(blocks: list[Json], action_id: str, value: Any = None) -> tuple[Json, Json]:
    """The block and the element of that name; of several the one with that value. Raises: ValueError."""
    named = [
        (block, element) for block in blocks for element in _elements(block) if element.get("action_id") == action_id
    ]
    if not named:
        raise ValueError(f"There is nothing to press named {action_id}.")
    return next((pair for pair in named if pair[1].get("value") == value), named[0])


def _action(blocks: list[Json], action_id: str, value: Any, suggested: Json) -> Json:
    block, element = found(blocks, action_id, value)
    chosen = _chosen_button(element, value) or _chosen({**element, **suggested.get(action_id, {})}, value)
    about = {"action_id": action_id, "block_id": block["block_id"], "type": element["type"]}
    return {**about, **chosen, "action_ts": f"{time.time():.6f}"}


def _elements(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if "action_id" in value:
            yield value
        for inner in value.values():
            yield from _elements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _elements(inner)


def _chosen_button(element: Json, value: Any) -> Json:
    """What a button tells of itself; feedback buttons are two, told apart by their values."""
    if element["type"] == "feedback_buttons":
        buttons = [element["positive_button"], element["negative_button"]]
        pressed = next((button for button in buttons if value in (None, button["value"])), None)
        if pressed is None:
            raise ValueError(f"Neither feedback button has the value {value!r}.")
        return {"text": pressed["text"], "value": pressed["value"]}
    if element["type"] not in ("button", "workflow_button", "icon_button"):
        return {}
    told: Json = {name: element[name] for name in ("text", "value", "style", "url") if name in element}
    return told if value is None else {**told, "value": value}


def _chosen(element: Json, value: Any) -> Json:
    """The value of an input or a menu, as `state` and `actions` write it."""
    kind = element["type"]
    if kind in _OPTIONS:
        return {"selected_option": _option(element, value)}
    if kind in _OPTION_LISTS:
        return {"selected_options": [_option(element, one) for one in value or ()]}
    if kind in _MANY:
        return {_MANY[kind]: list(value or ())}
    return {_CHOSEN.get(kind, "value"): value}


def _option(element: Json, value: Any) -> Json | None:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    options: list[Json] = [option for group in groups for option in group["options"]]
    options += [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
    if value is None:
        return None
    for option in options:
        if option["value"] == value:
            return option
    raise ValueError(f"{element['action_id']} has no option {value!r}.")


async def slash(workspace: Workspace, user: User, channel: Channel, command: str, text: str) -> Json | None:
    """Types a command. What the app acknowledges with is shown. Raises: Unanswered."""
    who = workspace.state.identity
    url = response_urls.issue(workspace, channel=channel.id, user=user.id)
    payload = {
        "token": who.verification_token,
        "api_app_id": who.app_id,
        "team_id": who.team,
        "team_domain": "local",
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "response_url": url,
        "trigger_id": trigger(workspace, user.id),
        "is_enterprise_install": "false",
    }
    answer = await workspace.courier.ask("slash_commands", payload)
    if answer:
        response_urls.answer(workspace, ResponseUrl(channel.id, user.id, 0.0), answer)
    return answer


def channel_name(channel: Channel) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


async def submit(workspace: Workspace, user: User, view: Json, values: Json) -> Json | None:
    """Submits a modal: `values` by action id. The answer says whether it closes, changes, or shows errors."""
    view["state"] = {"values": _state(view, values)}
    payload = {
        **common(workspace, user, "view_submission"),
        "trigger_id": trigger(workspace, user.id, view["id"]),
        "view": viewing.shown(view),
    }
    answer = await workspace.courier.ask("interactive", payload)
    _after_submission(workspace, view, answer or {})
    return answer


def _state(view: Json, values: Json) -> Json:
    state: Json = {}
    for block in view["blocks"]:
        for element in _elements(block):
            if element["type"] not in ("button", "icon_button", "feedback_buttons", "overflow"):
                name = element["action_id"]
                chosen = _chosen({**element, **_suggested(view).get(name, {})}, values.get(name))
                state.setdefault(block["block_id"], {})[name] = {"type": element["type"], **chosen}
    return state


def _suggested(view: Json) -> Json:
    """By action id: what the app suggested last for its external menus."""
    suggested: Json = view.get("_suggested", {})
    return suggested


def _after_submission(workspace: Workspace, view: Json, answer: Json) -> None:
    action = answer.get("response_action")
    if action == "errors" or view["id"] not in workspace.state.views:
        return
    if action == "update":
        viewing.put(workspace, answer["view"], view["_for"], old=view)
    elif action == "push":
        viewing.put(workspace, answer["view"], view["_for"], below=view)
    else:
        viewing.close(workspace, view, all_of_them=action == "clear")


async def close(workspace: Workspace, user: User, view: Json, *, all_of_them: bool = False) -> None:
    """Closes a modal, or all that are open; the app hears of those for which it asked to."""
    gone = viewing.stack(workspace, user.id)[::-1] if all_of_them else [view]
    viewing.close(workspace, view, all_of_them=all_of_them)
    for one in gone:
        if one["notify_on_close"]:
            told = {**common(workspace, user, "view_closed"), "view": viewing.shown(one), "is_cleared": all_of_them}
            await workspace.courier.ask("interactive", told)
