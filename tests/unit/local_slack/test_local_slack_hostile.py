"""What a broken or hostile caller sends to the local Slack: it says no, and goes on."""

from __future__ import annotations

import base64

import aiohttp
import pytest

from tests.unit.local_slack.local_workspace import room

NOT_OBJECTS = [b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'"x"']


@pytest.mark.parametrize("body", NOT_OBJECTS, ids=range(len(NOT_OBJECTS)))
async def test_what_is_no_object_is_refused(body: bytes) -> None:
    async with room() as here, aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:
        local = {"Authorization": f"Bearer {here.slack.local_token}"}
        async with session.post(f"{here.slack.url}/_local/post", data=body, headers=local) as answer:
            assert answer.status == 400
        app = {"Authorization": f"Bearer {here.slack.bot_token}"}
        async with session.post(f"{here.slack.api_url}chat.postMessage", data=body, headers=app) as answer:
            assert (await answer.json())["ok"] is False


@pytest.mark.parametrize("mimetype", ["text/html\r\nSet-Cookie: x=y", "text/html\n", "é/é", "/", "a" * 100])
async def test_a_type_that_is_none_gets_into_no_header(mimetype: str) -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        local = {"Authorization": f"Bearer {here.slack.local_token}"}
        file = {"name": "a.html", "base64": base64.b64encode(b"<script>").decode(), "mimetype": mimetype}
        posted = {"person": "anna", "channel": here.channel, "files": [file]}
        async with session.post(f"{here.slack.url}/_local/post", json=posted, headers=local) as answer:
            assert answer.status == 200
        key = here.slack.messages(here.channel)[-1]["files"][0]["id"]
        async with session.get(f"{here.slack.url}/_local/files/{key}", headers=local) as answer:
            assert await answer.read() == b"<script>"
            assert answer.headers["Content-Type"] == "application/octet-stream"


async def test_a_page_that_somebody_posted_can_do_nothing() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        await here.anna.post(here.channel, files=[("a.html", b"<script>alert(1)</script>")])
        key = here.slack.messages(here.channel)[-1]["files"][0]["id"]
        local = {"Authorization": f"Bearer {here.slack.local_token}"}
        async with session.get(f"{here.slack.url}/_local/files/{key}", headers=local) as answer:
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.invalid", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.invalid"])
async def test_a_websocket_under_another_name_is_refused(host: str) -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        opened = await here.client.apps_connections_open(app_token=here.slack.app_token)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"], headers={"Host": host})


async def test_a_ticket_opens_one_websocket() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        opened = await here.client.apps_connections_open(app_token=here.slack.app_token)
        async with session.ws_connect(opened["url"]):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(opened["url"])
