"""Calls of the Web API that wait when they are told to, and are repeated only where that does no harm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.local_slack import LocalSlack
from bot.slack.web import RATE_LIMITED, Refused, Unsure, Web, open_web


class Post:
    """A channel of the local Slack, and how often it was written to."""

    def __init__(self, slack: LocalSlack, web: Web, channel: str) -> None:
        self.slack, self.web, self.channel = slack, web, channel

    async def say(self, **options: Any) -> dict[str, Any]:
        return await self.web.call(self.web.client.chat_postMessage, channel=self.channel, text="hello", **options)

    @property
    def asked(self) -> int:
        return len([call for call in self.slack.calls if call.method == "chat.postMessage"])

    @property
    def there(self) -> int:
        return len([one for one in self.slack.messages(self.channel) if one.get("text") == "hello"])


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with LocalSlack() as slack, open_web(slack.bot_token, api_url=slack.api_url) as web:
        yield Post(slack, web, await slack.channel("design", members=[slack.person("anna")]))


async def test_a_call_that_is_told_to_wait_waits_and_is_made_again(post: Post) -> None:
    post.slack.faults.fail("chat.postMessage", retry_after=1)
    assert (await post.say(once=True))["ok"]
    refused, taken = [call for call in post.slack.calls if call.method == "chat.postMessage"]
    assert taken.at_started - refused.at_ended >= 1.0


async def test_others_do_not_ask_while_slack_wants_to_be_left_alone(post: Post) -> None:
    post.slack.faults.fail("chat.postMessage", retry_after=1)
    first = asyncio.create_task(post.say())
    await post.slack.until(lambda: post.asked == 1)
    await asyncio.sleep(0.05)
    with pytest.raises(Refused, match=RATE_LIMITED):
        await post.say(patience=0)
    assert post.asked == 1
    await first


async def test_another_channel_is_not_kept_waiting(post: Post) -> None:
    post.slack.faults.fail("chat.postMessage", retry_after=60)
    with pytest.raises(Refused, match=RATE_LIMITED):
        await post.say(patience=0)
    post.channel = await post.slack.channel("other", members=[post.slack.person("anna")])
    assert (await post.say(patience=0))["ok"]


@pytest.mark.parametrize("loss", [{"status": 500}, {"status": 503}, {"reset": True}, {"hang": 0.01}])
async def test_what_may_have_been_said_is_not_said_again(post: Post, loss: dict[str, Any]) -> None:
    post.slack.faults.fail("chat.postMessage", after=True, **loss)
    with pytest.raises(Unsure):
        await post.say(once=True)
    assert post.there == 1


@pytest.mark.parametrize("loss", [{"status": 500}, {"reset": True}, {"status": 200, "error": "internal_error"}])
async def test_what_does_no_harm_is_asked_again(post: Post, loss: dict[str, Any]) -> None:
    post.slack.faults.fail("auth.test", times=2, **loss)
    assert (await post.web.call(post.web.client.auth_test))["ok"]


async def test_patience_ends(post: Post) -> None:
    post.slack.faults.fail("auth.test", times=99, status=500)
    with pytest.raises(Unsure):
        await post.web.call(post.web.client.auth_test, patience=0.3)


async def test_no_means_no(post: Post) -> None:
    post.channel = "C0000000000"
    with pytest.raises(Refused) as refused:
        await post.say()
    assert refused.value.error == "channel_not_found"
    assert post.asked == 1


async def test_a_server_that_is_not_there_was_told_nothing_so_it_is_asked_again() -> None:
    async with open_web("xoxb-1", api_url="http://127.0.0.1:9/api/", patience=0.3) as web:
        with pytest.raises(Unsure, match="ClientConnectorError"):
            await web.call(web.client.chat_postMessage, once=True, channel="C1", text="hello")


async def test_nothing_is_sent_twice_behind_our_back(post: Post) -> None:
    assert post.web.client.retry_handlers == []
    post.slack.faults.fail("chat.postMessage", reset=True)
    with pytest.raises(Unsure):
        await post.say(once=True)
    assert post.asked == 1
