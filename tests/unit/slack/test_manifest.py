"""The app asks Slack for what the bot uses: no event it does not read, no scope without a reason, none too few."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.local_slack.methods import load
from bot.slack.audiences import changes
from bot.slack.manifest import FILE, missing_scopes, read_manifest, scopes
from bot.slack.surface import question, search

ROOT = Path(__file__).parents[3]
CODE = ROOT / "bot" / "slack"

# https://docs.slack.dev/reference/events: what an app must be allowed to be sent these
EVENT_SCOPES: dict[str, str | None] = {
    "agent_session_stopped": "assistant:write",
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    **dict.fromkeys(("channel_archive", "channel_deleted", "channel_id_changed", "channel_left"), "channels:read"),
    **dict.fromkeys(("channel_rename", "channel_shared", "channel_unarchive", "channel_unshared"), "channels:read"),
    **dict.fromkeys(("file_change", "file_deleted", "file_unshared"), "files:read"),
    **dict.fromkeys(("group_archive", "group_deleted", "group_left", "group_rename"), "groups:read"),
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "team_join": "users:read",
    "tokens_revoked": None,
    "user_change": "users:read",
}
# Allowed by what else is in the manifest, or by what no method tells.
FEATURE_SCOPES = {
    "agent_view": "assistant:write",
    "shortcuts": "commands",
    "slash_commands": "commands",
}
FILES_ARE_DOWNLOADED_WITH = "files:read"
KIND_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "mpim": "mpim:read",
    "im": "im:read",
}
# They ask for another scope in each kind of conversation, and the bot is in all of them.
OF_EVERY_KIND = {"conversations.history", "conversations.info", "conversations.members", "conversations.replies"}


def manifest(*path: str) -> Any:
    found: Any = read_manifest()
    for part in path:
        found = found[part]
    return found


def events() -> list[str]:
    found: list[str] = manifest("settings", "event_subscriptions", "bot_events")
    return found


def methods_called() -> set[str]:
    """Names of the Web API methods that stand in the bot's code, as Slack writes them."""
    known = {name for name in vars(AsyncWebClient) if "_" in name.strip("_") and not name.startswith("_")}
    names = {node.attr for node in _nodes() if isinstance(node, ast.Attribute)} & known
    return {name.replace("_", ".") for name in names}


def events_read() -> set[str]:
    """The types of events that `read_event` tells apart, and those that say who is where."""
    (function,) = (node for node in _nodes() if isinstance(node, ast.FunctionDef) and node.name == "read_event")
    values = (node.value for node in ast.walk(function) if isinstance(node, ast.MatchValue))
    told = {value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)}
    return told | changes.HEARD


def kinds_listed() -> set[str]:
    """What the bot's code gives as `types` of conversations."""
    given = [node.value for node in _nodes() if isinstance(node, ast.keyword) and node.arg == "types"]
    return {kind for types in given for kind in str(ast.literal_eval(types)).split(",")}


def _nodes() -> Iterator[ast.AST]:
    for file in sorted(CODE.rglob("*.py")):
        yield from ast.walk(ast.parse(file.read_text("utf-8")))


# --- its form -------------------------------------------------------------------------------------


def test_the_manifest_that_is_packaged_is_the_one_in_deploy() -> None:
    assert (CODE / "manifest.yaml").read_bytes() == (ROOT / FILE).read_bytes()


def test_what_people_see_of_the_app_is_as_long_as_slack_takes_it() -> None:
    shown = manifest("display_information")
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert 1 <= len(manifest("features", "bot_user", "display_name")) <= 80


def test_the_app_is_an_agent_and_people_can_write_to_it() -> None:
    features = manifest("features")
    # no assistant_view, the older one
    assert set(features) == {"agent_view", "app_home", "bot_user", "shortcuts", "slash_commands"}
    assert features["agent_view"]["agent_description"]
    assert features["app_home"]["home_tab_enabled"] is True
    assert features["app_home"]["messages_tab_enabled"] is True
    assert features["app_home"]["messages_tab_read_only_enabled"] is False


def test_the_command_names_what_it_understands() -> None:
    (command,) = manifest("features", "slash_commands")
    assert command["command"] == "/spyglass"
    assert command["usage_hint"] == "search | help | settings | archive | usage | forget"
    assert command["description"]


def test_every_shortcut_is_one_that_is_listened_to() -> None:
    """https://docs.slack.dev/reference/app-manifest: the lengths Slack takes."""
    shortcuts = manifest("features", "shortcuts")
    assert {(each["type"], each["callback_id"]) for each in shortcuts} == {
        ("message", question.SHORTCUT),
        ("global", search.SHORTCUT),
    }
    assert all(len(each["name"]) <= 24 and len(each["description"]) <= 150 for each in shortcuts)


def test_events_and_buttons_arrive_by_socket_and_the_token_stays() -> None:
    settings = manifest("settings")
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"]["is_enabled"] is True
    assert settings["org_deploy_enabled"] is False
    assert settings["token_rotation_enabled"] is False


def test_every_scope_has_a_reason_and_nothing_is_there_twice() -> None:
    asked = manifest("oauth_config", "scopes", "bot")
    assert list(scopes()) == asked == sorted(set(asked))
    assert all(reason.startswith(("to ", "for ")) for reason in scopes().values())
    assert events() == sorted(set(events()))


def test_what_a_token_lacks_is_listed_in_order_with_its_reason() -> None:
    assert missing_scopes(scopes()) == []
    assert missing_scopes([]) == list(scopes().items())
    assert missing_scopes(set(scopes()) - {"chat:write"}) == [("chat:write", "to answer")]


# --- its content ----------------------------------------------------------------------------------


def test_the_app_hears_exactly_the_events_the_bot_reads() -> None:
    assert {event.partition(".")[0] for event in events()} == events_read()
    assert {event for event in events() if event.startswith("message.")} == {
        *("message.channels", "message.groups", "message.im", "message.mpim"),
    }


def test_the_app_may_hear_every_event_it_asks_for() -> None:
    assert {EVENT_SCOPES[event] for event in events()} - {None} <= set(scopes())


def test_the_app_may_call_every_method_the_bot_calls() -> None:
    called = methods_called()
    assert {"chat.postMessage", "auth.test", "users.info"} <= called
    described = load()
    assert called <= set(described)
    for name in called - {"apps.connections.open"}:  # it takes the app-level token
        allowing = set(described[name].scopes)
        assert allowing <= set(scopes()) if name in OF_EVERY_KIND else not allowing or allowing & set(scopes()), name


def test_the_app_may_list_every_kind_of_conversation_the_bot_looks_through() -> None:
    kinds = kinds_listed()
    assert kinds
    assert {KIND_SCOPES[kind] for kind in kinds} <= set(scopes())


def test_no_scope_is_asked_for_that_nothing_needs() -> None:
    by_method = {
        scope
        for name in methods_called()
        for scope in load()[name].scopes
        if name in OF_EVERY_KIND or scope not in KIND_SCOPES.values()
    }
    by_kind = {KIND_SCOPES[kind] for kind in kinds_listed()}
    by_event = {EVENT_SCOPES[event] for event in events()}
    by_feature = {scope for feature, scope in FEATURE_SCOPES.items() if feature in manifest("features")}
    assert set(scopes()) <= by_method | by_kind | by_event | by_feature | {FILES_ARE_DOWNLOADED_WITH}
