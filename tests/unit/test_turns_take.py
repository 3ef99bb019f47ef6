"""Images that a thread takes in without a question about them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.turns.intake import Posted
from bot.turns.running import Turns
from bot.wiring import OWNER
from tests.unit.test_turns import FULL, THREAD, ScriptedWiring, ask, fill, png, turns, wiring
from tools.kit import AskAgain, BlobStore, CannotDo, ImageRef

__all__ = ["turns", "wiring"]  # fixtures


async def take(turns: Turns, posted: Posted) -> list[ImageRef]:
    return await turns.take(posted, thread=THREAD, scope=OWNER)


async def handles(turns: Turns) -> list[str]:
    return [ref.handle for ref in await turns.images(THREAD)]


async def test_they_are_called_on_from_those_before_and_asked_about_later(turns: Turns) -> None:
    await ask(turns, "1", "hello", png("red"))
    assert [ref.handle for ref in await take(turns, png("blue"))] == ["image 2"]
    assert "GINGER 20.25" in (await ask(turns, "2", "read image 2")).answer
    assert [image["handle"] for image in (await ask(turns, "3", "hi", png("teal"))).images][-1] == "image 3"


async def test_one_that_is_taken_again_keeps_its_handle(turns: Turns) -> None:
    first, again = await take(turns, png("red")), await take(turns, png("red"))
    assert [ref.handle for ref in (*first, *again)] == ["image 1", "image 1"]
    assert await handles(turns) == ["image 1"]


async def test_two_that_are_taken_at_once_have_handles_of_their_own(turns: Turns) -> None:
    await asyncio.gather(take(turns, png("red")), take(turns, png("blue")))
    assert await handles(turns) == ["image 1", "image 2"]


async def test_a_file_that_does_not_open_leaves_nothing(turns: Turns, wiring: ScriptedWiring) -> None:
    with pytest.raises(AskAgain, match=r"bad\.png"):
        await take(turns, Posted("bad.png", b"no picture"))
    assert await handles(turns) == []
    assert [path for path in (Path(wiring.settings.home) / "blobs").rglob("*") if path.is_file()] == []


async def test_one_that_cannot_be_kept_is_not_taken(turns: Turns, wiring: ScriptedWiring) -> None:
    await fill(wiring, png("blue"))
    with pytest.raises(CannotDo, match=FULL):
        await take(turns, png("blue"))
    assert await handles(turns) == []
    assert list((wiring.settings.home / "blobs").rglob("*.held")) == []


async def test_what_is_taken_is_forgotten_like_anything_else(turns: Turns, wiring: ScriptedWiring) -> None:
    (ref,) = await take(turns, png("red"))
    blobs = await wiring.lend(BlobStore)
    assert await blobs.holders(OWNER.workspace, ref.sha256) == {f"thread:{THREAD}"}
    assert (await turns.forget_image(THREAD, ref.sha256)).images == 1
    assert await blobs.holders(OWNER.workspace, ref.sha256) == set()
