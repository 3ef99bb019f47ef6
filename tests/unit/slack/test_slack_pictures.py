"""Pictures and files of a reply, uploaded to the local Slack once, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.slack.replying.parts import Parts
from bot.slack.replying.pictures import share, show
from bot.slack.replying.replies import Attached, Reply
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.tables import Database
from bot.slack.web import Refused, Unsure, open_web
from tests.unit.slack.slack_replying import Doom, DoomedDatabase, DoomedWeb, Killed, Scene, said, scene

CSV = Attached("table.csv", b"a,b\r\n1,2\r\n", "table.csv")


@pytest.fixture
async def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.setattr("bot.slack.replying.parts.BUSY", 0.05)
    async with scene(database) as made:
        yield made


@pytest.fixture
def picture(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "sheet.png"
    Image.new("RGB", (40, 30), "red").save(path)
    return {"path": str(path), "caption": "3 bicycles", "mime": "image/png"}


def parts(here: Scene) -> Parts:
    return Parts(here.web, here.outbox, here.question, here.bot)


def files_in(here: Scene) -> list[str]:
    return [file["id"] for message in here.thread for file in message.get("files", [])]


# --- pictures -------------------------------------------------------------------------------------


async def test_a_picture_is_shown_in_the_message_and_nowhere_else(here: Scene, picture: dict[str, Any]) -> None:
    shown = await show(parts(here), [picture])
    file = shown[picture["path"]]
    block = {"type": "image", "slack_file": {"id": file}, "alt_text": "3 bicycles"}
    async with here.live() as live:
        await live.finish([Reply("x", (*said("Here.").blocks, block))])
    assert [block["type"] for block in here.thread[0]["blocks"]] == ["rich_text", "image"]
    assert files_in(here) == []
    assert here.slack.file_bytes(file).startswith(b"\x89PNG")


async def test_a_picture_is_uploaded_once(here: Scene, picture: dict[str, Any]) -> None:
    first = await show(parts(here), [picture])
    assert await show(parts(here), [picture]) == first
    assert len(here.calls("files.completeUploadExternal")) == 1


async def test_two_pictures_of_an_answer_are_two_files(here: Scene, picture: dict[str, Any], tmp_path: Path) -> None:
    other = tmp_path / "difference.png"
    Image.new("RGB", (4, 3), "blue").save(other)
    shown = await show(parts(here), [picture, {**picture, "path": str(other)}])
    assert len(set(shown.values())) == 2


async def test_a_picture_that_is_gone_from_disk_is_left_out(here: Scene, picture: dict[str, Any]) -> None:
    assert await show(parts(here), [{**picture, "path": "/nowhere/sheet.png"}]) == {}


async def test_a_picture_slack_will_not_take_is_left_out(here: Scene, picture: dict[str, Any]) -> None:
    here.slack.faults.fail("files.getUploadURLExternal", times=9, status=200, error="missing_scope")
    assert await show(parts(here), [picture]) == {}


LOSSES: list[dict[str, Any]] = [{"status": 500}, {"status": 500, "after": True}, {"reset": True}, {"retry_after": 1}]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info"])
async def test_a_picture_survives_an_answer_that_is_lost(
    here: Scene, picture: dict[str, Any], step: str, loss: dict[str, Any]
) -> None:
    here.slack.faults.fail(step, **loss)
    assert list(await show(parts(here), [picture])) == [picture["path"]]


# --- files ----------------------------------------------------------------------------------------


async def test_a_file_is_shared_in_the_thread(here: Scene) -> None:
    async with here.live() as live:
        await live.finish([said("See below."), CSV])
    (file,) = files_in(here)
    assert here.slack.file_bytes(file) == CSV.content
    assert here.thread[-1]["thread_ts"] == here.question.ts


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info"])
async def test_a_file_is_shared_once_though_an_answer_is_lost(here: Scene, step: str, loss: dict[str, Any]) -> None:
    here.slack.faults.fail(step, **loss)
    for _ in range(5):  # what is unsure is left to another attempt
        try:
            await share(parts(here), 1, CSV)
            break
        except Unsure:
            continue
    assert len(files_in(here)) == 1


async def test_killed_at_any_moment_a_file_is_shared_once(here: Scene, database: Database) -> None:
    web = here.web
    for at in range(1, 100):
        await here.ask()
        doom = Doom(at)
        here.outbox, here.web = Outbox(DoomedDatabase(database, doom)), DoomedWeb(web, doom)
        try:
            await share(parts(here), 1, CSV)
        except Killed:
            await share(parts(here), 1, CSV)
        assert len(files_in(here)) == 1, at
        if doom.left > 0:  # it was over before its moment came
            break
    assert at > 8


async def test_a_file_that_was_shared_is_not_shared_again(here: Scene) -> None:
    for _ in range(2):
        await share(parts(here), 1, CSV)
    assert len(files_in(here)) == 1


async def test_an_upload_that_slack_has_forgotten_is_made_again(here: Scene) -> None:
    intent = await here.outbox.intend(here.question.key, here.question.thread_ts, 1, "files", {})
    await here.outbox.note(intent, {"file": "F0000000000"})
    await share(parts(here), 1, CSV)
    assert len(files_in(here)) == 1


async def test_an_archived_channel_gets_no_file(here: Scene) -> None:
    await here.slack.archive(here.question.channel)
    with pytest.raises(Refused, match="is_archived"):
        await share(parts(here), 1, CSV)


async def test_the_token_is_not_sent_with_the_bytes(here: Scene) -> None:
    async with open_web(here.slack.bot_token, api_url=here.slack.api_url) as web:
        assert web.client.session is not None
        assert "Authorization" not in web.client.session.headers
