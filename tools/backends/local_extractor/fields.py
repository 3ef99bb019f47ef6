"""From a field's name to the rule that finds it, and the last check: what is not printed is not said."""

from __future__ import annotations

import re

from tools.backends.local_extractor import amounts, labels, search
from tools.backends.local_extractor.layout import bare
from tools.backends.local_extractor.paper import Answer, Paper
from tools.backends.local_extractor.rules import RULES, dated
from tools.kit import Field, Value

KIND = "document_kind"

USUAL: dict[str, tuple[str, ...]] = {
    "receipt": (
        *("company", "date", "address", "total", "subtotal", "tax", "currency", "payment_method"),
        *("receipt_number", "line_items"),
    ),
    "invoice": (
        *("company", "invoice_number", "date", "due_date", "total", "subtotal", "tax", "currency", "iban", "vat_id"),
        *("customer", "line_items"),
    ),
    "card": ("name", "title", "company", "email", "phone", "url", "address"),
    "other": ("company", "date", "total"),
}
KINDS = {
    "total": "amount",
    "subtotal": "amount",
    "tax": "amount",
    "date": "date",
    "due_date": "date",
    "line_items": "list",
}


def usual(paper: Paper) -> list[Field]:
    """The kind of paper, and the fields such a paper usually has; of a form, every label it prints."""
    names = tuple(paper.pairs) if paper.kind == "form" else USUAL[paper.kind]
    return [
        Field(name=KIND),
        *(Field.model_validate({"name": name, "kind": KINDS.get(name, "text")}) for name in names),
    ]


def value(paper: Paper, field: Field) -> Value:
    """The field's value, or one without a value when the paper does not show it."""
    if field.name == KIND:
        return Value(name=KIND, value=paper.kind, sure=0.8, note="judged from the words on the paper")
    name = labels.canonical(field.name)
    answer = RULES[name](paper) if name in RULES else by_label(paper, name, field.kind)
    if answer is None or not printed(paper, answer):
        return Value(name=field.name)
    sure = round(min(answer.sure, 1.0) * answer.span.sure, 3)
    text, box = answer.span.text, answer.span.box
    return Value(name=field.name, value=answer.value, text=text, box=box, sure=sure, note=answer.note)


def printed(paper: Paper, answer: Answer) -> bool:
    """Whether the paper shows what is about to be said, letter by letter."""
    parts = answer.span.text.split()
    return bool(parts) and all(
        bare(part) in paper.page.letters if bare(part) else part in paper.page.text for part in parts
    )


def by_label(paper: Paper, name: str, kind: str) -> Answer | None:
    """Any field by its printed label: listed ones by their known forms, others by their own words."""
    find = _shape(paper, name, kind)
    if paper.prose:  # only a label with its colon states anything there
        found = search.beside_label(paper.page, name, find, below=False, least=0.95)
    else:
        found = search.beside_label(paper.page, name, find) or search.by_fuzzy_label(paper.page, name, find)
    if found is None:
        return None
    if kind == "amount":
        return Answer(amounts.plain(paper.amount_at(found.span).value), found.span, found.sure)
    if kind == "date":
        return dated(paper, found)
    return Answer(found.span.text, found.span, found.sure)


def _shape(paper: Paper, name: str, kind: str) -> search.Shape:
    if kind == "amount":
        return paper.amount_after
    if kind == "date":
        return paper.date_after
    if kind in search.SHAPES:
        return search.shape(search.SHAPES[kind])
    return search.code if re.search(r"\b(?:number|id|code|bic|reference)$", name) else search.words
