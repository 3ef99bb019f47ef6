"""The local Slack's server: who may call it, what another process can do there, and what survives a restart."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.local_slack import LocalSlack
from tests.unit.local_slack.local_workspace import connected, listening, refusal, room


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_rebound_name_or_another_sites_page_is_refused(headers: dict[str, str]) -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        for path in ("api/api.test", "_local/state", "files-pri/T0-F0/a.png", "link/"):
            async with session.get(f"{here.slack.url}/{path}", headers=headers) as response:
                assert response.status == 403


async def test_only_this_machine_reaches_it() -> None:
    async with room() as here:
        assert here.slack.workspace.url.startswith("http://127.0.0.1:")
        url, own = f"{here.slack.url}/api/api.test", {"Origin": here.slack.url}
        async with aiohttp.ClientSession(headers=own) as session, session.get(url) as response:
            assert (await response.json())["ok"]


class Elsewhere:
    """Another process's hands."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def act(self, act: str, /, **said: Any) -> Any:
        async with self._session.post(f"{self._url}/_local/{act}", json=said) as response:
            return await response.json()

    async def look(self, name: str, **query: str) -> Any:
        async with self._session.get(f"{self._url}/_local/{name}", params=query) as response:
            return await response.json()


@asynccontextmanager
async def elsewhere(url: str, token: str) -> AsyncIterator[Elsewhere]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        yield Elsewhere(session, url)


async def test_nobody_acts_without_the_local_token() -> None:
    async with room() as here, elsewhere(here.slack.url, here.slack.bot_token) as stranger:
        wrong = {"error": "The local token is missing or wrong."}
        assert await stranger.act("people", name="eve") == wrong
        assert await stranger.look("state") == wrong
        assert here.slack.workspace.state.user_named("eve") is None


async def test_another_process_posts_reads_presses_and_types() -> None:
    async with room() as here, elsewhere(here.slack.url, here.slack.local_token) as hands:
        app, _ = listening(here.slack)

        @app.command("/spyglass")
        async def help_(ack: Any) -> None:
            await ack("Ask me.")

        async with connected(app, here.slack):
            channel = (await hands.act("channels", name="lab", members=["ben"]))["id"]
            file = {"name": "a.png", "base64": base64.b64encode(b"pixels").decode(), "untyped_at_first": True}
            ts = (await hands.act("post", person="ben", channel=channel, text="look", files=[file], mention=True))["ts"]
            (message,) = (await hands.look("messages", channel=channel))["messages"]
            assert (message["ts"], message["files"][0]["name"]) == (ts, "a.png")
            assert here.slack.file_bytes(message["files"][0]["id"]) == b"pixels"
            answer = await hands.act("slash", person="ben", channel=channel, command="/spyglass", text="help")
            assert answer == {"answer": {"text": "Ask me."}}
            seen = (await hands.look("messages", channel=channel, person="ben"))["messages"]
            assert [said["text"] for said in seen][1:] == ["Ask me."]
            await hands.act("edit", person="ben", channel=channel, ts=ts, text="look!")
            await hands.act("react", person="ben", channel=channel, ts=ts, name="eyes")
            await hands.act("delete", person="ben", channel=channel, ts=ts)
            assert (await hands.look("messages", channel=channel))["messages"] == []
            calls = await hands.look("calls")
            assert calls["next"] == len(here.slack.calls) >= len(calls["calls"]) > 0
            assert (await hands.look("calls", after=str(calls["next"])))["calls"] == []


async def test_what_another_process_cannot_do_is_said_in_a_sentence() -> None:
    async with room() as here, elsewhere(here.slack.url, here.slack.local_token) as hands:
        assert (await hands.act("post", person="anna"))["error"] == "There is no channel."
        assert (await hands.act("post", person="anna", channel="C9"))["error"] == "There is no channel C9."
        slash = await hands.act("slash", person="anna", channel=here.channel, command="/spyglass")
        assert slash == {"error": "dispatch_failed"}
        assert "There is no act dance" in (await hands.act("dance"))["error"]
        assert (await hands.act("faults", name="nonsense"))["error"] == "There is no fault nonsense."


async def test_another_process_switches_faults() -> None:
    async with room() as here, elsewhere(here.slack.url, here.slack.local_token) as hands:
        await hands.act("faults", name="fail", method="auth.test", error="fatal_error")
        assert await refusal(here.client.auth_test()) == "fatal_error"
        await hands.act("faults", name="login_page", value=True)
        assert here.slack.faults.login_page
        await hands.act("faults", name="clear")
        assert not here.slack.faults.login_page


