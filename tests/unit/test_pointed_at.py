"""A question that points at images of the thread without naming them."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from bot.settings import Settings
from bot.turns.running import Turns
from bot.wiring import OWNER, Wiring
from graphs.forgetting import without_images
from graphs.memory import newly_posted, pointed_at
from tests.unit.test_turns import THREAD, png


def asked(*pointed: str) -> HumanMessage:
    posted = [{"handle": "image 2"}, {"handle": "image 3"}]
    return HumanMessage("What is this?", id="1", additional_kwargs={"images": posted, "pointed": list(pointed)})


def test_what_is_pointed_at_comes_before_what_was_posted() -> None:
    assert newly_posted([asked("image 1")]) == {"image 1"}
    assert newly_posted([asked()]) == {"image 2", "image 3"}


def test_nothing_points_at_a_deleted_image() -> None:
    changed = without_images({"history": [asked("image 2", "image 3"), AIMessage("A cat.")]}, ["image 2"])
    assert changed
    assert pointed_at(changed["history"][0]) == ("image 3",)


@pytest.mark.parametrize("number", [0, 1])
async def test_this_image_is_the_one_pointed_at(tmp_path: Path, database_url: str, number: int) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "home", encoder="builtin_encoder", database_url=database_url)
    async with Wiring(settings) as wiring:
        turns = Turns(wiring)
        first = await turns.ask("hello", [png("red"), png("blue")], thread=THREAD, scope=OWNER)
        about = [first.images[number]["sha256"]]
        answer = await turns.ask("What is this?", thread=THREAD, scope=OWNER, about=about)
    assert [tool["arguments"]["image"] for tool in answer.tools] == [f"image {number + 1}"]
