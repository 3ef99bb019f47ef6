"""Sums in words, for people."""

from __future__ import annotations

from collections.abc import Sequence

from bot.counting import counted
from bot.ledger.usage import Sum

UNPRICED = (
    "The price of {calls} is not known: the money above is without {them}, and budgets do not count {them}. Tokens are "
    "counted."
)
CELLS = 20
"""Of a bar."""


def money(amount: float) -> str:
    """US dollars; small amounts with as many digits as say something."""
    if 0 < amount < 0.0001:
        return "under $0.0001"
    return f"${amount:,.4f}" if 0 < amount < 0.1 else f"${amount:,.2f}"


def cost(one: Sum) -> str:
    """What it cost, as far as that is known: `unpriced` says what the question mark is."""
    if not one.unpriced:
        return money(one.cost)
    return f"{money(one.cost)} + ?" if one.cost else "unknown"


def short(number: int) -> str:
    """As in 950, 12.3k, 3.4M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + unit
    return str(number)


def in_all(one: Sum) -> str:
    """A sum in one sentence."""
    share = f" ({one.tokens_cached / one.tokens_in:.0%} from the provider's cache)" if one.tokens_cached else ""
    failed = f" ({one.failed:,} without an answer)" if one.failed else ""
    calls, images = f"{counted(one.calls, 'call')} of models{failed}", counted(one.images, "image")
    return (
        f"{cost(one)} for {calls}, with {short(one.tokens_in)} tokens in{share}, {short(one.tokens_out)} out, {images}."
    )


def savings(one: Sum) -> str:
    """What was not asked again; empty when there was nothing of that."""
    if not one.again:
        return ""
    worth = f", which saved about {money(one.saved)}" if one.saved else ""
    return f"{counted(one.again, 'answer')} {'was' if one.again == 1 else 'were'} there already{worth}."


def unpriced(one: Sum) -> str:
    """What is not known of the money; empty when all is."""
    if not one.unpriced:
        return ""
    return UNPRICED.format(calls=counted(one.unpriced, "call"), them="it" if one.unpriced == 1 else "them")


def bars(found: Sequence[Sum], cells: int = CELLS) -> list[str]:
    """A bar for each, by cost, or by tokens where no cost is known. What is not nothing has a cell at least.

    cells: of the longest; 0 draws none.
    """
    sizes = [one.cost for one in found] if any(one.cost for one in found) else [float(one.tokens) for one in found]
    most = max(sizes, default=0.0) or 1.0
    return ["█" * max(round(cells * size / most), 1 if size and cells else 0) for size in sizes]
