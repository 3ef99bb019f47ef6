"""The steps of an analysis as they are taken: what each found, and what follows from all of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.kit.errors import CannotDo, Spoken
from tools.kit.papers import papers
from tools.kit.ports import Diagrams, Toolbox
from tools.kit.types import Diagram, Evidence, Image, Json, Line, Picture, Region

SHORT = 250
"""Characters of a finding that a step shows."""


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
    seen_by_model: bool = False
    blind: bool = False
    """The vision model was asked and could not answer: it is not asked again."""
    texts: dict[str, list[Line]] = field(default_factory=dict)
    drawn: dict[str, Diagram] = field(default_factory=dict)

    def papers(self) -> list[list[Image]]:
        """The images by paper: the pages of one file are one."""
        images = {image.ref: image for image in self.images}
        return [[images[ref] for ref in paper] for paper in papers([image.ref for image in self.images])]

    def note(self, step: str, tool_name: str, finding: str) -> None:
        """Add a step."""
        finding = " ".join(finding.split())
        shown = finding if len(finding) <= SHORT else finding[: SHORT - 1].rsplit(" ", 1)[0] + "…"
        self.steps.append({"step": step, "tool": tool_name, "finding": shown})

    async def use(self, step: str, name: str, arguments: dict[str, Json]) -> Evidence | None:
        """What a tool found, kept as a step. None when it could not: the step says why."""
        try:
            found = await self.toolbox.use(name, arguments)
        except Spoken as error:
            self.note(step, name, re.split(r";|, so\b", str(error))[0].rstrip(".") + ".")
            return None
        self.note(step, name, found.said)
        self.shows += found.shows
        self.about += found.about
        self.seen_by_model |= found.source == "model"
        if found.sure is not None:
            self.sures.append(found.sure)
        return found

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
        conclusion = between.join(told) or "Nothing could be found out."
        steps = " ".join(f"{number}. {step['step']}: {step['finding']}" for number, step in enumerate(self.steps, 1))
        return Evidence(
            said=f"{conclusion}\nSteps: {steps}" if steps else conclusion,
            about=tuple(dict.fromkeys([*(Region(handle=image.handle) for image in self.images), *self.about])),
            facts={
                "steps": self.steps,
                "conclusion": conclusion,
                "unanswered": list(dict.fromkeys(self.unanswered)),
                **self.facts,
            },
            sure=min(self.sures) if self.sures and self.conclusions else None,
            shows=tuple(self.shows),
            source="model" if self.seen_by_model else "measured",
        )


def counted(number: int, thing: str) -> str:
    """ "One line", "3 lines"."""
    return f"One {thing}" if number == 1 else f"{number} {thing}s"


def _line(entry: dict[str, Json]) -> Line:
    """A line as `read_text` tells of it."""
    left, top, right, bottom = entry["box"]
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(text=str(entry["text"]), quad=quad, sure=float(entry.get("confidence", 1.0)))
