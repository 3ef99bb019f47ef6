"""Streaming in the local Slack: what grows, what ends it, what it refuses."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.messages.chunk import BlocksChunk, MarkdownTextChunk, PlanUpdateChunk, TaskUpdateChunk

from tests.unit.local_slack.local_workspace import Room, refusal, room


def task(status: str, **more: Any) -> TaskUpdateChunk:
    return TaskUpdateChunk(id="look", title="Looking", status=status, **more)


async def begun(here: Room, **how: Any) -> dict[str, Any]:
    """A stream below a question: its channel and ts."""
    root = await here.anna.post(here.channel, "what is this?")
    started = await here.client.chat_startStream(channel=here.channel, thread_ts=root, **here.recipient, **how)
    return {"channel": here.channel, "ts": started["ts"]}


def streamed(here: Room, where: dict[str, Any]) -> dict[str, Any]:
    record = here.slack.workspace.state.channels[here.channel].messages[where["ts"]]
    return here.slack.messages(here.channel, record["thread_ts"])[-1]


async def test_the_sdks_stream_ends_as_one_message_with_its_tasks_and_text() -> None:
    async with room() as here:
        root = await here.anna.post(here.channel, "what is this?")
        stream = await here.client.chat_stream(channel=here.channel, thread_ts=root, **here.recipient)
        await stream.append(chunks=[task("in_progress")])
        await stream.append(chunks=[task("complete", output="a cat"), MarkdownTextChunk(text="It is ")])
        await stream.append(markdown_text="**a cat**.")
        feedback = {"type": "divider", "block_id": "end"}
        await stream.stop(blocks=[feedback])
        message = here.slack.messages(here.channel, root)[-1]
        assert [block["type"] for block in message["blocks"]] == ["task_card", "markdown", "divider"]
        assert message["blocks"][0]["status"] == "complete"
        assert message["blocks"][0]["output"]["type"] == "rich_text"
        assert message["text"] == message["blocks"][1]["text"] == "It is **a cat**."


async def test_in_plan_mode_the_tasks_are_gathered_under_the_title() -> None:
    async with room() as here:
        where = await begun(here, task_display_mode="plan", chunks=[PlanUpdateChunk(title="Two steps").to_dict()])
        second = TaskUpdateChunk(id="read", title="Reading", status="pending")
        await here.client.chat_appendStream(**where, chunks=[task("in_progress"), second])
        await here.client.chat_stopStream(**where, chunks=[task("complete")])
        (plan,) = streamed(here, where)["blocks"]
        assert plan["title"] == "Two steps"
        assert [(one["task_id"], one["status"]) for one in plan["tasks"]] == [("look", "complete"), ("read", "pending")]


async def test_blocks_can_be_streamed() -> None:
    async with room() as here:
        where = await begun(here)
        await here.client.chat_appendStream(**where, chunks=[BlocksChunk(blocks=[{"type": "divider"}])])
        await here.client.chat_stopStream(**where)
        assert [block["type"] for block in streamed(here, where)["blocks"]] == ["divider"]


async def test_in_a_channel_a_stream_says_whom_it_is_for() -> None:
    async with room() as here:
        root = await here.anna.post(here.channel, "what is this?")
        where: dict[str, Any] = {"channel": here.channel, "thread_ts": root}
        assert await refusal(here.client.chat_startStream(**where)) == "missing_recipient_team_id"
        half = here.client.chat_startStream(**where, recipient_team_id=here.slack.team)
        assert await refusal(half) == "missing_recipient_user_id"


async def test_in_a_direct_message_it_need_not_say() -> None:
    async with room() as here:
        root = await here.anna.post(here.anna.dm(), "what is this?")
        assert await refusal(here.client.chat_startStream(channel=here.anna.dm(), thread_ts=root)) == ""


async def test_a_stopped_stream_is_none_any_more() -> None:
    async with room() as here:
        where = await begun(here)
        await here.client.chat_stopStream(**where)
        over = "message_not_in_streaming_state"
        assert await refusal(here.client.chat_appendStream(**where, markdown_text="more")) == over
        assert await refusal(here.client.chat_stopStream(**where)) == over


async def test_a_stream_lives_so_long_and_then_the_message_can_be_edited() -> None:
    async with room(stream_seconds=0.0) as here:
        where = await begun(here, markdown_text="It is")
        assert await refusal(here.client.chat_stopStream(**where)) == "message_not_in_streaming_state"
        await here.client.chat_update(**where, text="It is a cat.")
        assert streamed(here, where)["text"] == "It is a cat."


async def test_a_streaming_message_cannot_be_edited_until_streams_expire() -> None:
    async with room() as here:
        where = await begun(here)
        assert await refusal(here.client.chat_update(**where, text="x")) == "streaming_state_conflict"
        here.slack.faults.expire_streams()
        assert await refusal(here.client.chat_update(**where, text="x")) == ""


async def test_text_and_chunks_do_not_mix() -> None:
    async with room() as here:
        where = await begun(here, markdown_text="It is")
        mixed = here.client.chat_appendStream(**where, chunks=[task("pending")])
        assert await refusal(mixed) == "streaming_mode_mismatch"
        both = here.client.chat_appendStream(**where, markdown_text="a", chunks=[task("pending")])
        assert await refusal(both) == "cannot_provide_both_markdown_text_and_chunks"


async def test_a_chunk_that_is_none_is_refused() -> None:
    async with room() as here:
        where = await begun(here)
        bad = here.client.chat_appendStream(**where, chunks=[{"type": "task_update", "id": "1", "status": "dancing"}])
        assert await refusal(bad) == "invalid_chunks"


async def test_somebody_elses_message_is_not_streamed_to() -> None:
    async with room() as here:
        ts = await here.anna.post(here.channel, "mine")
        call = here.client.chat_appendStream(channel=here.channel, ts=ts, markdown_text="yours")
        assert await refusal(call) == "message_not_owned_by_app"


async def test_listeners_hear_of_a_streams_start_and_end_only() -> None:
    async with room() as here:
        where = await begun(here, markdown_text="It ")
        for word in ("is ", "a ", "cat."):
            await here.client.chat_appendStream(**where, markdown_text=word)
        await here.client.chat_stopStream(**where)
        told = [delivery.payload["event"] for delivery in here.slack.deliveries][1:]
        assert [event.get("subtype") for event in told] == [None, "message_changed"]
        assert told[1]["message"]["text"] == "It is a cat."
