"""A channel whose images are archived: as they are posted, changed and deleted, and for as long as it wants."""

from __future__ import annotations

import hashlib

import pytest

from bot.local_slack.records.transcript import transcript
from bot.slack.archiving.telling import labels
from bot.slack.messages import COMMAND
from bot.slack.surface import sentences
from tests.scenario.slack.archives import (
    PATIENCE,
    announcements,
    archived,
    ephemerals,
    in_archive,
    opted_in,
    progress,
    said,
    settled,
    shown_to,
    states,
    told_at_the_end,
    told_somebody,
)
from tests.scenario.slack.bulk import found
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.office import Json, Office, Room
from tools.backends.common.folders import workspace_folder

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAILED = "select from archive_postings where channel = %s and failures > 0"


async def test_what_is_posted_in_a_channel_that_opted_in_is_in_the_archive(office: Office) -> None:
    room = await office.room()
    await opted_in(room)
    ts = await room.say("the kickoff in Lisbon", "flower")
    await in_archive(room, 1)
    (item,) = await archived(room)
    assert item.post is not None
    assert (item.post.ts, item.post.user, item.post.name) == (ts, room.anna.id, room.anna.name)
    assert (item.post.text, item.post.channel) == ("the kickoff in Lisbon", f"room-{room.anna.name[4:]}")
    assert item.path == f"{room.slack.workspace.url}/archives/{room.channel}/p{ts.replace('.', '')}"
    await settled(room)


async def test_an_announcement_says_what_is_kept_who_sees_it_how_to_stop_and_how_to_delete(office: Office) -> None:
    room = await office.room()
    ts = await opted_in(room)
    said = "\n".join(transcript(announcements(room)[0]))
    assert f"<@{room.anna.id}> has turned on the image archive" in said
    for each in ("What is kept", "Who sees it", "To stop it", "To have something deleted"):
        assert each in said
    await room.anna.slash(COMMAND, "archive on", room.channel)
    await told_somebody(room, "already")
    assert [one["ts"] for one in announcements(room)] == [ts]


async def test_a_button_of_the_announcement_turns_it_off_and_asks_whether_all_of_it_goes(office: Office) -> None:
    room = await office.room()
    ts = await opted_in(room)
    await room.say("", "flower", "diagram")
    await in_archive(room, 2)
    await room.ben.press(room.channel, ts, labels.TURN_OFF)
    question = await shown_to(room, room.ben, labels.ERASE)
    await room.slack.until(lambda: not announcements(room)[0]["blocks"][1:], PATIENCE)
    await room.say("", "temple")
    assert len(await archived(room)) == 2
    await room.ben.press(room.channel, question, labels.ERASE)
    await in_archive(room, 0)
    await settled(room)
    assert "temple" not in str(states(room))
    assert len(states(room)) == 0


async def test_nothing_goes_when_it_is_to_be_kept(office: Office) -> None:
    room = await office.room()
    await opted_in(room)
    await room.say("", "flower")
    await in_archive(room, 1)
    await room.anna.slash(COMMAND, "archive off", room.channel)
    await room.slack.until(lambda: any(labels.KEEP in str(one) for one in ephemerals(room)), PATIENCE)
    question = next(one["ts"] for one in ephemerals(room) if labels.KEEP in str(one))
    await room.anna.press(room.channel, question, labels.KEEP)
    await settled(room)
    assert len(await archived(room)) == 1


async def test_guests_and_strangers_change_nothing(office: Office) -> None:
    room = await office.room()
    guest = office.slack.person(f"guest-{room.channel}", "guest")
    await office.slack.invite(room.channel, guest)
    for person, why in ((guest, "Guests"), (office.slack.person(f"carl-{room.channel}"), "Both of us")):
        await person.slash(COMMAND, "archive on", room.channel)
        await told_somebody(room, why)
    assert announcements(room) == []


async def test_who_adds_the_bot_is_offered_to_turn_it_on(office: Office) -> None:
    room = await office.room()
    office.slack.faults.late(1.0, kind="member_left_channel")  # events come in any order
    await office.slack.remove(room.channel, None)
    await office.slack.invite(room.channel, None, by=room.ben)
    offer = await shown_to(room, room.ben, labels.TURN_ON)
    await room.ben.press(room.channel, offer, labels.TURN_ON)
    await room.slack.until(lambda: announcements(room), PATIENCE)
    await room.slack.delivered(PATIENCE)
    await room.say("", "flower")
    await in_archive(room, 1)


