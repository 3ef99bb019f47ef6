"""A channel with photographs of one flower in it, and what people press below what is found."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from bot.slack.replying.cards import MORE
from tests.scenario.slack.archives import shelved
from tests.scenario.slack.office import Json, Room

FIND = "Find 2 pictures of a flower"
FLOWERS = 5


TURNED = (lambda photo: photo, ImageOps.mirror, ImageOps.flip, lambda photo: ImageOps.flip(ImageOps.mirror(photo)))
CLOSER = 45
"""Pixels by which the photograph is cut on each side, a round of turns after the other."""


def flowers(photo: Path, number: int = FLOWERS) -> list[tuple[str, bytes]]:
    """So many pictures of the photographed flower, turned and closer, named flower-1.png and so on: none is another's
    copy, nor nearly so."""
    with Image.open(photo) as opened:
        return [(f"flower-{each}.png", _png(opened, each - 1)) for each in range(1, number + 1)]


def _png(photo: Image.Image, number: int) -> bytes:
    across, written = number // len(TURNED) * CLOSER, BytesIO()
    down = across * photo.height // photo.width
    cut = photo.crop((across, down, photo.width - across, photo.height - down))
    TURNED[number % len(TURNED)](cut).resize((96, 72)).save(written, "PNG")
    return written.getvalue()


async def shown_flowers(room: Room, number: int = FLOWERS, question: str = "What format is image 1?") -> None:
    """Anna has posted them in a thread, and there they have been filed."""
    await room.answer_to(question, *flowers(room.office.pictures["flower"], number))
    await filed(room)


async def filed(room: Room) -> None:
    """What is posted is in the archive before the next question of its thread is answered; another begins."""
    await room.nothing_more_comes()
    await shelved(room)
    room.thread = None


def cards(message: Json) -> list[Json]:
    return [card for block in message["blocks"] if block["type"] == "carousel" for card in block["elements"]]


def names(message: Json) -> list[str]:
    """Of the hits on its cards, in order."""
    return [card["title"]["text"].partition(". ")[2] for card in cards(message)]


def found(room: Room) -> list[Json]:
    """What the bot said that has cards on it, oldest first."""
    return [message for message in room.said if cards(message)]


def button(message: Json, action: str, number: int = 0) -> Json:
    """The button of that action on the card of that number; of the message itself where it has no cards for it."""
    elements = [element for card in cards(message) for element in card["actions"]]
    rows = [element for block in message["blocks"] if block["type"] == "actions" for element in block["elements"]]
    of_action: list[Json] = [element for element in (*elements, *rows) if element["action_id"] == action]
    return of_action[number]


def has_more(message: Json) -> bool:
    return MORE in str(message["blocks"])


async def press(room: Room, message: Json, action: str, who: Any = None, number: int = 0) -> None:
    person = who or room.anna
    await person.press(room.channel, message["ts"], action, button(message, action, number)["value"])
