"""The steps of an analysis as they are taken: what each found, and what follows from all of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.kit.errors import CannotDo, Spoken
from tools.kit.findings import Diagram, Line
from tools.kit.papers import papers
from tools.kit.ports import Diagrams, Toolbox
from tools.kit.seeing.claims import looked
from tools.kit.types import Evidence, Image, Json, Picture, Region

SHORT = 250
"""Characters of a finding that a step shows."""
PLACES = 6
"""Places of a finding that a step names."""
LEVELS = (0.6, 0.85)
"""A model's own confidence from which it is called medium, and high."""


@dataclass
class Work:
    """What has been found so far."""

    images: Sequence[Image]
    toolbox: Toolbox
    diagrams: Diagrams
    steps: list[dict[str, Json]] = field(default_factory=list)
    conclusions: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    facts: dict[str, Json] = field(default_factory=dict)
    sures: list[float] = field(default_factory=list)
    shows: list[Picture] = field(default_factory=list)
    about: list[Region] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """Conclusions that are only a model's."""
    confidences: list[float] = field(default_factory=list)
    """The model's own."""
    notes: list[str] = field(default_factory=list)
    """What people must hear of how it was done."""
    blind: bool = False
    """The vision model was asked and could not answer: it is not asked again."""
    texts: dict[str, list[Line]] = field(default_factory=dict)
    drawn: dict[str, Diagram] = field(default_factory=dict)

    def papers(self) -> list[list[Image]]:
        """The images by paper: the pages of one file are one."""
        images = {image.ref: image for image in self.images}
        return [[images[ref] for ref in paper] for paper in papers([image.ref for image in self.images])]

    def note(self, step: str, tool_name: str, finding: str, found: Evidence | None = None) -> None:
        """Add a step. `found`: what it rests on, where a tool was used."""
        finding = " ".join(finding.split())
        shown = finding if len(finding) <= SHORT else finding[: SHORT - 1].rsplit(" ", 1)[0] + "…"
        taken: dict[str, Json] = {"step": step, "tool": tool_name, "finding": shown}
        if found:
            taken["source"] = "model" if looked(found) else "measured"
            boxes = [region for region in found.about if region.box]
            taken["about"] = [_where(region) for region in [*boxes, *found.about][:PLACES]]
        self.steps.append(taken)

    async def use(self, step: str, name: str, arguments: dict[str, Json]) -> Evidence | None:
        """What a tool found, kept as a step. None when it could not: the step says why."""
        try:
            found = await self.toolbox.use(name, arguments)
        except Spoken as error:
            self.note(step, name, re.split(r";|, so\b", str(error))[0].rstrip(".") + ".")
            return None
        self.note(step, name, found.said, found)
        self.shows += found.shows
        self.about += found.about
        self.notes += found.facts.get("notes") or []
        if found.sure is not None:
            self.sures.append(found.sure)
        return found

    def conclude(self, sentence: str, found: Evidence) -> None:
        """A conclusion out of a tool's finding: the model's where the model alone has found it."""
        (self.seen if found.source == "model" else self.conclusions).append(sentence)
        if found.source == "model" and not found.facts.get("cannot_determine"):
            self.confidences += [found.facts["confidence"]] if found.facts.get("confidence") is not None else []

    async def lines(self, image: Image) -> list[Line]:
        """The text of an image, read once."""
        if image.handle not in self.texts:
            self.texts[image.handle] = await self._read(image)
        return self.texts[image.handle]

    async def _read(self, image: Image) -> list[Line]:
        try:
            found = await self.toolbox.use("read_text", {"image": image.handle})
        except Spoken as error:
            self.note(f"Read the text of {image.handle}", "read_text", str(error))
            return []
        lines = [_line(entry) for entry in found.facts.get("lines", [])]
        self.note(
            f"Read the text of {image.handle}",
            "read_text",
            f"{counted(len(lines), 'line')} of text." if lines else "No text.",
        )
        if found.sure is not None:
            self.sures.append(found.sure)
        return lines

    async def diagram(self, image: Image) -> Diagram:
        """The boxes and arrows of an image, read once."""
        if image.handle not in self.drawn:
            lines = await self.lines(image)
            try:
                self.drawn[image.handle] = await self._followed(image, lines)
            except Spoken as error:
                self.note(f"Find boxes and arrows in {image.handle}", "diagrams", str(error))
                self.drawn[image.handle] = Diagram()
        return self.drawn[image.handle]

    async def _followed(self, image: Image, lines: Sequence[Line]) -> Diagram:
        """Raises: CannotDo as the port does, and when the step takes too long."""
        try:
            async with asyncio.timeout(self.toolbox.seconds()) as limit:
                return await self.diagrams.read(image, lines)
        except TimeoutError:
            if not limit.expired():
                raise
            raise CannotDo(f"Following the lines of {image.handle} took too long.") from None

    def evidence(self) -> Evidence:
        """All of it, as the tool's result."""
        told = list(dict.fromkeys(filter(None, [*self.conclusions, *self.unanswered])))
        between = "\n" if any("\n" in each for each in told) else " "  # a list stands on lines of its own
        seen = list(dict.fromkeys(self.seen))
        # what a model sees is a paragraph of its own, so that nothing measured is taken for it
        conclusion = "\n\n".join(filter(None, [between.join(told), *seen])) or "Nothing could be found out."
        confidence = confidence_of(self)
        steps = " ".join(f"{number}. {step['step']}: {step['finding']}" for number, step in enumerate(self.steps, 1))
        after = "\n\n" if seen else "\n"
        said = f"{conclusion} {confidence['said']}" if confidence else conclusion
        return Evidence(
            said=f"{said}{after}Steps: {steps}" if steps else said,
            about=tuple(dict.fromkeys([*(Region(handle=image.handle) for image in self.images), *self.about])),
            facts={
                "steps": self.steps,
                "conclusion": conclusion,
                "unanswered": list(dict.fromkeys(self.unanswered)),
                **self.facts,
                **({"confidence": confidence} if confidence else {}),
                **({"notes": list(dict.fromkeys(self.notes))} if self.notes else {}),
            },
            sure=min(self.sures) if self.sures and self.conclusions else None,
            shows=tuple(self.shows),
            source="model" if seen and not self.conclusions else "measured",
        )


def confidence_of(work: Work) -> dict[str, Json] | None:
    """How sure the conclusion is, where a model has had a say: by its own word, and lower where it was contradicted."""
    if not work.seen:
        return None
    least = min(work.confidences, default=None)
    against = len(work.facts.get("disagreements", {}).get("with_the_model", ()))
    level = 0 if least is None else sum(least >= limit for limit in LEVELS)
    word = ("low", "medium", "high")[max(0, level - bool(against))]
    why = "the model gives none of its own" if least is None else f"the model says {least:.0%} of itself"
    measured = ", and some of it disagrees with what was measured" if against else ""
    return {
        "source": "model",
        "level": word,
        "own": least,
        "said": f"Confidence: {word} ({why}, which is no measured probability{measured}).",
    }


def _where(region: Region) -> dict[str, Json]:
    return {"image": region.handle, **({"box": list(region.box)} if region.box else {})}


def counted(number: int, thing: str) -> str:
    """ "One line", "3 lines"."""
    return f"One {thing}" if number == 1 else f"{number} {thing}s"


def _line(entry: dict[str, Json]) -> Line:
    """A line as `read_text` tells of it."""
    left, top, right, bottom = entry["box"]
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(text=str(entry["text"]), quad=quad, sure=float(entry.get("confidence", 1.0)))
