"""In a worker: a checkpoint's two towers in torch, whatever library loads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from tools.backends.clip.images import Recipe
    from tools.backends.clip.patches import Patches

MANY_LANGUAGES = 200_000
"""Tokens of vocabularies that are made for many languages (Gemma's, XLM-R's, mT5's); English ones have 50,000."""


@dataclass(frozen=True)
class Towers:
    """One space for images and texts."""

    model: Any
    """A torch module: both towers."""
    images: Callable[[Any], Any]
    """What the recipe's `scaled` gives, as a tensor or a tuple of them -> (n, dim), L2-normalised."""
    texts: Callable[[Any], Any]
    """(n, tokens) ids, a tensor -> (n, dim), L2-normalised."""
    recipe: Recipe | Patches
    tokens: int
    """Context length."""
    scale: float
    bias: float | None
    """SigLIP's learned bias; None for CLIP."""
    padded: bool
    """Texts are padded to the whole context length."""
    vocabulary: int
    """Number of tokens."""

    @property
    def languages(self) -> Literal["en", "any"]:
        return "any" if self.vocabulary >= MANY_LANGUAGES else "en"


class Tokens(Protocol):
    """How texts become ids."""

    pad: int
    left: bool
    """Padding goes before the text."""

    def ids(self, texts: Sequence[str], most: int) -> list[list[int]]:
        """From start to end token, unpadded, at most so many."""
        ...

    def quick(self) -> Any:
        """A `tokenizers.Tokenizer` that may do the same, or None."""
        ...
