"""What tests of jobs share: many small pictures, what came of them, and a hand that holds a job between two files."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bot.local_slack.records.transcript import transcript
from bot.slack.bulk.board import STOP
from graphs.memory import thread_key
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.office import Json, Room

ASK = "Write alt text for all images in this thread"
PATIENCE = 120.0
SIDE = 32
"""Pixels: too few for anything to be seen on it, which is quickly found out."""


def small_pictures(number: int) -> list[tuple[str, bytes]]:
    return [(f"picture-{n}.png", small_png(f"#{n * 5:02x}40{255 - n * 5:02x}", SIDE)) for n in range(1, number + 1)]


async def under_way(room: Room) -> None:
    """People see the room's job, and it has come to its second file."""
    await room.slack.until(lambda: stop_shown(room), PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while not found(room, "select file from bulk_items where channel = %s and status = 'done'"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def over(room: Room) -> None:
    """The job of the room's thread is over."""
    await room.slack.until(lambda: room.said, PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while found(room, "select from bulk_jobs where channel = %s and state = 'open'"):  # noqa: ASYNC110  a table
            await asyncio.sleep(0.05)


def found(room: Room, query: str) -> list[Json]:
    """Rows of the bot's tables, of the room's channel."""
    with psycopg.connect(room.office.database, options="-c search_path=spyglass", row_factory=dict_row) as db:
        return db.execute(query.encode(), [room.channel]).fetchall()


def rows(room: Room) -> list[dict[str, str]]:
    """The lines of the only CSV that was shared in the room."""
    (file,) = shared(room)
    return list(csv.DictReader(io.StringIO(room.slack.file_bytes(file["id"]).decode("utf-8-sig"))))


def shared(room: Room) -> list[Json]:
    """Files of ours in the room."""
    return [file for message in room.said for file in message.get("files", ())]


def told(room: Room) -> list[str]:
    """All that the bot says in the room."""
    return [line for message in room.said for line in transcript(message)]


def stop_shown(room: Room) -> bool:
    return any(STOP in str(message.get("blocks")) for message in room.said)


@asynccontextmanager
async def held(room: Room) -> AsyncIterator[None]:
    """The job of the room's thread does not go on with another file inside the block."""
    key = f"bulk:{thread_key(room.slack.team, room.channel, room.thread or '')}"
    db = await asyncio.to_thread(_locked, room.office.database, key)
    try:
        yield
    finally:
        db.close()


def _locked(url: str, key: str) -> psycopg.Connection[Any]:
    db = psycopg.connect(url, autocommit=True)
    db.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [key])
    return db
