"""What an evaluation says: figures, each with its target, its interval, and how many cases it stands on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

Z = 1.96
"""Of the normal distribution at 95%."""
NARROW = 60
"""Characters of the widest name that are shown."""


class Skipped(Exception):
    """A suite that cannot run here. `str()` of it says why, and what would make it run."""


@dataclass(frozen=True)
class Failure:
    """A case that went wrong."""

    case: str
    why: str


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    suite: str
    what: str
    value: float
    cases: int
    target: float | None = None
    """None: reported, not judged."""
    at_most: bool = False
    """The target is an upper bound."""
    note: str = ""
    share: bool = True
    """Whether the value is the share of the cases that went right, so that it has an interval."""
    cost: float | None = None
    """US dollars of all cases; None where no model was asked, or its price is not known."""
    calls: int = 0
    """Of models, for all cases."""
    seconds: tuple[float, ...] = ()
    """What each case took."""
    failures: tuple[Failure, ...] = ()

    @property
    def met(self) -> bool:
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true share lies with 95% confidence; None for a value that is no share."""
        return wilson(round(self.value * self.cases), self.cases) if self.share and self.cases else None

    @property
    def latency(self) -> tuple[float, float] | None:
        """Seconds a case took: p50 and p95."""
        return percentiles(self.seconds) if self.seconds else None


def wilson(right: int, cases: int) -> tuple[float, float]:
    """The score interval of a proportion (Wilson, 1927), which holds for few cases and near 0 and 1."""
    share, spread = right / cases, Z * Z / cases
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(share * (1 - share) / cases + spread / (4 * cases))
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))  # at the ends, whatever is rounded


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    if len(seconds) == 1:
        return seconds[0], seconds[0]
    cut = quantiles(seconds, n=20, method="inclusive")
    return cut[9], cut[18]


# --- as it is shown -------------------------------------------------------------------------------

HEADINGS = ("", "figure", "value", "95% interval", "cases", "target", "cost", "p50 / p95 s")


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """The figures as lines of a table: a capability a line."""
    rows = [HEADINGS, *map(_row, figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row, note in zip(rows, ["", *(figure.note for figure in figures)], strict=True):
        cells = [
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join([*cells, note]).rstrip()


def failing(figures: Sequence[Figure]) -> Iterator[str]:
    """Which cases fail, and why."""
    for figure in figures:
        for failure in figure.failures:
            yield f"  {figure.suite}, {figure.what}: {failure.case}: {failure.why}"


def _row(figure: Figure) -> tuple[str, ...]:
    mark = "·" if figure.target is None else "✓" if figure.met else "✗"
    what = f"{figure.suite}: {figure.what}"
    interval = f"{figure.interval[0]:.3f} to {figure.interval[1]:.3f}" if figure.interval else ""
    target = "" if figure.target is None else f"{'at most' if figure.at_most else 'at least'} {figure.target:g}"
    latency = f"{figure.latency[0]:.2f} / {figure.latency[1]:.2f}" if figure.latency else ""
    return (
        mark,
        what if len(what) <= NARROW else f"{what[: NARROW - 1]}…",
        f"{figure.value:.3f}",
        interval,
        str(figure.cases),
        target,
        _cost(figure),
        latency,
    )


def _cost(figure: Figure) -> str:
    if not figure.calls:
        return ""
    calls = f"{figure.calls} call{'s' if figure.calls > 1 else ''}"
    return f"{calls}, price unknown" if figure.cost is None else f"{calls}, ${figure.cost:.4f}"
