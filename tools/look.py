"""Ask the vision model."""

from __future__ import annotations

from tools.kit import AskAgain, Evidence, Image, Region, VisionModel, tool

MOST = 8


@tool(doing="Looking at")
async def look(images: list[Image], question: str, *, vision: VisionModel) -> Evidence:
    """Ask the vision model about what is to be seen: counts, positions, actions, handwriting, meaning, translation.

    What it says is seen by a model, not measured. Facts: `seen` (its answer), `model`.
    """
    if not images:
        raise AskAgain("There is no image to look at yet; post one first.")
    if len(images) > MOST:
        raise AskAgain(f"At most {MOST} images can be looked at in one question; {len(images)} were given. Name fewer.")
    if not question.strip():
        raise AskAgain("Say what to look for in the image.")
    seen = await vision.look(images, question)
    return Evidence(
        said=f"Seen by model {seen.model}: {seen.text.strip()}",
        about=tuple(Region(handle=image.handle, page=image.ref.page) for image in images),
        facts={"seen": seen.text.strip(), "model": seen.model},
        sure=seen.sure,
        source="model",
    )
