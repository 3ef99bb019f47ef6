"""Forms, as people open them and read what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.local_slack import Person
from bot.slack.surface import sentences
from tests.scenario.slack.office import Json, Room

PATIENCE = 60.0


async def opened(room: Room, person: Person) -> Json:
    """The form on somebody's screen, once it is there and filled."""
    await room.slack.until(lambda: _is_filled(person.view()), PATIENCE)
    view = person.view()
    assert view is not None
    return view


async def changed(room: Room, person: Person, holds: Callable[[str], bool]) -> str:
    """What the form says once it says that."""
    await room.slack.until(lambda: holds(said(person.view())), PATIENCE)
    return said(person.view())


async def answered(room: Room, view: Json) -> list[str]:
    """What is said to a question put in that form: who asked what, then the answer, line by line."""
    ts = kept(view)["asked_at"]
    await room.slack.until(lambda: len(room.whole_replies(ts)) > 1, PATIENCE)
    return await room.reply_to(ts)


def _is_filled(view: Json | None) -> bool:
    return view is not None and sentences.ONE_MOMENT not in said(view)


def said(view: Json | None) -> str:
    """All its words, a line a text."""
    return "\n".join(_texts(view["blocks"])) if view else ""


def kept(view: Json) -> Json:
    found: Json = json.loads(view["private_metadata"])
    return found


def actions(view: Json, action_id: str) -> list[str]:
    """Values of the buttons of that name, in order."""
    elements = [element for block in view["blocks"] for element in block.get("elements", ())]
    return [element.get("value", "") for element in elements if element.get("action_id") == action_id]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        alt = [value["alt_text"]] if "alt_text" in value else []
        return [*own, *alt, *(text for inner in value.values() for text in _texts(inner))]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, list) else []
