"""What people delete or have forgotten is gone: from database, originals, what was drawn of them, and archive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import psycopg.sql
import pytest
import pytest_asyncio

from bot.local_slack import LocalSlack, Person
from bot.settings import Settings
from bot.slack.surface.forget import ERASE
from tests.scenario.slack.conftest import NewSettings
from tests.scenario.slack.office import Office, Room, open_office

pytestmark = pytest.mark.asyncio(loop_scope="session")
KINDS = "Is this a dog, a flower, a car or a building?"
TABLES = "select table_schema, table_name from information_schema.tables where table_schema not like all(%s)"


@dataclass(frozen=True)
class Den:
    """A room, and all that is kept of it."""

    room: Room
    settings: Settings

    def traces(self, *words: str) -> list[str]:
        """Tables in which one of the words stands, as text or in bytes, and files with image data."""
        assert self.settings.database_url
        with psycopg.connect(self.settings.database_url.get_secret_value()) as db:
            tables = db.execute(TABLES, [["pg_%", "information_schema"]]).fetchall()
            found = [f"{schema}.{table}" for schema, table in tables if _holds(db, (schema, table), words)]
        return [*found, *(name for name in self.files() if any(word in name for word in words))]

    def files(self) -> list[str]:
        home = self.settings.home
        kept = [file for folder in ("blobs", "pixels") for file in (home / folder).rglob("*") if file.is_file()]
        return sorted(str(file.relative_to(home)) for file in kept if file.name != ".lock")

    async def gone(self, *words: str) -> None:
        """Waits until no trace is left."""
        for _ in range(100):
            if not (left := self.traces(*words)):
                return
            await asyncio.sleep(0.3)  # databases and files have no event to wait for
        raise AssertionError(f"{words} are still in {left}")

    async def erase(self, words: str, *, who: Person | None = None) -> str:
        """Somebody types the command and confirms; what they read then."""
        room, person = self.room, who or self.room.anna
        before = len(room.slack.ephemerals(room.channel))
        await person.slash("/spyglass", words, room.channel)
        await room.slack.until(lambda: len(room.slack.ephemerals(room.channel)) > before)
        asked = dict(room.slack.ephemerals(room.channel)[-1])
        await person.press(room.channel, asked["ts"], ERASE)
        await room.slack.until(lambda: room.slack.ephemerals(room.channel)[-1]["text"] != asked["text"])
        return str(room.slack.ephemerals(room.channel)[-1]["text"])

    def file_of(self, ts: str) -> str:
        """Id of the file that came with a message."""
        messages = self.room.slack.messages(self.room.channel, self.room.thread)
        return str(next(message["files"][0]["id"] for message in messages if message["ts"] == ts))


def _holds(db: psycopg.Connection, table: tuple[str, str], words: tuple[str, ...]) -> bool:
    # the text of bytes is their hexadecimal
    looked_for = [f"%{form}%" for word in words for form in (word, word.encode().hex())]
    query = psycopg.sql.SQL("select 1 from {} as row where row::text like any(%s) limit 1")
    return db.execute(query.format(psycopg.sql.Identifier(*table)), [looked_for]).fetchone() is not None


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept(new_settings: NewSettings, pictures: dict[str, Path]) -> AsyncIterator[tuple[Office, Settings]]:
    """An office, with what it keeps things in."""
    settings = new_settings()
    async with open_office(settings, pictures, LocalSlack()) as office:
        yield office, settings


@pytest_asyncio.fixture(loop_scope="session")
async def den(kept: tuple[Office, Settings]) -> Den:
    office, settings = kept
    return Den(await office.room(), settings)


async def test_a_deleted_file_is_gone_from_memory_and_originals(den: Den) -> None:
    room = den.room
    before = den.files()
    ts = await room.ask(KINDS, "flower")
    assert "flower" in str(await room.reply_to(ts))
    assert den.traces("flower.jpg")
    assert den.files() != before
    await room.anna.delete_file(den.file_of(ts))
    await den.gone("flower.jpg")
    assert den.files() == before
    assert "no images in this thread" in str(await room.answer_to("what is in image 1?"))


async def test_a_deleted_file_is_no_longer_found_and_what_searches_found_of_it_is_gone(den: Den) -> None:
    room = den.room
    ts = await room.ask(KINDS, "flower")
    await room.reply_to(ts)
    file = den.file_of(ts)
    assert "flower.jpg" in str(await room.answer_to("find photos of a flower"))
    began, room.thread = room.thread, None
    assert "flower.jpg" in str(await room.answer_to("find photos of a flower"))
    elsewhere, room.thread = room.thread, began
    await room.anna.delete_file(file)
    await den.gone("flower.jpg")
    room.thread = elsewhere
    assert "flower.jpg" not in str(await room.answer_to("find photos of a flower"))


async def test_a_deleted_message_leaves_no_trace_of_its_words(den: Den) -> None:
    room = den.room
    await room.answer_to(KINDS, "flower")
    ts = await room.ask("does it say Zanzibar somewhere?")
    await room.reply_to(ts)
    assert den.traces("Zanzibar")
    await room.anna.delete(room.channel, ts)
    await den.gone("Zanzibar")
    assert "flower" in str(await room.answer_to(KINDS))


async def test_a_person_is_forgotten_and_others_are_not(den: Den) -> None:
    room = den.room
    await room.answer_to("is Tasmania written here?", "flower")
    ts = await room.ask("and is Madagascar?", "temple", who=room.ben)
    await room.reply_to(ts)
    assert den.traces("Tasmania")
    assert "Erased: 1 message, 1 image and 1 thread" in await den.erase("forget me")
    await den.gone("Tasmania", room.anna.id)
    assert den.traces("Madagascar")
    assert "image 2" in str(await room.answer_to("describe the last image", who=room.ben))


async def test_a_forgotten_channel_leaves_nothing(den: Den) -> None:
    room = den.room
    before = den.files()
    await room.answer_to("is Tasmania written here?", "temple")
    boss = room.slack.person("boss", role="admin")
    await room.slack.invite(room.channel, boss)
    assert "Erased: 1 message, 1 image and 1 thread" in await den.erase("forget channel", who=boss)
    await den.gone("Tasmania", "temple.jpg", room.anna.id)
    assert den.files() == before
    room.thread = None
    assert "temple.jpg" not in str(await room.answer_to("find photos of a temple"))
