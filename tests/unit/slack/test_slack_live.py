"""A reply in the making, against the local Slack, and whatever may happen to it meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.local_slack.block_kit import validate
from bot.slack.replying import labels
from bot.slack.replying.live import Delivered, announce
from bot.slack.replying.progress import MOST, Steps, with_plan
from bot.slack.replying.replies import STOP, Replies, Reply
from bot.slack.replying.rich import said as words_of
from bot.slack.storage.outbox import Outbox, Progress
from bot.slack.storage.tables import Database
from bot.slack.web import Unsure, open_web
from tests.unit.slack.slack_replying import Doom, DoomedDatabase, DoomedWeb, Killed, Scene, done, running, said, scene
from tools.kit import CannotDo

ANSWER = said("A red bicycle.")


@pytest.fixture
async def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.setattr("bot.slack.replying.parts.BUSY", 0.05)
    async with scene(database) as made:
        yield made


def shown(message: dict[str, Any]) -> str:
    """The words people see in a message."""
    rich = [block for block in message.get("blocks", []) if block["type"] == "rich_text"]
    return "\n".join(words_of(element) for block in rich for element in block["elements"])


def tasks(message: dict[str, Any]) -> list[tuple[str, str]]:
    plans = [block for block in message["blocks"] if block["type"] == "plan"]
    return [(task["title"], task["status"]) for plan in plans for task in plan["tasks"]]


def actions(message: dict[str, Any]) -> list[str]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def statuses(here: Scene) -> list[str]:
    return [call.get("status", "") for call in here.calls("assistant.threads.setStatus")]


async def shows_steps(here: Scene, condition: Any = None) -> None:
    await here.slack.until(lambda: here.thread and (condition is None or condition(here.thread[-1])))


# --- while it works -------------------------------------------------------------------------------


async def test_a_status_is_there_before_anything_else(here: Scene) -> None:
    async with here.live():
        await here.slack.until(lambda: here.calls("assistant.threads.setStatus"))
    assert statuses(here) == [labels.WORKING]
    assert here.thread == []


async def test_an_answer_without_steps_is_one_message(here: Scene) -> None:
    async with here.live() as live:
        assert await live.finish([ANSWER]) == Delivered("done")
    assert [shown(message) for message in here.thread] == ["A red bicycle."]
    (intent,) = await here.outbox.of(here.question.key)
    assert here.thread[0]["metadata"] == intent.metadata


async def test_steps_stream_as_tasks_and_the_answer_ends_the_stream(here: Scene) -> None:
    async with here.live() as live:
        await live.step(running("read_text (image 1)"))
        await shows_steps(here, lambda message: tasks(message) == [("read_text (image 1)", "in_progress")])
        await live.step(done("read_text (image 1)"))
        await shows_steps(here, lambda message: tasks(message) == [("read_text (image 1)", "complete")])
        assert shown(here.thread[0]) == ""
        assert await live.finish([ANSWER]) == Delivered("done")
    (message,) = here.thread
    assert shown(message) == "A red bicycle."
    assert tasks(message) == [("read_text (image 1)", "complete")]
    assert here.calls("chat.postMessage") == []


async def test_a_burst_of_steps_is_few_calls(here: Scene) -> None:
    async with here.live(pace=0.5) as live:
        await live.step(running("read_text (image 0)"))
        await shows_steps(here)
        for number in range(1, 30):
            await live.step(running(f"read_text (image {number})"))
            await asyncio.sleep(0)
        await live.finish([ANSWER])
    assert len(here.calls("chat.appendStream")) <= 1
    assert len(tasks(here.thread[0])) == 30


async def test_steps_still_running_at_the_end_count_as_done(here: Scene) -> None:
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here)
        await live.finish([ANSWER])
    assert tasks(here.thread[0]) == [("look (image 1)", "complete")]


async def test_a_step_cannot_mention_anybody(here: Scene) -> None:
    async with here.live() as live:
        await live.step(running("search (<!channel> @here)"))
        await shows_steps(here)
        await live.finish([ANSWER])
    assert "<" not in tasks(here.thread[0])[0][0]


async def test_long_work_gets_a_button_to_stop_it_which_is_gone_with_the_answer(here: Scene) -> None:
    async with here.live(stop_after=0.0) as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here, lambda message: STOP in actions(message))
        await live.finish([ANSWER])
    (message,) = here.thread
    assert actions(message) == []
    assert shown(message) == "A red bicycle."
    assert tasks(message) == [("look (image 1)", "complete")]
    assert "edited" not in message


def test_a_step_that_was_cut_short_is_not_shown_as_done() -> None:
    steps = Steps()
    steps.note(running("look (image 1)"))
    steps.end("failed")
    assert [chunk["status"] for chunk in steps.take()] == ["error"]


def test_endless_work_has_a_plan_that_fits() -> None:
    steps = Steps()
    for number in range(500):
        steps.note(running(f"look (image {number})"))
    assert len(steps.take()) == MOST
    assert steps.tasks[-1].title == "look (image 499)"
    assert validate(list(with_plan(steps, ANSWER).blocks), surface="message") == []


async def test_silence_leaves_no_status(here: Scene) -> None:
    async with here.live() as live:
        await here.slack.until(lambda: here.calls("assistant.threads.setStatus"))
        await live.hush()
    assert statuses(here) == [labels.WORKING, ""]


async def test_a_question_is_announced_even_where_there_is_no_status(here: Scene) -> None:
    here.slack.faults.fail("assistant.threads.setStatus", status=200, error="unknown_method")
    await announce(here.web, here.question)


# --- where streaming is missing or ends -----------------------------------------------------------


@pytest.mark.parametrize("error", ["unknown_method", "not_allowed_token_type", "channel_type_not_supported"])
async def test_without_streaming_the_steps_are_shown_by_editing(here: Scene, error: str) -> None:
    here.slack.faults.fail("chat.startStream", times=99, status=200, error=error)
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here, lambda message: "look (image 1)" in shown(message))
        assert actions(here.thread[0]) == [STOP]
        await live.step(done("look (image 1)"))
        await shows_steps(here, lambda message: "✓ look" in shown(message))
        await live.finish([ANSWER])
    (message,) = here.thread
    assert shown(message) == "A red bicycle."
    assert actions(message) == []


async def test_a_stream_that_expired_is_gone_on_with_by_editing(here: Scene) -> None:
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here)
        here.slack.faults.expire_streams()
        await live.step(running("look (image 2)"))
        await shows_steps(here, lambda message: "look (image 2)" in shown(message))
        await live.finish([ANSWER])
    assert [shown(message) for message in here.thread] == ["A red bicycle."]


async def test_a_stream_that_expires_before_its_end_gets_the_whole_answer(here: Scene) -> None:
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here)
        here.slack.faults.expire_streams()
        await live.finish([ANSWER])
    (message,) = here.thread
    assert shown(message) == "A red bicycle."
    assert tasks(message) == [("look (image 1)", "complete")]


async def test_where_no_more_streams_may_be_started_the_answer_does_not_wait(here: Scene) -> None:
    here.slack.faults.fail("chat.startStream", times=99, retry_after=600)
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await here.slack.until(lambda: statuses(here)[-1:] == ["look (image 1)"])
        await live.finish([ANSWER])
    assert [shown(message) for message in here.thread] == ["A red bicycle."]
    assert here.calls("conversations.replies") == []


async def test_the_answer_waits_as_long_as_slack_says(here: Scene) -> None:
    here.slack.faults.fail("chat.postMessage", retry_after=1)
    async with here.live() as live:
        assert await live.finish([ANSWER]) == Delivered("done")
    refused, taken = [call for call in here.slack.calls if call.method == "chat.postMessage"]
    assert taken.at_started - refused.at_ended >= 1.0


# --- answers that get lost ------------------------------------------------------------------------

LOSSES: list[dict[str, Any]] = [{"status": 500}, {"status": 503}, {"reset": True}]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.startStream", "chat.appendStream", "chat.stopStream"])
async def test_a_call_whose_answer_is_lost_says_nothing_twice(
    here: Scene, method: str, after: bool, loss: dict[str, Any]
) -> None:
    here.slack.faults.fail(method, after=after, **loss)
    async with here.live() as live:
        if method != "chat.postMessage":
            await live.step(running("look (image 1)"))
            await shows_steps(here)
            await live.step(running("look (image 2)"))
            await here.slack.until(lambda: any(call.method == "chat.appendStream" for call in here.slack.calls))
        assert await live.finish([ANSWER]) == Delivered("done")
    assert [shown(message) for message in here.thread] == ["A red bicycle."]


# --- places that go away --------------------------------------------------------------------------


async def test_an_archived_channel_is_given_up_on_with_its_reason(here: Scene) -> None:
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here)
        await here.slack.archive(here.question.channel)
        assert await live.finish([ANSWER]) == Delivered("failed", "is_archived")


async def test_a_revoked_token_is_given_up_on_with_its_reason(here: Scene) -> None:
    async with here.live() as live:
        here.slack.faults.revoke_token()
        delivered = await live.finish([ANSWER])
    assert delivered == Delivered("failed", "token_revoked")


async def test_a_channel_the_bot_was_removed_from_is_given_up_on(here: Scene) -> None:
    await here.slack.remove(here.question.channel, None)
    async with here.live() as live:
        assert (await live.finish([ANSWER])).state == "failed"


@pytest.mark.parametrize("streaming", [True, False])
async def test_a_message_deleted_in_mid_work_is_made_anew(here: Scene, streaming: bool) -> None:
    if not streaming:
        here.slack.faults.fail("chat.startStream", times=99, status=200, error="unknown_method")
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here)
        await here.web.client.chat_delete(channel=here.question.channel, ts=here.thread[0]["ts"])
        await live.step(running("look (image 2)"))
        assert await live.finish([ANSWER]) == Delivered("done")
    assert [shown(message) for message in here.thread] == ["A red bicycle."]


async def test_nothing_is_said_where_the_thread_is_gone(here: Scene) -> None:
    here.slack.faults.fail("chat.postMessage", times=9, status=200, error="thread_not_found")
    async with here.live() as live:
        assert await live.finish([ANSWER]) == Delivered("gone", "thread_not_found")


async def test_blocks_that_slack_refuses_do_not_keep_the_words_back(here: Scene) -> None:
    picture = {"type": "image", "slack_file": {"id": "F0000000000"}, "alt_text": "x"}
    async with here.live() as live:
        assert await live.finish([Reply(ANSWER.text, (*ANSWER.blocks, picture))]) == Delivered("done")
    assert shown(here.thread[0]) == f"A red bicycle.\n{labels.NOT_SHOWN}"


@pytest.mark.parametrize("fault", [{"status": 500}, {"retry_after": 600}])
async def test_a_slack_that_does_not_answer_is_told_to_the_caller(here: Scene, fault: dict[str, Any]) -> None:
    here.slack.faults.fail("*", times=99, **fault)
    async with open_web(here.slack.bot_token, api_url=here.slack.api_url, patience=0.1) as web:
        here.web = web
        live = here.live()
        with pytest.raises(Unsure):
            await live.finish([ANSWER])


# --- several parts, and going on after a crash ----------------------------------------------------


async def test_a_long_answer_is_several_messages_in_order(here: Scene) -> None:
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here)
        await live.finish([said("One."), said("Two."), said("Three.")])
    assert [shown(message) for message in here.thread] == ["One.", "Two.", "Three."]


async def attempt(here: Scene, replies: Replies, *, steps: int = 0) -> None:
    """A turn as a process would work it, which does not tidy up when it is killed."""
    live = here.live()
    await live.__aenter__()
    for number in range(steps):
        await live.step(running(f"look (image {number})"))
        await asyncio.sleep(0.05)
    await live.finish(replies)


@pytest.mark.parametrize("steps", [0, 2])
@pytest.mark.parametrize("error", [Killed(), CannotDo("The database does not answer."), Unsure("no answer")])
async def test_whatever_fails_at_any_moment_a_reply_is_said_once(
    here: Scene, database: Database, error: BaseException, steps: int
) -> None:
    replies: Replies = [said("One."), said("Two.")]
    web, kept = here.web, Outbox(database)
    for at in range(1, 100):
        await here.ask()
        doom = Doom(at, error)
        here.web = DoomedWeb(web, doom)
        here.outbox = kept if isinstance(error, Unsure) else Outbox(DoomedDatabase(database, doom))
        try:
            await attempt(here, replies, steps=steps)
        except type(error):
            await attempt(here, replies, steps=steps)
        assert [shown(message) for message in here.thread] == ["One.", "Two."], at
        assert {intent.progress for intent in await kept.of(here.question.key)} == {Progress.SENT}
        if doom.left > 0:  # it was over before its moment came
            break
    assert at > 2


async def test_a_reply_that_was_said_is_not_said_again(here: Scene) -> None:
    for _ in range(2):
        async with here.live() as live:
            await live.step(running("look (image 1)"))
            await live.finish([said("One."), said("Two.")])
    assert [shown(message) for message in here.thread] == ["One.", "Two."]


async def test_what_an_attempt_that_died_had_streamed_is_gone_with_the_answer(here: Scene) -> None:
    async with here.live(stop_after=0.0) as dead:
        for number in range(3):
            await dead.step(running(f"look (image {number})"))
        await shows_steps(here, lambda message: STOP in actions(message))
    async with here.live() as live:
        await live.step(running("look (image 0)"))
        await live.finish([ANSWER])
    (message,) = here.thread
    assert shown(message) == "A red bicycle."
    assert actions(message) == []
    assert "in_progress" not in [state for _, state in tasks(message)]


@pytest.mark.parametrize("again", [False, True])
async def test_what_was_shown_for_a_question_that_is_gone_goes_too(here: Scene, again: bool) -> None:
    async with here.live() as live:
        await live.step(running("look (image 1)"))
        await shows_steps(here)
    await (here.live() if again else live).hush()
    assert here.thread == []


async def test_nobody_is_answered_in_a_thread_whose_question_was_deleted(here: Scene) -> None:
    await here.anna.delete(here.channel, here.question.ts)
    async with here.live() as live:
        assert (await live.finish([ANSWER])).state == "gone"


async def test_an_earlier_answer_of_the_bot_is_not_taken_for_this_one(here: Scene) -> None:
    async with here.live() as live:
        await live.finish([said("Earlier.")])
    ts = await here.anna.post(here.question.channel, "and now?", thread_ts=here.question.ts)
    here.question = here.question.model_copy(update={"ts": ts})
    await here.outbox.intend(here.question.key, here.question.thread_ts, 0, "message", {})
    async with here.live() as live:
        await live.finish([said("Now.")])
    assert [shown(message) for message in here.thread if message["user"] == here.bot.user] == ["Earlier.", "Now."]
