"""What is posted, changed and deleted in a channel that opted in, followed into its archive and out of it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack.addressing import Answers
from bot.slack.archiving.candidates import postings_of
from bot.slack.archiving.history.backfills import Backfills
from bot.slack.archiving.postings import Work
from bot.slack.archiving.register import FIRST_PAUSE, Register
from bot.slack.archiving.telling.announcements import Announcements
from bot.slack.archiving.telling.sentences import PUT_OFF
from bot.slack.archiving.telling.tallying import tally_of
from bot.slack.events import BotJoined, ChannelGone, Deletion, Edit, FileChanged, FileDeleted, Message, Renamed
from bot.slack.storage.expiring import Expiring
from bot.slack.storage.forgetting import Forgetting, Whose
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.tables import Database
from tests.unit.slack.slack_archive import BOT, Town
from tests.unit.slack.test_slack_expiring import Memory


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    town = Town(database, tmp_path)
    await town.opt_in()
    return town


def edited(before: Message, text: str) -> Edit:
    return Edit(before.model_copy(update={"text": text, "edited": "9.0"}), before)


async def out_of_order() -> None:
    raise OSError("no space left on device")


# --- posted -----------------------------------------------------------------------------------------


async def test_a_posting_is_in_the_archive_with_who_where_when_and_what_was_said(town: Town) -> None:
    await town.said(
        town.message("5.000001", "a.png", text="for <@U2>: the <https://x.y|plan> &amp; more", thread_ts="1.0")
    )
    (item,) = await town.items()
    assert item.post is not None
    assert item.post.model_dump() == {
        "ts": "5.000001",
        "user": "U1",
        "name": "Anna",
        "channel": "design",
        "thread_ts": "1.0",
        "file": "FA",
        "text": "for @Ben: the plan & more",
    }
    assert (item.size, item.mime, item.contents.colours, item.contents.kind) == (11, "image/png", ("blue",), "photo")
    assert town.blobs.held[item.sha256] == {"archive:C1"}


async def test_of_a_channel_that_did_not_opt_in_nothing_is_kept(town: Town) -> None:
    await town.said(town.message("1.0", "a.png", channel="C2"))
    assert await town.in_it("C2") == []
    assert await town.db.rows("select team from archive_postings where channel = 'C2'") == []


async def test_a_message_that_comes_twice_is_archived_once(town: Town) -> None:
    for _ in range(2):
        await town.said(town.message("1.0", "a.png", text="hello"))
    assert len(town.slack.asked) == 1
    assert await town.in_it() == ["a.png"]


async def test_our_own_pictures_and_what_slack_knows_to_be_no_image_are_not_looked_at(town: Town) -> None:
    await town.said(town.message("1.0", "a.png", user=BOT.user))
    sheet = {"id": "FX", "name": "x.csv", "mimetype": "text/csv"}
    snippet = {"id": "FY", "name": "y.png", "mode": "snippet", "mimetype": "image/png"}
    await town.said(town.message("2.0").model_copy(update={"files": (sheet, snippet)}))
    assert await town.db.rows("select team from archive_postings") == []


async def test_what_another_bot_posts_is_archived_as_everything_else(town: Town) -> None:
    await town.said(town.message("1.0", "a.png", user="", is_bot=True, bot_id="B9"))
    assert await town.in_it() == ["a.png"]


@pytest.mark.parametrize("why", ["tombstone", "hidden", "external", "too_big"])
async def test_a_file_that_cannot_be_had_is_left_out_and_told(town: Town, why: str) -> None:
    message = town.message("1.0", "a.png", "b.png")
    town.slack.given["FA"] = why
    await town.said(message)
    assert await town.in_it() == ["b.png"]
    tally = await tally_of(town.db, "T1", "C1")
    assert (tally.archived, tally.left_out, tally.reasons) == (1, 1, ((f"a.png: {why}", 1),))


async def test_what_is_no_image_by_its_bytes_is_left_out(town: Town) -> None:
    await town.said(town.message("1.0", "a.txt"))
    assert (await town.state("1.0", "FA"))["state"] == "left_out"


async def test_a_file_that_slack_does_not_give_just_now_is_asked_for_later_each_time(town: Town) -> None:
    message = town.message("1.0", "a.png")
    data, town.slack.given["FA"] = town.slack.given["FA"], "unreachable"
    await town.said(message)
    for failures in (1, 2, 3):
        row = await town.state("1.0", "FA")
        assert (row["state"], row["failures"]) == ("wanted", failures)
        assert (row["due"] - row["created"]).total_seconds() >= FIRST_PAUSE * 2 ** (failures - 1)
        tally = await tally_of(town.db, "T1", "C1")
        assert (tally.failing, tally.reasons) == (1, ((PUT_OFF, 1),))
        await town.due_now()
        town.slack.given["FA"] = data if failures == 3 else "unreachable"
        await town.worked_off()
    assert await town.in_it() == ["a.png"]
    assert (await tally_of(town.db, "T1", "C1")).failing == 0


async def test_one_image_that_cannot_be_encoded_costs_no_other_anything(town: Town) -> None:
    town.encoder.fails.add("b.png")
    await town.said(town.message("1.0", "a.png", "b.png", "c.png"))
    assert await town.in_it() == ["a.png", "c.png"]
    town.encoder.fails.clear()
    await town.due_now()
    await town.worked_off()
    assert await town.in_it() == ["a.png", "b.png", "c.png"]


async def test_an_archive_that_is_out_of_order_loses_nothing(town: Town) -> None:
    writing, town.archive.writing = town.archive.writing, out_of_order
    await town.said(town.message("1.0", "a.png"))
    assert await town.in_it() == []
    town.archive.writing = writing
    await town.due_now()
    await town.worked_off()
    assert await town.in_it() == ["a.png"]


async def test_what_still_waits_when_a_channel_opts_out_does_not_come_in(town: Town) -> None:
    await town.following.said(town.message("1.0", "a.png"))
    await town.preferences.archive("T1", "C1", Archives.ASKED, by="U1")
    await town.worked_off()
    assert await town.in_it() == []
    await town.opt_in()
    await town.said(town.message("1.0", "a.png"))
    assert await town.in_it() == ["a.png"]


async def test_text_tags_and_caption_come_later_and_an_edit_in_between_is_kept(
    database: Database, tmp_path: Path
) -> None:
    town = Town(database, tmp_path, enrich=True)
    await town.opt_in()
    message = town.message("1.0", "a.pdf", text="first")
    await town.following.said(message)
    claimed = await town.register.claim([Work.NEW])
    assert claimed
    await town.filling.shelve(claimed.postings)
    assert [item.contents.done for item in await town.items()] == [("colours", "kind", "phash", "detail")] * 3
    await town.following.edited(edited(message, "second"))
    await town.worked_off()
    items = await town.items()
    assert {item.post.text for item in items if item.post} == {"second"}
    assert all({"text", "caption"} <= set(item.contents.done) for item in items)


# --- changed ----------------------------------------------------------------------------------------


async def test_an_edit_is_followed(town: Town) -> None:
    message = town.message("1.0", "a.png", text="teh plan")
    await town.said(message)
    await town.following.edited(edited(message, "the plan"))
    await town.worked_off()
    (item,) = await town.items()
    assert item.post
    assert item.post.text == "the plan"


async def test_an_edit_of_what_was_never_archived_archives_nothing(town: Town) -> None:
    old = town.message("1.0", "a.png", text="long ago")
    await town.following.edited(edited(old, "long, long ago"))
    await town.worked_off()
    assert await town.in_it() == []


async def test_an_edit_that_comes_before_its_message_is_what_the_archive_says(town: Town) -> None:
    message = town.message(f"{time.time():.6f}", "a.png", text="first")
    await town.following.edited(edited(message, "second"))
    await town.said(message)
    (item,) = await town.items()
    assert item.post
    assert item.post.text == "second"


async def test_files_that_an_edit_takes_away_leave(town: Town) -> None:
    message = town.message("1.0", "a.png", "b.png", text="both")
    await town.said(message)
    await town.following.edited(Edit(message.model_copy(update={"files": message.files[1:]}), message))
    await town.worked_off()
    assert await town.in_it() == ["b.png"]


async def test_new_names_of_channels_people_and_files_are_followed(town: Town) -> None:
    await town.said(town.message("1.0", "a.png"))
    await town.said(town.message("2.0", "b.png", user="U2"))
    await town.following.renamed(Renamed("T1", "product", channel="C1"))
    await town.following.renamed(Renamed("T1", "Anna Berg", user="U1"))
    await town.worked_off()
    posts = [item.post for item in await town.items() if item.post]
    assert [(post.name, post.channel) for post in posts] == [("Anna Berg", "product"), ("Ben", "product")]


async def test_a_person_who_only_changed_a_status_changes_nothing(town: Town) -> None:
    await town.said(town.message("1.0", "a.png"))
    await town.following.renamed(Renamed("T1", "Anna", user="U1"))
    assert (await town.state("1.0", "FA"))["work"] is None


async def test_a_changed_file_is_looked_at_again_where_it_was_archived(town: Town) -> None:
    await town.said(town.message("1.0", "a.png"))
    await town.following.file_changed(FileChanged("T1", "FA"))
    await town.following.file_changed(FileChanged("T1", "FB"))
    assert town.checked == ["FA"]


# --- gone -------------------------------------------------------------------------------------------


async def test_a_deleted_message_leaves_with_its_originals(town: Town) -> None:
    await town.said(town.message("1.0", "a.png"))
    await town.said(town.message("2.0", "b.png"))
    await town.following.deleted(Deletion(town.message("1.0").emptied(), ("FA",)))
    await town.worked_off()
    assert await town.in_it() == ["b.png"]
    assert [len(held) for held in town.blobs.held.values()] == [0, 1]
    assert len(town.blobs.kept) == 1


async def test_a_deleted_file_leaves_every_channel_it_was_posted_in(town: Town) -> None:
    await town.opt_in("C2")
    for ts, channel in (("1.0", "C1"), ("2.0", "C1"), ("3.0", "C2")):
        await town.said(town.message(ts, "a.png", channel=channel))
    await town.following.file_deleted(FileDeleted("T1", "FA"))
    await town.worked_off()
    assert [await town.in_it("C1"), await town.in_it("C2"), town.blobs.kept] == [[], [], {}]


async def test_an_original_that_was_posted_once_more_stays_as_long_as_it_is_posted(town: Town) -> None:
    first, second = town.message("1.0", "a.png"), town.message("2.0", "b.png")
    town.slack.given["FB"] = town.slack.given["FA"]
    await town.said(first)
    await town.said(second)
    await town.following.deleted(Deletion(first.emptied(), ("FA",)))
    await town.worked_off()
    assert (await town.in_it(), len(town.blobs.kept)) == (["b.png"], 1)
    await town.following.deleted(Deletion(second.emptied(), ("FB",)))
    await town.worked_off()
    assert (await town.in_it(), len(town.blobs.kept)) == ([], 0)


async def test_a_message_that_comes_after_its_deletion_stays_gone(town: Town) -> None:
    message = town.message("1.0", "a.png")
    await town.following.deleted(Deletion(message.emptied(), ("FA",)))
    await town.said(message)
    assert await town.in_it() == []


async def test_of_a_channel_that_is_gone_nothing_stays_and_who_comes_back_chooses_again(town: Town) -> None:
    await town.opt_in("C2")
    await town.said(town.message("1.0", "a.png"))
    await town.said(town.message("2.0", "b.png", channel="C2"))
    await town.following.channel_gone(ChannelGone("T1", "C1"))
    await town.worked_off()
    assert [await town.in_it("C1"), await town.in_it("C2")] == [[], ["b.png"]]
    assert await town.preferences.archives("T1", "C1") is Archives.ASKED


async def test_that_we_left_a_channel_may_be_heard_after_we_are_back_and_its_archive_is_on_again(town: Town) -> None:
    left = f"{time.time() - 5:.6f}"
    await town.said(town.message("1.0", "before.png"))
    await town.opt_in("C1")
    await town.said(town.message(f"{time.time():.6f}", "since.png"))
    await town.following.channel_gone(ChannelGone("T1", "C1", left))
    await town.worked_off()
    assert await town.in_it("C1") == ["since.png"]
    assert await town.preferences.archives("T1", "C1") is Archives.ALL
    await town.following.channel_gone(ChannelGone("T1", "C1", f"{time.time() + 5:.6f}"))
    await town.worked_off()
    assert await town.in_it("C1") == []
    assert await town.preferences.archives("T1", "C1") is Archives.ASKED


async def test_what_comes_in_again_before_it_is_erased_stays(town: Town) -> None:
    left = f"{time.time() + 1:.6f}"
    await town.said(town.message("1.0", "a.png"))
    removing, town.archive.removing = town.archive.removing, out_of_order
    await town.preferences.archive("T1", "C1", None, by="U1")
    await town.db.rows("update channels set opted = now() + interval '1 minute', archive = 'all'")
    await town.following.channel_gone(ChannelGone("T1", "C1", left))
    await town.erasing.work_off()  # the archive is away
    again = [replace(one, late=True) for one in postings_of(town.message("1.0", "a.png"), BOT)]
    await Register(town.db).want(again)
    while claimed := await town.register.claim([*Work]):
        await town.filling.shelve(claimed.postings)
    town.archive.removing = removing
    await town.db.rows("update erasures set due = now()")
    await town.worked_off()
    assert await town.in_it("C1") == ["a.png"]


async def test_a_history_that_is_looked_through_since_we_are_back_stays(town: Town) -> None:
    await town.said(town.message("1.0", "old.png"))
    await Backfills(town.db).begin("T1", "C1", "U1", "9.0")
    await Backfills(town.db).begin("T1", "C2", "U1", "9.0")
    left = f"{time.time():.6f}"
    await town.preferences.archive("T1", "C1", None, by="U1")
    await town.opt_in("C1")
    again = town.message("1.5", "older.png")
    await Register(town.db).want([replace(one, late=True) for one in postings_of(again, BOT)])
    about = town.message("1.6", "asked.png")
    await Register(town.db).want([replace(one, asked=True) for one in postings_of(about, BOT)])
    await town.worked_off()
    await town.following.channel_gone(ChannelGone("T1", "C1", left))
    await town.worked_off()
    assert await town.in_it("C1") == ["older.png", "asked.png"]
    assert await Backfills(town.db).of("T1", "C1") is None
    assert await Backfills(town.db).of("T1", "C2")
    assert await Backfills(town.db).begin("T1", "C1", "U1", "9.0")
    await town.said(town.message("1.0", "old.png"))  # nothing keeps it out
    await town.following.channel_gone(ChannelGone("T1", "C1", left))
    assert await Backfills(town.db).of("T1", "C1")


async def test_a_person_who_is_forgotten_leaves_and_does_not_come_back(town: Town) -> None:
    theirs, other = town.message("1.0", "a.png"), town.message("2.0", "b.png", user="U2")
    await town.said(theirs)
    await town.said(other)
    forgetting = Forgetting(town.db, town.erasing)
    assert str(await forgetting.count(Whose("T1", user="U1"))) == "1 archived image"
    await forgetting.erase(Whose("T1", user="U1"))
    assert await town.in_it() == ["b.png"]
    await town.said(theirs)
    assert await town.in_it() == ["b.png"]
    assert await town.db.rows("select team from archive_people where user_id = 'U1'") == []


async def test_a_thread_that_is_forgotten_leaves_with_what_was_posted_in_it(town: Town) -> None:
    await town.said(town.message("2.0", "a.png", thread_ts="1.0"))
    await town.said(town.message("3.0", "b.png"))
    await Forgetting(town.db, town.erasing).erase(Whose("T1", channel="C1", thread_ts="1.0"))
    assert await town.in_it() == ["b.png"]


async def test_a_channel_that_is_forgotten_leaves_nothing_and_other_channels_all(town: Town) -> None:
    await town.opt_in("C2")
    await town.said(town.message("1.0", "a.png"))
    await town.said(town.message("2.0", "b.png", channel="C2"))
    await Forgetting(town.db, town.erasing).erase(Whose("T1", channel="C1"))
    assert [await town.in_it("C1"), await town.in_it("C2")] == [[], ["b.png"]]
    assert len(town.blobs.kept) == 1


async def test_an_erasure_that_fails_is_carried_out_later(town: Town) -> None:
    await town.said(town.message("1.0", "a.png"))

    removing, town.archive.removing = town.archive.removing, out_of_order
    await town.following.file_deleted(FileDeleted("T1", "FA"))
    assert await town.erasing.work_off() == 1
    town.archive.removing = removing
    await town.db.rows("update erasures set due = now()")
    assert await town.erasing.work_off() == 0
    assert await town.in_it() == []


# --- for how long -----------------------------------------------------------------------------------


async def ours() -> list[str]:
    return ["T1"]


async def test_what_is_older_than_the_archive_keeps_leaves_it(town: Town) -> None:
    day, now = 86_400, time.time()
    await town.said(town.message(f"{now - 31 * day:.6f}", "a.png"))
    await town.said(town.message(f"{now - 29 * day:.6f}", "b.png"))
    await Expiring(town.db, Memory(), ours, days=0, archive_days=30).tidy()
    await town.worked_off()
    assert await town.in_it() == ["b.png"]
    assert len(town.blobs.kept) == 1


async def test_a_channel_may_choose_less_for_itself_and_nothing_older_comes_in(town: Town) -> None:
    day, now = 86_400, time.time()
    old, new = (f"{now - days * day:.6f}" for days in (8, 6))
    await town.opt_in("C2")
    for channel in ("C1", "C2"):
        for ts, name in ((old, "a.png"), (new, "b.png")):
            await town.said(town.message(ts, name, channel=channel))
    await town.preferences.keep("T1", "C1", 7, by="U1")
    await Expiring(town.db, Memory(), ours, days=0).tidy()
    await town.worked_off()
    assert [await town.in_it("C1"), await town.in_it("C2")] == [["b.png"], ["a.png", "b.png"]]
    await town.said(town.message(old, "c.png"))
    assert await town.in_it() == ["b.png"]
    await town.preferences.keep("T1", "C1", None, by="U1")
    await town.said(town.message(old, "c.png"))
    assert await town.in_it() == ["c.png", "b.png"]


async def test_a_channel_cannot_choose_more_than_is_set_up(town: Town) -> None:
    preferences = Preferences(town.db, Answers.ALWAYS, keep_days=30)
    for chosen, keeps in ((None, 30), (7, 7), (90, 30)):
        await preferences.keep("T1", "C1", chosen, by="U1")
        assert await preferences.keeps("T1", "C1") == keeps


async def test_a_channel_is_told_of_each_period_once_and_who_comes_back_chooses_again(town: Town) -> None:
    announcements = Announcements(town.db)

    async def told() -> list[tuple[str, int | None]]:
        found = []
        while one := await announcements.next():
            await announcements.said(one, "1.0")
            found.append((one.about, one.days))
        return found

    assert await told() == [("archive", None)]
    await town.preferences.keep("T1", "C1", 7, by="U1")
    await town.preferences.keep("T1", "C1", 7, by="U2")
    assert [await told(), await told()] == [[("period", 7)], []]
    before = await town.preferences.of("T1", "C1")
    await town.preferences.replace("T1", "C1", before, replace(before, keep_days=None, by="U1"))
    assert await told() == [("period", None)]
    await town.preferences.keep("T1", "C1", 7, by="U1")
    await town.following.channel_gone(ChannelGone("T1", "C1"))
    assert (await Preferences(town.db, Answers.ALWAYS).of("T1", "C1")).keep_days is None
    assert await told() == []


async def test_words_of_what_was_only_asked_about_go_with_all_other_words(town: Town) -> None:
    from tests.unit.slack.test_slack_filing import taken

    old = f"{time.time() - 100 * 86_400:.6f}"
    await town.said(town.message(old, "a.png", text="the team"))
    await town.filing.put(await taken(town, town.message(old, "b.png", text="what is this?")))
    await Expiring(town.db, Memory(), ours, days=90).tidy()
    await town.worked_off()
    said = {item.name: item.post.text for item in await town.items() if item.post}
    assert said == {"a.png": "the team", "b.png": ""}


# --- told -------------------------------------------------------------------------------------------


async def test_a_channel_that_is_archived_by_a_setting_is_told_once(database: Database, tmp_path: Path) -> None:
    town = Town(database, tmp_path, default=Archives.ALL)
    await town.following.bot_joined(BotJoined("T1", "C5", "U1"))
    for ts in ("1.0", "2.0"):
        await town.said(town.message(ts, "a.png", channel="C5"))
    assert len(await database.rows("select team from archive_announcements where channel = 'C5'")) == 1
