"""What tests of the archive of a channel share: opting in, and looking into the archive through the bot's own port."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.slack.messages import COMMAND
from bot.slack.scopes import scope_of
from tests.scenario.slack.bulk import found
from tests.scenario.slack.office import Room
from tools.kit import Archive, Item

PATIENCE = 60.0


async def opted_in(room: Room) -> str:
    """Anna turns the archive on, and the channel is told. Returns the `ts` of what it is told."""
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
