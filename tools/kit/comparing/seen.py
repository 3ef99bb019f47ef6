"""What a vision model sees of a comparison, set against what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tools.kit.comparing.measured import touch
from tools.kit.comparing.pairs import Pair
from tools.kit.comparing.recommendation import CERTAIN
from tools.kit.errors import CannotDo
from tools.kit.findings import Seen
from tools.kit.ports import VisionModel
from tools.kit.seeing.regions import placed, region_of
from tools.kit.seeing.tasks import tasks
from tools.kit.toolbox import listed
from tools.kit.types import Box, Evidence, Image, Json

REACH = 0.06
"""Share of the longer side by which a model's boxes may be off."""
MEASURED = ("colour", "text", "size or shape")
"""Sides of a thing that measuring tells as well as eyes."""
CHECKED = ("colour", "text", "part", "damage")
"""Differences that pixels show where they are."""


def measuring_tells(pairs: Sequence[Pair]) -> bool:
    """Whether what was measured answers: the same file, papers by their values, sharpness, a question about colour,
    text or size alone, or nothing that differs."""
    return all(
        pair.only_quality
        or pair.compared.identical
        or pair.compared.paper
        or (pair.recommended.aspect in MEASURED and pair.recommended.sure == CERTAIN)
        or (pair.compared.difference.aligned and not pair.compared.difference.partial and not pair.findings)
        for pair in pairs
    )


async def with_sight(measured: Evidence, pairs: Sequence[Pair], question: str, vision: VisionModel) -> Evidence:
    """The same finding with what the model sees, as its claim, and with where the two disagree."""
    images = [pairs[0].compared.first, *(pair.compared.second for pair in pairs)]
    handles = listed([image.handle for image in images])
    try:
        seen = await vision.look(
            images, question.strip() or f"What differs between {handles}?", task=tasks()["comparison"]
        )
    except CannotDo as error:
        return measured.model_copy(update={"facts": {**measured.facts, "notes": [str(error)]}})
    against = [] if seen.cannot_determine else list(disagreements(pairs, seen, images))
    claim = {
        "source": "model",
        "model": seen.model,
        "seen": seen.text.strip(),
        "confidence": seen.sure,
        "cannot_determine": seen.cannot_determine,
        "differences": placed(seen.found.get("differences") or [], images),
        "same_thing": seen.found.get("same_thing"),
        "disagreements": against,
    }
    told = " ".join([f"Seen by model {seen.model}: {' '.join(seen.text.split())}", *against])
    notes = {"notes": list(seen.notes)} if seen.notes else {}
    return measured.model_copy(
        update={"said": f"{measured.said}\n\n{told}", "facts": {**measured.facts, "seen": claim, **notes}}
    )


def disagreements(pairs: Sequence[Pair], seen: Seen, images: Sequence[Image]) -> Iterator[str]:
    """Where the model says something else than was measured. A model that gives no data is not held against it."""
    if "differences" not in seen.found:
        return
    claimed: list[Mapping[str, Json]] = [each for each in seen.found["differences"] if isinstance(each, Mapping)]
    for pair in pairs:
        yield from _of_pair(pair, claimed, seen.found.get("same_thing"), images)


def _of_pair(pair: Pair, claimed: Sequence[Mapping[str, Json]], same: Json, images: Sequence[Image]) -> Iterator[str]:
    compared, difference = pair.compared, pair.compared.difference
    names = listed(list(compared.names))
    if difference.aligned and pair.findings and not claimed:
        yield (
            f"The vision model sees no difference between {names}; measured, there is one: {pair.findings[0].brief}."
        )
    if not difference.aligned and same is True and compared.similarity < compared.alike:
        yield (
            f"The vision model says that {names} show the same thing; measured, they are little alike "
            f"({compared.similarity:.2f})."
        )
    if difference.aligned and not difference.partial:
        for each in claimed:
            if each.get("aspect") in CHECKED and _nothing_there(each, pair, images):
                yield (f"The vision model says that {each['what']} differs; measured, nothing does there ({names}).")


def _nothing_there(claimed: Mapping[str, Json], pair: Pair, images: Sequence[Image]) -> bool:
    """Whether it says where, and no pixel differs near it."""
    regions = [region_of(place, images) for place in claimed.get("regions") or () if isinstance(place, Mapping)]
    boxes = [region.box for region in regions if region and region.box and region.handle == pair.compared.first.handle]
    changed = [*pair.compared.difference.regions, *(change.box for change in pair.compared.difference.changes)]
    reach = REACH * max(pair.compared.first.ref.width, pair.compared.first.ref.height)
    return bool(boxes) and not any(touch(_grown(box, reach), other) for box in boxes for other in changed)


def _grown(box: Box, reach: float) -> Box:
    return (box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach)
