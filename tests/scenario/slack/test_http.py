"""Slack's signed requests over HTTP: what is Slack's is answered, and nothing else gets in."""

from __future__ import annotations

import errno
import json
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.local_slack import LocalSlack, Unanswered, signed
from bot.slack.listening.door import LONGEST, PATH
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.office import Office, Room
from tools.kit import CannotDo

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


@dataclass(frozen=True)
class Door:
    """The bot's own address."""

    office: Office
    url: str

    @property
    def slack(self) -> LocalSlack:
        return self.office.slack

    async def send(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        headers = {"Content-Type": "application/json", **headers}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=BytesIO(body), headers=headers) as told,
        ):
            return told.status, await told.text()

    def signed(self, body: bytes, *, secret: str | None = None, age: float = 0) -> dict[str, str]:
        return signed(secret or self.slack.signing_secret, body, int(time.time() - age))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(opening: Opening) -> AsyncIterator[Door]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}{PATH}"
    slack = LocalSlack(event_url=url, retries=(0.2, 0.2, 0.2))
    async with opening(slack, slack_mode="http", slack_http_port=port) as opened:
        yield Door(opened, url)


@pytest_asyncio.fixture(loop_scope="session")
async def place(door: Door) -> AsyncIterator[Room]:
    yield await door.office.room()
    door.slack.faults.clear()


async def test_the_address_is_verified(door: Door) -> None:
    assert await door.slack.verify_url()


async def test_a_question_is_answered(place: Room) -> None:
    assert "Image 1 is a PNG file (image/png)." in await place.answer_to("What format is it?", ("a.png", small_png()))


async def test_events_that_come_three_times_are_answered_once(place: Room) -> None:
    place.slack.faults.duplicate(times=2, count=2)
    ts = await place.ask("thanks!")
    await place.nothing_more_comes()
    assert len(place.replies(ts)) == 1


async def test_a_retry_five_minutes_later_changes_nothing(place: Room) -> None:
    ts = await place.ask("thanks!")
    await place.reply_to(ts)
    place.slack.redeliver(ts)
    await place.nothing_more_comes()
    assert len(place.replies(ts)) == 1


async def test_commands_and_buttons_work(place: Room) -> None:
    await place.anna.slash("/spyglass", "help", place.channel)
    await place.slack.until(lambda: place.notes_to(place.anna))
    await place.answer_to("Is this red or blue?", ("a.png", small_png()))
    await place.anna.press(place.channel, place.said[-1]["ts"], "spyglass_reasoning")
    await place.slack.until(lambda: place.anna.view() is not None)


async def test_a_forged_event_is_not_answered(place: Room) -> None:
    place.slack.faults.bad_signature = True
    forged = await place.ask("thanks!")
    await place.slack.delivered()
    place.slack.faults.bad_signature = False
    place.thread = None
    await place.answer_to("thanks!")
    assert not place.replies(forged)


@pytest.mark.parametrize("skew", [-301.0, 301.0])
async def test_an_event_from_another_time_is_not_answered(place: Room, skew: float) -> None:
    place.slack.faults.clock_skew = skew
    early = await place.ask("thanks!")
    await place.slack.delivered()
    place.slack.faults.clock_skew = 0.0
    place.thread = None
    await place.answer_to("thanks!")
    assert not place.replies(early)


@pytest.mark.parametrize("skew", [-240.0, 240.0])
async def test_clocks_may_differ_by_minutes(place: Room, skew: float) -> None:
    place.slack.faults.clock_skew = skew
    await place.answer_to("thanks!")


async def test_a_forged_command_is_not_carried_out(place: Room) -> None:
    place.slack.faults.bad_signature = True
    with pytest.raises(Unanswered):
        await place.anna.slash("/spyglass", "settings threads off", place.channel)
    place.slack.faults.bad_signature = False
    await place.answer_to("thanks!")


async def test_a_replayed_request_changes_nothing(door: Door, place: Room) -> None:
    ts = await place.ask("thanks!")
    await place.reply_to(ts)
    body = json.dumps(delivered(place, ts)).encode()
    assert (await door.send(body, door.signed(body, age=60)))[0] == 200
    assert (await door.send(body, door.signed(body, age=600)))[0] == 401
    await place.nothing_more_comes()
    assert len(place.replies(ts)) == 1


def delivered(place: Room, ts: str) -> dict[str, Any]:
    events = (one.payload for one in place.slack.deliveries if one.kind == "events_api")
    return next(payload for payload in events if payload["event"].get("ts") == ts)


@pytest.mark.parametrize(
    ("body", "secret", "age", "status"),
    [
        (b'{"type": "event_callback"}', "wrong", 0, 401),
        (b'{"type": "event_callback"}', None, 301, 401),
        (b'{"type": "event_callback"}', None, -301, 401),
        (b'{"type": "event_callback", "x": "\xff"}', None, 0, 401),
        (b" " * (LONGEST + 1), None, 0, 413),
    ],
    ids=["forged", "too old", "too new", "no UTF-8", "too long"],
)
async def test_what_is_not_slacks_is_refused(
    door: Door, body: bytes, secret: str | None, age: float, status: int
) -> None:
    assert (await door.send(body, door.signed(body, secret=secret, age=age)))[0] == status


async def test_what_is_not_signed_is_refused(door: Door) -> None:
    assert (await door.send(b'{"type": "url_verification", "challenge": "x"}', {}))[0] == 401


async def test_events_that_nobody_uses_are_acknowledged(door: Door, place: Room) -> None:
    await place.anna.react(place.channel, await place.say("hello"), "eyes")
    told = [one for one in place.slack.deliveries if one.payload.get("event", {}).get("reaction")]
    await place.slack.until(lambda: all(one.over for one in told))
    assert [(one.acknowledged, len(one.attempts)) for one in told] == [(True, 1)]


async def test_a_port_that_is_taken_is_told_in_one_sentence(opening: Opening) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotDo, match=rf"Nobody can listen at .*:{port} .*: set SPYGLASS_SLACK_HTTP_PORT\."):
            async with opening(LocalSlack(), slack_mode="http", slack_http_host="127.0.0.1", slack_http_port=port):
                pass


async def test_what_fails_later_is_not_taken_for_a_port_that_is_taken(opening: Opening) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(OSError, match="No space left"):
        async with opening(LocalSlack(), slack_mode="http", slack_http_port=port):
            raise OSError(errno.ENOSPC, "No space left on device")
