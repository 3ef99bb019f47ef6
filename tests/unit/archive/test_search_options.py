"""The options of `spyglass search`: what they narrow by, and what is no such thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
import pytest
from click.testing import CliRunner

from bot.commands._search_filters import filters_of, narrowed
from tools.kit import AskAgain, Excluded, Filters


def filters(*arguments: str) -> Filters | None:
    """What a command with these options takes them for. Raises: AskAgain."""
    taken: list[Filters | None] = []

    @click.command()
    @narrowed
    def command(**given: Any) -> None:
        taken.append(filters_of(given))

    done = CliRunner().invoke(command, arguments)
    if isinstance(done.exception, AskAgain):
        raise done.exception
    assert done.exit_code == 0, done.output
    return taken[0]


def test_without_options_nothing_is_narrowed() -> None:
    assert filters() is None


def test_every_option_is_a_condition() -> None:
    assert filters(
        *("--from", "Anna", "--from", "Ben", "--in", "#design", "--since", "2026-03-01", "--until", "2026-03-31"),
        *("--type", "png", "--kind", "screenshot", "--colour", "red", "--orientation", "portrait"),
        *("--text", "total 9.00", "--name", "scan", "--folder", "2024"),
        *(
            "--not-from",
            "me",
            "--not-in",
            "random",
            "--not-kind",
            "photo",
            "--not-color",
            "blue",
            "--not-text",
            "draft",
        ),
    ) == Filters(
        posted_by=("Anna", "Ben"),
        channels=("#design",),
        after=datetime(2026, 3, 1),
        before=datetime(2026, 4, 1),
        mime="image/png",
        kinds=("screenshot",),
        colours=("red",),
        orientation="portrait",
        with_text="total 9.00",
        name_contains="scan",
        folder="2024",
        excluding=Excluded(
            posted_by=("me",), channels=("random",), kinds=("photo",), colours=("blue",), with_text="draft"
        ),
    )


@pytest.mark.parametrize(
    ("since", "after"),
    [("March 2026", (2026, 3, 1)), ("1 March 2026", (2026, 3, 1)), ("2026-03-01T14:30", (2026, 3, 1, 14, 30))],
)
def test_dates_are_said_in_any_usual_form(since: str, after: tuple[int, ...]) -> None:
    found = filters("--since", since)
    assert found
    assert found.after == datetime(*after)  # type: ignore[arg-type]


def test_until_a_month_is_to_its_end() -> None:
    found = filters("--until", "February 2024")
    assert found
    assert found.before == datetime(2024, 3, 1)


@pytest.mark.parametrize(
    "said",
    [
        *("31 February 2026", "2026-02-31", "soonish", "2026-03-01T25:00", "9999-12-31", "31 December 9999"),
        *("10000000 days ago", "999999999999 years ago", "300000 weeks ago", "week 99", "month 13"),
    ],
)
def test_what_is_no_day_is_said(said: str) -> None:
    with pytest.raises(AskAgain, match=f'--since takes a day that there is, not "{said}"'):
        filters("--since", said)


@pytest.mark.parametrize("said", ["hologram", "../../x", "/", "image/png;x=1", "image/ png"])
def test_what_is_no_type_is_said(said: str) -> None:
    with pytest.raises(AskAgain, match=f"There is no type {said}: say one of image, pdf"):
        filters("--type", said)


def test_a_type_is_said_in_any_case() -> None:
    assert filters("--type", "Image/PNG") == Filters(mime="image/png")
    assert filters("--not-type", "IMAGE/") == Filters(excluding=Excluded(mime="image/"))


@pytest.mark.parametrize("option", ["--from", "--in", "--colour", "--not-from", "--not-in", "--not-colour"])
@pytest.mark.parametrize("name", ["", " ", "\x1b[2J"])
def test_a_name_that_is_empty_is_asked_for(option: str, name: str) -> None:
    with pytest.raises(AskAgain, match="A name is empty: say who"):
        filters(option, "red", option, name)
