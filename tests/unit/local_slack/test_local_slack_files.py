"""Files of the local Slack: uploads in three steps, downloads with the token, and everything odd about them."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.local_slack import Upload
from tests.unit.local_slack.local_workspace import Room, refusal, room


def drawn(colour: str) -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(file, "PNG")
    return file.getvalue()


async def fetched(url: str, token: str | None) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, response.content_type, await response.read()


async def posted(here: Room, *files: Any) -> list[dict[str, Any]]:
    """The file objects of a message with these files, as conversations.history gives them."""
    await here.anna.post(here.channel, files=files)
    history = await here.client.conversations_history(channel=here.channel, limit=1)
    found: list[dict[str, Any]] = history["messages"][0]["files"]
    return found


async def test_the_apps_token_fetches_the_bytes() -> None:
    async with room() as here:
        (file,) = await posted(here, ("Cat photo.PNG", b"pixels"))
        assert file["url_private_download"].endswith("/download/cat_photo.png")
        for url in (file["url_private"], file["url_private_download"]):
            assert await fetched(url, here.slack.bot_token) == (200, "image/png", b"pixels")


@pytest.mark.parametrize("wrong", ["token", "scope", "switch", "nothing"])
async def test_without_the_right_to_a_file_the_answer_is_a_login_page_with_status_200(wrong: str) -> None:
    async with room(scopes=["channels:history", *([] if wrong == "scope" else ["files:read"])]) as here:
        (file,) = await posted(here, ("a.png", b"pixels"))
        here.slack.faults.login_page = wrong == "switch"
        token = {"token": "xoxb-other", "nothing": None}.get(wrong, here.slack.bot_token)
        status, content_type, body = await fetched(file["url_private"], token)
        assert (status, content_type, body[:15]) == (200, "text/html", b"<!DOCTYPE html>")


async def test_a_file_of_a_conversation_the_app_is_not_in_does_not_exist_for_it() -> None:
    async with room() as here:
        secret = await here.slack.channel("secret", [here.anna], private=True, bot=False)
        await here.anna.post(secret, files=[("a.png", b"x")])
        (key,) = here.slack.files
        assert await refusal(here.client.files_info(file=key)) == "file_not_found"
        status, _, _ = await fetched(here.slack.files[key]["url_private"], here.slack.bot_token)
        assert status == 404
        await here.anna.post(here.channel, files=[key])
        assert (await here.client.files_info(file=key))["file"]["groups"] == [secret]


async def test_an_upload_is_shared_where_it_was_meant_to_be() -> None:
    async with room() as here:
        root = await here.anna.post(here.channel, "draw it")
        answer = await here.client.files_upload_v2(
            channels=[here.channel], thread_ts=root, file=drawn("red"), filename="red.png", initial_comment="Here."
        )
        (file,) = answer["files"]
        assert (file["mimetype"], file["shares"]) == ("", {})  # Slack answers before it has looked
        message = here.slack.messages(here.channel, root)[-1]
        assert (message["text"], message["files"][0]["id"]) == ("Here.", file["id"])
        known = (await here.client.files_info(file=file["id"]))["file"]
        assert known["shares"]["public"][here.channel][0]["ts"] == message["ts"]
        assert (known["mimetype"], known["channels"]) == ("image/png", [here.channel])
        assert (known["original_w"], known["original_h"]) == (8, 6)
        assert here.slack.file_bytes(file["id"]) == drawn("red")


async def test_an_upload_that_never_arrived_cannot_be_completed() -> None:
    async with room() as here:
        ticket = await here.client.files_getUploadURLExternal(filename="a.csv", length=3)
        complete = here.client.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": "a"}])
        assert await refusal(complete) == "file_not_found"
        async with aiohttp.ClientSession() as session, session.post(ticket["upload_url"], data=b"too much") as answer:
            assert answer.status == 400
        assert await refusal(here.client.files_getUploadURLExternal(filename="a.csv", length=0)) == "invalid_arguments"


async def test_the_file_of_a_deleted_channel_stays_and_is_shared_nowhere() -> None:
    async with room() as here:
        (file,) = await posted(here, ("a.png", drawn("red")))
        await here.slack.delete_channel(here.channel)
        assert await refusal(here.client.files_info(file=file["id"])) == "file_not_found"  # the app sees it nowhere
        assert here.slack.files[file["id"]]["shares"] == {}


async def test_a_deleted_file_leaves_a_tombstone_and_no_bytes() -> None:
    async with room() as here:
        (file,) = await posted(here, ("a.png", b"x"))
        await here.anna.delete_file(file["id"])
        assert here.slack.messages(here.channel)[0]["files"] == [{"id": file["id"], "mode": "tombstone"}]
        assert await refusal(here.client.files_info(file=file["id"])) == "file_deleted"
        assert (await fetched(file["url_private"], here.slack.bot_token))[0] == 404
        deleted = here.slack.deliveries[-1].payload["event"]
        assert (deleted["type"], deleted["channel_ids"]) == ("file_deleted", [here.channel])


async def test_a_slack_connect_file_is_a_stub_until_it_is_asked_about() -> None:
    async with room() as here:
        (file,) = await posted(here, Upload("a.png", b"pixels", stub=True))
        stub = {"mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0, "user": ""}
        assert file == {"id": file["id"], **stub}
        whole = (await here.client.files_info(file=file["id"]))["file"]
        assert whole["file_access"] == "visible"
        assert (await fetched(whole["url_private_download"], here.slack.bot_token))[2] == b"pixels"


async def test_a_file_may_have_no_type_at_first() -> None:
    async with room() as here:
        await here.anna.post(here.channel, files=[Upload("a.png", b"x", untyped_at_first=True)])
        (told,) = here.slack.deliveries[0].payload["event"]["files"]
        assert (told["mimetype"], told["filetype"]) == ("", "")
        assert (await here.client.files_info(file=told["id"]))["file"]["mimetype"] == "image/png"


async def test_files_that_cannot_be_fetched_say_so_by_their_mode() -> None:
    async with room() as here:
        hidden = Upload("a.png", mode="hidden_by_limit")
        outside = Upload("b.gdoc", external_url="https://docs.example.com/b")
        files = await posted(here, hidden, outside)
        assert [file["mode"] for file in files] == ["hidden_by_limit", "external"]
        assert set(files[0]) == {"id", "mode"}
        assert files[1]["url_private"] == "https://docs.example.com/b"
        assert "url_private_download" not in files[1]


async def test_a_slow_download_arrives_whole() -> None:
    async with room() as here:
        data = bytes(range(256)) * 1024
        (file,) = await posted(here, ("a.bin", data))
        here.slack.faults.slow_downloads = 0.01
        assert (await fetched(file["url_private"], here.slack.bot_token))[2] == data


async def test_files_are_listed_by_channel_and_owner() -> None:
    async with room() as here:
        (file,) = await posted(here, ("a.png", b"x"))
        await here.client.files_upload_v2(channel=here.channel, content="a,b", filename="t.csv")
        listed = (await here.client.files_list(channel=here.channel, user=here.anna.id))["files"]
        assert [one["id"] for one in listed] == [file["id"]]
        assert await refusal(here.client.files_delete(file=file["id"])) == "cant_delete_file"
