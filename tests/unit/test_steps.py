"""What people read while a tool works."""

from __future__ import annotations

from typing import Any

import pytest

from graphs.steps import title_of
from tools.kit import discover

HIT = "79b88e61-c1cc-5ed0-98ec-0b141ea5df86"


@pytest.mark.parametrize(
    ("name", "arguments", "title"),
    [
        ("read_text", {"image": "image 1"}, "Reading image 1"),
        ("extract", {"image": "image 3", "fields": ["total", "date"]}, "Taking fields from image 3: total, date"),
        ("compare", {"images": ["image 1", "image 2"], "question": "as advertised?"}, "Comparing image 1 and image 2"),
        ("search", {"query": "a red bike", "limit": 3}, "Searching the archive: a red bike"),
        ("search", {"query": "bikes", "filters": {"folder": "May"}}, "Searching the archive: bikes, folder May"),
        ("search", {"query": "bikes", "without": [HIT, HIT]}, "Searching the archive: bikes"),
        ("search", {"like": HIT}, "Searching the archive"),
        ("describe", {"image": "image 2", "detail": None}, "Describing image 2"),
    ],
)  # fmt: skip
def test_a_step_says_what_is_done_to_which_image(name: str, arguments: dict[str, Any], title: str) -> None:
    assert title_of({"name": name, "args": arguments, "id": "1"}, discover()[name]) == title


def test_a_tool_that_is_not_there_goes_by_its_name() -> None:
    assert title_of({"name": "paint", "args": {"image": "image 1"}, "id": "1"}, None) == "paint"


def test_a_long_argument_is_cut_short() -> None:
    title = title_of({"name": "search", "args": {"query": "x" * 100}, "id": "1"}, discover()["search"])
    assert title == f"Searching the archive: {'x' * 57}..."


def test_every_tool_of_ours_says_what_it_does() -> None:
    assert all(tool.doing for tool in discover().values())
