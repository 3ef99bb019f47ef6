"""What the terminal says below an answer."""

from __future__ import annotations

import pytest

from bot.terminal.bars import progress_bar
from bot.terminal.showing import why


def test_why_a_tool_could_not_is_said_to_the_end_of_the_sentence() -> None:
    cause = "read_text cannot take these arguments (image: field required; images: no such argument)"
    said = why({"name": "read_text", "evidence": None, "error": f"{cause}. Look again."})
    assert said == f"read_text could not: {cause}"


def test_what_follows_from_it_is_left_out() -> None:
    cause = "The budget (1 a day; UTC), $0.50, is spent"
    said = why({"name": "look", "evidence": None, "error": f"{cause}; it starts anew at 00:00 UTC. Until then, read."})
    assert said == f"look could not: {cause}"


def test_where_no_bar_can_be_drawn_a_line_says_now_and_then_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.terminal.bars.PACE", 0.0)
    with progress_bar(quiet=False) as bar:
        first, second = bar.add_task("getting ready"), bar.add_task("reading", visible=False)
        bar.update(first, completed=1, total=9, description="indexing 1 of 9")
        bar.update(second, description="reading 1 of 3", visible=True)
        monkeypatch.setattr("bot.terminal.bars.PACE", 1e9)
        bar.update(first, description="indexing 2 of 9")
    assert capsys.readouterr() == ("", "indexing 1 of 9\nindexing 1 of 9; reading 1 of 3\n")


def test_a_quiet_one_says_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("bot.terminal.bars.PACE", 0.0)
    with progress_bar(quiet=True) as bar:
        bar.update(bar.add_task("getting ready"), description="indexing 1 of 9")
    assert capsys.readouterr() == ("", "")
