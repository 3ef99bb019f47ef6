"""What people edit, delete and have forgotten is followed: asked about it later, the bot does not know it any more."""

from __future__ import annotations

import hashlib

import pytest

from bot.local_slack import LocalSlack, Person
from tests.scenario.slack.drawings import saying, small_png
from tests.scenario.slack.model import Model
from tests.scenario.slack.office import Office, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

PNG = "Image 1 is a PNG file (image/png)."


def kept(office: Office, data: bytes) -> bool:
    """Whether the original lies anywhere in the bot's home."""
    digest = hashlib.sha256(data).hexdigest()
    files = (path for path in office.home.rglob("*") if path.is_file())
    return any(digest in path.name or path.read_bytes() == data for path in files)


async def test_a_deleted_file_is_gone_from_memory_blobs_and_archive(office: Office, room: Room) -> None:
    data = saying("THE SECRET PLAN")
    file = await room.anna.upload(("plan.png", data))
    assert "THE SECRET PLAN" in await room.answer_to("Read the text", file)
    assert kept(office, data)
    await room.slack.delivered()
    await room.anna.delete_file(file)
    await gone(office, room, data)
    assert "SECRET" not in "\n".join(await room.answer_to("Read the text in image 1 again"))
    assert "plan.png" not in "\n".join(await room.answer_to("Find pictures of a plan"))


async def test_a_deleted_message_is_gone_with_its_images(office: Office, room: Room) -> None:
    data = saying("THE OTHER PLAN")
    await room.answer_to("thanks!")
    ts = await room.ask("Read the text", ("plan.png", data))
    assert "THE OTHER PLAN" in await room.reply_to(ts)
    await room.anna.delete(room.channel, ts)
    await gone(office, room, data)
    assert "OTHER" not in "\n".join(await room.answer_to("Read the text in image 1 again"))


async def gone(office: Office, room: Room, data: bytes) -> None:
    """The deletion was delivered and carried out."""
    await room.slack.delivered()
    for _ in range(100):
        if not kept(office, data):
            return
        await room.answer_to("thanks!")
    raise AssertionError("It is still kept.")


async def test_what_was_edited_is_remembered_as_it_is_now(slow_room: Room, model: Model) -> None:
    ts = await slow_room.ask("our word is zebra")
    await slow_room.reply_to(ts)
    await slow_room.anna.edit(slow_room.channel, ts, f"<@{slow_room.slack.bot_user}> our word is lion")
    assert "zebra" not in await told_once(slow_room, model, without="zebra")
    assert "lion" in model.told[-1]


async def test_what_was_deleted_is_not_remembered(slow_room: Room, model: Model) -> None:
    await slow_room.answer_to("we have a password")
    ts = await slow_room.ask("it is swordfish")
    await slow_room.reply_to(ts)
    await slow_room.anna.delete(slow_room.channel, ts)
    assert "swordfish" not in await told_once(slow_room, model, without="swordfish")
    assert "password" in model.told[-1]


async def told_once(room: Room, model: Model, *, without: str) -> str:
    """What the model is told when it is asked, a few times until the change was carried out."""
    await room.slack.delivered()
    for _ in range(20):
        await room.answer_to("what did we say?")
        if without not in model.told[-1]:
            break
    return model.told[-1]


async def test_a_question_that_is_edited_is_not_answered_again(room: Room) -> None:
    ts = await room.ask("thanks!")
    await room.reply_to(ts)
    await room.anna.edit(room.channel, ts, f"<@{room.slack.bot_user}> thank you!")
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_a_mention_that_an_edit_adds_is_answered_once(room: Room) -> None:
    ts = await room.say("What format is it?", ("small.png", small_png()))
    await room.anna.edit(room.channel, ts, f"<@{room.slack.bot_user}> What format is it?")
    assert PNG in await room.reply_to(ts)
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_a_reply_of_the_bot_that_is_edited_or_unfurled_is_no_question(room: Room) -> None:
    ts = await room.ask("thanks!")
    await room.reply_to(ts)
    assert room.slack.redeliver(room.said[0]["ts"])
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_forgetting_oneself_asks_first_and_reports_what_was_erased(office: Office, room: Room) -> None:
    data = saying("MY OWN PLAN")
    await room.answer_to("What format is it?", ("mine.png", data))
    assert kept(office, data)
    await room.anna.slash("/spyglass", "forget me", room.channel)
    await room.slack.until(lambda: "Erase it?" in str(room.notes_to(room.anna)))
    assert "1 image" in room.notes_to(room.anna)[0]
    await confirm(room, "spyglass_erase")
    await room.slack.until(lambda: "Erased: 1 message, 1 image and 1 thread" in str(notes(room)))
    assert not kept(office, data)


async def test_who_thinks_better_of_it_keeps_everything(office: Office, room: Room) -> None:
    data = saying("MY KEPT PLAN")
    await room.answer_to("What format is it?", ("mine.png", data))
    await room.anna.slash("/spyglass", "forget me", room.channel)
    await room.slack.until(lambda: "Erase it?" in str(room.notes_to(room.anna)))
    await confirm(room, "spyglass_keep")
    await room.slack.until(lambda: "Nothing was erased." in str(notes(room)))
    assert kept(office, data)


async def test_only_an_admin_has_a_channel_forgotten(office: Office, room: Room) -> None:
    data = saying("OUR PLAN")
    await room.answer_to("What format is it?", ("ours.png", data))
    await room.ben.slash("/spyglass", "forget channel", room.channel)
    await room.slack.until(lambda: "Only an admin" in str(room.notes_to(room.ben)))
    room.anna = await admin(room.slack, room.channel)
    await room.anna.slash("/spyglass", "forget channel", room.channel)
    await room.slack.until(lambda: "Erase it?" in str(room.notes_to(room.anna)))
    await confirm(room, "spyglass_erase")
    await room.slack.until(lambda: "Erased:" in str(notes(room)))
    assert not kept(office, data)


async def admin(slack: LocalSlack, channel: str) -> Person:
    olga = slack.person("olga", role="admin")
    await olga.join(channel)
    return olga


async def confirm(room: Room, action: str) -> None:
    asked = [one for one in room.slack.ephemerals(room.channel) if one["_for"] == room.anna.id]
    await room.anna.press(room.channel, asked[-1]["ts"], action)


def notes(room: Room) -> list[str]:
    return room.notes_to(room.anna)
