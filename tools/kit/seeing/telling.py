"""What a vision model said becomes a finding: worded as the model's, with its places, its doubts and its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.kit.findings import Seen
from tools.kit.seeing.asking import Focus
from tools.kit.seeing.regions import placed, places_in, region_of, whole
from tools.kit.toolbox import listed
from tools.kit.types import Evidence, Image, Json, Region

OWN = ("answer", "confidence", "cannot_determine", "regions")
"""Fields of every task's schema, which are told apart from what a task asks for besides."""
CANNOT = re.compile(
    r"\b(?:can ?not|can't|can’t|could not|couldn't|unable|impossible|not (?:possible|visible|clear|shown))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """One answer of the model, to one focused question."""

    focus: Focus
    seen: Seen

    @property
    def text(self) -> str:
        """What it says; where it cannot tell, that."""
        text = " ".join(self.seen.text.split())
        if self.seen.cannot_determine and not CANNOT.search(text):
            return f"I cannot tell {_as_thing(self.focus.part)}: {text}" if text else "I cannot tell."
        return text

    @property
    def found(self) -> dict[str, Json]:
        return {key: value for key, value in self.seen.found.items() if key not in OWN}


def evidence_of(told: Sequence[Told], images: Sequence[Image], lost: Sequence[str] = ()) -> Evidence:
    """One finding of all answers. `lost`: why a question had none."""
    doubts = [doubt for each in told for doubt in doubts_of(each.found)]
    notes = list(dict.fromkeys([*(note for each in told for note in each.seen.notes), *lost]))
    models = list(dict.fromkeys(each.seen.model for each in told))
    text = " ".join(_ended(each.text) if len(told) > 1 else each.text for each in told)
    facts: dict[str, Json] = {
        "seen": told[0].seen.text.strip() if len(told) == 1 else text,
        "model": listed(models),
        **_kept("confidence", _least([each.seen.sure for each in told])),
        **_kept("cannot_determine", any(each.seen.cannot_determine for each in told)),
        **_kept("doubts", doubts),
        **_kept("notes", notes),
    }
    if len(told) > 1:
        facts["parts"] = [_part(each, images) for each in told]
    elif told[0].found:
        facts |= {"task": told[0].focus.task.name, "found": placed(told[0].found, images)}
    return Evidence(
        said=" ".join([f"Seen by model {listed(models)}: {text}", *doubts]),
        about=tuple(dict.fromkeys([*_whole_images(images), *_regions(told, images)])),
        facts=facts,
        source="model",
    )


def doubts_of(found: Mapping[str, Json]) -> list[str]:
    """What in an answer does not agree with itself: a number with another number of places."""
    return [
        f"The model says {count['count']} but marks {len(count['items'])} ({count['what']}): the number is not certain."
        for count in found.get("counts") or ()
        if isinstance(count, Mapping) and count.get("items") and count["count"] != len(count["items"])
    ]


def _part(told: Told, images: Sequence[Image]) -> dict[str, Json]:
    return {
        "asked": told.focus.part,
        "task": told.focus.task.name,
        "seen": told.text,
        "confidence": told.seen.sure,
        "cannot_determine": told.seen.cannot_determine,
        **_kept("found", placed(told.found, images)),
    }


def _regions(told: Sequence[Told], images: Sequence[Image]) -> Iterator[Region]:
    for each in told:
        yield from (whole(region, images) for region in each.seen.regions)
        for place in places_in(each.found):
            if region := region_of(place, images):
                yield region


def _whole_images(images: Sequence[Image]) -> list[Region]:
    return [Region(handle=image.handle, page=image.ref.page) for image in images]


def _kept(key: str, value: Json) -> dict[str, Json]:
    """Only what says something."""
    return {} if value in (None, False) or value == [] or value == {} else {key: value}


def _least(sures: Sequence[float | None]) -> float | None:
    known = [sure for sure in sures if sure is not None]
    return min(known) if known else None


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", '"', "”")) else f"{text}."


def _as_thing(part: str) -> str:
    """The question within a sentence: "What is it?" -> "what is it" in quotes."""
    return f'"{part.rstrip(" ?.")}"'
