"""Arithmetic a paper must keep: subtotal plus tax and rounding is the total; cash less change is the total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from tools.backends.local_extractor import amounts, search
from tools.backends.local_extractor.paper import Answer, Paper

WITHOUT = re.compile(
    r"(?:ohne|excl\w*|exc|incl\w*|inc|without|before|total|taxable|exclusief|inclusief|hors|zzgl|inkl|net)(?:\W+of)?\W*$",
    re.IGNORECASE,
)
"""Before the word "tax" these make it the label of another amount."""

CENTS = Decimal("0.05")
"""What cash is rounded by where small coins are gone."""


def total(paper: Paper) -> Answer | None:
    """The total, the surer the more sums confirm it."""
    found = paper.total
    if found is None:
        return None
    note = f"confirmed by {' and '.join(found.reasons)}" if found.reasons else None
    return Answer(amounts.plain(found.amount.value), found.amount.span, 0.97 if found.reasons else 0.8, note)


def subtotal(paper: Paper) -> Answer | None:
    return _part(paper, "subtotal", "tax")


def tax(paper: Paper) -> Answer | None:
    return _part(paper, "tax", "subtotal")


def _part(paper: Paper, name: str, other: str) -> Answer | None:
    """The labelled amount that makes the total with what `other` labels; else the best labelled one, less surely."""
    found = [option for option in _options(paper, name) if option.value >= 0]
    if not found:
        return None
    if paper.total is not None:
        whole = paper.total.amount.value
        rest = [option.value for option in _options(paper, other)]
        for option in found:
            if any(abs(option.value + part - whole) <= CENTS for part in rest):
                return Answer(amounts.plain(option.value), option.span, 0.95, f"adds up to the total with the {other}")
        # a tax as large as the total is the total, labelled "including tax"
        found = [option for option in found if option.value < whole or (option.value == whole and name != "tax")]
    if not found:
        return None
    return Answer(amounts.plain(found[0].value), found[0].span, 0.7)


def _options(paper: Paper, name: str) -> Sequence[amounts.Amount]:
    """Labelled amounts, best label first. A bare whole number is a registration, not a tax."""
    unless = WITHOUT if name == "tax" else None
    spans = sorted(search.options(paper.page, name, paper.amount_after, unless=unless), key=lambda found: -found.sure)
    return [amount for amount in (paper.amount_at(found.span) for found in spans) if amount.money]
