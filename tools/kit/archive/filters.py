"""What a search may be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from tools.kit.types import Frozen

Kind = Literal["photo", "screenshot", "document", "drawing"]
NOBODY = "00000000-0000-0000-0000-000000000000"
"""An id that no image has: no ids at all would be no condition."""


class Excluded(Frozen):
    """What no hit may be: each of these alone leaves an image out."""

    name_contains: str | None = None
    folder: str | None = None
    mime: str | None = None
    posted_by: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    colours: tuple[str, ...] = ()
    with_text: str | None = None


class Filters(Frozen):
    """What a search may be narrowed by. All given conditions must hold."""

    name_contains: str | None = None
    folder: str | None = None
    mime: str | None = None
    """``image/jpeg``, or a prefix such as ``image/``."""
    after: datetime | None = None
    """When it was posted (else taken, else changed). A time without offset is one of the asker's time zone."""
    before: datetime | None = None
    min_width: int | None = None
    min_height: int | None = None
    orientation: Literal["landscape", "portrait", "square"] | None = None
    posted_by: tuple[str, ...] = ()
    """Any of these people: names as people say them, or ids. "me" is who asks."""
    channels: tuple[str, ...] = ()
    """Any of these channels, for what was posted: names with or without "#", or ids."""
    kinds: tuple[Kind, ...] = ()
    """Any of these kinds of picture."""
    colours: tuple[str, ...] = ()
    """All of these colours are prominent in it."""
    with_text: str | None = None
    """These words are read on it, whole and one after another, in any case and with anything but letters and digits
    between them."""
    thread: Literal["this"] | None = None
    """Only what was posted in the thread that is asked in."""
    originals: tuple[str, ...] = ()
    """Any of these files, by SHA-256."""
    ids: tuple[str, ...] = ()
    """Any of these hits, by id."""
    excluding: Excluded | None = None

    def among(self, ids: Iterable[str]) -> Filters:
        """The same, of these hits alone; of none where none of them is among its own."""
        both = tuple(key for key in ids if not self.ids or key in self.ids)
        return self.model_copy(update={"ids": both or (NOBODY,)})
