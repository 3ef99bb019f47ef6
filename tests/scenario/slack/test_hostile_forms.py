"""Forms that say they come from elsewhere: nobody asks, searches or sets anything where they are not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.slack import messages
from bot.slack.surface import question, search, search_views, sentences, settings
from bot.slack.surface.results import ASK, LIKE, MORE
from tests.scenario.slack.drawings import saying
from tests.scenario.slack.office import Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

SECRET = ("plans.png", saying("Top secret plans"))


async def submitted(room: Room, callback: str, kept: Any, values: Mapping[str, Any]) -> str:
    """What Ben is answered who submits a form that holds that."""
    payload = {**_by_ben(room, "view_submission"), "view": _view(callback, kept, values)}
    return json.dumps(await room.slack.workspace.courier.ask("interactive", payload))


async def pressed(room: Room, action: str, value: str, kept: Any) -> str:
    """What Ben is shown who presses a button of what was found, in a modal that holds that."""
    before = len(room.slack.calls)
    action_of = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.000001"}
    view = _view(search_views.FOUND, kept, {})
    payload = {**_by_ben(room, "block_actions"), "view": view, "actions": [action_of], "trigger_id": "1.0"}
    await room.slack.workspace.courier.ask("interactive", payload)
    await room.slack.until(lambda: any(call.method.startswith("views.") for call in room.slack.calls[before:]))
    return json.dumps([call.arguments for call in room.slack.calls[before:] if call.method.startswith("views.")])


def _by_ben(room: Room, kind: str) -> Json:
    return {"type": kind, "user": {"id": room.ben.id, "team_id": room.slack.team}, "team": {"id": room.slack.team}}


def _view(callback: str, kept: Any, values: Mapping[str, Any]) -> Json:
    state = {name: {name: value} for name, value in values.items()}
    kept = json.dumps(kept)
    return {"id": "V1", "type": "modal", "callback_id": callback, "private_metadata": kept, "state": {"values": state}}


async def elsewhere(room: Room) -> tuple[Room, str]:
    """A private channel without Ben, where a picture was shown; and the id of its file."""
    private = await room.office.room(private=True)
    await private.answer_to("What does it say?", SECRET)
    await private.nothing_more_comes()
    (file,) = private.slack.messages(private.channel)[0]["files"]
    return private, str(file["id"])


async def test_a_question_about_another_channels_image_is_refused(room: Room) -> None:
    private, file = await elsewhere(room)
    place = {"channel": private.channel, "thread_ts": private.thread, "asked_at": "1.000001", "about": {file: "a.png"}}
    answer = await submitted(room, question.FORM, place, {question.OWN: {"value": "What does it say?"}})
    assert messages.NOT_A_MEMBER in answer


async def test_another_channels_image_is_not_taken_into_ones_own_thread(room: Room) -> None:
    _, file = await elsewhere(room)
    root = await room.anna.post(room.channel, "hello")
    place = {"channel": room.channel, "thread_ts": root, "asked_at": f"{root}", "about": {file: "plans.png"}}
    assert await submitted(room, question.FORM, place, {question.OWN: {"value": "What does it say?"}}) == "null"
    await room.slack.until(lambda: len([one for one in room.said if one.get("metadata")]) > 1, 60)
    assert "secret" not in json.dumps(room.said).lower()


async def test_another_channel_is_not_searched(room: Room) -> None:
    private, file = await elsewhere(room)
    values = {"query": {"value": "secret plans"}, "channel": {"selected_option": {"value": private.channel}}}
    assert messages.NOT_A_MEMBER in await submitted(room, search.FORM, {"here": room.channel}, values)
    kept = {"here": "", "search": {"channel": private.channel, "query": "secret plans"}}
    for action in (MORE, LIKE):
        shown = await pressed(room, action, "0d9f7b1e-52c3-4b8c-9a63-2f6f0c4a7e19", kept)
        assert messages.NOT_A_MEMBER in shown
        assert "plans.png" not in shown
    assert "plans.png" not in await pressed(room, ASK, file, {"search": {"channel": room.channel, "query": "plans"}})


async def test_somebody_elses_direct_messages_are_not_searched(room: Room) -> None:
    direct = room.anna.dm()
    values = {"query": {"value": "a flower"}, "channel": {"selected_option": {"value": direct}}}
    assert sentences.NOT_OURS in await submitted(room, search.FORM, {"here": room.channel}, values)


async def test_another_channels_settings_are_not_changed(room: Room) -> None:
    private, _ = await elsewhere(room)
    before = {"answers": "always", "by": None, "style": None, "language": None}
    values = {"answers": {"selected_option": {"value": "off"}}}
    kept = {"channel": private.channel, "before": before}
    assert sentences.NOT_OURS in await submitted(room, settings.FORM, kept, values)
    assert await private.answer_to("thanks!")
