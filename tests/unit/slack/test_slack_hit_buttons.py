"""Presses as old messages and strange clients send them: nothing is recorded, and nothing breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.slack.addressing import Answers
from bot.slack.background import Background
from bot.slack.listening.access import Access, Rules
from bot.slack.listening.asking import Asking
from bot.slack.listening.presses import message_of, pressed_at, thread_of, value_of
from bot.slack.membership import Membership
from bot.slack.people import People
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.tables import Database
from bot.slack.surface.hit_buttons import HitButtons
from bot.slack.surface.question import Place, Questions
from tests.fakes import WordGate
from tests.unit.slack.slack_replying import Scene, only_its_own, scene
from tools.kit import Archive, CannotDo, Item, Post

USER = {"id": "UANNA"}
BODIES: list[dict[str, Any]] = [
    {"user": USER},
    {"user": USER, "actions": []},
    {"user": USER, "actions": [{}], "container": None, "message": None, "channel": None},
    {"user": USER, "actions": [{"value": None, "action_ts": None}], "container": {"channel_id": "C1"}},
    {"user": USER, "actions": [{"value": "\x00" * 3_000}], "channel": {"id": "C1"}, "message": {"ts": "1.0"}},
]


class NoArchive:
    async def get(self, *_: Any) -> list[Any]:
        raise CannotDo("The archive is away.")


@pytest.fixture
async def here(database: Database) -> AsyncIterator[Scene]:
    async with scene(database) as opened:
        yield opened


def buttons(here: Scene, database: Database) -> HitButtons:
    async def archive() -> Archive:
        return cast(Archive, NoArchive())

    people, preferences = People(here.web, here.bot.team), Preferences(database, Answers.ALWAYS)
    inbox = Inbox(database)
    asking = Asking(inbox, Access(Rules(), people), preferences, Membership(here.web), lambda question: None)
    questions = Questions(here.web, here.bot, asking, Background(), WordGate())
    return HitButtons(here.web, here.bot, inbox, asking, questions, archive, only_its_own, WordGate())


@pytest.mark.parametrize("body", BODIES)
async def test_a_press_without_what_it_needs_comes_to_nothing(
    here: Scene, database: Database, body: dict[str, Any]
) -> None:
    pressed = buttons(here, database)
    for press in (pressed.press_more, pressed.press_chip, pressed.press_like, pressed.press_ask):
        await press(body)
    assert await database.rows("select ts from inbox") == []


def test_where_and_when_something_was_pressed() -> None:
    body = {
        "actions": [{"value": "v", "action_ts": "3.000000"}],
        "container": {"message_ts": "2.000000", "thread_ts": "1.000000"},
    }
    assert (value_of(body), pressed_at(body), message_of(body), thread_of(body)) == (
        "v",
        "3.000000",
        "2.000000",
        "1.000000",
    )
    late = {"message": {"ts": "2.000000"}}
    assert (pressed_at(late), message_of(late), thread_of(late)) == ("2.000000", "2.000000", None)


class Shelf:
    """An archive with one image, for everybody."""

    def __init__(self, item: Item) -> None:
        self._item = item

    async def get(self, *_: Any) -> list[Item]:
        return [self._item]


class Opened:
    """Forms that were opened."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    async def open(self, body: Any, place: Place) -> None:
        self.places.append(place)


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_a_hit_of_another_channel_stays_a_hit_when_it_is_asked_about(
    here: Scene, database: Database, elsewhere: bool
) -> None:
    audience = "C9" if elsewhere else here.channel
    known: dict[str, Any] = {"mime": "image/png", "width": 1, "height": 1, "added": datetime.now(UTC)}
    item = Item(id="h1", path="", sha256="0", audience=audience, name="a.png", post=Post(ts="1.0", file="F1"), **known)
    made, forms = buttons(here, database), Opened()

    async def archive() -> Archive:
        return cast(Archive, Shelf(item))

    made._archive, made._questions = archive, cast(Any, forms)
    await made.press_ask(
        {"user": {"id": here.anna.id}, "actions": [{"value": "h1"}], "container": {"channel_id": here.channel}}
    )
    [place] = forms.places
    assert (place.channel, place.about) == (here.channel, {"F1": "a.png"})
    assert place.hits == ({"F1": "h1"} if elsewhere else {})
