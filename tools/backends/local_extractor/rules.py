"""The rules that find fields: one a field, and makers of rules for fields that are alike."""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.backends.local_extractor import address, amounts, cards, checks, company, labels, search, tables
from tools.backends.local_extractor.paper import Answer, Paper, Rule

LATER = re.compile(
    r"due|expir|valid|best before|exp(?![a-z])|check.?out|fällig|vervaldatum|ch[eé]ance|scadenza|vencimiento|order|"
    r"bestel|period|until|zahlungsziel",
    re.IGNORECASE,
)
MENTIONED = 0.55
"""How sure what a page only mentions can be taken for a field of it."""
PAYMENT = re.compile(
    r"(?<![a-z])(?:visa|master ?card|amex|american express|maestro|credit card|debit card|paypal|apple pay|google pay|"
    r"ideal|cash|bank transfer|überweisung|banküberweisung|grabpay|touch ?n ?go|debit|credit)(?![a-z])",
    re.IGNORECASE,
)


def date(paper: Paper) -> Answer | None:
    """The date of the paper itself: the labelled one, else the first that is no due, order or expiry date."""
    best, best_score = None, 0.0
    for candidate in paper.dates:
        row = candidate.row
        earlier = [other.end for other in paper.dates if other.row is row and other.end <= candidate.start]
        before = " ".join(row.text[max(earlier, default=0) : candidate.start].split()[-4:])
        above = paper.page.rows[row.number - 1].text if row.number else ""
        score = 1.0 - 0.3 * row.number / len(paper.page.rows) + 0.5 * bool(re.search(r"\d:\d\d", row.text))
        score += 1.5 * bool(labels.pattern("date").search(before)) + 0.4 * bool(labels.pattern("date").search(above))
        score -= 2.0 * bool(LATER.search(before))
        if score > best_score:
            best, best_score = candidate, score
    if best is None:
        return None
    return dated(paper, search.Found(best.span, 0.95 if best_score > 1.9 else MENTIONED if paper.prose else 0.8))


def dated(paper: Paper, found: search.Found) -> Answer:
    seen = paper.date_at(found.span)
    if not seen.ambiguous:
        return Answer(seen.value.isoformat(), found.span, found.sure)
    return Answer(seen.value.isoformat(), found.span, found.sure * 0.7, "day and month could be the other way round")


def issuer(paper: Paper) -> Answer | None:
    stated = search.beside_label(paper.page, "company", search.words, below=False, least=0.95)
    if stated:
        name = company.name_in(stated.span)
        return Answer(name.text, name, stated.sure)
    person = cards.person(paper.page) if paper.kind == "card" else None
    job = cards.title(paper.page) if paper.kind == "card" else None
    found = company.find(paper.page, [span for span in (person and person[0], job) if span])
    if found is None:
        return None
    name, sure = found
    if (paper.prose or paper.kind == "other") and not company.formed(name.text):  # a heading is as likely
        return None if paper.prose else Answer(name.text, name, min(sure, MENTIONED))
    return Answer(name.text, name, sure)


def _stated(paper: Paper, name: str) -> Answer | None:
    """A field whose own name stands before it with a colon, as on a form."""
    found = search.beside_label(paper.page, name, search.words, below=False, least=0.95)
    return Answer(found.span.text, found.span, found.sure) if found else None


def postal_address(paper: Paper) -> Answer | None:
    stated = _stated(paper, "address")
    if stated or paper.prose:
        return stated
    named = issuer(paper)
    found = address.find(paper.page, named.span if named and paper.kind != "card" else None)
    return Answer(found.text, found, 0.8) if found else None


def person(paper: Paper) -> Answer | None:
    stated = _stated(paper, "name")
    if stated or paper.kind != "card":
        return stated
    found = cards.person(paper.page)
    return Answer(found[0].text, *found) if found else None


def job_title(paper: Paper) -> Answer | None:
    stated = _stated(paper, "title")
    if stated or paper.kind != "card":
        return stated
    found = cards.title(paper.page)
    return Answer(found.text, found, 0.85) if found else None


def currency(paper: Paper) -> Answer | None:
    found = amounts.currency_of(paper.page)
    if found is None:
        return None
    code, span = found
    note = None if code.isalpha() else "several countries write their currency so"
    return Answer(code, span, 0.9, note)


def payment_method(paper: Paper) -> Answer | None:
    """What a label says, else the means of payment named beside an amount."""
    stated = _stated(paper, "payment method")
    if stated:
        return stated
    for amount in paper.amounts:
        match = PAYMENT.search(amount.row.text[: amount.start]) if amount.money else None
        if match:
            span = amount.row.span(*match.span())
            return Answer(span.text, span, 0.85)
    return None


def line_items(paper: Paper) -> Answer | None:
    found = tables.items(paper.page, paper.amounts)
    return Answer(found[0], found[1], 0.7) if found else None


def phone(paper: Paper) -> Answer | None:
    """The number a label calls one; else the first that is written like one, in a row that calls it nothing else."""
    find = search.phone
    found = search.beside_label(paper.page, "phone", find, least=0.75)
    if found is None and not paper.prose:
        rows = (row for row in paper.page.rows if not search.OTHER_NUMBER.search(row.text))
        spans = (find(row, 0) for row in rows)
        found = next((search.Found(span, 0.75) for span in spans if span and search.dialled(span.text)), None)
    return Answer(found.span.text, found.span, found.sure) if found else None


def paid(name: str) -> Rule:
    """Money beside its label: a whole number there is a count or a reference, and what is taken off is paid."""

    def rule(paper: Paper) -> Answer | None:
        found = search.options(paper.page, name, paper.money_after)
        best = max(found, key=lambda option: option.sure, default=None)
        return Answer(amounts.plain(abs(paper.amount_at(best.span).value)), best.span, best.sure) if best else None

    return rule


def shaped(name: str, kind: str, trusted: Callable[[str], bool] = bool) -> Rule:
    """A field whose value is known by its shape: beside its label, else the first of that shape to be trusted alone."""
    find = search.shape(search.SHAPES[kind])

    def rule(paper: Paper) -> Answer | None:
        found = search.beside_label(paper.page, name, find)
        if found is None:
            spans = (find(row, 0) for row in paper.page.rows)
            found = next((search.Found(span, 0.8) for span in spans if span and trusted(span.text)), None)
        return Answer(found.span.text, found.span, found.sure) if found else None

    return rule


RULES: dict[str, Rule] = {
    "total": checks.total,
    "subtotal": checks.subtotal,
    "tax": checks.tax,
    "company": issuer,
    "address": postal_address,
    "date": date,
    "currency": currency,
    "payment method": payment_method,
    "line items": line_items,
    "name": person,
    "title": job_title,
    "email": shaped("email", "email"),
    "url": shaped("url", "url"),
    "phone": phone,
    "cash": paid("cash"),
    "change": paid("change"),
    "iban": shaped("iban", "iban", search.adds_up),
}
