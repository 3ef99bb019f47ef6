"""Buttons and forms that say they come from elsewhere: nobody sees, stops or rates what is not theirs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from bot.local_slack import Unanswered
from bot.slack.listening.commands import ERASE
from bot.slack.replying.replies import FEEDBACK, REASONING, STOP
from tests.scenario.slack.drawings import saying, small_png
from tests.scenario.slack.model import Model, Pause
from tests.scenario.slack.office import PATIENCE, Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


async def pressed(room: Room, action: str) -> Json:
    """The payload of a press on the last thing the bot said, to make others of."""
    answer = next(one for one in reversed(room.said) if action in json.dumps(one.get("blocks", [])))
    await room.anna.press(room.channel, answer["ts"], action)
    await room.slack.until(lambda: all(one.over for one in room.slack.deliveries))
    return deepcopy([one.payload for one in room.slack.deliveries if one.kind == "interactive"][-1])


def forged(payload: Json, changes: Mapping[str, Any]) -> Json:
    """The payload with other values at dotted places."""
    made = deepcopy(payload)
    for place, value in changes.items():
        *path, last = place.split(".")
        inner: Any = made
        for step in path:
            inner = inner[int(step)] if step.isdigit() else inner[step]
        inner[last] = value
    return made


async def deliver(room: Room, payload: Json) -> None:
    try:
        await room.slack.workspace.courier.ask("interactive", payload)
    except Unanswered:
        return
    finally:
        await asyncio.sleep(0.2)


async def test_the_reasoning_of_another_channel_is_not_shown(room: Room) -> None:
    private = await room.office.room(private=True)
    await private.answer_to("What does it say?", ("plans.png", saying("Top secret plans")))
    theirs = await pressed(private, REASONING)
    await room.answer_to("What does it say?", ("a.png", saying("Lunch menu")))
    own = await pressed(room, REASONING)
    run = theirs["actions"][0]["value"]
    before = len(room.slack.calls)
    for changes in (
        {"actions.0.value": run},
        {"actions.0.value": run, "team.id": "T0OTHER"},
        {"actions.0.value": run.upper()},
        {"actions.0.value": f"{run}' or true --"},
    ):
        await deliver(room, forged(own, changes))
    await room.answer_to("thanks!")
    assert "secret plans" not in json.dumps([call.arguments for call in room.slack.calls[before:]]).lower()


@pytest.mark.parametrize(
    "changes",
    [
        {"actions.0.value": "\x00"},
        {"actions.0.value": None},
        {"actions.0.value": {"a": 1}},
        {"actions.0.value": "good:"},
        {"actions.0.value": "x" * 100_000},
        {"container.channel_id": "\x00"},
        {"user.id": "U0NOBODY"},
        {"container": {}, "channel": {}},
    ],
)
@pytest.mark.parametrize("action", [REASONING, FEEDBACK, STOP])
async def test_a_press_that_says_something_else_does_nothing(room: Room, changes: Json, action: str) -> None:
    await room.answer_to("What format is it?", ("a.png", small_png()))
    own = forged(await pressed(room, FEEDBACK), {"actions.0.action_id": action, "actions.0.type": "button"})
    await deliver(room, forged(own, changes))
    ts = await room.ask("thanks!")
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_others_do_not_stop_a_question(slow_room: Room, model: Model) -> None:
    thinking = Pause()
    model.answers("take your time", thinking, "It is red.")
    ts = await slow_room.ask("take your time", ("a.png", small_png()))
    await thinking.begun()
    other = await slow_room.office.room()
    await other.answer_to("hello", ("a.png", small_png()))
    own = await pressed(other, FEEDBACK)
    stop = {"actions.0.action_id": STOP, "actions.0.type": "button", "actions.0.value": ts}
    await deliver(other, forged(own, stop))
    await deliver(
        slow_room, forged(own, {**stop, "container.channel_id": slow_room.channel, "user.id": slow_room.ben.id})
    )
    thinking.end()
    assert "It is red." in await slow_room.reply_to(ts)


async def test_a_stop_button_pressed_fifty_times_stops_once(slow_room: Room, model: Model) -> None:
    thinking = Pause()
    model.answers("think about it", thinking, "It is red.")
    ts = await slow_room.ask("think about it", ("a.png", small_png()))
    await thinking.begun()
    other = await slow_room.office.room()
    await other.answer_to("hello", ("a.png", small_png()))
    own = await pressed(other, FEEDBACK)
    stop = {"actions.0.action_id": STOP, "actions.0.type": "button", "actions.0.value": ts}
    mine = {**stop, "container.channel_id": slow_room.channel, "user.id": slow_room.anna.id}
    await asyncio.gather(*(deliver(slow_room, forged(own, mine)) for _ in range(50)))
    assert await slow_room.reply_to(ts) == ["Stopped."]
    thinking.end()
    await slow_room.nothing_more_comes()
    assert len(slow_room.replies(ts)) == 1


async def test_a_button_to_erase_is_only_for_who_asked_for_it(room: Room) -> None:
    await room.answer_to("What format is it?", ("a.png", small_png()))
    await room.anna.slash("/spyglass", "forget me", room.channel)
    await room.slack.until(lambda: room.notes_to(room.anna), PATIENCE)
    note = next(one for one in room.slack.ephemerals(room.channel) if one["_for"] == room.anna.id)
    value = next(e["value"] for b in note["blocks"] for e in b.get("elements", ()) if e.get("action_id") == ERASE)
    own = await pressed(room, FEEDBACK)
    press = {"actions.0.action_id": ERASE, "actions.0.type": "button", "actions.0.value": value}
    stolen = json.loads(value) | {"by": room.ben.id}
    for changes in (
        {**press, "user.id": room.ben.id},
        {**press, "user.id": room.ben.id, "actions.0.value": json.dumps(stolen)},
        {**press, "actions.0.value": json.dumps({**stolen, "whose": {"channel": room.channel}})},
        {**press, "actions.0.value": json.dumps({"what": "me", "by": room.anna.id, "whose": {"user": ["a"]}})},
        {**press, "actions.0.value": json.dumps({"what": "x", "by": room.anna.id, "whose": {"user": "a\x00"}})},
        {**press, "actions.0.value": "[" * 50_000},
    ):
        await deliver(room, forged(own, changes))
    assert "Image 1 is a PNG file (image/png)." in await room.answer_to("What format is image 1?")
