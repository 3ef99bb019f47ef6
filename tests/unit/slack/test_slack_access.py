"""Who is answered, where and how often."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bot.local_slack import LocalSlack
from bot.settings import Settings
from bot.slack.events import Message
from bot.slack.listening.access import Access, Refusal, Rules
from bot.slack.people import People, Person
from bot.slack.web import Web, open_web


class Known(People):
    """People who are known without Slack."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people

    async def person(self, user: str) -> Person:
        return self._people[user]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


PEOPLE = {
    "U1": Person("U1", "anna"),
    "U2": Person("U2", "gus", guest=True),
    "U3": Person("U3", "eve", external=True),
    "U4": Person("U4", "U4", guest=True, known=False),
}


def access(clock: Clock | None = None, **rules: Any) -> Access:
    return Access(Rules(**rules), Known(PEOPLE), clock=clock or Clock())


def message(ts: str = "1.0", **said: Any) -> Message:
    return Message(**{"team": "T1", "channel": "C1", "ts": ts, "thread_ts": ts, "user": "U1", **said})


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        ({}, None),
        ({"deny_users": {"U1"}}, Refusal.USER),
        ({"deny_users": {"U2"}}, None),
        ({"allow_users": {"U2"}}, Refusal.USER),
        ({"allow_users": {"U1", "U2"}}, None),
        ({"allow_users": {"U1"}, "deny_users": {"U1"}}, Refusal.USER),
        ({"deny_channels": {"C1"}}, Refusal.CHANNEL),
        ({"allow_channels": {"C2"}}, Refusal.CHANNEL),
        ({"allow_channels": {"C1"}}, None),
    ],
)
def test_lists_decide(rules: dict[str, Any], refusal: Refusal | None) -> None:
    assert access(**rules).at_the_door(message()) is refusal


def test_direct_messages_are_no_channel_of_the_list() -> None:
    assert access(allow_channels={"C2"}).at_the_door(message(channel="D1")) is None


def test_the_rules_are_the_settings() -> None:
    settings = Settings(slack_deny_users=frozenset({"U1"}), slack_guests=False, slack_user_per_minute=3)
    rules = Rules.of(settings)
    assert rules.deny_users == {"U1"}
    assert (rules.guests, rules.external, rules.user_per_minute) == (False, False, 3)


# --- who somebody is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "guests", "external", "refusal"),
    [
        ("U1", False, False, None),
        ("U2", True, False, None),
        ("U2", False, False, Refusal.GUEST),
        ("U3", True, False, Refusal.EXTERNAL),
        ("U3", True, True, None),
        ("U4", True, False, None),
        ("U4", False, False, Refusal.GUEST),
    ],
)
async def test_guests_and_people_from_elsewhere_follow_the_setting(
    user: str, guests: bool, external: bool, refusal: Refusal | None
) -> None:
    assert await access(guests=guests, external=external).of_person(message(user=user)) is refusal


async def test_of_people_slack_hides_the_event_says_where_they_are_from() -> None:
    assert await access().of_person(message(user="U4", user_team="T2")) is Refusal.EXTERNAL
    assert await access().of_person(message(user="U4", user_team="T1")) is None


# --- rates ----------------------------------------------------------------------------------------


def test_so_many_a_minute_and_no_more_until_time_has_passed() -> None:
    clock = Clock()
    door = access(clock, user_per_minute=3)
    assert [door.at_the_door(message(f"{n}.0")) for n in range(4)] == [None, None, None, Refusal.USER_RATE]
    clock.now += 20
    assert [door.at_the_door(message(f"{n}.5")) for n in range(2)] == [None, Refusal.USER_RATE]


def test_one_persons_questions_cost_nobody_else_theirs() -> None:
    door = access(user_per_minute=1)
    assert door.at_the_door(message("1.0")) is None
    assert door.at_the_door(message("2.0")) is Refusal.USER_RATE
    assert door.at_the_door(message("3.0", user="U2")) is None


def test_a_channel_has_its_own_rate() -> None:
    door = access(channel_per_minute=2)
    asked = [message(f"{n}.0", user=f"U{n}") for n in range(3)]
    assert [door.at_the_door(one) for one in asked] == [None, None, Refusal.CHANNEL_RATE]
    assert door.at_the_door(message("9.0", channel="C2")) is None


def test_a_message_that_comes_again_is_judged_as_before_and_costs_nothing() -> None:
    clock = Clock()
    door = access(clock, user_per_minute=2)
    assert [door.at_the_door(message("1.0")) for _ in range(5)] == [None] * 5
    assert door.at_the_door(message("2.0")) is None
    assert door.at_the_door(message("3.0")) is Refusal.USER_RATE
    clock.now += 300
    assert door.at_the_door(message("3.0")) is Refusal.USER_RATE


def test_a_refusal_is_said_once_and_not_each_time() -> None:
    clock = Clock()
    door = access(clock)
    assert [door.tells(message(f"{n}.0"), Refusal.USER) for n in range(3)] == [True, False, False]
    assert door.tells(message("4.0", channel="C2"), Refusal.USER)
    assert door.tells(message("4.0", user="U2"), Refusal.USER)
    clock.now += 3601
    assert door.tells(message("5.0"), Refusal.USER)


def test_a_rate_that_was_kept_again_is_said_again() -> None:
    clock = Clock()
    door = access(clock, user_per_minute=1)
    door.at_the_door(message("1.0"))
    assert door.tells(message("2.0"), Refusal.USER_RATE)
    assert not door.tells(message("3.0"), Refusal.USER_RATE)
    clock.now += 60
    assert door.at_the_door(message("4.0")) is None
    assert door.tells(message("5.0"), Refusal.USER_RATE)


# --- people as Slack tells of them ----------------------------------------------------------------


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack() as slack:
        yield slack


@pytest.fixture
async def web(slack: LocalSlack) -> AsyncIterator[Web]:
    async with open_web(slack.bot_token, api_url=slack.api_url) as web:
        yield web


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("member", (False, False, False)),
        ("admin", (False, False, True)),
        ("guest", (True, False, False)),
        ("external", (False, True, False)),
    ],
)
async def test_people_are_what_slack_says(
    slack: LocalSlack, web: Web, role: Any, expected: tuple[bool, bool, bool]
) -> None:
    user = slack.person("anna", role=role)
    await slack.channel("shared", members=[user])
    person = await People(web, slack.team).person(user.id)
    assert (person.guest, person.external, person.admin) == expected
    assert (person.known, person.name != "") == (True, True)


async def test_somebody_is_asked_about_once(slack: LocalSlack, web: Web) -> None:
    people = People(web, slack.team)
    user = slack.person("anna").id
    for _ in range(3):
        await people.names([user, "!here"])
    assert sum(call.method == "users.info" for call in slack.calls) == 1


async def test_whom_slack_does_not_know_has_the_rights_of_a_stranger(slack: LocalSlack, web: Web) -> None:
    person = await People(web, slack.team).person("U0NOBODY")
    assert (person.name, person.guest, person.external, person.admin, person.known) == (
        "U0NOBODY",
        True,
        True,
        False,
        False,
    )


async def test_an_answer_that_was_lost_is_not_remembered(slack: LocalSlack, web: Web) -> None:
    people, user = People(web, slack.team), slack.person("boss", role="admin").id
    slack.faults.fail("users.info", status=200, error="missing_scope")
    assert not (await people.person(user)).admin
    assert (await people.person(user)).admin
