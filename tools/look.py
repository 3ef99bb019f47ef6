"""Ask the vision model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from tools.kit import AskAgain, CannotDo, Evidence, Image, VisionModel, tool
from tools.kit.seeing.asking import Focus, TaskName, focused
from tools.kit.seeing.cropping import cropped, subject
from tools.kit.seeing.telling import Told, evidence_of

MOST = 8
CROPPED = "(Only a part of {handle} is shown, {box}; judge that and nothing else.)"


@tool(doing="Looking at")
async def look(
    images: list[Image],
    question: str,
    task: TaskName | None = None,
    crop: list[float] | Literal["subject"] | None = None,
    *,
    vision: VisionModel,
) -> Evidence:
    """Ask the vision model about what is to be seen: counts, positions, actions, handwriting, meaning, translation.

    What it says is seen by a model, not measured. A question with several parts is asked in focused ones at once.
    `task` may name what kind of question it is; without, its words decide. `crop`: only that part of the one image is
    looked at, [left, top, right, bottom] in pixels, or its "subject", so that the surroundings do not bias the answer.
    Facts: `seen` (its answer), `model`, and where they apply `confidence` (the model's own, 0 to 1, no probability),
    `cannot_determine`, `task` and `found` (what was asked for as data, places as `box` in pixels), `parts` (the same
    for each part of the question), `doubts`, `notes`.
    """
    if not images:
        raise AskAgain("There is no image to look at yet; post one first.")
    if len(images) > MOST:
        raise AskAgain(f"At most {MOST} images can be looked at in one question; {len(images)} were given. Name fewer.")
    if not question.strip():
        raise AskAgain("Say what to look for in the image.")
    shown = await _shown(images, crop)
    focuses = focused(question, len(images), task)
    answers = await asyncio.gather(*(_ask(focus, shown, vision) for focus in focuses))
    told = [answer for answer in answers if isinstance(answer, Told)]
    lost = [answer for answer in answers if isinstance(answer, CannotDo)]
    if not told:
        raise lost[0]
    return evidence_of(told, shown, [str(error) for error in lost])


async def _ask(focus: Focus, images: Sequence[Image], vision: VisionModel) -> Told | CannotDo:
    parts = [
        CROPPED.format(handle=image.handle, box=[round(edge) for edge in image.part]) for image in images if image.part
    ]
    try:
        seen = await vision.look(images, " ".join([focus.question, *parts]), task=focus.task)
    except CannotDo as error:
        return error
    return Told(focus, seen)


async def _shown(images: Sequence[Image], crop: list[float] | Literal["subject"] | None) -> list[Image]:
    """Raises: AskAgain when a box is none, or there are several images to cut one out of."""
    if crop is None:
        return list(images)
    if crop == "subject":
        return list(await asyncio.gather(*(asyncio.to_thread(_subject_of, image) for image in images)))
    if len(images) > 1 or len(crop) != 4:
        raise AskAgain("A crop takes one image and four numbers: left, top, right and bottom in pixels.")
    left, top, right, bottom = crop
    return [await asyncio.to_thread(cropped, images[0], (left, top, right, bottom))]


def _subject_of(image: Image) -> Image:
    """All of it where there is no one thing before a plain background."""
    box = subject(image.pixels())
    return cropped(image, box) if box else image
