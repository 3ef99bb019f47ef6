"""Typed fields out of receipts, invoices, cards and forms."""

from __future__ import annotations

import re

from tools.kit import AskAgain, Evidence, Extractor, Field, Image, Json, Ocr, Region, Value, tool

KIND = "document_kind"
"""What an extractor calls the kind it takes the paper for, when no fields are named."""

WORDS_OF_KIND: dict[str, tuple[str, ...]] = {
    "list": ("items", "lines", "products", "rows", "articles"),
    "text": ("number", "no", "nr", "id", "code", "reference", "ref", "rate", "method", "name"),
    "date": ("date", "datum", "day", "birthday", "dob", "expiry", "deadline", "issued"),
    "amount": (
        *(
            "total",
            "subtotal",
            "amount",
            "price",
            "tax",
            "vat",
            "gst",
            "sst",
            "net",
            "gross",
            "balance",
            "cash",
            "change",
        ),
        *("discount", "fee", "sum", "cost", "paid", "tip", "rounding", "deposit", "due", "shipping"),
    ),
    "email": ("email", "mail"),
    "phone": ("phone", "telephone", "tel", "mobile", "fax", "cell"),
    "url": ("url", "website", "web", "homepage", "site"),
    "number": ("quantity", "count", "qty", "pages", "guests", "pax", "age"),
}
"""In this order: an "invoice number" is text before "invoice total" is an amount; a "due date" is a date."""


@tool
async def extract(
    image: Image,
    fields: list[str] | None = None,
    schema: dict[str, Json] | None = None,
    *,
    ocr: Ocr,
    extractor: Extractor,
) -> Evidence:
    """Take typed fields out of a receipt, invoice, business card or form: total, date, company, IBAN, any label on it.

    Name `fields` (such as ["invoice number", "due date"]), or give a JSON `schema` with properties; with neither, the
    usual fields of that kind of paper are taken. A value that is not printed is null, never guessed.
    Facts: `fields` (name to value: text, an amount as "9.00", a date as YYYY-MM-DD, a list of rows, or null), `values`
    (`name`, `value`, `text` as printed, `box` in pixels, `confidence`, `note`), `kind` (receipt, invoice, card, form).
    """
    wanted = _of_schema(schema) if schema else [Field(name=name, kind=kind_of(name)) for name in _named(fields)]
    reading = await ocr.read(image)
    found = await extractor.extract(image, reading, [*wanted, Field(name=KIND)] if wanted else [])
    kind = next((str(value.value) for value in found if value.name == KIND), "other")
    values = [value for value in found if value.name != KIND]
    known = [value for value in values if value.value is not None]
    return Evidence(
        said=_said(image, values),
        about=tuple(Region(handle=image.handle, box=value.box, page=image.ref.page) for value in known),
        facts={
            "fields": {value.name: value.value for value in values},
            "values": [_fact(value) for value in values],
            "kind": kind,
        },
        sure=round(sum(value.sure for value in known) / len(known), 3) if known else None,
    )


def kind_of(name: str) -> str:
    """What kind of value a field of this name takes, by its words: "due date" a date, "invoice number" text."""
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower().replace("-", "")))
    return next((kind for kind, marks in WORDS_OF_KIND.items() if words & set(marks)), "text")


def _named(fields: list[str] | None) -> list[str]:
    named = list(dict.fromkeys(name.strip() for name in fields or [] if name.strip()))
    if fields and not named:
        raise AskAgain("Name at least one field to extract, such as total or date.")
    return named


def _of_schema(schema: dict[str, Json]) -> list[Field]:
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        raise AskAgain('The schema names no fields: give {"properties": {"total": {"type": "number"}}}.')
    return [Field(name=name, kind=kind_of(name)) for name in properties]


def _said(image: Image, values: list[Value]) -> str:
    found = [f"{value.name} {_shown(value)}" for value in values if value.value is not None]
    absent = [value.name for value in values if value.value is None]
    if not found:
        return f"None of these is printed on {image.handle}: {', '.join(absent)}."
    said = f"On {image.handle}: {'; '.join(found)}."
    return said + (f" Not found: {', '.join(absent)}." if absent else "")


def _shown(value: Value) -> str:
    if isinstance(value.value, list):
        return f"{len(value.value)} rows"
    return str(value.value)


def _fact(value: Value) -> dict[str, Json]:
    return {
        "name": value.name,
        "value": value.value,
        "text": value.text,
        "box": list(value.box) if value.box else None,
        "confidence": round(value.sure, 3),
        "note": value.note,
    }
