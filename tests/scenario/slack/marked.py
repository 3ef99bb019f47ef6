"""A town of channels, each with an image that carries its mark in its name and its colour, and who is in them.

What people are told is looked through for the marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import product
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from bot.archive.ids import posting_id
from bot.local_slack import Person
from tests.scenario.slack.office import Json, Office, Room

MARK = re.compile(r"zq([a-z]+)q")
FIND = "Find 9 pictures of a bike"
SEEN = 30
"""Pixels of a colour that tell a picture from chance."""


@dataclass
class Town:
    """Channels with an image each, and who is in them."""

    office: Office
    rooms: dict[str, Room] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    """Ids in the archive, by channel."""

    @property
    def slack(self) -> Any:
        return self.office.slack

    def person(self, name: str) -> Person:
        return self.slack.person(name, "guest" if name.startswith("gus") else "member")  # type: ignore[no-any-return]

    async def add(self, name: str, *members: str, private: bool = True) -> Room:
        """A channel of that name, and what its first member has asked about there."""
        people = [self.person(each) for each in members]
        channel = await self.slack.channel(name, members=people, private=private, bot=False)
        await self.slack.invite(channel, None)
        return await self._filled(name, channel, people[0])

    async def add_direct(self, name: str, member: str) -> Room:
        person = self.person(member)
        return await self._filled(name, await self.slack.dm(person), person)

    async def _filled(self, name: str, channel: str, person: Person) -> Room:
        room = self.rooms[name] = Room(self.office, channel, person, person)
        await room.answer_to("What format is image 1?", (f"bike zq{name}q.png", picture(colour_of(name))))
        await room.nothing_more_comes()
        asked, room.thread = room.thread, None
        (file,) = next(one for one in self.slack.messages(channel) if one["ts"] == asked)["files"]
        self.items[name] = posting_id(channel, str(asked), file["id"])
        return room

    # --- what people see ----------------------------------------------------------------------------

    def may_see(self, name: str) -> set[str]:
        """Channels that person is in now."""
        person = self.person(name)
        return {
            each
            for each, room in self.rooms.items()
            if person.id in self.slack.workspace.state.channels[room.channel].members
        }

    def shown_in(self, name: str) -> set[str]:
        """Channels whose images everybody who reads it may see. (No public channel is open to all here.)"""
        place = self.slack.workspace.state.channels[self.rooms[name].channel]
        if place.kind == "channel":
            return {name}
        readers = [member for member in place.members if member != self.slack.bot_user]
        names = [self.slack.workspace.state.users[reader].name for reader in readers]
        return {each for each in self.rooms if all(each in self.may_see(reader) for reader in names)} | {name}

    def told(self, room: Room, since: str = "0") -> set[str]:
        """Of which channels something is told to all in a room: by words, ids, files and pixels."""
        messages = [message for message in room.said if message["ts"] > since]
        return self.marks(json.dumps(messages)) | {
            channel for message in messages for key in _files(message) for channel in self._colours(key)
        }

    def marks(self, said: str) -> set[str]:
        words = set(MARK.findall(said))
        ids = {name for name, key in self.items.items() if key in said}
        files = {name for name, room in self.rooms.items() if _posted_in(self.slack, room) & set(_ids(said))}
        return words | ids | files

    def aside_to(self, room: Room, person: Person) -> set[str]:
        seen = {one["ts"] for one in [*person.messages(room.channel), *_in_threads(person, room)]}
        told = [one for one in self.slack.ephemerals(room.channel) if one["ts"] in seen]
        return self.marks(json.dumps(told))

    def _colours(self, key: str) -> set[str]:
        if key not in self.slack.files or not self.slack.files[key]["mimetype"].startswith("image/"):
            return set()
        return {name for name in self.rooms if _shows(self.slack.file_bytes(key), colour_of(name))}


def colour_of(name: str) -> tuple[int, int, int]:
    shade = Random(name)
    return (shade.randrange(60, 250), shade.randrange(60, 250), shade.randrange(60, 250))


def picture(colour: tuple[int, int, int]) -> bytes:
    written = BytesIO()
    noisy = Random(str(colour))
    image = Image.new("RGB", (96, 96), colour)
    for cell in range(36):  # no two look the same to a perceptual hash
        if noisy.random() < 0.6:
            left, top = cell % 6 * 16, cell // 6 * 16
            image.paste(noisy.choice([(0, 0, 0), (255, 255, 255)]), (left, top, left + 16, top + 16))
    image.save(written, "PNG")
    return written.getvalue()


def _shows(content: bytes, colour: tuple[int, int, int]) -> bool:
    with Image.open(BytesIO(content)) as opened:
        pixels = np.asarray(opened.convert("RGB"), np.int16).reshape(-1, 3)
    return bool((np.abs(pixels - np.array(colour)).max(axis=1) <= 2).sum() > SEEN)


def _files(message: Json) -> Iterator[str]:
    yield from (file["id"] for file in message.get("files") or ())
    yield from _ids(json.dumps(message.get("blocks") or ()))


def _ids(said: str) -> list[str]:
    return re.findall(r"\bF0[A-Z0-9]{9}\b", said)


def _posted_in(slack: Any, room: Room) -> set[str]:
    return {
        file["id"]
        for message in slack.messages(room.channel)
        if message.get("user") != slack.bot_user
        for file in message.get("files") or ()
    }


def _in_threads(person: Person, room: Room) -> list[Json]:
    roots = [one["ts"] for one in person.messages(room.channel)]
    return [one for root in roots for one in person.messages(room.channel, root)]


async def asked(room: Room, text: str, who: Person) -> str:
    """A question in a thread of its own, answered whole, with whatever only the asker is told."""
    room.thread = None
    ts = await room.ask(text, who=who)
    await room.reply_to(ts)
    await room.nothing_more_comes()
    return ts


@dataclass
class Cast:
    """Who and what is in a town."""

    town: Town
    letter: str

    def room(self, name: str) -> Room:
        return self.town.rooms[f"{name}{self.letter}"]

    def who(self, name: str) -> Person:
        return self.town.person(f"{name}{self.letter}")

    def channels(self, *names: str) -> set[str]:
        return {f"{name}{self.letter}" for name in names}


LETTERS = ("".join(each) for each in product("abcdefghijklmnopqrstuvwxyz", repeat=2))


async def small_town(office: Office) -> Cast:
    """Anna and Ben share two private channels; Anna has one without him, and a direct conversation with the bot."""
    number, made = next(LETTERS), Town(office)
    anna, ben = f"anna{number}", f"ben{number}"
    await made.add(f"plan{number}", anna, ben)
    await made.add(f"board{number}", anna, ben)
    await made.add(f"secret{number}", anna)
    await made.add_direct(f"direct{number}", anna)
    return Cast(made, number)
