"""What is known of a model. The list is data (`tools/backends/catalogue`); an unknown name gets cautious defaults."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tools.kit.types import Frozen


class Price(Frozen):
    """US dollars for a million tokens, as published on a day."""

    input: float
    output: float
    cached: float | None = None
    """Input read from the provider's prompt cache."""
    written: float | None = None
    """Input written to it."""
    batch: float = 1.0
    """Factor of the batch interface."""
    long_from: int | None = None
    """Tokens of input beyond which the whole request costs more, where it does."""
    long_input: float = 1.0
    """So many times as much for what goes in."""
    long_output: float = 1.0
    """So many times as much for what comes out."""
    on: date
    source: str
    """Where the price was published."""


class ImageRules(Frozen):
    """What a provider takes, and how it counts an image's tokens."""

    counting: Literal["patches_28", "area_750", "tiles_512", "patches_32", "tiles_768", "flat", "unknown"] = "unknown"
    """How an image's tokens are counted; see `tools.backends.chat_vision.tokens`."""
    budget: int = 1568
    """Patches (for ``area_750``: tokens) of one image beyond which the provider reduces it."""
    factor: float = 1.0
    """Tokens for one patch."""
    base: int = 85
    """Tokens of an image beside its tiles; for ``flat``, of any image."""
    tile: int = 170
    """Tokens of a tile."""
    most: int = 8
    """Images in one request."""
    longest: int = 2048
    """Longer side in pixels beyond which the provider reduces or refuses."""
    most_bytes: int = 5_000_000
    """Of one image, as bytes before base64."""
    media: tuple[str, ...] = ("image/jpeg", "image/png")


class ModelCard(Frozen):
    spec: str
    """As settings name it: ``anthropic:claude-haiku-4-5``."""
    provider: str
    name: str
    context: int
    """Tokens that go in, at most."""
    output: int
    """Tokens that come out, at most."""
    vision: bool = True
    tools: bool = True
    structured: bool = False
    """Whether the provider holds an answer to a JSON schema by itself."""
    thinking: bool = False
    """Whether extended thinking can be asked for."""
    temperature: bool = True
    """Whether a temperature may be given."""
    images: ImageRules = ImageRules()
    price: Price | None = None
    """None where it is not known: then costs are shown as unknown."""
    known: bool = False
    """Whether the catalogue lists it."""
