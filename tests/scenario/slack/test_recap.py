"""A thread in short, when somebody asks for it there."""

from __future__ import annotations

import pytest

from tests.scenario.slack.drawings import saying, small_png
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


async def test_only_what_this_thread_found_is_told(room: Room) -> None:
    await room.answer_to("What does it say?", ("other.png", saying("Somewhere else")))
    room.thread = None
    await room.answer_to("What is this?", ("red.png", small_png()))
    await room.answer_to("What does it say?", ("receipt.png", saying("TOTAL 9.00")), who=room.ben)
    said = " ".join(await room.answer_to("what have we found so far?"))
    assert "image 1 (red.png) and image 2 (receipt.png)" in said
    assert "What is this? →" in said
    assert "TOTAL 9.00" in said
    assert "Somewhere else" not in said
    assert "other.png" not in said


async def test_a_thread_without_images_has_nothing_to_tell(room: Room) -> None:
    assert "There is no image in this thread yet." in " ".join(await room.answer_to("summarise this thread please"))


async def test_names_that_must_not_be_said_are_not_said_here_either(room: Room) -> None:
    await room.answer_to("What is this?", ("Acme.png", small_png()))
    said = " ".join(await room.answer_to("summarise this thread"))
    assert "acme" not in said.lower()
    assert "What is this? →" in said
