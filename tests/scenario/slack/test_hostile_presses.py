"""Buttons and forms that say they come from elsewhere: nobody sees, stops or rates what is not theirs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from bot.local_slack import Person, Unanswered
from bot.slack.replying import labels
from bot.slack.replying.replies import FEEDBACK, REASONING, STOP
from bot.slack.surface.forget import ERASE
from tests.scenario.slack.drawings import saying, small_png
from tests.scenario.slack.model import Model, Pause
from tests.scenario.slack.office import PATIENCE, Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


def pressed(room: Room, action: str, value: Any, who: Person | None = None) -> Json:
    """What Slack sends when Anna (or `who`) presses a button of a message in the room."""
    user = (who or room.anna).id
    return {
        "type": "block_actions",
        "user": {"id": user, "team_id": room.slack.team},
        "team": {"id": room.slack.team},
        "container": {"type": "message", "message_ts": "1.0", "channel_id": room.channel, "is_ephemeral": False},
        "channel": {"id": room.channel},
        "trigger_id": "1.0",
        "response_url": f"{room.slack.url}/response/none",
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
    }


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


def run_of(message: Json) -> str:
    """The value of its button that shows the reasoning."""
    elements = [each for block in message["blocks"] for each in block.get("elements", ())]
    return str(next(each["value"] for each in elements if each.get("action_id") == REASONING))


async def test_the_reasoning_of_another_channel_is_not_shown(room: Room) -> None:
    private = await room.office.room(private=True)
    await private.answer_to("What does it say?", ("plans.png", saying("Hidden ledger pages")))
    run, before = run_of(private.said[-1]), len(room.slack.calls)
    for value in (run, run.upper(), f"{run}' or true --", f"{{{run}}}"):
        await deliver(room, pressed(room, REASONING, value))
        await deliver(room, forged(pressed(room, REASONING, value), {"team.id": "T0OTHER"}))
        await deliver(room, pressed(room, FEEDBACK, f"bad:{value}"))
    await room.answer_to("thanks!")
    shown = json.dumps([call.arguments for call in room.slack.calls[before:]])
    assert labels.GONE in shown
    assert "hidden ledger" not in shown.lower()


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
    await deliver(room, forged(pressed(room, action, "good:"), changes))
    ts = await room.ask("thanks!")
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_others_do_not_stop_a_question(slow_room: Room, model: Model) -> None:
    thinking = Pause()
    model.answers("take your time", thinking, "It is red.")
    ts = await slow_room.ask("take your time", ("a.png", small_png()))
    await thinking.begun()
    other = await slow_room.office.room()
    await deliver(other, pressed(other, STOP, ts, slow_room.anna))
    await deliver(slow_room, pressed(slow_room, STOP, ts, slow_room.ben))
    thinking.end()
    assert "It is red." in await slow_room.reply_to(ts)


async def test_a_stop_button_pressed_fifty_times_stops_once(slow_room: Room, model: Model) -> None:
    thinking = Pause()
    model.answers("think about it", thinking, "It is red.")
    ts = await slow_room.ask("think about it", ("a.png", small_png()))
    await thinking.begun()
    await asyncio.gather(*(deliver(slow_room, pressed(slow_room, STOP, ts)) for _ in range(50)))
    said = await slow_room.reply_to(ts)
    assert (said.count("Stopped."), said[-1]) == (1, "Stopped.")  # below the step at which it was
    thinking.end()
    await slow_room.nothing_more_comes()
    assert len(slow_room.replies(ts)) == 1


async def test_a_button_to_erase_is_only_for_who_asked_for_it(room: Room) -> None:
    await room.answer_to("What format is it?", ("a.png", small_png()))
    await room.anna.slash("/spyglass", "forget me", room.channel)
    await room.slack.until(lambda: room.notes_to(room.anna), PATIENCE)
    note = next(one for one in room.slack.ephemerals(room.channel) if one["_for"] == room.anna.id)
    elements = [each for block in note["blocks"] for each in block.get("elements", ())]
    value = next(each["value"] for each in elements if each.get("action_id") == ERASE)
    stolen = json.loads(value) | {"by": room.ben.id}
    for who, said in (
        (room.ben, value),
        (room.ben, json.dumps(stolen)),
        (room.ben, json.dumps({**stolen, "whose": {"channel": room.channel}})),
        (room.anna, json.dumps({"what": "me", "by": room.anna.id, "whose": {"user": ["a"]}})),
        (room.anna, json.dumps({"what": "x", "by": room.anna.id, "whose": {"user": "a\x00"}})),
        (room.anna, "[" * 50_000),
    ):
        await deliver(room, pressed(room, ERASE, said, who))
    assert "Image 1 is a PNG file (image/png)." in await room.answer_to("What format is image 1?")
