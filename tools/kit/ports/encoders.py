"""Encoders: what images and texts mean, as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from tools.kit.types import Calibration, Embeddings, Encoded, Image


@runtime_checkable
class Encoder(Protocol):
    """Images and texts into one L2-normalised space."""

    @property
    def name(self) -> str:
        """Identifies the space, weights included: a collection is bound to it."""
        ...

    @property
    def dim(self) -> int: ...

    @property
    def calibration(self) -> Calibration: ...

    async def images(self, images: Sequence[Image]) -> Embeddings:
        """(n, dim) float32, L2-normalised."""
        ...

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        """(n, dim) float32, L2-normalised. Texts are taken as they are: templates are the caller's."""
        ...


@runtime_checkable
class BulkEncoder(Encoder, Protocol):
    """An encoder with a fast path for plain photo files, for indexing: decoding and forward pass overlap."""

    async def encode_files(self, files: Sequence[Path]) -> list[Encoded | None]:
        """One result a file, in order. Memory does not grow with their number beyond the vectors.

        None for whatever is not a plain photo within the limits (a PDF, an animation, a broken or missing file, a kind
        that needs care): open it with the `Decoder`, which says why or gives pages, and encode those with `images`.
        """
        ...


@runtime_checkable
class Namer(Protocol):
    """What an `Encoder` may also be: one that has names of its own for what it sees."""

    async def name_things(self, images: Sequence[Image]) -> list[list[tuple[str, float]]]:
        """Per image names, each with its probability: the likeliest narrow ones, then broader ones that hold the first.

        The first that is likely enough is the one to say; none is where nothing of what the encoder knows is there.
        """
        ...


@runtime_checkable
class Knower(Protocol):
    """What an `Encoder` may also be: one that tells which texts it has an idea of."""

    async def cutoffs(self, texts: Sequence[str]) -> list[float | None]:
        """Per text the cosine similarity from which an image is worth showing for it, as `Calibration.relevant` is for
        texts in general; None for one it has no idea of, so that what it makes of it is noise."""
        ...


@runtime_checkable
class TextEncoder(Protocol):
    """Meaning of sentences, for routing: not the image space."""

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        """(n, dim) float32, L2-normalised."""
        ...
