"""What tests of the archive of a channel share: opting in, and looking into the archive through the bot's own port."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.local_slack import Person
from bot.slack.archiving.telling import labels
from bot.slack.messages import COMMAND
from bot.slack.scopes import scope_of
from tests.scenario.slack.bulk import found
from tests.scenario.slack.office import Room
from tools.kit import Archive, Item

PATIENCE = 60.0


async def opted_in(room: Room) -> str:
    """Anna turns the archive on when all that was said before is heard, and the channel is told. Returns the `ts` of
    what it is told."""
    await room.slack.delivered(PATIENCE)
    await room.anna.slash(COMMAND, "archive on", room.channel)
    await room.slack.until(lambda: announcements(room), PATIENCE)
    return str(announcements(room)[-1]["ts"])


def announcements(room: Room) -> list[dict[str, Any]]:
    return [one for one in room.said if (one.get("metadata") or {}).get("event_type") == "spyglass_archive"]


async def archived(room: Room) -> list[Item]:
    """All that is in the archive of the room, in the order it was posted."""
    assert room.office.bot
    archive = await room.office.bot.wiring.lend(Archive)
    items = [item async for item in archive.scan(scope_of(room.slack.team, room.channel))]
    return sorted(items, key=lambda item: (item.post.ts if item.post else "", item.name, item.page or 0))


async def in_archive(room: Room, number: int) -> None:
    """So many images of the room are found."""
    async with asyncio.timeout(PATIENCE):
        while len(await archived(room)) != number:  # noqa: ASYNC110  it is in an archive
            await asyncio.sleep(0.05)


async def shelved(room: Room) -> None:
    """What was posted in the room so far, and can be opened, is found from now on: also what another round than the
    turn's own has taken up."""
    query = "select file from archive_postings where channel = %s and state = 'wanted' and failures = 0"
    async with asyncio.timeout(PATIENCE):
        while found(room, query):  # noqa: ASYNC110  it is in a table
            await asyncio.sleep(0.05)


async def settled(room: Room) -> None:
    """Nothing is left to do for the room's archive."""
    async with asyncio.timeout(PATIENCE):
        while found(room, "select from archive_postings where channel = %s and work is not null") or found(  # noqa: ASYNC110
            room, "select from erasures where erasure ->> 'channel' = %s"
        ):
            await asyncio.sleep(0.05)


def states(room: Room) -> Sequence[str]:
    """How far each posting of the room is, in the order they were posted."""
    query = "select state from archive_postings where channel = %s order by ts, file"
    return [row["state"] for row in found(room, query)]


def ephemerals(room: Room) -> list[dict[str, Any]]:
    """What only one person sees in the room."""
    return room.slack.ephemerals(room.channel)


async def shown_to(room: Room, person: Person, action: str) -> str:
    """The `ts` of the message that only this person sees and that has that button."""

    def found() -> list[str]:
        return [one["ts"] for one in ephemerals(room) if one["_for"] == person.id and action in str(one.get("blocks"))]

    await room.slack.until(found, PATIENCE)
    return found()[-1]


def progress(room: Room, ts: str) -> list[dict[str, Any]]:
    """What is said below the announcement."""
    return [one for one in room.slack.messages(room.channel, ts) if one["ts"] != ts]


async def told_at_the_end(room: Room, ts: str, words: str) -> None:
    """The last message below the announcement comes to say that, and has no button any more."""

    def told() -> bool:
        last = progress(room, ts)[-1:]
        return bool(last) and words in str(last[0]["text"]) and labels.STOP not in str(last[0])

    await room.slack.until(told, PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while found(room, "select run from archive_backfills where channel = %s and state = 'open'"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def said(room: Room, texts: set[str], channels: set[str], people: set[str]) -> None:
    """What the archive comes to say of the room's messages, of what it is called, and of who posted there."""

    async def says() -> bool:
        posts = [item.post for item in await archived(room) if item.post]
        told = [{getattr(post, name) for post in posts} for name in ("text", "channel", "name")]
        return told == [texts, channels, people]

    async with asyncio.timeout(PATIENCE):
        while not await says():  # noqa: ASYNC110  it is in an archive
            await asyncio.sleep(0.05)


async def told_somebody(room: Room, words: str) -> None:
    """Somebody, and nobody else, is told that in the room."""
    await room.slack.until(lambda: any(words in str(one) for one in ephemerals(room)), PATIENCE)
