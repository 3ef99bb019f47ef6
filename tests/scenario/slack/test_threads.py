"""Whole conversations: who is answered, and which image they talk about."""

from __future__ import annotations

import asyncio

import pytest

from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.office import Office, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

PNG = "Image 1 is a PNG file (image/png)."
KINDS = "Is this a dog, a flower, a car or a building?"


async def test_six_turns_go_by_the_handles_people_see(room: Room) -> None:
    assert "Image 1 looks like a flower" in said(await room.answer_to(KINDS, "flower"))
    assert "Image 2 looks like a building" in said(await room.answer_to("and this one?", "temple"))
    total = said(await room.answer_to("What is the total?", "receipt"))
    assert "13.20" in total
    assert "receipt.png (image 3)" in total
    second = said(await room.answer_to("Is the second one a ship or a temple?"))
    assert "Image 2 looks like a temple" in second
    assert "china.jpg (image 2)" in second
    assert "flower.jpg (image 1)" in said(await room.answer_to("and the first one?"))
    assert "You're welcome." in said(await room.answer_to("thanks!"))


async def test_images_of_one_message_are_numbered_in_its_order(room: Room) -> None:
    await room.answer_to(KINDS, "temple", "flower")
    second = said(await room.answer_to("and the second one?"))
    assert "flower.jpg (image 2)" in second
    assert "china.jpg" not in second


async def test_an_image_that_was_posted_before_the_bot_was_mentioned_is_known(room: Room) -> None:
    await room.say("look at this", ("small.png", small_png()))
    await room.say("nice", who=room.ben)
    assert PNG in await room.reply_to(await room.say("What format is it?", who=room.ben, mention=True))
    assert len(room.calls("conversations.replies")) == 1
    assert PNG in await room.answer_to("What format is image 1?")
    assert len(room.calls("conversations.replies")) == 1


async def test_a_question_and_its_follow_ups_need_one_mention(room: Room) -> None:
    await room.answer_to("What format is it?", ("small.png", small_png()))
    assert PNG in await room.answer_to("What format is image 1?", who=room.ben)


async def test_what_people_say_to_each_other_stays_unanswered(room: Room) -> None:
    await room.answer_to("What format is it?", ("small.png", small_png()))
    aside = [
        await room.say(f"<@{room.ben.id}> is that right?"),
        await room.say("I think so", who=room.ben),
        await room.say("me too"),
    ]
    await room.reply_to(await room.say("thanks!", mention=True))
    assert [room.replies(ts) for ts in aside] == [[], [], []]


async def test_what_people_post_for_each_other_is_known_when_the_bot_is_asked(room: Room) -> None:
    await room.answer_to("thanks!")
    await room.say(f"<@{room.ben.id}> look", ("small.png", small_png()))
    assert PNG in await room.reply_to(await room.say("What format is it?", who=room.ben, mention=True))


async def test_a_channel_without_a_mention_is_not_answered(room: Room) -> None:
    ts = await room.say("What format is it?", ("small.png", small_png()))
    room.thread = None
    await room.answer_to("thanks!")
    assert not room.replies(ts)


async def test_direct_messages_need_no_mention(room: Room) -> None:
    room.channel = await room.slack.dm(room.anna)
    assert PNG in await room.reply_to(await room.say("What format is it?", ("small.png", small_png())))
    assert PNG in await room.reply_to(await room.say("What format is image 1?"))


async def test_a_private_channel_is_like_any_other(office: Office) -> None:
    room = await office.room(private=True)
    assert PNG in await room.answer_to("What format is it?", ("small.png", small_png()))


async def test_a_direct_message_of_several_people_needs_a_mention(room: Room) -> None:
    room.channel = await room.slack.group_dm([room.anna, room.ben])
    aside = await room.say("What format is it?", ("small.png", small_png()))
    assert PNG in await room.reply_to(await room.say("What format is it?", who=room.ben, mention=True))
    assert not room.replies(aside)


async def test_a_follow_up_that_is_also_sent_to_the_channel_is_answered_in_its_thread(room: Room) -> None:
    await room.answer_to("What format is it?", ("small.png", small_png()))
    ts = await room.anna.post(room.channel, "What format is image 1?", thread_ts=room.thread, broadcast=True)
    assert PNG in await room.reply_to(ts)
    assert [reply["thread_ts"] for reply in room.replies(ts)] == [room.thread]


async def test_another_bot_is_not_talked_to(room: Room) -> None:
    ts = await room.slack.bot_posts(room.channel, f"<@{room.slack.bot_user}> thanks!")
    await room.answer_to("thanks!")
    in_thread = await room.slack.bot_posts(room.channel, "thanks!", thread_ts=room.thread)
    await room.reply_to(await room.say("thanks!", mention=True))
    assert not room.replies(ts)
    assert not room.replies(in_thread)


@pytest.mark.parametrize(("answers", "mentioned", "followed"), [("always", 1, 1), ("mentions", 1, 0), ("off", 0, 0)])
async def test_a_channel_chooses_what_is_answered(room: Room, answers: str, mentioned: int, followed: int) -> None:
    await room.answer_to("thanks!")
    await room.anna.slash("/spyglass", f"settings threads {answers}", room.channel)
    await room.slack.until(lambda: "From now on" in str(room.notes_to(room.anna)))
    follow_up, mention = await room.say("thanks!"), await room.say("thanks!", mention=True)
    await room.slack.delivered()
    await room.anna.slash("/spyglass", "settings threads always", room.channel)
    await room.slack.until(lambda: str(room.notes_to(room.anna)).count("From now on") == 2)
    await room.reply_to(await room.say("thanks!", mention=True))
    assert (len(room.replies(mention)), len(room.replies(follow_up))) == (mentioned, followed)


async def test_who_is_switched_off_says_so_to_who_asks(room: Room) -> None:
    await room.anna.slash("/spyglass", "settings threads off", room.channel)
    await room.slack.until(lambda: room.notes_to(room.anna))
    await room.ask("thanks!", who=room.ben)
    await room.slack.until(lambda: "I am switched off" in str(room.notes_to(room.ben)))


async def test_threads_do_not_wait_for_each_other(office: Office) -> None:
    rooms = [await office.room() for _ in range(8)]
    answers = await asyncio.gather(*(room.answer_to("What format is it?", ("a.png", small_png())) for room in rooms))
    assert [PNG in answer for answer in answers] == [True] * 8


async def test_search_finds_only_what_was_posted_in_this_channel(office: Office, room: Room) -> None:
    other = await office.room()
    await other.answer_to("What format is it?", "temple")
    await room.answer_to("What format is it?", "flower")
    found = said(await room.answer_to("Find pictures of a flower"))
    assert "flower.jpg" in found
    assert "china.jpg" not in found
    elsewhere = said(await other.answer_to("Find pictures of a flower"))
    assert "flower.jpg" not in elsewhere


async def test_the_agent_view_is_greeted_with_prompts_and_has_a_title(room: Room) -> None:
    room.channel = await room.anna.open_app_home("messages")
    await room.slack.until(lambda: room.slack.prompts(room.channel))
    ts = await room.say("What format is it?", ("small.png", small_png()))
    await room.reply_to(ts)
    await room.slack.until(lambda: room.slack.title(room.channel, ts))
    assert room.slack.title(room.channel, ts) == "What format is it?"


def said(lines: list[str]) -> str:
    return "\n".join(lines)
