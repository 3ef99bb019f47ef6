"""Calls of the local Slack that go wrong on purpose, before they take effect or after."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler

from tests.unit.local_slack.local_workspace import Room, refusal, room


async def said(here: Room, text: str = "hi") -> Any:
    return await here.client.chat_postMessage(channel=here.channel, text=text)


def texts(here: Room) -> list[str]:
    return [message["text"] for message in here.slack.messages(here.channel)]


async def test_too_many_calls_are_told_when_to_come_back() -> None:
    async with room() as here:
        here.slack.faults.fail("chat.postMessage", times=2, retry_after=7)
        for _ in range(2):
            with pytest.raises(SlackApiError) as refused:
                await said(here)
            assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
            assert refused.value.response.headers["Retry-After"] == "7"
        await said(here)
        assert texts(here) == ["hi"]
        assert [call.status for call in here.slack.calls] == [429, 429, 200]


async def test_the_sdk_waits_as_long_as_it_is_told_and_then_gets_through() -> None:
    async with room() as here:
        here.client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
        here.slack.faults.fail("chat.postMessage", retry_after=1)
        await said(here)
        first, second = here.slack.calls
        assert second.at_started - first.at_ended >= 1
        assert texts(here) == ["hi"]


async def test_a_server_error_can_come_before_or_after_the_message_is_there() -> None:
    async with room() as here:
        for after, there in ((False, []), (True, ["hi"])):
            here.slack.faults.fail("chat.postMessage", status=500, after=after)
            with pytest.raises(SlackApiError) as refused:
                await said(here)
            assert refused.value.response.status_code == 500
            assert texts(here) == there
        assert here.slack.calls[-1].response["ok"]  # the call was carried out, whatever its caller read


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_can_be_reset_before_or_after_the_message_is_there(after: bool) -> None:
    async with room() as here:
        here.client.retry_handlers.clear()
        here.slack.faults.fail("chat.postMessage", reset=True, after=after)
        with pytest.raises(aiohttp.ClientError):
            await said(here)
        assert texts(here) == (["hi"] if after else [])


async def test_the_sdks_own_retry_says_twice_what_was_carried_out_before_the_reset() -> None:
    async with room() as here:
        here.slack.faults.fail("chat.postMessage", reset=True, after=True)
        await said(here)
        assert texts(here) == ["hi", "hi"]


@pytest.mark.parametrize("after", [False, True])
async def test_an_answer_can_stay_away(after: bool) -> None:
    async with room() as here:
        here.client.timeout = 1
        here.slack.faults.fail("chat.postMessage", hang=30, after=after)
        with pytest.raises(asyncio.TimeoutError):
            await said(here)
        assert texts(here) == (["hi"] if after else [])


async def test_any_error_of_slacks_can_be_ordered_for_any_method() -> None:
    async with room() as here:
        here.slack.faults.fail("*", error="fatal_error")
        assert await refusal(here.client.auth_test()) == "fatal_error"
        assert await refusal(here.client.auth_test()) == ""


async def test_a_channel_takes_so_many_messages_a_second_and_another_its_own() -> None:
    async with room() as here:
        other = await here.slack.channel("other", [here.anna])
        here.slack.faults.limit("chat.postMessage", 1, 60)
        await said(here)
        assert await refusal(said(here)) == "ratelimited"
        await here.client.chat_postMessage(channel=other, text="hi")
        here.slack.faults.clear()
        await said(here)
        assert texts(here) == ["hi", "hi"]


async def test_uploads_and_downloads_fail_too() -> None:
    async with room() as here:
        await here.anna.post(here.channel, files=[("a.png", b"x")])
        (file,) = here.slack.files.values()
        headers = {"Authorization": f"Bearer {here.slack.bot_token}"}
        here.slack.faults.fail("download", status=503)
        async with aiohttp.ClientSession(headers=headers) as session:
            for status in (503, 200):
                async with session.get(file["url_private"]) as response:
                    assert response.status == status
        here.slack.faults.fail("upload", status=500)
        with pytest.raises(Exception, match="Failed to upload a file"):
            await here.client.files_upload_v2(channel=here.channel, content="a", filename="a.txt")


async def test_what_is_no_fault_is_not_switched_on() -> None:
    async with room() as here:
        for name in ("nonsense", "take_failure", "_failures", "switch"):
            with pytest.raises(ValueError, match=f"There is no fault {name}."):
                here.slack.faults.switch(name, value=[])


async def test_an_upload_can_arrive_although_its_sender_was_told_otherwise() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        ticket = await here.client.files_getUploadURLExternal(filename="a.csv", length=3)
        here.slack.faults.fail("upload", status=502, after=True, matching={"file": ticket["file_id"]})
        async with session.post(ticket["upload_url"], data=b"a,b") as answer:
            assert answer.status == 502
        files = [{"id": ticket["file_id"], "title": "a"}]
        assert await refusal(here.client.files_completeUploadExternal(files=files, channel_id=here.channel)) == ""
