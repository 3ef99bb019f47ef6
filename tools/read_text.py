"""Read what is printed or written in an image."""

from __future__ import annotations

import re

from tools.kit import Evidence, Image, Json, Line, Ocr, Reading, Region, Speller, tool

MOST = 3000
"""Characters of a reading that are said; the lines after them are counted."""


@tool(doing="Reading")
async def read_text(image: Image, spelling: bool = False, *, ocr: Ocr) -> Evidence:
    """Read all text in an image or PDF page, in reading order, with where each line stands and how surely it was read.

    Set `spelling` to true to mend obvious misreadings of plain words; numbers and names stay as they are read.
    Facts: `text`, `lines` (`text`, `box` [left, top, right, bottom] in pixels, `confidence`), `angle` (degrees the page
    was turned clockwise to stand upright), `source` (`ocr`, or the `text layer` of a PDF), and with `spelling` the list
    of what was changed (`from`, `to`, `line` counted from 1).
    """
    reading = await ocr.read(image)
    facts: dict[str, Json] = {"angle": reading.angle, "source": reading.source}
    if spelling:
        mended = await ocr.mend(reading) if isinstance(ocr, Speller) else []
        reading = _mended(reading, mended)
        facts["spelling"] = [{"from": read, "to": meant, "line": number + 1} for number, read, meant in mended]
    return Evidence(
        said=_said(image, reading, facts.get("spelling")),
        about=tuple(_region(image, line) for line in reading.lines) or (_region(image),),
        facts={"text": reading.text, "lines": [_fact(line) for line in reading.lines], **facts},
        sure=round(sum(line.sure for line in reading.lines) / len(reading.lines), 3) if reading.lines else None,
    )


def _fact(line: Line) -> dict[str, Json]:
    return {"text": line.text, "box": list(line.box), "confidence": round(line.sure, 3)}


def _mended(reading: Reading, mended: list[tuple[int, str, str]]) -> Reading:
    lines = list(reading.lines)
    for number, read, meant in mended:
        text = _with_word(lines[number].text, read, meant)
        lines[number] = lines[number].model_copy(update={"text": text})
    return reading.model_copy(update={"lines": tuple(lines)})


def _with_word(text: str, read: str, meant: str) -> str:
    return re.sub(rf"\b{re.escape(read)}\b", lambda _: meant, text)  # as it is: no template


def _said(image: Image, reading: Reading, spelling: Json) -> str:
    if not reading.lines:
        return f"No text could be read in {image.handle}."
    said = f"The text in {image.handle} reads:\n{reading.text}"
    if left := _left_out(reading):
        first, lines = len(reading.lines) - left, "1 more line is" if left == 1 else f"{left} more lines are"
        shown = "\n".join(line.text for line in reading.lines[:first])
        said = f"{image.handle.capitalize()} has {len(reading.lines)} lines of text; the first {first} read:\n{shown}"
        said += f"\n{lines} left out here; the facts (text, lines) have them all."
    changes = ", ".join(f"{change['from']} to {change['to']}" for change in spelling or [])
    return f"{said}\nSpelling mended: {changes}." if changes else said


def _left_out(reading: Reading) -> int:
    """How many lines do not fit; the first is always said."""
    length = 0
    for number, line in enumerate(reading.lines):
        length += len(line.text) + 1
        if length > MOST and number:
            return len(reading.lines) - number
    return 0


def _region(image: Image, line: Line | None = None) -> Region:
    return Region(handle=image.handle, box=line.box if line else None, page=image.ref.page)
