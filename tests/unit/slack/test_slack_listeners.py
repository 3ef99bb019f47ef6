"""Events arrive, are recorded and then acknowledged; what is not Slack's does not get in."""

from __future__ import annotations

import hmac
import io
import json
import logging
import time
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import aiohttp
import pytest

from bot.slack import messages
from bot.slack.addressing import Answers
from bot.slack.events import Key
from bot.slack.listening.access import Rules
from bot.slack.listening.door import LONGEST
from bot.slack.storage.inbox import State
from bot.slack.storage.tables import Database
from tests.unit.slack.slack_edge import Edge, open_edge

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(params=["socket", "http"])
async def edge(database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Edge]:
    async with open_edge(database, http=request.param == "http") as edge:
        yield edge


@pytest.fixture
async def by_socket(database: Database) -> AsyncIterator[Edge]:
    async with open_edge(database) as edge:
        yield edge


async def design(edge: Edge) -> str:
    return await edge.slack.channel("design", members=[edge.slack.person("anna"), edge.slack.person("ben")])


async def state(edge: Edge, channel: str, ts: str) -> State | None:
    row = await edge.row(channel, ts)
    return row.state if row else None


# --- recorded, then acknowledged ------------------------------------------------------------------


async def test_a_mention_with_a_file_is_one_question_with_its_file(edge: Edge) -> None:
    channel = await design(edge)
    ts = await edge.slack.person("anna").post(channel, "what is this?", files=[("a.png", PNG)], mention=True)
    await edge.settled()
    row = await edge.row(channel, ts)
    assert row is not None
    assert (row.state, row.message.complete, [file["name"] for file in row.message.files]) == (
        State.WAITING,
        True,
        ["a.png"],
    )
    assert [message.ts for message in edge.asked] == [ts]


@pytest.mark.parametrize("first", ["mention", "message"])
async def test_the_poorer_view_never_wins(by_socket: Edge, first: str) -> None:
    faults = by_socket.slack.faults
    faults.mentions_without_files, faults.mention_first = True, first == "mention"
    channel = await design(by_socket)
    ts = await by_socket.slack.person("anna").post(channel, "?", files=[("a.png", PNG)], mention=True)
    await by_socket.settled()
    row = await by_socket.row(channel, ts)
    assert row is not None
    assert (row.message.complete, len(row.message.files)) == (True, 1)
    assert len(by_socket.asked) == 1


async def test_duplicates_and_late_retries_are_no_new_questions(edge: Edge) -> None:
    channel = await design(edge)
    edge.slack.faults.duplicate(times=3, count=2)
    ts = await edge.slack.person("anna").post(channel, "hi", mention=True)
    await edge.settled()
    await edge.inbox.finish(Key(edge.slack.team, channel, ts), State.DONE)
    edge.slack.redeliver(ts)
    await edge.settled()
    assert await state(edge, channel, ts) is State.DONE
    assert len(edge.asked) == 1
    assert len(edge.slack.deliveries) > 6


async def test_what_could_not_be_recorded_is_not_acknowledged(database: Database) -> None:
    async with open_edge(database, http=True) as edge:
        channel = await design(edge)
        edge.inbox.failures = 2
        ts = await edge.slack.person("anna").post(channel, "hi", mention=True)
        await edge.settled()
        assert await state(edge, channel, ts) is State.WAITING
        tries = [len(one.attempts) for one in edge.slack.deliveries if one.payload["event"].get("ts") == ts]
        assert sum(tries) == len(tries) + 2


async def test_events_nobody_uses_are_acknowledged(edge: Edge) -> None:
    channel = await design(edge)
    anna = edge.slack.person("anna")
    ts = await anna.post(channel, "lunch?", files=[("a.png", PNG)])
    await anna.react(channel, ts, "eyes")
    edge.slack.emit({"type": "team_join", "user": {"id": "U1"}})
    edge.slack.emit({"type": "file_shared", "file_id": "F1"})
    await edge.settled()
    assert all(len(one.attempts) == 1 for one in edge.slack.deliveries)
    assert await edge.row(channel, ts) is None


