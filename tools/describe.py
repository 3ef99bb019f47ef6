"""Describe an image: what was measured of it, and what a vision model sees where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from tools.kit import Encoder, Evidence, Image, Json, Ocr, Region, VisionModel, tool
from tools.kit.describing.measured import Measured, measure
from tools.kit.describing.seen import Described, described
from tools.kit.describing.wording import capital, colours_said, facts_of, in_short, written

Part = Literal["caption", "description", "keywords", "alt_text", "colours"]

MEASURED_ALONE: frozenset[str] = frozenset({"colours"})
"""What measuring says best."""


@tool(doing="Describing")
async def describe(
    image: Image,
    parts: list[Part] | None = None,
    measured_only: bool = False,
    *,
    encoder: Encoder,
    ocr: Ocr,
    vision: VisionModel | None = None,
) -> Evidence:
    """Describe an image: a caption, a longer description, keywords and an alt text, each of measured things only.

    Name `parts` when only some of these are wanted, such as ["alt_text"]; without, it is a caption and the first text.
    Measured are: what kind of thing it resembles, its main colours, brightness, format, and the text in it.
    Where there is a vision model it says what it sees, marked as seen by the model, and where that and what was
    measured disagree both are said; with `measured_only` it is not asked.
    Facts: `caption` (at most 15 words), `description`, `keywords` (5 to 10), `alt_text` (at most 125 characters),
    `measured` (`subject` and `probability` or null, `kind`, `colours`, `lightness` 0 to 100, `orientation`, `width`,
    `height`, `text_lines`, `first_words`), and `seen` (the model's `caption`, `description`, `keywords`, `alt_text`,
    `text`, `colours`, `disagreements`) where it was asked.
    """
    measured = await measure(image, encoder, ocr)
    asked = vision if not measured_only and (parts is None or set(parts) - MEASURED_ALONE) else None
    seen = await described(image, measured, asked) if asked else None
    told = written(image, measured)
    facts: dict[str, Json] = {**told, "measured": facts_of(measured)}
    if isinstance(seen, Described):
        facts["seen"] = seen.facts
    if notes := [seen] if isinstance(seen, str) else list(seen.notes) if seen else []:
        facts["notes"] = notes
    by_model = seen if isinstance(seen, Described) else None
    return Evidence(
        said=_parts(measured, told, parts, by_model) if parts else _said(measured, told, by_model),
        about=(Region(handle=image.handle, page=image.ref.page),),
        facts=facts,
        sure=round(measured.subject.chance, 3) if measured.subject.name else None,
    )


def _said(measured: Measured, told: Mapping[str, Json], seen: Described | None) -> str:
    """What the model sees is a paragraph of its own, so that it is not taken for measured."""
    alone = f"{told['caption']} {in_short(measured)}"
    if seen is None:
        return alone
    paragraph = f"Seen by model {seen.model}: {seen.parts['description']}"
    return "\n\n".join(
        [paragraph, f"Measured: {_lower(alone)}", *([" ".join(seen.disagreements)] * bool(seen.disagreements))]
    )


def _parts(measured: Measured, told: Mapping[str, Json], parts: Sequence[Part], seen: Described | None) -> str:
    """Nothing but what was asked for, a line each; with their names when they are several."""
    shown = {**told, "colours": colours_said(measured)}
    by = {}
    if seen:
        given = {name: value for name, value in seen.parts.items() if value}
        by = dict.fromkeys(given, f"seen by model {seen.model}")
        shown |= given
    shown["keywords"] = ", ".join(shown["keywords"])
    wanted = list(dict.fromkeys(parts))
    if len(wanted) == 1:
        lines = [f"{capital(by[wanted[0]])}: {shown[wanted[0]]}" if wanted[0] in by else str(shown[wanted[0]])]
    else:
        lines = [
            f"{capital(part.replace('_', ' '))}{f' ({by[part]})' if part in by else ''}: {shown[part]}"
            for part in wanted
        ]
    return "\n".join([*lines, *(seen.disagreements if seen else ())])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
