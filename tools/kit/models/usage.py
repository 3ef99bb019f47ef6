"""What calls of models took."""

from __future__ import annotations

from tools.kit.models.card import Price
from tools.kit.types import Frozen


class Usage(Frozen):
    """Tokens as the provider counted them; the rest as we did. Sums of several calls are made with `+`."""

    input: int = 0
    """Tokens that went in, those from and into the cache included."""
    cached: int = 0
    """Of these, read from the provider's prompt cache."""
    written: int = 0
    """Of these, written to it."""
    output: int = 0
    """Tokens that came out, thinking included."""
    thinking: int = 0
    images: int = 0
    image_bytes: int = 0
    calls: int = 0
    estimated: int = 0
    """Calls of these whose tokens we estimated, since the provider's count never came."""
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(**{name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields})

    def cost(self, price: Price | None, *, batch: bool = False) -> float | None:
        """US dollars; None where the price is not known. What long requests cost more is counted for single calls."""
        if price is None:
            return None
        fresh = self.input - self.cached - self.written
        cached = price.input if price.cached is None else price.cached
        written = price.input if price.written is None else price.written
        went = fresh * price.input + self.cached * cached + self.written * written
        came = self.output * price.output
        if self.calls <= 1 and price.long_from is not None and self.input > price.long_from:
            went, came = went * price.long_input, came * price.long_output
        return (went + came) / 1e6 * (price.batch if batch else 1.0)
