"""Who may ask by pressing and submitting: whoever could ask there by a message, and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.local_slack import Person
from bot.slack import messages
from bot.slack.addressing import Answers
from bot.slack.background import Background
from bot.slack.events import Message
from bot.slack.listening.access import Access, Refusal, Rules
from bot.slack.listening.asking import Asking
from bot.slack.membership import Membership
from bot.slack.people import People
from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.tables import Database
from bot.slack.surface.question import Place, Questions
from bot.slack.surface.search import SearchForms
from bot.slack.surface.search_views import SearchViews
from bot.slack.surface.searching import Search
from tests.fakes import WordGate
from tests.unit.slack.slack_replying import Scene, scene


@dataclass
class Desk:
    """Anna, in whose thread something is pressed, and the questions that were told of."""

    here: Scene
    database: Database
    told: list[Message] = field(default_factory=list)

    def asking(self, **rules: Any) -> Asking:
        people = People(self.here.web, self.here.bot.team)
        return Asking(
            Inbox(self.database),
            Access(Rules(**rules), people),
            Preferences(self.database, Answers.ALWAYS),
            Membership(self.here.web),
            self.told.append,
        )

    def press(self, who: Person | None = None, once: str = "more:1", **more: Any) -> Message:
        person = who or self.here.anna
        asked = self.here.question.model_copy(update={"user": person.id, "once": once, "text": "More results"})
        return asked.model_copy(update={"ts": f"{asked.ts[:-1]}9", **more})

    async def recorded(self) -> int:
        return len(await self.database.rows("select ts from inbox"))


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    async with scene(database) as here:
        yield Desk(here, database)


async def test_a_member_is_asked_for_once_and_told_of_once(desk: Desk) -> None:
    asking = desk.asking()
    first, second = await asking.ask(desk.press()), await asking.ask(desk.press(ts="9000000000.000000"))
    assert (first.new, first.refusal, second.new, second.refusal) == (True, "", False, "")
    assert first.row is not None
    assert second.row is not None
    assert (first.row.state, first.row.key) == (State.WAITING, second.row.key)
    assert [message.once for message in desk.told] == ["more:1"]


async def test_who_is_not_in_the_channel_is_refused(desk: Desk) -> None:
    asked = await desk.asking().ask(desk.press(desk.here.slack.person("stranger")))
    assert (asked.row, asked.refusal) == (None, messages.NOT_A_MEMBER)


async def test_where_slack_does_not_say_who_is_there_nobody_is_let_in(desk: Desk) -> None:
    desk.here.slack.faults.fail("users.conversations", error="missing_scope", times=9)
    assert (await desk.asking().ask(desk.press())).refusal == messages.NOT_A_MEMBER


async def test_a_direct_message_has_no_strangers(desk: Desk) -> None:
    channel = await desk.here.slack.dm(desk.here.anna)
    assert (await desk.asking().ask(desk.press(channel=channel))).new
    assert not desk.here.calls("users.conversations")


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        ({"deny_users": frozenset({"ANNA"})}, Refusal.USER),
        ({"allow_channels": frozenset({"C0"})}, Refusal.CHANNEL),
        ({"user_per_minute": 0}, Refusal.USER_RATE),
    ],
)
async def test_lists_and_rates_hold_for_buttons_too(desk: Desk, rules: Any, refusal: Refusal) -> None:
    anna = frozenset({desk.here.anna.id})
    named = {name: anna if value == frozenset({"ANNA"}) else value for name, value in rules.items()}
    asked = await desk.asking(**named).ask(desk.press())
    assert (asked.refusal, await desk.recorded(), desk.told) == (messages.refused(refusal), 0, [])


async def test_guests_are_refused_where_they_are(desk: Desk) -> None:
    guest = desk.here.slack.person("gus", role="guest")
    await desk.here.slack.invite(desk.here.channel, guest)
    assert (await desk.asking(guests=False).ask(desk.press(guest))).refusal == messages.refused(Refusal.GUEST)
    assert (await desk.asking().ask(desk.press(guest))).new


async def test_a_channel_that_is_switched_off_is_off_for_buttons_too(desk: Desk) -> None:
    place = desk.here.question
    await Preferences(desk.database, Answers.ALWAYS).choose(place.team, place.channel, Answers.OFF, by="U1")
    assert (await desk.asking().ask(desk.press())).refusal == messages.OFF


class Refusing:
    """Refuses everybody, and knows whom."""

    def __init__(self) -> None:
        self.refused: list[tuple[str, str]] = []

    async def refusal(self, question: Message) -> str:
        self.refused.append((question.user, question.user_team))
        return "no"

    async def open(self, body: Any, view: Any) -> str:
        return "V1"

    async def show(self, view_id: str, view: Any) -> bool:
        return True


async def test_forms_say_of_which_workspace_somebody_is(desk: Desk) -> None:
    body, asking, none = {"user": {"id": "U9", "team_id": "T9"}}, Refusing(), cast(Any, None)
    fake, here = cast(Any, asking), desk.here
    views = SearchViews(here.bot, none, none, none, none, fake, WordGate(), (), lambda user: None)
    forms = SearchForms(fake, none, views, none, Background(), WordGate())
    await forms.open(body, "C1", Search("C1", "cat"))
    place = Place(here.channel, here.question.ts, here.question.ts, {"F1": "cat.png"})
    assert await Questions(here.web, here.bot, fake, Background(), WordGate())._why_not(place, body, place.asked_at)
    assert asking.refused == [("U9", "T9")] * 2
