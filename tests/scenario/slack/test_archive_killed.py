"""kill -9 while a channel's history comes into the archive, while it is announced and while it is erased: all of it is
done in the end, and nothing twice."""

from __future__ import annotations

from functools import partial

import pytest

from bot.slack.archiving.telling import labels
from bot.slack.messages import COMMAND
from bot.slack.scopes import scope_of
from bot.wiring import Wiring
from tests.scenario.slack.archives import announcements, opted_in, progress, states, told_at_the_end
from tests.scenario.slack.bulk import found
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.mortal import PATIENCE, Blow, Mortal
from tests.scenario.slack.office import Room, pointed_at
from tools.kit import Archive

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("killed")]

MESSAGES, REPLIES = 30, 3


async def with_history(mortal: Mortal) -> Room:
    """A room in which MESSAGES pictures were posted, the first of them with replies that have some, too."""
    room = await mortal.office.room()
    for number in range(MESSAGES):
        picture = (f"{number}.png", small_png(f"#{number * 8:02x}40{255 - number * 8:02x}", 40))
        ts = await room.anna.post(room.channel, f"number {number}", files=[picture])
        for reply in range(REPLIES if number == 0 else 0):
            answer = (f"reply-{reply}.png", small_png(f"#ff{reply * 40:02x}00", 40))
            await room.ben.post(room.channel, f"reply {reply}", files=[answer], thread_ts=ts)
    return room


POINTS = [
    Blow("conversations.history", after=True, where="channel"),
    Blow("conversations.replies", after=True, where="channel"),
    Blow("download", after=True),
    Blow("chat.postMessage", after=True, where="channel"),
]


@pytest.mark.parametrize("blow", POINTS, ids=str)
async def test_killed_at_any_call_a_history_is_whole_in_the_end(mortal: Mortal, blow: Blow) -> None:
    room = await with_history(mortal)
    ts = await opted_in(room)
    failure = mortal.slack.faults.fail(blow.call, hang=PATIENCE, after=blow.after, matching=blow.matching(room))
    await room.anna.press(room.channel, ts, labels.BACKFILL)
    await mortal.slack.until(lambda: failure.struck, PATIENCE)
    await mortal.die()
    await whole(room, ts)


async def test_killed_while_it_is_announced_a_channel_is_told_once(mortal: Mortal) -> None:
    room = await mortal.office.room()
    failure = mortal.slack.faults.fail(
        "chat.postMessage", hang=PATIENCE, after=True, matching={"channel": room.channel}
    )
    await room.anna.slash(COMMAND, "archive on", room.channel)
    await mortal.slack.until(lambda: failure.struck, PATIENCE)
    await mortal.die()
    await mortal.slack.until(partial(said, room), PATIENCE)
    assert len(announcements(room)) == 1


async def test_killed_again_and_again_under_429s_a_history_is_whole_in_the_end(mortal: Mortal) -> None:
    room = await with_history(mortal)
    ts = await opted_in(room)
    await room.anna.press(room.channel, ts, labels.BACKFILL)
    for times in range(1, 6):
        for call in ("conversations.history", "conversations.replies", "download"):
            mortal.slack.faults.fail(call, times=2, status=429, retry_after=1)
        await mortal.slack.until(partial(archived, room, times * MESSAGES // 8), PATIENCE)
        await mortal.die()
    await whole(room, ts)
    async with Wiring(pointed_at(mortal.slack, mortal.processes.settings)) as wiring:  # beside the bot
        archive = await wiring.lend(Archive)
        items = [item async for item in archive.scan(scope_of(mortal.slack.team, room.channel))]
    names = [f"{number}.png" for number in range(MESSAGES)] + [f"reply-{reply}.png" for reply in range(REPLIES)]
    assert sorted(item.name for item in items) == sorted(names)


def said(room: Room) -> bool:
    return bool(found(room, "select ts from archive_announcements where channel = %s and state = 'said'"))


def archived(room: Room, number: int) -> bool:
    return sum(state in ("shelved", "done") for state in states(room)) >= number


async def whole(room: Room, ts: str) -> None:
    """All of it is in the archive, once, and the channel was told so once."""
    await told_at_the_end(room, ts, f"new in it: {MESSAGES + REPLIES} images and PDFs")
    assert archived(room, MESSAGES + REPLIES)
    assert len(states(room)) == MESSAGES + REPLIES
    assert len(announcements(room)) == 1
    assert len(progress(room, ts)) == 1
