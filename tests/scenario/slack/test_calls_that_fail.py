"""Slack is busy, broken or silent on each kind of call, before or after it took effect: the answer is said once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot.local_slack import Upload
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.model import Model, Pause, Use
from tests.scenario.slack.office import Office, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

ANSWER = "I cannot tell."
WAYS: dict[str, list[dict[str, Any]]] = {
    "before it takes effect": [{"status": 429}, {"status": 500}, {"hang": 0.2}],
    "after it took effect, with an error": [{"status": 500, "after": True}],
    "after it took effect, in silence": [{"hang": 0.2, "after": True}],
}
METHODS = {
    "assistant.threads.setStatus": "channel_id",
    "users.info": "user",
    "conversations.replies": "channel",
    "files.info": "file",
    "download": "file",
    "chat.startStream": "channel",
    "chat.appendStream": "channel",
    "chat.stopStream": "channel",
    "chat.update": "channel",
    "chat.postMessage": "channel",
}
"""And the argument that tells whose call it is."""
ONLY_BEFORE = ("download",)
CASES = [(method, way) for method in METHODS for way in WAYS if method not in ONLY_BEFORE or "before" in way]


@dataclass(frozen=True)
class Case:
    """A question during which calls of one method fail."""

    room: Room
    method: str
    ts: str
    answer: str
    """What is in the answer."""

    @property
    def failures(self) -> list[str]:
        return [call.method for call in self.room.slack.calls if call.method == self.method and call.status != 200]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cases(slow_office: Office, model: Model) -> AsyncIterator[dict[tuple[str, str], asyncio.Task[Case]]]:
    """All at once, for most of the time is spent waiting."""
    under_way = {case: asyncio.create_task(asked(slow_office, model, *case)) for case in CASES}
    yield under_way
    for task in under_way.values():
        task.cancel()
    await asyncio.gather(*under_way.values(), return_exceptions=True)
    slow_office.slack.faults.clear()


async def asked(office: Office, model: Model, method: str, way: str) -> Case:
    room, question, pause = await office.room(), f"What if {method} fails {way}?", Pause()
    stepless = method == "chat.postMessage"  # where no step is shown there is no stream to end: nothing was planned
    data = b"no image" if stepless else small_png()
    file = await room.anna.upload(Upload("small.png", data, stub=method == "files.info"))
    known = {"channel": room.channel, "channel_id": room.channel, "user": room.anna.id, "file": file}
    model.answers(question, Use("classify", {"image": "image 1", "labels": ["red", "blue"]}), pause, ANSWER)
    if method == "chat.update":
        office.slack.faults.fail("chat.startStream", error="feature_not_enabled", matching={"channel": room.channel})
    if method == "conversations.replies":
        await room.say("look at this")
    argument = METHODS[method]
    for failure in WAYS[way]:
        office.slack.faults.fail(method, matching={argument: known[argument]}, **failure)
    ts = await room.say(question, file, mention=True)
    if method in ("chat.appendStream", "chat.update"):
        await office.slack.until(lambda: room.calls(method), 60)
    pause.end()
    await room.reply_to(ts)
    return Case(room, method, ts, "small.png" if stepless else ANSWER)


@pytest.mark.parametrize(("method", "way"), CASES)
async def test_the_answer_is_said_once_when_a_call_fails(
    cases: dict[tuple[str, str], asyncio.Task[Case]], method: str, way: str
) -> None:
    case = await cases[method, way]
    assert len(case.room.said) == len(case.room.replies(case.ts)) == 1
    assert case.answer in "\n".join(await case.room.reply_to(case.ts))
    assert case.failures or method == "download"


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
async def test_a_long_answer_is_attached_once_when_its_upload_fails(slow_room: Room, model: Model, method: str) -> None:
    model.answers(f"Say much in spite of {method}", "I cannot tell that. " * 2_500)
    for failure in WAYS["before it takes effect"]:
        slow_room.slack.faults.fail(method, **failure)
    await attached_once(slow_room, await slow_room.ask(f"Say much in spite of {method}"))


@pytest.mark.parametrize("way", WAYS)
async def test_a_long_answer_is_attached_once_when_sharing_it_fails(slow_room: Room, model: Model, way: str) -> None:
    model.answers(f"Say much though sharing fails {way}", "I cannot tell that. " * 2_500)
    for failure in WAYS[way]:
        slow_room.slack.faults.fail(
            "files.completeUploadExternal", matching={"channel_id": slow_room.channel}, **failure
        )
    await attached_once(slow_room, await slow_room.ask(f"Say much though sharing fails {way}"))


async def attached_once(room: Room, ts: str) -> None:
    await room.reply_to(ts)
    await room.slack.until(lambda: [message for message in room.said if message.get("files")], 60)
    await room.answer_to("Are you done?")
    assert [file["name"] for message in room.said for file in message.get("files", ())] == ["answer.txt"]


async def test_threads_of_one_channel_are_answered_though_it_takes_one_message_a_second(slow_room: Room) -> None:
    slow_room.slack.faults.limit("chat.postMessage", calls=1, seconds=1.0)
    asked = []
    for _ in range(4):
        slow_room.thread = None
        asked.append(await slow_room.ask("How many at once?"))
    await asyncio.gather(*(slow_room.reply_to(ts) for ts in asked))
    assert [len(slow_room.replies(ts)) for ts in asked] == [1] * 4


@pytest.mark.parametrize("after", [False, True])
async def test_an_answer_is_said_once_when_every_call_fails_for_a_while(
    slow_room: Room, model: Model, after: bool
) -> None:
    question = f"Is everything down{' afterwards' if after else ''}?"
    pause = Pause()
    model.answers(question, pause, ANSWER)
    ts = await slow_room.ask(question)
    await pause.begun()
    slow_room.slack.faults.fail("*", times=5, status=503, after=after)
    pause.end()
    assert ANSWER in await slow_room.reply_to(ts)
    slow_room.slack.faults.clear()
    model.answers("Is it up again?", ANSWER)
    await slow_room.answer_to("Is it up again?")
    assert len(slow_room.replies(ts)) == 1
    assert len(slow_room.said) == 2
