"""What a vision model reads where the local reading is missing or unsure, held against the text that was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tools.kit.errors import CannotDo
from tools.kit.extracting.printed import follows, plain, same, stands_in
from tools.kit.extracting.wanted import field_of
from tools.kit.extracting.wording import UNSURE
from tools.kit.findings import Field, Reading, Seen, Value
from tools.kit.ports import VisionModel
from tools.kit.seeing.regions import is_place, region_of
from tools.kit.seeing.tasks import tasks
from tools.kit.types import Box, Image, Json

PRINTED = 0.55
"""Confidence of a value that the model found and the text holds: that it is this field's is only the model's word."""
CORE = ("total", "date", "company")
"""What a receipt or invoice has, so that a model is worth asking when it was not found."""
BESIDE = frozenset({"currency", "subtotal"})
"""Asked for beside other fields and often not printed: not worth a look when the others were found."""
NOTE = "seen by model {model}; it is printed there"


@dataclass(frozen=True)
class Second:
    """A model's reading of one field."""

    name: str
    value: str
    text: str
    """As it says it is printed."""
    printed: bool
    """Whether the text that was read holds it."""
    box: Box | None
    local: str | None
    """What was read for the same field."""

    @property
    def agrees(self) -> bool:
        return self.local is not None and same(self.local, self.value)

    def said(self) -> str:
        if self.local is not None:
            return f"{self.name} {self.value}, where I read {self.local}"
        return f"{self.name} {self.value}" + ("" if self.printed else " (not found in the text I read)")


@dataclass(frozen=True)
class Seconded:
    """The values after a model was asked."""

    values: list[Value]
    model: str = ""
    seconds: list[Second] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """What the model adds and where it disagrees; empty when that is nothing."""
        told = [second.said() for second in self.seconds if not second.agrees]
        agreed = [second.name for second in self.seconds if second.agrees]
        sentences = [f"{'; '.join(told)}."] if told else []
        sentences += [f"It reads the same {', '.join(agreed)}."] if agreed else []
        return f"Seen by model {self.model}: {' '.join(sentences)}" if sentences else ""

    @property
    def answered(self) -> set[str]:
        """Fields that only the model has a value for."""
        return {second.name for second in self.seconds if second.local is None}

    @property
    def claim(self) -> dict[str, Json]:
        return {
            "source": "model",
            "model": self.model,
            "fields": {
                second.name: {"value": second.value, "text": second.text, "printed": second.printed}
                for second in self.seconds
            },
            "disagreements": [second.said() for second in self.seconds if second.local and not second.agrees],
        }


async def seconded(
    image: Image, reading: Reading, fields: Sequence[Field], values: list[Value], vision: VisionModel, kind: str
) -> Seconded:
    """Ask a model for what was not found or is unsure; with no doubt, nobody is asked.

    `fields`: those somebody named; without any, only what such a paper always has is asked for.
    A value of the model's that the text does not hold never becomes a value: it is only said to be the model's.
    """
    doubtful = list(_doubtful(fields, values, kind))
    if not doubtful or (len(doubtful) < len(fields) and BESIDE.issuperset(each.name for each in doubtful)):
        return Seconded(values)
    try:
        seen = await vision.look([image], _question(doubtful), task=tasks()["fields"])
    except CannotDo as error:
        return Seconded(values, notes=[str(error)])
    known = {value.name: value for value in values}
    kinds = {each.name: each.kind for each in doubtful}
    lines = [line.text for line in reading.lines]
    seconds = [
        second for entry in _entries(seen, kinds) if (second := _second(entry, kinds, known, lines, image)) is not None
    ]
    found = {second.name: second for second in seconds if second.printed and second.local is None}
    return Seconded(
        [_accepted(value, found.get(value.name), seen.model) for value in values],
        seen.model,
        seconds,
        list(seen.notes),
    )


def _doubtful(fields: Sequence[Field], values: Sequence[Value], kind: str) -> Iterator[Field]:
    named = {each.name: each for each in fields}
    for value in values:
        wanted = named.get(value.name) or field_of(value.name)
        if wanted.kind == "list" or isinstance(value.value, list):
            continue
        missing = value.value is None and (bool(fields) or (value.name in CORE and kind in ("receipt", "invoice")))
        if missing or (value.value is not None and value.sure < UNSURE):
            yield wanted


def _question(fields: Sequence[Field]) -> str:
    kinds = {"amount": "an amount", "date": "a date", "number": "a number"}
    named = [f'"{each.name}"' + (f" ({kinds[each.kind]})" if each.kind in kinds else "") for each in fields]
    return f"Take these fields off the paper: {', '.join(named)}."


def _entries(seen: Seen, kinds: Mapping[str, str]) -> Iterator[Mapping[str, Json]]:
    """One a field that was asked for, with a value."""
    told: set[str] = set()
    for entry in [] if seen.cannot_determine else seen.found.get("fields") or []:
        if isinstance(entry, Mapping) and entry.get("value") and entry.get("name") in kinds:
            name = str(entry["name"])
            if name not in told:
                told.add(name)
                yield entry


def _second(
    entry: Mapping[str, Json], kinds: Mapping[str, str], known: Mapping[str, Value], lines: Sequence[str], image: Image
) -> Second | None:
    name, text = str(entry["name"]), str(entry.get("text") or entry["value"])
    value = plain(str(entry["value"]), kinds[name])
    if value is None:
        return None
    place = entry.get("region")
    region = region_of(place, [image]) if isinstance(place, Mapping) and is_place(place) else None
    local = known[name].value
    number = re.sub(r"[^\d.,'’ -]", "", text) if kinds[name] == "amount" else text  # a currency may be a sign
    printed = follows(value, text, kinds[name]) and stands_in(number, lines)
    box = region.box if region else None
    return Second(name, value, text, printed, box, None if local is None else str(local))


def _accepted(value: Value, second: Second | None, model: str) -> Value:
    if second is None:
        return value
    return value.model_copy(
        update={
            "value": second.value,
            "text": second.text,
            "box": second.box,
            "sure": PRINTED,
            "note": NOTE.format(model=model),
        }
    )