async def test_buttons_nobody_knows_are_acknowledged(by_socket: Edge) -> None:
    channel, anna = await design(by_socket), by_socket.slack.person("anna")
    button = {"type": "button", "action_id": "of_old", "text": {"type": "plain_text", "text": "Go"}, "value": "x"}
    told = await by_socket.app.client.chat_postMessage(
        channel=channel, text="hi", blocks=[{"type": "actions", "elements": [button]}]
    )
    await anna.press(channel, told["ts"], "of_old")


# --- who speaks to whom ---------------------------------------------------------------------------


async def test_in_a_thread_of_ours_follow_ups_are_questions_until_people_speak_to_each_other(by_socket: Edge) -> None:
    channel, edge = await design(by_socket), by_socket
    anna, ben = edge.slack.person("anna"), edge.slack.person("ben")

    async def says(who: Any, text: str, **more: Any) -> State | None:
        ts = await who.post(channel, text, thread_ts=root, **more)
        await edge.settled()
        return await state(edge, channel, ts)

    root = await anna.post(channel, "what is this?", mention=True)
    await edge.settled()
    assert await says(ben, "and in colour?") is State.WAITING
    assert await says(ben, f"<@{anna.id}> is that ours?") is State.HEARD
    assert await says(anna, "no") is State.HEARD
    assert await says(anna, "whose is it?", mention=True) is State.WAITING
    assert await says(anna, "are you sure?") is State.WAITING


async def test_a_channel_that_wants_mentions_only_is_followed_and_not_answered(by_socket: Edge) -> None:
    channel, anna = await design(by_socket), by_socket.slack.person("anna")
    await by_socket.preferences.choose(by_socket.slack.team, channel, Answers.MENTIONS, by=anna.id)
    root = await anna.post(channel, "what is this?", mention=True)
    await by_socket.settled()
    ts = await anna.post(channel, "", files=[("a.png", PNG)], thread_ts=root)
    await by_socket.settled()
    assert await state(by_socket, channel, root) is State.WAITING
    assert await state(by_socket, channel, ts) is State.HEARD


async def test_a_channel_that_is_switched_off_says_so_once(by_socket: Edge) -> None:
    channel, anna = await design(by_socket), by_socket.slack.person("anna")
    await by_socket.preferences.choose(by_socket.slack.team, channel, Answers.OFF, by=anna.id)
    for _ in range(3):
        await anna.post(channel, "what is this?", mention=True)
    await by_socket.settled()
    assert by_socket.notes_to(anna, channel) == [messages.OFF]
    assert by_socket.asked == []


async def test_direct_messages_are_questions(edge: Edge) -> None:
    anna = edge.slack.person("anna")
    ts = await anna.post(anna.dm(), "what can you do?")
    photo = await anna.post(anna.dm(), "", files=[("a.png", PNG)])
    await edge.settled()
    assert [await state(edge, anna.dm(), one) for one in (ts, photo)] == [State.WAITING] * 2


@pytest.mark.parametrize("other_bots", [False, True])
async def test_other_bots_are_answered_only_where_wanted(database: Database, other_bots: bool) -> None:
    async with open_edge(database, other_bots=other_bots) as edge:
        channel = await design(edge)
        ts = await edge.slack.bot_posts(channel, f"<@{edge.slack.bot_user}> what is this?")
        await edge.slack.bot_posts(channel, "build failed", thread_ts=ts)
        await edge.settled()
        assert [message.ts for message in edge.asked] == ([ts] if other_bots else [])


async def test_what_we_say_ourselves_is_no_question(by_socket: Edge) -> None:
    channel, client = await design(by_socket), by_socket.app.client
    anna = by_socket.slack.person("anna")
    for place in (channel, anna.dm()):
        told = await client.chat_postMessage(channel=place, text=f"<@{by_socket.slack.bot_user}> hello")
        await client.chat_update(channel=place, ts=told["ts"], text=f"<@{by_socket.slack.bot_user}> hello again")
    await by_socket.settled()
    assert by_socket.asked == []
    assert await by_socket.db.rows("select ts from inbox") == []


