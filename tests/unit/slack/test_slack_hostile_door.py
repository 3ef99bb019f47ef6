"""Requests nobody should send: none gets in, none brings the door down, and none makes it say a secret."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.local_slack.sending.webhooks import signed
from bot.slack.listening import door
from bot.slack.storage.tables import Database
from tests.unit.slack.slack_edge import Edge, open_edge

MESSAGE: dict[str, Any] = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": "hi"}


@pytest.fixture
async def edge(database: Database) -> AsyncIterator[Edge]:
    async with open_edge(database, http=True) as edge:
        yield edge


async def knock(edge: Edge, body: bytes, **headers: str) -> int:
    """The status of the answer to what is signed."""
    async with aiohttp.ClientSession() as session:
        proof = signed(edge.slack.signing_secret, body, int(time.time()))
        whole = {"Content-Type": "application/json", **proof, **headers}
        async with session.post(edge.door, data=BytesIO(body), headers=whole) as answer:
            return answer.status


def event(team: str, **changed: Any) -> bytes:
    return json.dumps({"type": "event_callback", "team_id": team, "event": {**MESSAGE, **changed}}).encode()


async def is_open(edge: Edge) -> bool:
    """Whether a question still gets in."""
    before = len(edge.asked)
    assert await knock(edge, event(edge.slack.team, ts="9.000009")) == 200
    return len(edge.asked) == before + 1


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"x"', b"null", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, b'{"event":' + b"9" * 5_000 + b"}"],
    ids=["half", "list", "word", "null", "deep", "long number"],
)
async def test_what_is_no_object_is_refused(edge: Edge, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert await knock(edge, body) == 400
    assert edge.slack.signing_secret not in caplog.text
    assert await is_open(edge)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ts": 5},
        {"ts": "1.0", "text": {"a": "secret words"}},
        {"ts": "1.0", "user": ["secret words"]},
        {"ts": "1.0", "channel": {"id": "secret words"}},
        {"ts": "1.0", "edited": "secret words"},
        {"ts": "1.0", "subtype": {"a": "secret words"}},
        {"subtype": "message_changed", "message": ["secret words"]},
    ],
)
async def test_an_event_of_another_shape_is_acknowledged_and_its_words_are_not_logged(
    edge: Edge, wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert await knock(edge, event(edge.slack.team, **wrong)) == 200
    assert edge.asked == []
    assert "not as Slack's are" in caplog.text
    assert "secret words" not in caplog.text
    assert await is_open(edge)


@pytest.mark.parametrize("odd", ["'; drop table spyglass.inbox; --", "%s %(x)s", "a\x00b", "\ud800"])
async def test_ids_are_only_ids_to_the_database(edge: Edge, odd: str) -> None:
    assert await knock(edge, event(edge.slack.team, ts=f"1.0{odd}", user=odd, thread_ts=odd, text=odd)) == 200
    assert len(edge.asked) == 1
    assert await is_open(edge)


async def test_an_event_of_another_workspace_is_left_alone(edge: Edge) -> None:
    assert await knock(edge, event("T0OTHER", ts="1.0")) == 200
    assert edge.asked == []
    assert await is_open(edge)


async def test_what_unpacks_to_far_too_much_is_refused(edge: Edge) -> None:
    assert await knock(edge, gzip.compress(bytes(50_000_000)), **{"Content-Encoding": "gzip"}) == 413
    assert await is_open(edge)


async def test_what_cannot_be_unpacked_is_refused(edge: Edge) -> None:
    assert await knock(edge, b"no gzip", **{"Content-Encoding": "gzip"}) == 400
    assert await is_open(edge)


async def test_a_request_that_never_ends_is_ended(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.1)
    where = urlsplit(edge.door)
    reading, writing = await asyncio.open_connection(where.hostname, where.port)
    writing.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    assert b" 408 " in await reading.readline()
    writing.close()
    assert await is_open(edge)
