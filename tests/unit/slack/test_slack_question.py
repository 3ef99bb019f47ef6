"""The form for a question on a message, without Slack."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.surface.blocks import kept_in, value_of
from bot.slack.surface.question import MOST, files_of


def file(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"F{number}", "name": f"{number}.png", "mimetype": "image/png", "mode": "hosted", **more}


@pytest.mark.parametrize(
    "shown",
    [
        file(),
        file(mimetype="application/pdf"),
        file(mimetype=""),
        file(mimetype="application/octet-stream"),
        file(mode=None),
    ],
)
def test_what_may_be_an_image_or_a_pdf_is_named(shown: dict[str, Any]) -> None:
    assert files_of({"files": [shown]}) == {"F1": "1.png"}


@pytest.mark.parametrize(
    "other",
    [
        file(mimetype="application/zip"),
        file(mimetype="text/plain", mode="snippet"),
        file(mode="tombstone"),
        file(mode="external"),
        {"name": "no id.png"},
        "no file",
    ],
)
def test_what_is_none_is_left_out(other: Any) -> None:
    assert files_of({"files": [other, file(2)]}) == {"F2": "2.png"}


def test_a_form_points_at_so_many_files() -> None:
    assert len(files_of({"files": [file(number) for number in range(2 * MOST)]})) == MOST
    assert files_of({}) == {}


@pytest.mark.parametrize("kept", [None, "", "[]", "no JSON", "1", 1.5, "[" * 100_000, '{"a":' * 900])
def test_what_a_form_kept_may_be_lost(kept: Any) -> None:
    assert kept_in({"private_metadata": kept}) == {}


def test_what_a_form_kept_can_be_looked_up() -> None:
    assert kept_in({"private_metadata": '{"channel": "C1\\u0000\\ud83c"}'}) == {"channel": "C1"}


@pytest.mark.parametrize(
    ("held", "value"),
    [
        ({"value": " red "}, "red"),
        ({"selected_option": {"value": "off"}}, "off"),
        ({"selected_date": "2026-11-27"}, "2026-11-27"),
        ({"selected_user": "U1"}, "U1"),
        ({"value": None}, ""),
        (None, ""),
    ],
)
def test_what_an_input_holds_is_read_whatever_it_is(held: Any, value: str) -> None:
    assert value_of({"state": {"values": {"field": {"field": held}}}}, "field") == value
