"""From a field's name to the rule that finds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from tools.backends.local_extractor import amounts, company, dates, labels, search, totals
from tools.backends.local_extractor.layout import Page, Row, Span, bare
from tools.kit import Field, Json, Value

KIND = "document_kind"

USUAL: dict[str, tuple[str, ...]] = {
    "receipt": (
        "company",
        "date",
        "address",
        "total",
        "subtotal",
        "tax",
        "currency",
        "payment_method",
        "receipt_number",
    ),
    "invoice": (
        "company",
        "invoice_number",
        "date",
        "due_date",
        "total",
        "subtotal",
        "tax",
        "currency",
        "iban",
        "customer",
    ),
    "card": ("name", "title", "company", "email", "phone", "url", "address"),
    "form": (),
    "other": ("company", "date", "total"),
}
KINDS = {"total": "amount", "subtotal": "amount", "tax": "amount", "date": "date", "due_date": "date"}


@dataclass(frozen=True)
class Paper:
    """A page with what several rules need of it, worked out once."""

    page: Page

    @cached_property
    def amounts(self) -> list[amounts.Amount]:
        return amounts.find(self.page)

    @cached_property
    def dates(self) -> list[dates.Date]:
        return dates.find(self.page)

    @cached_property
    def kind(self) -> str:
        return kind_of(self.page.text)


@dataclass(frozen=True)
class Answer:
    """What a rule found: the value, where it stands, how sure, and what to add."""

    value: Json
    span: Span
    sure: float
    note: str | None = None


Rule = Callable[[Paper], Answer | None]


def usual(paper: Paper) -> list[Field]:
    names = USUAL[paper.kind]
    return [Field(name=KIND), *(Field(name=name, kind=KINDS.get(name, "text")) for name in names)]


def kind_of(text: str) -> str:
    """What kind of paper this is, by its own words."""
    if re.search(
        r"invoice (?:no|number|date|nr)|rechnung|factuur|facture|fattura|due date|bill to", text, re.I
    ) and not re.search(r"cashier|change|cash ", text, re.I):
        return "invoice"
    if totals.TOTAL.search(text):
        return "receipt"
    if search.EMAIL.search(text) or search.PHONE.search(text):
        return "card"
    return "other"


def value(paper: Paper, field: Field) -> Value:
    """The field's value, or one without a value when the paper does not show it."""
    if field.name == KIND:
        return Value(name=KIND, value=paper.kind, sure=0.8, note="judged from its words")
    name = labels.canonical(field.name)
    answer = RULES[name](paper) if name in RULES else by_label(paper, name, field.kind)
    if answer is None or not printed(paper, answer):
        return Value(name=field.name)
    sure = round(min(answer.sure, 1.0) * answer.span.sure, 3)
    return Value(
        name=field.name, value=answer.value, text=answer.span.text, box=answer.span.box, sure=sure, note=answer.note
    )


def printed(paper: Paper, answer: Answer) -> bool:
    """Whether the paper shows what is about to be said, letter by letter."""
    return all(bare(part) in paper.page.letters for part in answer.span.text.split())


def total(paper: Paper) -> Answer | None:
    found = totals.find(paper.page, paper.amounts)
    if found is None:
        return None
    sure = 0.95 if found.reasons else 0.8
    return Answer(amounts.plain(found.amount.value), found.amount.span, sure, ", ".join(found.reasons) or None)


def issuer(paper: Paper) -> Answer | None:
    found = company.find(paper.page)
    return Answer(found[0].text, *found) if found else None


def date(paper: Paper) -> Answer | None:
    """The date of the paper itself: the labelled one, else the first that is not a due or expiry date."""
    best, best_score = None, 0.0
    for candidate in paper.dates:
        before = candidate.row.text[: candidate.start]
        above = paper.page.rows[candidate.row.number - 1].text if candidate.row.number else ""
        score = 1.0 - 0.3 * candidate.row.number / len(paper.page.rows)
        score += 1.5 * bool(labels.pattern("date").search(before)) + 0.4 * bool(labels.pattern("date").search(above))
        score += 0.5 * bool(re.search(r"\d:\d\d", candidate.row.text))
        score -= 2.0 * bool(
            re.search(r"due|expir|valid|best before|exp|check.?out|fällig|vervaldatum|order", before, re.I)
        )
        if score > best_score:
            best, best_score = candidate, score
    return _dated(best, 0.9) if best else None


def due_date(paper: Paper) -> Answer | None:
    found = search.beside_label(paper.page, "due date", _date_in(paper))
    if found is None:
        return None
    match = next((d for d in paper.dates if d.span.words == found.span.words), None)
    return _dated(match, found.sure) if match else None


def _dated(found: dates.Date, sure: float) -> Answer:
    note = "day and month could be the other way round" if found.ambiguous else None
    return Answer(found.value.isoformat(), found.span, sure * (0.7 if found.ambiguous else 1.0), note)


def _date_in(paper: Paper) -> search.Shape:
    def find(row: Row, start: int) -> Span | None:
        return next((d.span for d in paper.dates if d.row is row and d.start >= start), None)

    return find


def _amount_in(paper: Paper) -> search.Shape:
    def find(row: Row, start: int) -> Span | None:
        own = [a for a in paper.amounts if a.row is row and a.start >= start]
        money = [a for a in own if a.money] or own
        return money[-1].span if money else None

    return find


def currency(paper: Paper) -> Answer | None:
    found = amounts.currency_of(paper.page, paper.amounts)
    return Answer(found[0], found[1], 0.9) if found else None


def by_label(paper: Paper, name: str, kind: str) -> Answer | None:
    """Any field by its printed label."""
    if kind == "amount":
        found = search.beside_label(paper.page, name, _amount_in(paper))
        match = found and next((a for a in paper.amounts if a.span.words == found.span.words), None)
        return Answer(amounts.plain(match.value), match.span, found.sure) if found and match else None
    if kind == "date":
        found = search.beside_label(paper.page, name, _date_in(paper))
        dated = found and next((d for d in paper.dates if d.span.words == found.span.words), None)
        return _dated(dated, found.sure) if found and dated else None
    code = re.search(r"number|id$|iban|bic", name) is not None
    found = search.beside_label(paper.page, name, search.code if code else search.words)
    found = found or search.by_fuzzy_label(paper.page, name)
    return Answer(found.span.text, found.span, found.sure) if found else None


def shaped(name: str, form: re.Pattern[str]) -> Rule:
    """A field whose value is known by its shape: beside its label, else the first of that shape."""

    def find(paper: Paper) -> Answer | None:
        found = search.beside_label(paper.page, name, search.shape(form))
        if found is None:
            spans = (search.shape(form)(row, 0) for row in paper.page.rows)
            found = next((search.Found(span, 0.8) for span in spans if span), None)
        return Answer(found.span.text, found.span, found.sure) if found else None

    return find


RULES: dict[str, Rule] = {
    "total": total,
    "company": issuer,
    "date": date,
    "due date": due_date,
    "currency": currency,
    "email": shaped("email", search.EMAIL),
    "url": shaped("url", search.URL),
    "phone": shaped("phone", search.PHONE),
    "iban": shaped("iban", search.IBAN),
}
