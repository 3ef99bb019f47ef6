"""How the local Slack tells an app: real Bolt over real websockets and signed HTTP, retries, and faults on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.local_slack import Delivery, LocalSlack, Unanswered, signed
from tests.unit.local_slack.local_workspace import connected, listening, room

QUICK: dict[str, Any] = {"ack_timeout": 0.3, "retries": (0, 0.05, 0.1)}


def kinds(heard: list[dict[str, Any]]) -> list[str]:
    return [body["event"]["type"] for body in heard]


async def test_a_mention_with_a_file_is_told_three_ways() -> None:
    async with room() as here:
        app, heard = listening(here.slack)
        async with connected(app, here.slack):
            ts = await here.anna.post(here.channel, "look", files=[("a.png", b"x")], mention=True)
            await here.slack.until(lambda: len(heard) == 3)
            assert kinds(heard) == ["message", "app_mention", "file_shared"]
            message, mention, shared = (body["event"] for body in heard)
            assert (message["subtype"], message["ts"], mention["ts"]) == ("file_share", ts, ts)
            assert message["files"] == mention["files"]
            assert shared["file_id"] == message["files"][0]["id"]
            assert mention["text"] == f"<@{here.slack.bot_user}> look"


async def test_a_mention_may_come_first_and_without_its_files() -> None:
    async with room() as here:
        here.slack.faults.mention_first = here.slack.faults.mentions_without_files = True
        app, heard = listening(here.slack)
        async with connected(app, here.slack):
            await here.anna.post(here.channel, "look", files=[("a.png", b"x")], mention=True)
            await here.slack.until(lambda: len(heard) == 3)
            assert kinds(heard)[:2] == ["app_mention", "message"]
            assert "files" not in heard[0]["event"]


async def test_a_direct_message_is_no_mention() -> None:
    async with room() as here:
        await here.anna.post(here.anna.dm(), "hello", mention=True)
        (told,) = here.slack.deliveries
        assert (told.payload["event"]["type"], told.payload["event"]["channel_type"]) == ("message", "im")


async def test_the_app_hears_nothing_of_where_it_is_not_nor_of_what_it_may_not() -> None:
    async with room(scopes=["app_mentions:read"]) as here:
        lobby = await here.slack.channel("lobby", [here.anna], bot=False)
        await here.anna.post(lobby, "look", mention=True)
        await here.anna.post(here.channel, "look", files=[("a.png", b"x")], mention=True)
        assert [told.payload["event"]["type"] for told in here.slack.deliveries] == ["app_mention"]


async def test_an_event_that_is_not_acknowledged_is_tried_three_times_more() -> None:
    async with room(**QUICK) as here:
        app, heard = listening(here.slack)
        async with connected(app, here.slack) as handler:
            handler.client.socket_mode_request_listeners.clear()
            await here.anna.post(here.channel, "look")
            (told,) = here.slack.deliveries
            await here.slack.until(lambda: len(told.attempts) == 4, timeout=5)
            assert [attempt.number for attempt in told.attempts] == [0, 1, 2, 3]
            assert heard == []


async def test_a_retry_says_that_it_is_one() -> None:
    async with room(**QUICK) as here:
        app, _ = listening(here.slack)
        numbers: list[str | None] = []

        @app.middleware
        async def first_time_nothing(req: Any, resp: Any, next_: Any) -> Any:
            numbers.append((req.headers.get("x-slack-retry-num") or [None])[0])
            if len(numbers) == 1:
                resp.status = 500
                return resp
            return await next_()

        async with connected(app, here.slack):
            await here.anna.post(here.channel, "look")
            await here.slack.until(lambda: here.slack.deliveries[0].acknowledged, timeout=5)
        assert numbers == ["0", "1"]


async def test_an_event_waits_for_an_app_that_is_away_for_a_moment() -> None:
    async with room() as here:
        await here.anna.post(here.channel, "look")
        app, heard = listening(here.slack)
        async with connected(app, here.slack):
            await here.slack.until(lambda: heard)


async def test_a_dropped_websocket_loses_no_event() -> None:
    async with room(**QUICK) as here:
        app, heard = listening(here.slack)
        async with connected(app, here.slack):
            here.slack.faults.drop_websocket(after=1)
            await here.anna.post(here.channel, "look")
            told = here.slack.deliveries[0]
            await here.slack.until(lambda: told.acknowledged and len(told.attempts) > 1, timeout=10)
            assert {body["event_id"] for body in heard} == {told.payload["event_id"]}


async def test_an_app_that_is_told_to_reconnect_does_and_goes_on() -> None:
    async with room() as here:
        app, heard = listening(here.slack)
        async with connected(app, here.slack) as handler:
            first = handler.client.current_session
            here.slack.faults.disconnect("refresh_requested", grace=0.05)
            await here.slack.until(lambda: handler.client.current_session is not first and here.slack.connections == 1)
            await here.anna.post(here.channel, "look")
            await here.slack.until(lambda: heard)


async def test_of_several_websockets_one_is_told() -> None:
    async with room() as here:
        app, heard = listening(here.slack)
        async with connected(app, here.slack), connected(app, here.slack):
            for n in range(4):
                await here.anna.post(here.channel, str(n))
            await here.slack.until(lambda: len(heard) == 4)
            await asyncio.sleep(0.05)
            assert sorted(body["event"]["text"] for body in heard) == ["0", "1", "2", "3"]


async def test_deliveries_can_double_swap_lag_and_vanish() -> None:
    async with room() as here:
        app, heard = listening(here.slack)
        async with connected(app, here.slack):
            here.slack.faults.duplicate(times=2)
            await here.anna.post(here.channel, "twice more")
            await here.slack.until(lambda: len(heard) == 3)
            assert len({body["event_id"] for body in heard}) == 1
            heard.clear()
            here.slack.faults.reorder(2)
            await here.anna.post(here.channel, "first")
            await here.anna.post(here.channel, "second")
            await here.slack.until(lambda: len(heard) == 2)
            assert [body["event"]["text"] for body in heard] == ["second", "first"]
            heard.clear()
            here.slack.faults.late(0.1)
            await here.anna.post(here.channel, "late")
            here.slack.faults.lose()
            await here.anna.post(here.channel, "lost")
            await here.anna.post(here.channel, "on time")
            await here.slack.until(lambda: len(heard) == 2)
            assert [body["event"]["text"] for body in heard] == ["on time", "late"]


async def test_an_old_event_can_come_once_more() -> None:
    async with room() as here:
        app, heard = listening(here.slack)
        async with connected(app, here.slack):
            ts = await here.anna.post(here.channel, "look", mention=True)
            await here.slack.until(lambda: len(heard) == 2)
            assert here.slack.redeliver(ts) == 2
            await here.slack.until(lambda: len(heard) == 4)
            assert len({body["event_id"] for body in heard}) == 2


async def test_a_person_is_told_at_once_that_nobody_answers() -> None:
    async with room() as here:
        with pytest.raises(Unanswered, match="dispatch_failed"):
            await here.anna.slash("/spyglass", "help", here.channel)


async def test_a_websocket_needs_a_ticket_that_nobody_used() -> None:
    async with room() as here:
        opened = await here.client.apps_connections_open(app_token=here.slack.app_token)
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(opened["url"]) as socket:
                hello = await socket.receive_json()
                assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(opened["url"])


@asynccontextmanager
async def over_http(app: AsyncApp, slack: LocalSlack) -> AsyncIterator[str]:
    """The app behind a URL that the workspace delivers to."""
    runner = web.AppRunner(app.web_app("/slack/events"))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    slack.deliver_to(url)
    try:
        yield url
    finally:
        await runner.cleanup()


async def test_over_http_bolt_takes_what_is_signed() -> None:
    async with room() as here:
        app, heard = listening(here.slack)
        async with over_http(app, here.slack):
            assert await here.slack.verify_url()
            await here.anna.post(here.channel, "look", files=[("a.png", b"x")], mention=True)
            await here.slack.until(lambda: all(told.acknowledged for told in here.slack.deliveries))
            assert len(heard) == 3


def tried_out(told: Delivery) -> bool:
    return len(told.attempts) == 4


async def test_over_http_what_is_forged_or_old_is_not_taken() -> None:
    async with room(**QUICK) as here:
        app, heard = listening(here.slack)
        async with over_http(app, here.slack):
            for fault, value in (("bad_signature", True), ("clock_skew", -301.0), ("clock_skew", 301.0)):
                here.slack.faults.switch(fault, value=value)
                await here.anna.post(here.channel, "look")
                told = here.slack.deliveries[-1]
                await here.slack.until(partial(tried_out, told))
                assert told.attempts[0].failed == "http_error"
                here.slack.faults.clear()
        assert heard == []


async def test_over_http_a_command_and_a_press_are_forms() -> None:
    async with room() as here:
        app, _ = listening(here.slack)

        @app.command("/spyglass")
        async def help_(ack: Any, command: dict[str, Any]) -> None:
            await ack(f"You said {command['text']}.")

        async with over_http(app, here.slack):
            assert await here.anna.slash("/spyglass", "help", here.channel) == {"text": "You said help."}
            assert [said["text"] for said in here.anna.messages(here.channel)] == ["You said help."]


def test_a_signature_is_slacks_own_example() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        b"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&"
        b"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = signed("8f742231b10e8888abcd99yyyzzz85a5", body, 1531420618)
    assert headers["X-Slack-Signature"] == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
