"""What a local model says of one image."""

from __future__ import annotations

from tools.kit.types import Box, Frozen


class Place(Frozen):
    what: str
    box: Box
    """In pixels of the image."""


class Said(Frozen):
    text: str
    places: tuple[Place, ...] = ()
