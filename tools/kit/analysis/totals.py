"""Whether the amounts on a receipt, an invoice or a table add up, as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.kit.types import Box

AMOUNT = re.compile(
    r"(?<![\w.,])\(?-?\s?[$€£]?\s?-?(\d{1,3}(?:[,. ]\d{3})+|\d+)(?:([.,])(\d{2}))?(?![\d%]|\w\w|[.,]\d)\)?"
)
KINDS: tuple[tuple[str, str], ...] = (
    ("subtotal", r"sub\s*-?\s*t[o0]|total.*\b(?:excl|before|without)"),
    ("count", r"total (?:qty|quantity|items?|no|number)|no\.? of items|item count|\bqty\b|\bitems?\s*:"),
    ("total", r"total.*\bincl"),
    ("change", r"change\b|balance returned"),
    ("paid", r"\bcash\b|\bpaid\b|payment|tender|visa|master|debit|credit card|\bcard\b|amount received"),
    ("tax", r"\btax\b|\bgst\b|\bvat\b|\bsst\b|mwst|\bust\b|\btva\b|\bbtw\b|\biva\b"),
    ("fee", r"service|shipping|delivery|postage|\btip\b|gratuity|surcharge|\bfee\b"),
    ("rounding", r"round"),
    ("discount", r"discount|rebate|voucher|coupon|promo|you saved|savings?\b"),
    ("total", r"total|amount due|balance due|to pay|\bsum\b"),
)
"""What a label says its amount is, the first that fits. An amount with any other label is an item."""
CENT = Decimal("0.01")
SUMMARY = re.compile(r"summary|analysis|tax code|tax rate|breakdown", re.I)
"""What follows repeats amounts by tax rate and adds up on its own."""
COLUMN = 0.04
"""Share of the page width by which right edges of one column may differ."""


@dataclass(frozen=True)
class Printed:
    """An amount as read: what it is of, and where it ends."""

    kind: str
    label: str
    amount: Decimal
    right: float
    """x of its right edge in pixels."""


@dataclass(frozen=True)
class Check:
    """One thing that should add up."""

    what: str
    holds: bool
    expected: Decimal
    """What the parts make."""
    printed: Decimal

    def said(self) -> str:
        if self.holds:
            return f"{self.what}: {self.expected}, as printed."
        apart = abs(self.expected - self.printed)
        return f"{self.what}: {self.expected} by my reading, but {self.printed} is printed, {apart} apart."


@dataclass(frozen=True)
class Text:
    """A read line: text and box."""

    text: str
    box: Box


def checks(lines: Sequence[Text], width: float) -> list[Check]:
    """Everything on the paper that can be checked. `width`: of the page, in pixels."""
    rows = list(_before_summary(lines))
    entries = [entry for row in rows for entry in _entries(row)]
    totals = [entry for entry in entries if entry.kind in ("subtotal", "total")]
    if not totals:
        whole = [list(_entries(row, whole=True)) for row in rows]
        return list(_table([entry for row in whole if not _is_heading(row) for entry in row], width))
    found = [*_items(entries, totals, width), *_parts(entries, width), *_change(entries)]
    return list({check.what: check for check in found}.values())


def items(lines: Sequence[Text]) -> int:
    """How many rows before the first total carry an amount."""
    count = 0
    for row in _before_summary(lines):
        kinds = [entry.kind for entry in _entries(row)]
        if "subtotal" in kinds or "total" in kinds:
            break
        count += "item" in kinds
    return count


# --- rows -----------------------------------------------------------------------------------------


def _before_summary(lines: Sequence[Text]) -> Iterator[list[Text]]:
    for row in _rows(lines):
        if SUMMARY.search(" ".join(line.text for line in row)):
            return
        yield row


def _rows(lines: Sequence[Text]) -> Iterator[list[Text]]:
    """Lines at one height, left to right."""
    rest = sorted(lines, key=lambda line: (line.box[1] + line.box[3]) / 2)
    row: list[Text] = []
    for line in rest:
        middle = (line.box[1] + line.box[3]) / 2
        if row and not row[-1].box[1] <= middle <= row[-1].box[3]:
            yield sorted(row, key=lambda each: each.box[0])
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda each: each.box[0])


def _entries(row: Sequence[Text], *, whole: bool = False) -> Iterator[Printed]:
    """Every amount of a row: numbers with cents, or all numbers where a table has none with cents."""
    label = " ".join(re.sub(AMOUNT, " ", line.text) for line in row)
    label = " ".join(re.sub(r"[^\w%&/' -]", " ", label).split())
    kind = next((kind for kind, words in KINDS if re.search(words, label, re.I)), "item")
    for line in row:
        for match in AMOUNT.finditer(line.text):
            value = _value(match)
            if match[2] is None and not whole:  # quantities, dates and numbers of all kinds
                continue
            share = match.end() / len(line.text)
            yield Printed(kind, label, value, line.box[0] + share * (line.box[2] - line.box[0]))


def _value(match: re.Match[str]) -> Decimal:
    whole, _, cents = match.groups()
    value = Decimal(f"{re.sub('[,. ]', '', whole)}.{cents or '0'}")
    return -value if "-" in match[0] or match[0].startswith("(") else value


# --- checks ---------------------------------------------------------------------------------------


def _items(entries: Sequence[Printed], totals: Sequence[Printed], width: float) -> Iterator[Check]:
    """The items above the first total, in its column, against any of the totals: prices may hold the tax or not."""
    first = totals[0]
    before = [entry for entry in entries[: entries.index(first)] if _in_column(entry, first, width)]
    amounts = [entry.amount for entry in before if entry.kind == "item"]
    if not amounts:
        return
    made = sum(amounts, Decimal(0))
    discounts = sum((abs(entry.amount) for entry in before if entry.kind == "discount"), Decimal(0))
    what = "The one item" if len(amounts) == 1 else f"The {len(amounts)} items together"
    for total in totals:
        for how, sum_of in (("", made), (", less discounts", made - discounts)):
            if _equal(sum_of, total.amount):
                yield Check(what + how, True, sum_of, total.amount)
                return
    if len(amounts) > 1 and _comparable(made, first.amount):
        yield Check(what, False, made, first.amount)


def _is_heading(row: Sequence[Printed]) -> bool:
    """Whether its numbers are years."""
    return bool(row) and all(1900 <= entry.amount <= 2100 and entry.amount % 1 == 0 for entry in row)


def _table(entries: Sequence[Printed], width: float) -> Iterator[Check]:
    """A table of whole numbers: every column of its row of totals."""
    totals = [entry for entry in entries if entry.kind == "total"]
    for number, total in enumerate((entry for entry in totals if entry.label == totals[0].label), 1):
        above = entries[: entries.index(totals[0])]
        column = [entry.amount for entry in above if entry.kind == "item" and _in_column(entry, total, width)]
        made = sum(column, Decimal(0))
        if len(column) > 1 and _comparable(made, total.amount):
            what = f"The {len(column)} numbers of column {number}"
            yield Check(what, _equal(made, total.amount), made, total.amount)


def _parts(entries: Sequence[Printed], width: float) -> Iterator[Check]:
    """Subtotal, tax, fees and rounding against the first total after them."""
    kinds = [entry.kind for entry in entries]
    if "subtotal" not in kinds or "total" not in kinds[kinds.index("subtotal") :]:
        return
    start = kinds.index("subtotal")
    end = kinds.index("total", start)
    if "total" in kinds[:start]:
        return
    subtotal, total = entries[start], entries[end]
    between = [
        entry
        for entry in entries[start + 1 : end]
        if entry.kind in ("tax", "fee", "rounding", "discount") and _in_column(entry, total, width)
    ]
    if not between or (subtotal.amount == total.amount and all(entry.kind == "tax" for entry in between)):
        return  # nothing to add, or tax that is part of the prices and printed for information
    made = subtotal.amount + sum(
        (-abs(entry.amount) if entry.kind == "discount" else entry.amount for entry in between), Decimal(0)
    )
    names = ["Subtotal", *dict.fromkeys(entry.kind for entry in between)]
    if _comparable(made, total.amount):
        yield Check(" and ".join(names), _equal(made, total.amount), made, total.amount)


def _in_column(entry: Printed, other: Printed, width: float) -> bool:
    return abs(entry.right - other.right) <= COLUMN * width


def _comparable(one: Decimal, other: Decimal) -> bool:
    """Two amounts so far apart are not the same thing misprinted, but different things."""
    return abs(one - other) <= max(one, other) / 2


def _change(entries: Sequence[Printed]) -> Iterator[Check]:
    """What was paid, less the total, against the change."""
    paid, change = (_rightmost([entry for entry in entries if entry.kind == kind]) for kind in ("paid", "change"))
    totals = [entry.amount for entry in entries if entry.kind == "total"]
    if paid is None or change is None or not totals:
        return
    total = min(totals, key=lambda amount: abs(paid - amount - change))
    yield Check(f"Change of {paid} for {total}", _equal(paid - total, change), paid - total, change)


def _rightmost(entries: Sequence[Printed]) -> Decimal | None:
    """Of the first row of them: what stands before it explains it."""
    row = [entry for entry in entries if entry.label == entries[0].label]
    return abs(max(row, key=lambda entry: entry.right).amount) if row else None


def _equal(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= CENT
