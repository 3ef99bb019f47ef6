"""What of an image may leave the machine: the port that is asked before a provider gets to see one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from tools.kit.types import Image

Sensitive = Literal["faces", "screens", "documents"]
"""Kinds of images that can be held back."""
SENSITIVE: tuple[Sensitive, ...] = ("faces", "screens", "documents")


@dataclass(frozen=True)
class Sendable:
    """An image as it may be sent."""

    image: Image | None
    """The image itself; or one of the same size whose `path` is a blurred copy; None when it is withheld."""
    note: str = ""
    """A sentence people must hear: what was blurred, or why the image is withheld."""
    mark: str = ""
    """What was done to the pixels, for the key of whatever is kept of them; empty when nothing was."""


@runtime_checkable
class Discretion(Protocol):
    async def before_sending(self, image: Image) -> Sendable:
        """Never raises: an image that cannot be judged is withheld."""
        ...
