"""Readers: what is on an image, measured here or seen by a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from tools.kit.findings import Diagram, Difference, Field, Line, Reading, Seen, Value
from tools.kit.seeing.task import GENERAL, Task
from tools.kit.types import Image


@runtime_checkable
class Ocr(Protocol):
    async def read(self, image: Image) -> Reading:
        """All text in reading order; an image without text gives a reading without lines."""
        ...


@runtime_checkable
class Speller(Protocol):
    """What an `Ocr` may also be: one that mends its own misreadings."""

    async def mend(self, reading: Reading) -> list[tuple[int, str, str]]:
        """(number of the line from 0, word as read, word meant). Numbers, names and codes are never among them."""
        ...


@runtime_checkable
class Extractor(Protocol):
    """Typed fields out of a read document."""

    async def extract(self, image: Image, reading: Reading, fields: Sequence[Field]) -> list[Value]:
        """One value a field, in order; with no fields, every field the document's kind usually has."""
        ...


@runtime_checkable
class Differ(Protocol):
    """Lays two images over each other."""

    async def differ(self, first: Image, second: Image) -> Difference: ...


@runtime_checkable
class Diagrams(Protocol):
    """Reads drawings of boxes and arrows."""

    async def read(self, image: Image, lines: Sequence[Line]) -> Diagram:
        """`lines`: the text of the image. A picture that is no diagram gives one without arrows."""
        ...


@runtime_checkable
class VisionModel(Protocol):
    """A multimodal model behind any provider."""

    async def look(self, images: Sequence[Image], question: str, *, task: Task = GENERAL) -> Seen:
        """Raises: CannotDo when no vision model is configured or it does not answer."""
        ...


@runtime_checkable
class Forgetful(Protocol):
    """What an `Ocr` or a `VisionModel` may also be: one that keeps what it read, until it is told to forget it."""

    async def forget(self, workspace: str, sha256: str) -> None:
        """Delete what was read on an original, for when that is let go."""
        ...