async def test_changes_can_be_followed() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        url = f"{here.slack.url}/_local/changes?token={here.slack.local_token}"
        async with session.get(url) as stream:
            assert await stream.content.readline() == b": follow\n"
            ts = await here.anna.post(here.channel, "look")
            while not (line := await stream.content.readline()).startswith(b"data: "):
                continue
            assert json.loads(line[6:]) == {"kind": "message", "channel": here.channel, "ts": ts}


async def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async with room(folder=tmp_path) as here:
        root = await here.anna.post(here.channel, "look", files=[("a.png", b"pixels")])
        await here.client.chat_postMessage(channel=here.channel, thread_ts=root, text="a cat")
        await here.anna.react(here.channel, root, "eyes")
        gone = await here.anna.post(here.channel, "never mind")
        await here.anna.delete(here.channel, gone)
        before, token, files = here.slack.messages(here.channel, root), here.slack.bot_token, here.slack.files
    async with room(folder=tmp_path) as here:
        after = here.slack.messages(here.channel, root)
        assert [(one["ts"], one["text"], one.get("reactions")) for one in after] == [
            (one["ts"], one["text"], one.get("reactions")) for one in before
        ]
        assert (here.slack.bot_token, set(here.slack.files)) == (token, set(files))
        assert here.slack.file_bytes(next(iter(files))) == b"pixels"
        assert [one["ts"] for one in here.slack.messages(here.channel)] == [root]
        assert here.slack.person("anna").id == before[0]["user"]
        assert await here.anna.post(here.channel, "again") > gone


async def test_what_the_app_had_not_heard_of_it_hears_of_after_a_restart_and_only_once(tmp_path: Path) -> None:
    async with room(folder=tmp_path) as here:
        first = await here.anna.post(here.channel, "first", mention=True)
        second = await here.anna.post(here.channel, "second")
    for expected in ([first, first, second], []):
        async with room(folder=tmp_path) as here:
            app, heard = listening(here.slack)
            async with connected(app, here.slack):
                await here.slack.delivered()
                assert sorted(body["event"]["ts"] for body in heard) == expected


async def test_what_a_channel_offers_to_ask_is_there_again_after_a_restart(tmp_path: Path) -> None:
    prompts = [{"title": "Sort images", "message": "Is this a cat?", "files": ["F1"], "mention": True}]
    async with room(folder=tmp_path) as here:
        await here.slack.suggest(here.channel, prompts)
    async with room(folder=tmp_path) as here:
        assert here.slack.prompts(here.channel) == prompts


async def test_the_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    async with LocalSlack(tmp_path / "workspace"):
        mode = (tmp_path / "workspace").stat().st_mode & 0o777
        assert mode == 0o700


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, str]]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.local_slack", *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield process, json.loads(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_it_runs_on_its_own_until_it_is_told_to_stop(tmp_path: Path) -> None:
    async with started("--folder", str(tmp_path)) as (process, told):
        client = AsyncWebClient(told["bot_token"], base_url=told["api_url"])
        assert (await client.auth_test())["user_id"] == told["bot_user"]
        async with elsewhere(told["url"], told["local_token"]) as hands:
            channel = (await hands.act("channels", name="design", members=["anna"]))["id"]
            await hands.act("post", person="anna", channel=channel, text="look")
        process.terminate()
        assert await process.wait() == 0
    async with LocalSlack(tmp_path) as slack:
        assert (slack.bot_token, slack.messages(channel)[0]["text"]) == (told["bot_token"], "look")


async def test_what_was_said_a_moment_before_it_was_killed_is_kept(tmp_path: Path) -> None:
    async with started("--folder", str(tmp_path)) as (process, told):
        async with elsewhere(told["url"], told["local_token"]) as hands:
            channel = (await hands.act("channels", name="design", members=["anna"]))["id"]
            await hands.act("post", person="anna", channel=channel, text="look")
            await asyncio.sleep(0.3)
        process.kill()
    async with LocalSlack(tmp_path) as slack:
        assert [message["text"] for message in slack.messages(channel)] == ["look"]


async def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    async with room() as here:
        port = here.slack.url.rpartition(":")[2]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.local_slack", "--port", port, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        assert process.returncode == 3
        assert said.decode().startswith("The local Slack cannot start:")
        assert "Traceback" not in said.decode()
