"""From which confidence on the cheap model's answer should stand: what is right and what it costs, by threshold.

Every case is asked of SPYGLASS_VISION_FIRST alone and of SPYGLASS_VISION alone; each threshold is then worked out from
the two answers, so that one run measures them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.evals import seeing
from bot.evals.capabilities import cases
from bot.evals.report import Figure, Skipped
from bot.evals.seeing import Outcome
from bot.evals.spent import listening, together

if TYPE_CHECKING:
    from bot.wiring import Wiring

SUITE = "tiers"
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01)
"""0: the cheap model always. Over 1: the strong one always."""


@dataclass(frozen=True)
class Tiered:
    """One case with both models."""

    first: Outcome
    strong: Outcome

    def stands(self, threshold: float) -> bool:
        """Whether the cheap model's answer is taken: it is sure enough, and does not say that it cannot tell."""
        if self.first.evidence is None:
            return False
        facts = self.first.evidence.facts
        return not facts.get("cannot_determine") and facts.get("confidence", 0.0) >= threshold


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """Raises: Skipped without two models."""
    await seeing.require_vision(wiring)
    if not wiring.settings.vision_first:
        raise Skipped("it compares two vision models: set SPYGLASS_VISION_FIRST to the cheap one")
    first = await _alone(wiring, wiring.settings.vision_first)
    strong = await _alone(wiring, wiring.settings.vision)
    return study([Tiered(*pair) for pair in zip(first, strong, strict=True)], wiring.settings.vision_sure)


async def _alone(wiring: Wiring, spec: str) -> list[Outcome]:
    """What that model says to every case, with nobody before or behind it."""
    from bot.wiring import Wiring as Another

    alone = {"vision": spec, "vision_first": "", "vision_fallbacks": (), "vision_second": "off", "answers_days": 0}
    async with Another(wiring.settings.model_copy(update=alone), say=wiring.say) as other:
        return await seeing.run(other, cases(), await listening(other))


def study(tiered: Sequence[Tiered], chosen: float) -> list[Figure]:
    """A figure a threshold; that of the settings is marked."""
    return [_at(threshold, tiered, chosen) for threshold in sorted({*THRESHOLDS, chosen})]


def _at(threshold: float, tiered: Sequence[Tiered], chosen: float) -> Figure:
    stand = [each.stands(threshold) for each in tiered]
    final = [each.first if stays else each.strong for each, stays in zip(tiered, stand, strict=True)]
    asked = [[each.first] if stays else [each.first, each.strong] for each, stays in zip(tiered, stand, strict=True)]
    if threshold > 1:
        asked = [[each.strong] for each in tiered]
    cost, calls = together([outcome.took for outcomes in asked for outcome in outcomes])
    what = "the strong model alone" if threshold > 1 else f"cheap answers stand from {threshold:.2f}"
    return Figure(
        SUITE,
        what,
        sum(outcome.wrong is None for outcome in final) / len(final),
        len(final),
        cost=cost,
        calls=calls,
        seconds=tuple(sum(outcome.took.seconds for outcome in outcomes) for outcomes in asked),
        note=f"{sum(stand) / len(stand):.0%} stay with the cheap one" + (" (as set)" if threshold == chosen else ""),
    )