async def test_too_many_questions_are_left_out_with_one_polite_sentence(database: Database) -> None:
    async with open_edge(database, rules=Rules(user_per_minute=2)) as edge:
        channel, anna = await design(edge), edge.slack.person("anna")
        for n in range(5):
            await anna.post(channel, f"what is this {n}?", mention=True)
        await edge.settled()
        assert len(edge.asked) == 2
        assert edge.notes_to(anna, channel) == [messages.REFUSED["user_rate"]]


# --- edits and deletions --------------------------------------------------------------------------


async def test_an_edit_that_names_us_asks_once(by_socket: Edge) -> None:
    channel, anna = await design(by_socket), by_socket.slack.person("anna")
    ts = await anna.post(channel, "what is this?", files=[("a.png", PNG)])
    await by_socket.settled()
    assert await by_socket.row(channel, ts) is None
    await anna.edit(channel, ts, f"<@{by_socket.slack.bot_user}> what is this?")
    await by_socket.settled()
    row = await by_socket.row(channel, ts)
    assert row is not None
    assert (row.state, len(row.message.files)) == (State.WAITING, 1)
    await by_socket.inbox.finish(row.key, State.DONE)
    await anna.edit(channel, ts, f"<@{by_socket.slack.bot_user}> what is that?")
    await by_socket.settled()
    assert await state(by_socket, channel, ts) is State.DONE
    assert len(by_socket.asked) == 1


async def test_an_edit_of_a_question_that_waits_is_what_is_answered(by_socket: Edge) -> None:
    channel, anna = await design(by_socket), by_socket.slack.person("anna")
    ts = await anna.post(channel, "what is thsi?", mention=True)
    await by_socket.settled()
    await anna.edit(channel, ts, f"<@{by_socket.slack.bot_user}> what is this?")
    await by_socket.settled()
    row = await by_socket.row(channel, ts)
    assert row is not None
    assert (row.state, row.message.text) == (State.WAITING, f"<@{by_socket.slack.bot_user}> what is this?")


async def test_a_deleted_question_is_not_answered(edge: Edge) -> None:
    channel, anna = await design(edge), edge.slack.person("anna")
    ts = await anna.post(channel, "secret?", files=[("a.png", PNG)], mention=True)
    await edge.settled()
    await anna.delete(channel, ts)
    await edge.settled()
    row = await edge.row(channel, ts)
    assert row is not None
    assert (row.state, row.message.text, row.message.files) == (State.STOPPED, "", ())


async def test_a_deleted_file_leaves_its_message(by_socket: Edge) -> None:
    channel, anna = await design(by_socket), by_socket.slack.person("anna")
    ts = await anna.post(channel, "what is this?", files=[("a.png", PNG), ("b.png", PNG)], mention=True)
    await by_socket.settled()
    row = await by_socket.row(channel, ts)
    assert row is not None
    await anna.delete_file(row.message.files[0]["id"])
    await by_socket.settled()
    untaken = (await by_socket.records.files(row.message)).untaken
    assert [file["name"] for _, file in untaken] == ["b.png"]


# --- the agent view -------------------------------------------------------------------------------


async def test_opening_the_direct_message_shows_prompts(edge: Edge) -> None:
    anna = edge.slack.person("anna")
    await anna.open_app_home("messages")
    await edge.settled()
    titles = [prompt["title"] for prompt in edge.slack.prompts(anna.dm())]
    assert titles == [title for title, _ in messages.PROMPTS]


# --- the door -------------------------------------------------------------------------------------


@pytest.fixture
async def by_http(database: Database) -> AsyncIterator[Edge]:
    async with open_edge(database, http=True) as edge:
        yield edge


