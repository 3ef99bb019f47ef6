"""From which cosine similarity on an image shows what a text says, by what the encoder knows of that text."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit.ports import Encoder, Knower


async def cutoffs_of(texts: Sequence[str], encoder: Encoder) -> list[float | None]:
    """One a text; None for a text the encoder has no idea of. An encoder that cannot tell has one for all."""
    if isinstance(encoder, Knower):
        return await encoder.cutoffs(texts)
    return [encoder.calibration.relevant] * len(texts)