async def test_what_happens_in_slack_happens_in_the_archive(office: Office) -> None:
    room = await office.room()
    await opted_in(room)
    first = await room.say("teh flower", "flower")
    second = await room.ben.post(room.channel, "two", files=[office.pictures["temple"], office.pictures["diagram"]])
    third = await room.ben.post(room.channel, "", files=[office.pictures["invoice"]])
    await in_archive(room, 4)
    await room.anna.edit(room.channel, first, "the flower")
    await office.slack.rename(room.channel, "gardens")
    await room.ben.rename(f"benjamin-{room.channel}")
    await said(room, {"the flower", "two", ""}, {"gardens"}, {room.anna.name, room.ben.name})
    files = {file["name"]: file["id"] for file in room.slack.files.values() if file.get("user") == room.ben.id}
    await room.ben.take_away(room.channel, second, files["diagram.png"])
    await in_archive(room, 3)
    await room.ben.delete_file(files["invoice.pdf"])
    await in_archive(room, 2)
    await room.ben.delete(room.channel, second)
    await in_archive(room, 1)
    await room.ben.delete(room.channel, third)
    await office.slack.remove(room.channel, None)
    await in_archive(room, 0)
    await settled(room)
    assert not list((office.home / "blobs" / room.slack.team).glob(f"**/*archive*{room.channel}*"))


async def test_a_deleted_channel_leaves_nothing(office: Office) -> None:
    room = await office.room()
    await opted_in(room)
    await room.say("", "flower")
    await in_archive(room, 1)
    await office.slack.delete_channel(room.channel)
    await in_archive(room, 0)


async def test_what_was_posted_is_found_by_a_question_and_says_where_it_was_posted(office: Office) -> None:
    room = await office.room()
    await opted_in(room)
    await room.anna.post(room.channel, "a rose for the garden page", files=[office.pictures["flower"]])
    await in_archive(room, 1)
    reply = await room.answer_to("Find the images that show a flower")
    assert "flower" in "\n".join(reply)


async def settings_of(room: Room) -> Json:
    """The form of the room's settings, as Anna opens it."""
    await room.anna.slash(COMMAND, "settings", room.channel)
    await room.slack.until(lambda: "archive" in str(room.anna.view()), PATIENCE)
    view = room.anna.view()
    assert view
    return view


async def test_the_form_of_a_channel_has_the_choice(office: Office) -> None:
    room = await office.room()
    view = await settings_of(room)
    await room.anna.submit(view["id"], {"answers": "always", "archive": "all", "language": "-", "models": "as_set_up"})
    await room.slack.until(lambda: announcements(room), PATIENCE)


async def test_a_channel_chooses_for_how_long_and_is_told(office: Office) -> None:
    room, dave = await office.room(), office.slack.person("dave")
    await opted_in(room)
    await room.anna.slash(COMMAND, "archive keep 30 days", room.channel)
    await told_somebody(room, "after 30 days")
    await room.slack.until(lambda: len(announcements(room)) == 2, PATIENCE)
    told = str(announcements(room)[-1])
    assert f"<@{room.anna.id}> has changed" in told
    assert "30 days from when they were posted" in told
    await room.anna.slash(COMMAND, "archive status", room.channel)
    await told_somebody(room, "What is posted leaves it after 30 days, as this channel chose.")
    await room.anna.slash(COMMAND, "archive keep forty", room.channel)
    await told_somebody(room, "For how long?")
    await dave.slash(COMMAND, "archive keep 1 day", room.channel)
    await room.slack.until(lambda: sentences.NOT_OURS in str(room.notes_to(dave)), PATIENCE)
    await room.anna.slash(COMMAND, "archive keep default", room.channel)
    await room.slack.until(lambda: len(announcements(room)) == 3, PATIENCE)
    assert "none leaves it for its age any more" in str(announcements(room)[-1])
    assert len(announcements(room)) == 3


async def test_the_form_of_a_channel_has_the_period(office: Office) -> None:
    room = await office.room()
    view = await settings_of(room)
    filled = {"answers": "always", "archive": "asked", "language": "-", "models": "as_set_up", "period": "90"}
    await room.anna.submit(view["id"], filled)
    await room.slack.until(lambda: announcements(room), PATIENCE)
    assert "90 days from when they were posted" in str(announcements(room))
    assert "90 days" in str(room.anna.view())


# --- what was posted before -------------------------------------------------------------------------


