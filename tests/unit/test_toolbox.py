"""The toolbox of a turn: whose deadline passed, and what a dead worker means to a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.fakes import ScriptedVision
from tests.unit.stand_ins import kept
from tools.backends import builtin_encoder, minilm, rapid_ocr
from tools.backends.no_vision import NoVision
from tools.backends.opencv_diagrams import OpenCvDiagrams
from tools.backends.opencv_differ import OpenCvDiffer
from tools.kit import AskAgain, CannotDo, Evidence, Image, ImageRef, Toolbox, VisionModel, tool
from tools.kit.parts import Parts
from tools.kit.registry import tool_of
from tools.kit.toolbox import TurnToolbox


@tool
async def dawdle(seconds: float) -> Evidence:
    """Take a while."""
    await asyncio.sleep(seconds)
    return Evidence(said="Done.")


@tool
async def give_up(reason: str) -> Evidence:
    """Have a deadline of one's own."""
    raise TimeoutError(reason)


@tool
async def in_steps(steps: int, *, toolbox: Toolbox) -> Evidence:
    """Take steps that would each take too long."""
    said: list[str] = []
    for _ in range(steps):
        try:
            said.append((await toolbox.use("dawdle", {"seconds": 0.01 if not said else 60})).said)
        except CannotDo as error:
            said.append(str(error))
    return Evidence(said=" ".join(said))


class Failing:
    """`Workers` that all fail in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def run(self, lane: str, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        raise self.error

    async def close(self) -> None: ...


async def _no_images(ref: ImageRef) -> Image:
    raise AssertionError


def toolbox(deadline: float) -> TurnToolbox:
    tools = {run.__name__: tool_of(run) for run in (dawdle, give_up, in_steps)}
    return TurnToolbox(tools, lambda port: None, fetch=_no_images, deadline=deadline)


async def test_a_tool_past_the_deadline_of_the_toolbox_is_said_to_be_so() -> None:
    with pytest.raises(CannotDo, match=r"dawdle did not finish within 0\.05 seconds"):
        await toolbox(0.05).use("dawdle", {"seconds": 5})


async def test_a_deadline_inside_a_tool_is_not_taken_for_the_toolbox_s() -> None:
    with pytest.raises(TimeoutError, match="a lane"):
        await toolbox(5).use("give_up", {"reason": "a lane"})


async def test_steps_that_take_too_long_leave_time_to_tell_what_was_finished() -> None:
    evidence = await toolbox(1).use("in_steps", {"steps": 4})
    assert evidence.said.startswith("Done. dawdle did not finish within 0.7")
    assert evidence.said.count("did not finish") == 3


@pytest.mark.parametrize(
    ("error", "heard"),
    [
        (TimeoutError(), "took too long: "),
        (MemoryError(), "more memory than there is for it: "),
        (ChildProcessError(), "its worker process died: "),
    ],
)
async def test_a_worker_that_fails_is_a_sentence_with_a_way_out(error: Exception, heard: str, tmp_path: Path) -> None:
    workers = Failing(error)
    parts = Parts(home=tmp_path, workers=workers)
    image = kept(Pillow.new("RGB", (8, 8)), tmp_path / "a.png")
    encoder = builtin_encoder.build("", parts)
    for call in (
        minilm.build("", parts).texts(["cat"]),
        encoder.texts(["cat"]),
        encoder.images([image]),
        OpenCvDiffer(workers).differ(image, image),
        OpenCvDiagrams(workers).read(image, []),
        rapid_ocr.build("", parts).read(image),
    ):
        with pytest.raises(CannotDo, match=heard):
            await call


# --- ports that may be missing --------------------------------------------------------------------


@tool
async def glance(*, vision: VisionModel | None = None) -> Evidence:
    """Look, where there is somebody to look."""
    return Evidence(said="Nobody looks." if vision is None else "Somebody looks.")


def test_a_port_that_may_be_missing_is_known_as_such() -> None:
    known = tool_of(glance)
    assert known.lent == {"vision": VisionModel}
    assert known.optional == {"vision"}


@pytest.mark.parametrize(
    ("lent", "said"),
    [
        (ScriptedVision(), "Somebody looks."),
        (NoVision(), "Nobody looks."),
        (CannotDo("There is no key."), "Nobody looks."),
        (AskAgain("There is no such backend."), "Nobody looks."),
    ],
)
async def test_a_tool_that_can_do_without_is_lent_nothing_where_there_is_nothing(lent: Any, said: str) -> None:
    def lend(port: type) -> Any:
        if isinstance(lent, Exception):
            raise lent
        return lent

    toolbox = TurnToolbox({"glance": tool_of(glance)}, lend, fetch=_no_images)
    assert (await toolbox.use("glance", {})).said == said
