"""Files of every kind: what can be read is, and what cannot is named with the reason."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.local_slack import Upload
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.model import Model
from tests.scenario.slack.office import Office, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

WHICH = "What format is it?"
PNG = "Image 1 is a PNG file (image/png)."


async def test_a_picture_without_a_word_is_described(room: Room) -> None:
    said = await room.answer_to("", ("small.png", small_png()))
    assert any("image 1" in line for line in said)


async def test_a_mention_without_anything_is_answered(room: Room) -> None:
    assert await room.answer_to("")


async def test_a_file_alone_in_a_direct_message_is_answered(room: Room) -> None:
    room.channel = await room.slack.dm(room.anna)
    ts = await room.say("", ("small.png", small_png()))
    assert any("image 1" in line for line in await room.reply_to(ts))


@pytest.mark.parametrize("how", ["mimetype", "untyped_at_first", "stub", "title", "name"])
async def test_bytes_count_and_not_what_slack_says_of_them(room: Room, how: str) -> None:
    odd = {
        "mimetype": Upload("small.png", small_png(), mimetype=""),
        "untyped_at_first": Upload("small.png", small_png(), untyped_at_first=True),
        "stub": Upload("small.png", small_png(), stub=True),
        "title": Upload("small", small_png(), mimetype="text/plain"),
        "name": Upload("small.txt", small_png(), mimetype="image/jpeg"),
    }
    assert PNG in await room.answer_to(WHICH, odd[how])


async def test_thirty_files_in_one_message_are_all_taken_in_in_their_order(room: Room) -> None:
    files = [(f"picture-{n}.png", small_png(f"#{n:02x}{n:02x}00")) for n in range(1, 31)]
    said = " ".join(await room.answer_to("What format are they?", *files))
    assert [f"Image {n} is a PNG file" in said for n in range(1, 31)] == [True] * 30


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (
            Upload("plan.png", external_url="https://drive.example/plan.png"),
            "plan.png is only a link to another service",
        ),
        (Upload("plan.png", mode="tombstone"), "A file was deleted."),
        (Upload("plan.png", mode="hidden_by_limit"), "A file is hidden by this workspace's Slack plan"),
        (Upload("plan.html", b"<!doctype html><title>Plan</title>"), "plan.html is a web page"),
        (Upload("plan.png", b"no picture at all"), "plan.png"),
        (Upload("plan.png", b""), "plan.png"),
    ],
    ids=["external", "tombstone", "hidden", "web page", "broken", "empty"],
)
async def test_what_cannot_be_read_is_named_with_the_reason(room: Room, file: Upload, sentence: str) -> None:
    assert any(line.startswith(sentence) for line in await room.answer_to(WHICH, file))


async def test_one_bad_file_spoils_no_other(room: Room) -> None:
    said = await room.answer_to(WHICH, Upload("bad.png", b"none"), ("good.png", small_png()))
    assert PNG in " ".join(said)
    assert "bad.png" in " ".join(said)


async def test_no_external_address_is_fetched(room: Room) -> None:
    link = f"{room.slack.url.replace('127.0.0.1', 'localhost')}/files/U1/F0123/secret.png"
    await room.answer_to(f"{WHICH} <{link}>")
    assert asked_for(room, "F0123") == []
    await room.answer_to(f"{WHICH} <{link.replace('localhost', '127.0.0.1')}>")
    assert asked_for(room, "F0123") == ["files.info"]


def asked_for(room: Room, file: str) -> list[str]:
    """What was called to look at, or fetch, that file."""
    return [call.method for call in room.slack.calls if call.arguments.get("file") == file]


async def test_the_login_page_is_not_taken_for_a_picture(room: Room) -> None:
    room.slack.faults.login_page = True
    said = await room.answer_to(WHICH, ("small.png", small_png()))
    assert any(line.startswith("Slack gave me its sign-in page in place of small.png") for line in said)


async def test_a_file_that_is_deleted_before_it_is_fetched_is_named(room: Room) -> None:
    file = await room.anna.upload(("small.png", small_png()))
    room.slack.faults.late(0.5, count=2)
    ts = await room.ask(WHICH, file)
    await room.anna.delete_file(file)
    said = await room.reply_to(ts)
    assert said[0] in ("A file was deleted.", "small.png was deleted.", "small.png is no longer in Slack.")


async def test_a_slow_download_is_waited_for(room: Room) -> None:
    noise = BytesIO()
    Image.effect_noise((600, 600), 90).save(noise, "PNG")
    room.slack.faults.slow_downloads = 0.1
    assert PNG in await room.answer_to(WHICH, ("noise.png", noise.getvalue()))


async def test_a_linked_file_opens_only_where_all_who_read_are_in_a_channel_it_is_shared_in(
    office: Office, room: Room
) -> None:
    elsewhere = await office.room(private=True)
    shown = await elsewhere.say("for us only", ("small.png", small_png()))
    link = office.slack.messages(elsewhere.channel, shown)[0]["files"][0]["permalink"]
    said = await room.answer_to(f"What is in this? <{link}>")
    assert any("is not shared in a channel that you and all who read this may see" in line for line in said)
    assert not any("image 1" in line for line in said)
    await office.slack.invite(elsewhere.channel, room.ben)
    room.thread = None
    said = await room.answer_to(f"What is in this? <{link}>", who=room.ben)
    assert not any("image 1" in line for line in said)
    alone = Room(office, room.ben.dm(), room.ben, room.ben)
    said = await alone.answer_to(f"What is in this? <{link}>")
    assert any("small.png (image 1)" in line for line in said)


async def test_too_large_a_file_is_not_even_fetched(room: Room) -> None:
    file = await room.anna.upload(("huge.png", small_png()))
    room.slack.workspace.state.files[file]["size"] = 10**9
    said = await room.answer_to(WHICH, file)
    assert any(line.startswith("huge.png is larger than the 50 MB I open") for line in said)


async def test_the_planner_hears_of_files_that_cannot_be_read(slow_room: Room, model: Model) -> None:
    model.answers("What about the first?", "I cannot tell.")
    said = await slow_room.answer_to(
        "What about the first?", Upload("gone.png", mode="hidden_by_limit"), ("small.png", small_png())
    )
    assert any("is hidden by this workspace's Slack plan" in line for line in said)