async def test_the_history_of_a_channel_comes_in_threads_included_and_once(office: Office) -> None:
    room = await office.room()
    root = await room.anna.post(room.channel, "first", files=[office.pictures["flower"]])
    await room.ben.post(room.channel, "in the thread", files=[office.pictures["temple"]], thread_ts=root)
    await room.ben.post(room.channel, "both", files=[office.pictures["diagram"]], thread_ts=root, broadcast=True)
    await room.anna.post(room.channel, "no picture")
    ts = await opted_in(room)
    await room.say("new", "receipt")
    await room.anna.press(room.channel, ts, labels.BACKFILL)
    await told_at_the_end(room, ts, "is in the archive. Looked through: 5 messages; new in it: 3 images and PDFs")
    items = await archived(room)
    assert [item.post.text for item in items if item.post] == ["first", "in the thread", "both", "new"]
    assert [item.post.thread_ts for item in items if item.post] == ["", root, root, ""]
    await room.anna.press(room.channel, ts, labels.BACKFILL)
    await told_at_the_end(room, ts, "new in it: 0 images and PDFs")
    assert len(await archived(room)) == 4


async def test_a_history_is_in_only_when_what_slack_was_too_busy_for_is_in_too(office: Office) -> None:
    room = await office.room()
    await room.say("before", "flower")
    busy = await room.say("busy", "temple")
    file = office.slack.messages(room.channel, busy)[0]["files"][0]["id"]
    ts = await opted_in(room)
    refused = office.slack.faults.fail("download", times=24, retry_after=0, matching={"file": file})
    await room.anna.press(room.channel, ts, labels.BACKFILL)
    await told_at_the_end(room, ts, "is in the archive. Looked through: 2 messages; new in it: 2 images and PDFs")
    assert refused.struck == 24
    assert [item.post.text for item in await archived(room) if item.post] == ["before", "busy"]


async def test_what_could_not_be_kept_once_is_fetched_again_and_kept(office: Office) -> None:
    room = await office.room()
    await opted_in(room)
    picture = small_png("#1234ab", 40)
    sha256 = hashlib.sha256(picture).hexdigest()
    in_the_way = workspace_folder(office.home / "blobs", office.slack.team) / sha256[:2] / f"{sha256}.held"
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.touch()
    await room.say("", ("one.png", picture))
    await room.slack.until(lambda: bool(found(room, FAILED)), PATIENCE)
    in_the_way.unlink()
    await in_archive(room, 1)


async def test_looking_back_can_be_stopped_by_a_button(office: Office) -> None:
    room = await office.room()
    for number in range(6):
        await room.anna.post(
            room.channel, f"{number}", files=[(f"{number}.png", small_png(f"#{number}0{number}0ff", 40))]
        )
    ts = await opted_in(room)
    office.slack.faults.fail("conversations.history", times=1000, retry_after=1, matching={"channel": room.channel})
    await room.anna.press(room.channel, ts, labels.BACKFILL)
    await room.slack.until(lambda: progress(room, ts), PATIENCE)
    await room.ben.press(room.channel, progress(room, ts)[-1]["ts"], labels.STOP)
    await told_at_the_end(room, ts, "Looked through of this channel's history: 0 messages")
    assert await archived(room) == []


async def test_what_was_found_but_is_not_in_when_looking_back_is_stopped_is_let_go(office: Office) -> None:
    room = await office.room()
    for number in range(4):
        await room.anna.post(
            room.channel, f"{number}", files=[(f"{number}.png", small_png(f"#{number}5{number}5ff", 40))]
        )
    ts = await opted_in(room)
    files = {file["id"] for one in office.slack.messages(room.channel) for file in one.get("files", ())}
    for file in files:
        office.slack.faults.fail("download", times=1000, retry_after=1, matching={"file": file})
    await room.anna.press(room.channel, ts, labels.BACKFILL)
    await room.slack.until(lambda: "4 still to be added" in str(progress(room, ts)), PATIENCE)
    await room.ben.press(room.channel, progress(room, ts)[-1]["ts"], labels.STOP)
    await told_at_the_end(room, ts, "and let go: 4 images and PDFs.")
    assert await archived(room) == []
    office.slack.faults.clear()
    await room.anna.press(room.channel, ts, labels.BACKFILL)
    await told_at_the_end(room, ts, "new in it: 4 images and PDFs")
    assert len(await archived(room)) == 4


async def test_status_says_what_is_in_and_what_is_not(office: Office) -> None:
    room = await office.room()
    await opted_in(room)
    await room.say("", "flower", ("broken.png", b"no image at all"))
    await in_archive(room, 1)
    await settled(room)
    await room.anna.slash(COMMAND, "archive status", room.channel)
    await told_somebody(room, "Not in it")
    told = "\n".join(str(one.get("text")) for one in ephemerals(room))
    assert f"Everything posted in <#{room.channel}> goes into its archive" in told
    assert "In the archive: 1 image or PDF." in told
    assert "Not in it: 1 image or PDF." in told
    assert "broken" in told
