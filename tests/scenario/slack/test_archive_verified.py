"""`spyglass archive verify` against Slack: what was missed while nobody listened is found, and put right."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.archive.auditing import audit
from bot.archive.drift import Drift
from bot.slack.archiving.verifying.asking_slack import slack_of
from bot.slack.storage.preferences import Preferences
from tests.scenario.slack.archives import archived, in_archive, opted_in, settled
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.office import Office, Room
from tools.kit import BlobStore

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_slack_and_the_archive_say_differently_is_found_and_put_right(opening: Opening) -> None:
    async with opening() as office:
        room = await office.room()
        await opted_in(room)
        kept = await room.say("stays", "flower")
        edited = await room.anna.post(room.channel, "first", files=[office.pictures["temple"]])
        deleted = await room.ben.post(room.channel, "goes", files=[office.pictures["diagram"]])
        lost = await room.ben.post(room.channel, "loses its original", files=[office.pictures["receipt"]])
        await in_archive(room, 4)
        await settled(room)
        await unheard(office, room, edited=edited, deleted=deleted)
        await forget_original(room, lost)
        assert await drift(office, repair=False) == {"edited": 1, "gone": 1, "missing": 3, "original": 1}
        assert await said(room) == ["stays", "first", "goes", "loses its original"]
        assert await drift(office, repair=True) == {"edited": 1, "gone": 1, "missing": 3, "original": 1}
        await settled(room)
        assert await said(room) == ["stays", "second", "loses its original", "missed", "missed too"]
        assert await drift(office, repair=False) == {}
        assert (await archived(room))[0].post.ts == kept  # type: ignore[union-attr]


async def test_nothing_is_concluded_while_slack_does_not_answer(opening: Opening) -> None:
    async with opening() as office:
        room = await office.room()
        await opted_in(room)
        await room.say("stays", "flower")
        await in_archive(room, 1)
        office.slack.faults.fail("conversations.info", times=50, error="internal_error")
        assert await drift(office, repair=True, patience=1.0) == {}
        assert await said(room) == ["stays"]


async def test_what_is_older_than_its_channel_keeps_is_not_missed_and_goes(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opening() as office:
        room = await office.room()
        await opted_in(room)
        await room.say("too old", "flower")
        await in_archive(room, 1)
        office.slack.faults.lose(100)
        await room.ben.post(room.channel, "too old, and missed", files=[office.pictures["before"]])
        since = await room.ben.post(room.channel, "missed", files=[office.pictures["after"]])
        office.slack.faults.clear()
        await settled(room)

        async def oldest(preferences: Preferences, team: str, channel: str) -> str:
            return since

        monkeypatch.setattr(Preferences, "oldest", oldest)
        assert await drift(office, repair=True) == {"gone": 1, "missing": 1}
        await settled(room)
        assert await said(room) == ["missed"]


async def unheard(office: Office, room: Room, *, edited: str, deleted: str) -> None:
    """While no event arrives a message is edited, one is deleted, and two are posted."""
    office.slack.faults.lose(100)
    await room.anna.edit(room.channel, edited, "second")
    await room.ben.delete(room.channel, deleted)
    root = await room.ben.post(room.channel, "missed", files=[office.pictures["before"]])
    await room.ben.post(room.channel, "missed too", files=[office.pictures["after"]], thread_ts=root)
    office.slack.faults.clear()


async def forget_original(room: Room, ts: str) -> None:
    assert room.office.bot
    blobs = await room.office.bot.wiring.lend(BlobStore)
    (item,) = [item for item in await archived(room) if item.post and item.post.ts == ts]
    for holder in await blobs.holders(room.slack.team, item.sha256):
        await blobs.release(room.slack.team, item.sha256, holder=holder)


async def drift(office: Office, *, repair: bool, patience: float | None = None) -> dict[str, int]:
    """What is off, by kind; all of it is put right where that is asked for."""
    assert office.bot
    wiring, team = office.bot.wiring, office.slack.team
    async with slack_of(wiring, team) as slack:
        assert slack
        slack.pace = 0.0
        if patience is not None:
            slack.web._patience = patience
        found = [one async for one in audit(wiring, team, repair=repair, source=slack) if isinstance(one, Drift)]
        if repair:
            await slack.tidy()
    assert all(one.mended == repair for one in found)
    return dict(Counter(one.kind for one in found))


async def said(room: Room) -> list[str]:
    return [item.post.text for item in await archived(room) if item.post]