def event(edge: Edge, channel: str, text: str = "hi") -> bytes:
    said = {"type": "message", "channel": channel, "user": "U1", "ts": "5.000001", "channel_type": "im", "text": text}
    body = {"type": "event_callback", "team_id": edge.slack.team, "event_id": "Ev1", "event": said}
    return json.dumps(body).encode()


def signed(edge: Edge, body: bytes, at: float | None = None, secret: str | None = None) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    key = (secret or edge.slack.signing_secret).encode()
    digest = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/json",
    }


async def knock(edge: Edge, body: Any, headers: dict[str, str]) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(edge.door, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_what_slack_signed_gets_in_and_a_replay_is_no_new_question(by_http: Edge) -> None:
    body = event(by_http, "D1")
    headers = signed(by_http, body)
    assert [await knock(by_http, body, headers) for _ in range(3)] == [(200, "")] * 3
    assert len(by_http.asked) == 1


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "not signed"),
        ({"X-Slack-Signature": "v0=00"}, "does not match"),
        ({"X-Slack-Signature": "v0=é"}, "does not match"),
        ({"X-Slack-Request-Timestamp": "yesterday"}, "not signed"),
        ({"X-Slack-Request-Timestamp": "9" * 400}, "too long ago"),
    ],
)
async def test_forged_signatures_are_refused(
    by_http: Edge, headers: dict[str, str], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = event(by_http, "D1")
    whole = {**signed(by_http, body), **headers} if headers else {"Content-Type": "application/json"}
    status, said = await knock(by_http, body, whole)
    assert status == 401
    assert why in said
    assert why in caplog.text
    assert by_http.asked == []


async def test_a_signature_of_another_secret_or_for_other_words_is_refused(by_http: Edge) -> None:
    body = event(by_http, "D1")
    assert (await knock(by_http, body, signed(by_http, body, secret="guessed")))[0] == 401
    assert (await knock(by_http, event(by_http, "D1", "other"), signed(by_http, body)))[0] == 401
    assert by_http.asked == []


@pytest.mark.parametrize(("skew", "status"), [(-310, 401), (310, 401), (-200, 200), (200, 200)])
async def test_requests_are_fresh_for_five_minutes_whichever_clock_is_ahead(
    by_http: Edge, skew: float, status: int
) -> None:
    body = event(by_http, "D1")
    assert (await knock(by_http, body, signed(by_http, body, at=time.time() + skew)))[0] == status


async def test_what_is_far_too_long_is_refused(by_http: Edge, caplog: pytest.LogCaptureFixture) -> None:
    body = event(by_http, "D1", "x" * LONGEST)
    assert (await knock(by_http, io.BytesIO(body), signed(by_http, body)))[0] == 413

    async def drops() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1 << 20):
            yield body[start : start + (1 << 20)]

    assert (await knock(by_http, drops(), signed(by_http, body)))[0] == 413
    assert caplog.text.count("longer than") == 2


async def test_signed_bytes_that_are_no_text_are_refused(by_http: Edge) -> None:
    body = b"\xff\xfe" + event(by_http, "D1")
    assert (await knock(by_http, body, signed(by_http, body)))[0] == 401


async def test_slacks_question_whether_we_are_there_is_answered(by_http: Edge) -> None:
    assert await by_http.slack.verify_url()
    unsigned = json.dumps({"type": "url_verification", "challenge": "x"}).encode()
    assert (await knock(by_http, unsigned, {"Content-Type": "application/json"}))[0] == 401


async def test_commands_are_answered_over_http_too(by_http: Edge) -> None:
    channel, anna = await design(by_http), by_http.slack.person("anna")
    await anna.slash("/spyglass", "help", channel)
    await by_http.slack.until(lambda: by_http.slack.ephemerals(channel))
    assert by_http.notes_to(anna, channel) == [messages.HELP]


async def test_revoked_tokens_are_logged_and_no_secret_is(by_http: Edge, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "bot"):
        await by_http.slack.uninstall()
        await by_http.settled()
    assert "install the app again" in caplog.text
    ours = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("bot.slack"))
    assert by_http.slack.bot_token not in ours
    assert by_http.slack.signing_secret not in ours
