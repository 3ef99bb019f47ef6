"""For how long images are kept, as people say it."""

from __future__ import annotations

import pytest

from bot.slack.archiving.telling.periods import NotAPeriod, offered, read_period


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("30 days", 30),
        ("30", 30),
        ("1 day", 1),
        ("2 Weeks", 14),
        ("6 months", 180),
        ("1 year", 365),
        ("default", None),
        ("usual", None),
    ],
)
def test_a_period_is_read(said: str, days: int | None) -> None:
    assert read_period(said.split()) == days


@pytest.mark.parametrize(
    "said",
    ["", "0", "-3 days", "3.5 days", "30 hours", "days", "99999999999 days", "101 years", "30 days ago", "٣ days"],
)
def test_what_is_no_period_is_none(said: str) -> None:
    with pytest.raises(NotAPeriod):
        read_period(said.split())


def test_only_less_than_what_is_set_up_is_offered() -> None:
    assert offered(0, None) == [7, 30, 90, 180, 365]
    assert offered(90, 45) == [7, 30, 45]
