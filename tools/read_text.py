"""Read what is printed or written in an image."""

from __future__ import annotations

from tools.kit import Evidence, Image, Json, Line, Ocr, Reading, Region, tool

SHORT = 600
"""A reading up to this many characters is said whole."""

FIRST = 8
"""Of a longer one, this many lines are said."""


@tool
async def read_text(image: Image, spelling: bool = False, *, ocr: Ocr) -> Evidence:
    """Read all text in an image or PDF page, in reading order, with where each line stands and how surely it was read.

    Set `spelling` to true to mend obvious reading mistakes in plain words; numbers and names stay as they are read.
    Facts: `text`, `lines` (`text`, `box` [left, top, right, bottom] in pixels, `confidence`), `angle` (degrees the page
    was turned clockwise to stand upright), `source` (`ocr`, or the `text layer` of a PDF).
    """
    reading = await ocr.read(image)
    if not reading.lines:
        return Evidence(
            said=f"No text could be read in {image.handle}.", about=(_region(image),), facts=_facts(reading)
        )
    return Evidence(
        said=_said(image, reading),
        about=tuple(_region(image, line) for line in reading.lines),
        facts=_facts(reading),
        sure=round(sum(line.sure for line in reading.lines) / len(reading.lines), 3),
    )


def _facts(reading: Reading) -> dict[str, Json]:
    lines = [{"text": line.text, "box": list(line.box), "confidence": round(line.sure, 3)} for line in reading.lines]
    return {"text": reading.text, "lines": lines, "angle": reading.angle, "source": reading.source}


def _said(image: Image, reading: Reading) -> str:
    if len(reading.text) <= SHORT:
        return f"The text in {image.handle} reads:\n{reading.text}"
    first = "\n".join(line.text for line in reading.lines[:FIRST])
    return f"{image.handle.capitalize()} has {len(reading.lines)} lines of text; the first {FIRST} read:\n{first}"


def _region(image: Image, line: Line | None = None) -> Region:
    return Region(handle=image.handle, box=line.box if line else None, page=image.ref.page)
