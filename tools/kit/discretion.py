"""What may be sent to a provider of an image, and what is to be said when that is not all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from tools.kit.types import Image


@dataclass(frozen=True)
class Discreet:
    """An image as a provider may see it."""

    image: Image | None
    """The image itself, a copy of it with things made unreadable (the same reference, another file), or None."""
    said: str = ""
    """The sentence for people when it is not sent as it is: "image 2 shows a face, so it was not sent to the model."."""


@runtime_checkable
class Discretion(Protocol):
    """Decides over every image before it leaves the machine."""

    @property
    def policy(self) -> str:
        """What it goes by, in one word or a few: an answer is not given again under another policy."""
        ...

    async def fit_to_send(self, image: Image) -> Discreet: ...
