"""What channels choose, over a real database."""

from __future__ import annotations

import pytest

from bot.slack.addressing import Answers
from bot.slack.storage.preferences import Choice, Preferences
from bot.slack.storage.tables import Database

DEFAULT = Choice(Answers.ALWAYS)
BRIEF = Choice(Answers.MENTIONS, "U1", "briefly", "de")
LOCAL = Choice(Answers.ALWAYS, "U1", local_only=True)
LONG = Choice(Answers.ALWAYS, "U2", "at length", None)


@pytest.fixture
def preferences(database: Database) -> Preferences:
    return Preferences(database, Answers.ALWAYS)


async def test_a_channel_that_chose_nothing_has_what_is_usual(preferences: Preferences) -> None:
    assert await preferences.of("T1", "C1") == DEFAULT


async def test_what_was_chosen_is_kept_for_that_channel_alone(preferences: Preferences) -> None:
    assert await preferences.replace("T1", "C1", DEFAULT, BRIEF) == BRIEF
    assert await preferences.of("T1", "C1") == BRIEF
    assert await preferences.of("T1", "C2") == DEFAULT


async def test_what_somebody_chose_meanwhile_is_not_overwritten(preferences: Preferences) -> None:
    await preferences.replace("T1", "C1", DEFAULT, BRIEF)
    assert await preferences.replace("T1", "C1", DEFAULT, LONG) == BRIEF
    assert await preferences.replace("T1", "C1", BRIEF, LONG) == LONG


async def test_to_choose_what_is_answered_leaves_how(preferences: Preferences) -> None:
    await preferences.replace("T1", "C1", DEFAULT, BRIEF)
    await preferences.choose("T1", "C1", Answers.OFF, by="U3")
    assert await preferences.of("T1", "C1") == Choice(Answers.OFF, "U3", "briefly", "de")


async def test_a_channel_is_local_only_where_its_members_chose_so(preferences: Preferences) -> None:
    assert not await preferences.is_local_only("T1", "C1")
    await preferences.replace("T1", "C1", DEFAULT, LOCAL)
    assert await preferences.is_local_only("T1", "C1")
    assert not await preferences.is_local_only("T1", "C2")
    assert not await preferences.is_local_only("T2", "C1")


async def test_what_is_answered_changes_nothing_about_what_may_leave(preferences: Preferences) -> None:
    await preferences.replace("T1", "C1", DEFAULT, LOCAL)
    await preferences.choose("T1", "C1", Answers.MENTIONS, by="U3")
    assert await preferences.is_local_only("T1", "C1")


async def test_a_channel_that_is_local_only_by_a_setting_stays_so_whatever_is_chosen(database: Database) -> None:
    preferences = Preferences(database, Answers.ALWAYS, local_only={"C1"})
    assert await preferences.is_local_only("T1", "C1")
    assert preferences.is_fixed("C1")
    assert not preferences.is_fixed("C2")
    await preferences.replace("T1", "C1", DEFAULT, BRIEF)
    assert await preferences.is_local_only("T1", "C1")
    assert await preferences.of("T1", "C1") == BRIEF


def test_a_choice_says_the_same_whoever_made_it() -> None:
    assert BRIEF.says_the_same(Choice(Answers.MENTIONS, "U9", "briefly", "de"))
    assert not BRIEF.says_the_same(Choice(Answers.MENTIONS, "U1", "briefly", None))
    assert not DEFAULT.says_the_same(LOCAL)


async def test_what_is_remembered_is_asked_for_again_in_time_and_at_once_after_a_change(database: Database) -> None:
    now = 0.0
    here, elsewhere = (Preferences(database, Answers.ALWAYS, remembered=2.0, clock=lambda: now) for _ in range(2))
    assert await here.of("T1", "C1") == DEFAULT
    await elsewhere.replace("T1", "C1", DEFAULT, BRIEF)
    now = 1.9
    assert await here.of("T1", "C1") == DEFAULT
    now = 2.1
    assert await here.of("T1", "C1") == BRIEF
    await here.replace("T1", "C1", BRIEF, LONG)
    assert await here.of("T1", "C1") == LONG
