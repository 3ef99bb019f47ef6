"""What a receipt lists: every item, the dearest, the cheapest, how many; and whether they make the printed sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.kit.analysis.asking import CHEAP, DEAR, HIGH, LOW, MONEY
from tools.kit.analysis.work import Work, counted
from tools.kit.toolbox import listed
from tools.kit.types import Image, Json

Wanted = Literal["all", "most", "least", "count", "named"]

THINGS = r"(?:line )?items?|articles?|products?|positions?|dish(?:es)?|things? (?:(?:we|i|they) )?(?:bought|ordered)"
ASKED = re.compile(rf"\b(?:{THINGS})\b", re.I)
THING = re.compile(rf"\b(?:{DEAR}|{CHEAP}) things?\b", re.I)
COUNTED = re.compile(rf"\b(?:how many|number of|count)\b[^,?.]*\b(?:{THINGS})\b", re.I)
LISTED = re.compile(rf"\b(?:list|show|name|give|what|which|itemi[sz]e)\b[^,?.]*\b(?:{THINGS})\b", re.I)
ELSE = re.compile(
    rf"\b(?:more|most|fewer|fewest) (?:{THINGS})\b|\badd\b|\bsum|\bcome to\b|\bcorrect|\bmatch|\bright\b|\bgiven\b"
    r"|\bverify|\bcheck",
    re.I,
)
"""Asks which paper has more of them, or whether they make the total."""
NAME = r"(?:the |an? |one |each )?(?P<name>(?!(?:it|this|that|th[eo]se|they|we|i|you|all|everything)\b)[\w -]+?)"
NAMED = tuple(
    re.compile(rf"^(?:(?:and|so)\s+)*{form}[?.! ]*$", re.I)
    for form in (
        rf"how much (?:is|was|were|are|did|does|do) {NAME}(?: cost)?",
        rf"(?:what (?:is|was) )?(?:the )?(?:price|cost) (?:of|for) {NAME}",
        rf"what (?:did|does|do) {NAME} cost",
    )
)
"""Asks what one thing cost."""
SUMS = re.compile(rf"\b(?:{MONEY}|cash|change|rounding|service|delivery|net|gross)\b", re.I)
ROWS = 30
"""Rows of one paper that are said."""
ROUNDED = Decimal("0.05")
"""By how much a sum may be rounded where there are no smaller coins."""


@dataclass(frozen=True)
class Row:
    """One item and where it is listed."""

    where: str
    name: str
    amount: Decimal | None
    quantity: Decimal | None

    def __str__(self) -> str:
        several = f"{self.quantity} x " if self.quantity and self.quantity != 1 else ""
        return f"{several}{self.name}" + (f": {self.amount}" if self.amount is not None else "")


def wanted_of(question: str) -> Wanted | None:
    """What a question wants of the items; None for a question that is not about them."""
    if COUNTED.search(question):
        return "count"
    if name_in(question):
        return "named"
    if not (ASKED.search(question) or THING.search(question)) or ELSE.search(question):
        return None
    if re.search(rf"\b(?:{DEAR}|{HIGH})\b", question, re.I):
        return "most"
    if re.search(rf"\b(?:{CHEAP}|{LOW})\b", question, re.I):
        return "least"
    return "all" if LISTED.search(question) else None


def name_in(question: str) -> str:
    """The thing whose price a question asks for; empty for any other question, and for the sums of a paper."""
    match = next(filter(None, (form.match(question) for form in NAMED)), None)
    return match["name"] if match and not SUMS.search(match["name"]) else ""


async def itemise(work: Work, wanted: Wanted, name: str = "") -> bool:
    """Conclude what is wanted of the items, or of those with that name. False when none can be read."""
    found = {listed([page.handle for page in pages]): await _of_paper(work, pages) for pages in work.papers()}
    rows = [row for each, _ in found.values() for row in each]
    if not rows:
        return False
    work.facts["items"] = {handle: [_fact(row) for row in each] for handle, (each, _) in found.items()}
    if wanted in ("most", "least") and all(row.amount is None for row in rows):
        return False
    if wanted in ("most", "least"):
        work.conclusions.append(_extreme(rows, wanted, several=len(found) > 1))
    if wanted == "named":
        work.conclusions.append(_of_name(rows, name, several=len(found) > 1))
        return True
    for handle, (each, sums) in found.items():
        work.conclusions.append(_said(handle, each, sums, wanted))
    return True


async def _of_paper(work: Work, pages: Sequence[Image]) -> tuple[list[Row], list[Decimal]]:
    """The items of all pages; the sums stand on the last that shows any."""
    rows: list[Row] = []
    sums: list[Decimal] = []
    for page in pages:
        more, printed = await _of_page(work, page)
        rows, sums = [*rows, *more], printed or sums
    return rows, sums


async def _of_page(work: Work, image: Image) -> tuple[list[Row], list[Decimal]]:
    """The items of a page, and the printed sums that they may make."""
    fields: list[Json] = ["items", "subtotal", "total"]
    found = await work.use(f"Take the items from {image.handle}", "extract", {"image": image.handle, "fields": fields})
    if found is None:
        return [], []
    values = found.facts["fields"]
    sums = [Decimal(values[name]) for name in ("total", "subtotal") if values.get(name)]
    return [_row(image.handle, row) for row in values.get("items") or []], sums


def _row(where: str, row: dict[str, Json]) -> Row:
    amount, quantity = (Decimal(str(row[key])) if row.get(key) else None for key in ("amount", "quantity"))
    return Row(where, str(row["description"]), amount, quantity)


def _fact(row: Row) -> dict[str, Json]:
    return {
        "name": row.name,
        "quantity": str(row.quantity) if row.quantity else None,
        "amount": str(row.amount) if row.amount is not None else None,
    }


# --- what is said ---------------------------------------------------------------------------------


def _extreme(rows: Sequence[Row], wanted: Wanted, *, several: bool) -> str:
    if len(rows) == 1:
        return f"There is one item only, {rows[0]}."
    amounts = [row.amount for row in rows if row.amount is not None]
    best = max(amounts) if wanted == "most" else min(amounts)
    same = [f"{row} ({row.where})" if several else str(row) for row in rows if row.amount == best]
    degree = "most expensive" if wanted == "most" else "cheapest"
    return f"The {degree} of the {len(rows)} items {'is' if len(same) == 1 else 'are'} {listed(same)}."


def _of_name(rows: Sequence[Row], name: str, *, several: bool) -> str:
    words = [word.casefold().removesuffix("s") for word in name.split()]
    fitting = [row for row in rows if all(word in row.name.casefold() for word in words)]
    if not fitting:
        return f"I found no {name} among the {counted(len(rows), 'item').lower()} that I can read."
    return f"{'; '.join(f'{row} ({row.where})' if several else str(row) for row in fitting)}."


def _said(handle: str, rows: Sequence[Row], sums: Sequence[Decimal], wanted: Wanted) -> str:
    if not rows:
        return f"I could not read any items on {handle}."
    check, holds = _check(rows, sums)
    if wanted in ("most", "least"):
        return "" if holds else f"Of {handle}: {check[:1].lower()}{check[1:]}"
    check = "" if holds and wanted == "count" else check
    shown = [f"- {row}" for row in rows[:ROWS]] if wanted == "all" else []
    more = [f"and {len(rows) - ROWS} more"] if wanted == "all" and len(rows) > ROWS else []
    return "\n".join([f"{_count(handle, rows)}{':' if shown else '.'}", *shown, *more, *([check] if check else [])])


def _count(handle: str, rows: Sequence[Row]) -> str:
    said = f"{handle.capitalize()} {'list' if ' and ' in handle else 'lists'} {counted(len(rows), 'item').lower()}"
    pieces = [row.quantity for row in rows if row.quantity]
    told = len(pieces) == len(rows) and sum(pieces) != len(rows)
    return f"{said}, {sum(pieces, Decimal(0))} pieces by the printed quantities" if told else said


def _check(rows: Sequence[Row], sums: Sequence[Decimal]) -> tuple[str, bool]:
    """Whether what was read is all: items that make a printed sum are; of others some may be missing or misread."""
    made = sum((row.amount for row in rows if row.amount is not None), Decimal(0))
    if made in sums:
        return f"Together they make {made}, as printed.", True
    if near := next((printed for printed in sums if abs(made - printed) <= ROUNDED), None):
        return f"Together they make {made}; {near} is printed, rounded.", True
    if not sums:
        return "", True
    return f"By my reading they make {made} together, but {sums[0]} is printed: one may be missing or misread.", False
