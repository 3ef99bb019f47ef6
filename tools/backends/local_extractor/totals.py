"""The total of a receipt or invoice: candidates by what is printed beside them, chosen by arithmetic that must hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.backends.local_extractor.amounts import Amount
from tools.backends.local_extractor.layout import Page, Row

S = r"[\s.:_/-]*"
TOTAL = re.compile(
    rf"t[o0]ta[l1i]|totaal|gesamt|summe|rechnungsbetrag|(?:amount|balance|amt){S}(?:due|payable)|montant|importe|à{S}payer|"
    rf"te{S}betalen|zu{S}zahlen|jumlah|nett?{S}(?:amount|amt)",
    re.IGNORECASE,
)
NOT_TOTAL = re.compile(
    rf"sub{S}t[o0]t|t[o0]ta[l1]{S}(?:qty|quantity|items?|no|pcs|discount|disc|saving|round|points?|paid|tender|change|gst|tax|vat|sst)(?![^\W\d_])|"
    rf"(?:item|qty|quantity|discount|saving|points?|change|tax|gst|vat){S}t[o0]ta[l1]|zwischensumme|sous{S}total|"
    rf"t[o0]ta[l1]{S}(?:amount{S}|sales{S})?(?:\(?{S}exc|before|ex{S}(?:gst|tax)|without|w/o|net{S}of|ht(?!\w))|excl|before{S}(?:tax|gst)",
    re.IGNORECASE,
)
FINAL = re.compile(
    rf"grand|nett?{S}(?:total|amount|amt)|round(?:e?d|ing|'d)?|after|payable|due|final|rechnungsbetrag|zu{S}zahlen|te{S}betalen",
    re.IGNORECASE,
)
WITH_TAX = re.compile(rf"incl?(?![a-km-z])|inclusive|with{S}(?:gst|tax)|ttc", re.IGNORECASE)
PART = re.compile(r"\d ?%|suppl(?:y|ies)|taxable", re.IGNORECASE)
"""A total of one tax rate only."""
PAID = re.compile(
    rf"(?<![a-z])(?:cash|visa|master(?:card)?|amex|debit|credit|card|maestro|paypal|tender(?:ed)?|paid|payment|bar|ec{S}karte|tunai|ideal|pin)(?![a-z])",
    re.IGNORECASE,
)
CHANGE = re.compile(r"(?<![a-z])(?:change|rückgeld|wisselgeld|baki|balance)(?![a-z])", re.IGNORECASE)
ROUNDING = re.compile("round", re.IGNORECASE)
SUMMARY = re.compile(
    rf"(?:gst|tax|vat|sst|btw){S}(?:summary|analysis|detail|code|specification|type|rate)|summary", re.IGNORECASE
)


@dataclass(frozen=True)
class Total:
    """A candidate: its amount, how good its label is, and which sums confirm it."""

    amount: Amount
    score: float
    reasons: tuple[str, ...]


def find(page: Page, amounts: Sequence[Amount]) -> Total | None:
    """The best candidate, or None when nothing on the paper is called a total and no payment implies one."""
    candidates = [candidate for candidate in _candidates(page, amounts) if candidate.amount.value > 0]
    if not candidates:
        return _unlabelled(page, amounts)
    proofs = implied(page, amounts)
    counted = Counter(amount.value for amount in amounts if amount.money)
    largest = max(candidate.amount.value for candidate in candidates)
    scored = []
    for candidate in candidates:
        value = candidate.amount.value
        confirmed = tuple(reason for reason, values in proofs.items() if value in values)
        score = candidate.score + 1.5 * len(confirmed) + 0.3 * min(counted[value] - 1, 3) + 0.5 * (value == largest)
        score += 0.2 * candidate.amount.row.number / max(1, len(page.rows))
        scored.append(Total(candidate.amount, score, confirmed))
    return max(scored, key=lambda total: total.score)


def _candidates(page: Page, amounts: Sequence[Amount]) -> list[Total]:
    """Amounts on a row called total, or on the rows next to one that names no amount itself."""
    found = []
    summary = [row.number for row in page.rows if SUMMARY.search(row.text) and not TOTAL.search(row.text)]
    for row in page.rows:
        match = TOTAL.search(row.text)
        if not match or NOT_TOTAL.search(row.text):
            continue
        label = 3.0 + 2.0 * bool(FINAL.search(row.text)) + 0.8 * bool(WITH_TAX.search(row.text))
        label -= 2.0 * bool(PART.search(row.text))
        if any(0 < row.number - number <= 6 for number in summary):
            label -= 3.0
        for amount, near in _amounts_of(page, row, match.end(), amounts):
            found.append(Total(amount, label * near, ()))
    return found + _rounded(found, amounts)


def _rounded(found: Sequence[Total], amounts: Sequence[Amount]) -> list[Total]:
    """What a total is rounded to, where only the word "rounding" says so: within five cents of it, further down."""
    return [
        Total(amount, total.score + 1.0, ())
        for amount in amounts
        if amount.money and ROUNDING.search(amount.row.text)
        for total in found
        if amount.row.number > total.amount.row.number and 0 < abs(amount.value - total.amount.value) <= Decimal("0.05")
    ]


def _amounts_of(page: Page, row: Row, start: int, amounts: Sequence[Amount]) -> list[tuple[Amount, float]]:
    own = [amount for amount in amounts if amount.row is row and amount.start >= start]
    money = [amount for amount in own if amount.money] or own[-1:]
    if money:
        return [(money[-1], 1.0)]
    height = row.height
    below = [
        amount
        for other in page.rows[row.number + 1 : row.number + 3]
        for amount in amounts
        if amount.row is other
        and amount.money
        and other.words[0].box[1] - row.words[0].box[3] < 1.5 * height
        and not PAID.search(other.text)
        and not CHANGE.search(other.text)
    ]
    return [(below[0], 0.8)] if below else []


def implied(page: Page, amounts: Sequence[Amount]) -> dict[str, set[Decimal]]:
    """What the total must be by the paper's own arithmetic: payment less change, subtotal plus tax and rounding."""
    money = [amount for amount in amounts if amount.money]
    paid = {amount.value for amount in money if PAID.search(amount.row.text) and not TOTAL.search(amount.row.text)}
    change = {amount.value for amount in money if CHANGE.search(amount.row.text)}
    sub = {
        amount.value for amount in money if re.search(rf"sub{S}t[o0]t|excl|before|netto|untaxed", amount.row.text, re.I)
    }
    tax = {
        amount.value
        for amount in money
        if re.search(r"gst|tax|vat|sst|btw|mwst|tva|iva|service|svc", amount.row.text, re.I)
    }
    rounding = {
        amount.value for amount in money if re.search("round", amount.row.text, re.I) and abs(amount.value) < 1
    } | {Decimal(0)}
    return {
        "payment less change": {a - b for a in paid for b in change},
        "payment": paid,
        "subtotal and tax": {a + b + s * c for a in sub for b in tax for c in rounding for s in (1, -1)},
    }


def _unlabelled(page: Page, amounts: Sequence[Amount]) -> Total | None:
    """Without a label only payment less change, itself printed, is proof enough."""
    less = implied(page, amounts)["payment less change"]
    proven = [amount for amount in amounts if amount.money and amount.value in less and amount.value > 0]
    return Total(proven[-1], 2.0, ("payment less change",)) if proven else None
