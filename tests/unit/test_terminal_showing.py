"""What the terminal says below an answer."""

from __future__ import annotations

from bot.terminal.showing import why


def test_why_a_tool_could_not_is_said_to_the_end_of_the_sentence() -> None:
    cause = "read_text cannot take these arguments (image: field required; images: no such argument)"
    said = why({"name": "read_text", "evidence": None, "error": f"{cause}. Look again."})
    assert said == f"read_text could not: {cause}"


def test_what_follows_from_it_is_left_out() -> None:
    cause = "The budget (1 a day; UTC), $0.50, is spent"
    said = why({"name": "look", "evidence": None, "error": f"{cause}; it starts anew at 00:00 UTC. Until then, read."})
    assert said == f"look could not: {cause}"
