"""Alt text for many images: a job beside people's questions, with its progress, a button that stops it, and a CSV."""

from __future__ import annotations

import pytest

from bot.slack.bulk import sentences
from bot.slack.bulk.board import STOP
from bot.slack.replying.labels import NOT_YOURS
from tests.scenario.slack.bulk import (
    ASK,
    PATIENCE,
    SIDE,
    found,
    held,
    over,
    rows,
    shared,
    small_pictures,
    stop_shown,
    told,
    under_way,
)
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.drawings import saying, small_png
from tests.scenario.slack.model import Model
from tests.scenario.slack.office import Office, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

BROKEN = [("notes.png", b"no picture at all"), ("empty.png", b""), ("cut.png", small_png()[:40])]
SAYS_BRAND = ("drill.png", saying("ACME TOOLS"))
NAMED_SO = ("acme-drill.png", small_png("navy", SIDE))
FORMULA = ("=cmd.png", small_png("teal", SIDE))
SHORT = 25
"""Files: more than are looked at before a test has taken hold of the job."""


async def begun(room: Room, number: int = SHORT) -> str:
    """A job under way, in a thread of pictures. Returns the ts of the message that asked for it."""
    await room.say("", *small_pictures(number))
    ts = await room.say(ASK, mention=True)
    await under_way(room)
    return ts


async def test_forty_files_become_one_csv(room: Room) -> None:
    again = [(f"again-{name}", data) for name, data in small_pictures(10)]
    more = [(f"more-{name}", data) for name, data in small_pictures(10)]
    pictures = [*small_pictures(14), *again, *more]
    await room.ask(ASK, *pictures, *BROKEN, SAYS_BRAND, NAMED_SO, FORMULA)
    await over(room)
    written = rows(room)
    assert [row["status"] for row in written] == ["done"] * 34 + ["unreadable"] * 3 + ["withheld", "done", "done"]
    assert [row["file"] for row in written[:34]] == [name for name, _ in pictures]
    numbers = [*range(1, 15), *range(1, 11), *range(1, 11), 15, 16, 17]  # one posted again is the image it was
    assert [row["image"] for row in written if row["image"]] == [f"image {n}" for n in numbers]
    assert all(0 < len(row["alt_text"]) <= 125 and row["caption"] for row in written if row["status"] == "done")
    assert all(row["keywords"] and row["measured_by"] for row in written if row["status"] == "done")
    assert (written[-3]["alt_text"], written[-3]["reason"]) == ("", "withheld by the rule banned_brands")
    assert written[-2]["file"] == "▇▇▇-drill.png"
    assert written[-1]["file"] == "'=cmd.png"
    assert "acme" not in f"{written} {told(room)} {room.calls('chat.update')} {room.calls('chat.postMessage')}".lower()
    assert told(room)[:2] == ["Alt text for 40 files.", "36 written, 1 withheld by a rule, 3 could not be read."]
    assert not stop_shown(room)
    assert len(room.calls("chat.update")) < 40


async def test_what_was_written_about_is_known_by_its_handle_afterwards(room: Room) -> None:
    await begun(room, 10)
    await over(room)
    assert "Image 7 is a PNG file (image/png)." in await room.answer_to("What format is image 7?")


async def test_a_handful_of_images_is_answered_at_once(room: Room) -> None:
    said = await room.answer_to("Write alt text for all images", *small_pictures(3))
    assert sum("square picture" in line for line in said) == 3
    assert shared(room) == []


async def test_stopped_it_gives_what_is_done(room: Room) -> None:
    await begun(room)
    async with held(room):
        await room.ben.press(room.channel, room.said[0]["ts"], STOP)
        await room.slack.until(lambda: room.notes_to(room.ben) == [NOT_YOURS], PATIENCE)
        await room.anna.press(room.channel, room.said[0]["ts"], STOP)
        await room.slack.until(lambda: room.notes_to(room.anna) == [sentences.STOPPING], PATIENCE)
    await over(room)
    done = len(rows(room))
    assert 0 < done < SHORT
    assert told(room)[0] == f"Stopped after {done} of {SHORT} files."


async def test_questions_are_answered_while_a_job_is_under_way(office: Office, room: Room) -> None:
    await begun(room)
    other = await office.room()
    async with held(room):
        assert "Image 1 is a PNG file (image/png)." in await room.answer_to("What format is image 1?")
        assert "Image 1 is a PNG file (image/png)." in await other.answer_to(
            "What format is it?", ("a.png", small_png())
        )
    await over(room)
    assert len(rows(room)) == SHORT


async def test_a_second_job_of_a_thread_is_told_of_the_first_and_can_stop_it(room: Room) -> None:
    await begun(room)
    async with held(room):
        ts = await room.ask(ASK)
        await room.slack.until(lambda: room.replies(ts), PATIENCE)
        assert sentences.UNDER_WAY in told(room)
        await room.anna.press(room.channel, room.replies(ts)[0]["ts"], STOP)
        await room.slack.until(lambda: sentences.STOPPING in room.notes_to(room.anna), PATIENCE)
    await over(room)
    assert len(shared(room)) == 1
    await room.anna.press(room.channel, room.replies(ts)[0]["ts"], STOP)
    await room.slack.until(lambda: room.notes_to(room.anna)[-1] == sentences.NO_JOB, PATIENCE)


async def test_what_is_deleted_meanwhile_is_passed_over_and_named(room: Room) -> None:
    await room.say("", *small_pictures(SHORT))
    late = await room.anna.upload(("late.png", small_png("teal", SIDE)))
    await room.say("", late)
    gone = await room.say("", ("gone.png", small_png("olive", SIDE)))
    await room.say(ASK, mention=True)
    await under_way(room)
    async with held(room):
        await room.anna.delete_file(late)
        await room.anna.delete(room.channel, gone)
        await room.slack.delivered(PATIENCE)
    await over(room)
    assert [(row["file"], row["status"]) for row in rows(room)[SHORT:]] == [
        ("late.png", "deleted"),
        ("gone.png", "deleted"),
    ]
    assert "2 deleted meanwhile" in told(room)[1]


async def test_a_job_whose_question_is_deleted_ends_without_a_word(room: Room) -> None:
    ts = await begun(room)
    async with held(room):
        await room.anna.delete(room.channel, ts)
        await room.slack.delivered(PATIENCE)
    await over(room)
    assert room.said == []
    assert found(room, "select from bulk_items where channel = %s") == []


async def test_forgetting_ends_a_job_and_leaves_nothing_of_it(room: Room) -> None:
    await begun(room)
    async with held(room):
        await room.anna.slash("/spyglass", "forget me", room.channel)
        await room.slack.until(lambda: "Erase it?" in str(room.notes_to(room.anna)), PATIENCE)
        asked = [one for one in room.slack.ephemerals(room.channel) if one["_for"] == room.anna.id]
        await room.anna.press(room.channel, asked[-1]["ts"], "spyglass_erase")
        await room.slack.until(lambda: "Erased:" in str(room.notes_to(room.anna)), PATIENCE)
        assert found(room, "select from bulk_items where channel = %s") == []
    await over(room)
    assert shared(room) == []
    (job,) = found(room, "select user_id from bulk_jobs where channel = %s")
    assert job["user_id"] == ""


async def test_a_job_in_a_channel_that_is_archived_ends_quietly(room: Room) -> None:
    await begun(room)
    async with held(room):
        await room.slack.archive(room.channel)
    await over(room)
    assert shared(room) == []
    (job,) = found(room, "select reason from bulk_jobs where channel = %s")
    assert job["reason"] in ("is_archived", "is_inactive")


async def test_a_channel_is_written_about_when_it_is_named(room: Room) -> None:
    for n, picture in enumerate(small_pictures(10)):
        room.thread = None
        await room.say(f"number {n}", picture)
    room.thread = None
    await room.ask("Write alt text for all images in this channel")
    await over(room)
    assert [row["file"] for row in rows(room)] == [f"picture-{n}.png" for n in range(1, 11)]


async def test_where_slack_wants_fewer_calls_the_work_goes_on(room: Room) -> None:
    room.slack.faults.fail("chat.update", retry_after=1, times=2, matching={"channel": room.channel})
    await begun(room, 10)
    await over(room)
    assert len(rows(room)) == 10
    assert told(room)[0] == "Alt text for 10 files."


async def test_a_csv_that_cannot_be_attached_is_told_with_the_reason(room: Room) -> None:
    room.slack.faults.fail("files.getUploadURLExternal", error="missing_scope", times=5)
    await begun(room, 10)
    await over(room)
    assert shared(room) == []
    assert sentences.NOT_ATTACHED.format(error="missing_scope") in told(room)


async def test_a_job_in_a_workspace_that_takes_the_app_out_ends_quietly(opening: Opening) -> None:
    async with opening() as own:
        room = await own.room()
        await begun(room)
        async with held(room):
            await own.slack.uninstall()
        await over(room)
        assert shared(room) == []


async def test_what_a_vision_model_says_keeps_the_rules_as_well(opening: Opening, model: Model) -> None:
    model.answers("Write the alt text", "A red square.", "Acme's best drill.", "A square on its own.")
    async with opening(vision="openai:gpt-4o", openai_base_url=model.url) as own:
        room = await own.room()
        await begun(room, 9)
        await over(room)
    written = rows(room)
    assert [row["alt_text"] for row in written[:3]] == ["A red square.", written[1]["caption"], "A square on its own."]
    assert ["seen by model" in row["measured_by"] for row in written[:3]] == [True, False, True]
    assert "acme" not in f"{written} {told(room)}".lower()
