"""Typed fields out of receipts, invoices, cards and forms."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.kit import AskAgain, Evidence, Extractor, Field, Image, Json, Ocr, Reading, Region, Value, tool

UNSURE = 0.6
"""Less sure than this, a value is only perhaps the one."""

ROWS = 12
"""Rows of a list that are said."""

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


FORMATS = {"date": "date", "date-time": "date", "email": "email", "uri": "url", "url": "url", "phone": "phone"}
"""Formats of a JSON schema and the kinds of value they are."""

VAGUE = {"name", "address", "id", "number", "date", "email", "phone", "code", "type"}
"""Names that say what they are only together with what they stand in."""

COLUMNS = {
    "quantity": {"quantity", "qty", "count", "menge", "aantal"},
    "price": {"unit", "price", "rate", "each"},
    "amount": {"amount", "total", "subtotal", "cost", "sum"},
    "description": {"description", "name", "item", "product", "title", "article", "desc"},
}
"""Columns of line items and the words schemas name them with, in order: a "unit price" is a price."""


@tool(doing="Taking fields from")
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
    wanted = _of_schema(schema) if schema else [Wanted((name,), field_of(name)) for name in _named(fields)]
    reading = await ocr.read(image)
    found = await extractor.extract(
        image, reading, [*(one.field for one in wanted), Field(name=KIND)] if wanted else []
    )
    kind = next((str(value.value) for value in found if value.name == KIND), "other")
    values = [value for value in found if value.name != KIND]
    printed = values
    if schema:
        printed = await _by_description(image, reading, wanted, values, extractor)
        values = [
            value.model_copy(update={"value": _typed(value.value, one.spec)})
            for one, value in zip(wanted, printed, strict=True)
        ]
        printed = [value for value, typed in zip(printed, values, strict=True) if typed.value is not None] + [
            typed for typed in values if typed.value is None
        ]
    known = [value for value in values if value.value is not None]
    return Evidence(
        said=_said(image, printed),
        about=tuple(Region(handle=image.handle, box=value.box, page=image.ref.page) for value in known),
        facts={
            "fields": _nested(wanted, values) if schema else {value.name: value.value for value in values},
            "values": [_fact(value) for value in values],
            "kind": kind,
        },
        sure=round(sum(value.sure for value in known) / len(known), 3) if known else None,
    )


@dataclass(frozen=True)
class Wanted:
    """A field, where its value goes in the answer, and what a schema says of it."""

    path: tuple[str, ...]
    field: Field
    spec: dict[str, Json] = dataclasses.field(default_factory=dict)


def field_of(name: str, kind: str | None = None) -> Field:
    return Field.model_validate({"name": name, "kind": kind or kind_of(name)})


def kind_of(name: str) -> str:
    """What kind of value a field of this name takes, by its words: "due date" a date, "invoice number" text."""
    if re.match(r"(?:number|count) of\b|how many\b", name.lower()):
        return "number"
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower().replace("-", "")))
    return next((kind for kind, marks in WORDS_OF_KIND.items() if words & set(marks)), "text")


def _named(fields: list[str] | None) -> list[str]:
    named = list(dict.fromkeys(name.strip() for name in fields or [] if name.strip()))
    if fields and not named:
        raise AskAgain("Name at least one field to extract, such as total or date.")
    return named


def _of_schema(schema: dict[str, Json]) -> list[Wanted]:
    """The leaves of a JSON schema, objects within objects included.

    Raises: AskAgain when it has none.
    """
    wanted = list(_leaves(schema, ()))
    if not wanted:
        raise AskAgain('The schema names no fields: give {"properties": {"total": {"type": "number"}}}.')
    return wanted


def _leaves(schema: Json, path: tuple[str, ...]) -> Iterator[Wanted]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    for name, spec in (properties if isinstance(properties, dict) else {}).items():
        spec = spec if isinstance(spec, dict) else {}
        inner = (*path, str(name))
        if "properties" in spec:
            yield from _leaves(spec, inner)
            continue
        # "name" within "vendor" is the vendor's name; "iban" within "bank" is the IBAN
        vague = path and str(name).lower() in VAGUE
        yield Wanted(inner, field_of(f"{path[-1]} {name}" if vague else str(name), _kind(str(name), spec)), spec)


def _kind(name: str, spec: dict[str, Json]) -> str:
    kind = FORMATS.get(str(spec.get("format")))
    if kind or _type(spec) == "array":
        return kind or "list"
    guessed = kind_of(name)
    return "amount" if _type(spec) == "number" and guessed == "text" else guessed


def _type(spec: dict[str, Json]) -> str:
    """The type of a value, "null" aside: `["string", "null"]` is a string."""
    types = spec.get("type", "string")
    return next((str(one) for one in types if one != "null"), "string") if isinstance(types, list) else str(types)


async def _by_description(
    image: Image, reading: Reading, wanted: list[Wanted], values: list[Value], extractor: Extractor
) -> list[Value]:
    """What its name did not find is looked for by its description; all under the names the schema gives them."""
    hints = [
        one if value.value is None and one.spec.get("description") else None
        for one, value in zip(wanted, values, strict=True)
    ]
    again = [field_of(str(one.spec["description"])[:60], one.field.kind) for one in hints if one]
    found = iter(await extractor.extract(image, reading, again) if again else [])
    values = [next(found) if hint else value for hint, value in zip(hints, values, strict=True)]
    return [value.model_copy(update={"name": ".".join(one.path)}) for one, value in zip(wanted, values, strict=True)]


def _typed(value: Json, spec: dict[str, Json]) -> Json:
    """The value in the schema's type; None where it has no such form."""
    kind = _type(spec)
    if kind == "array":
        return _rows(value, spec.get("items", {})) if isinstance(value, list) else None
    if value is None or isinstance(value, list) or kind not in {"number", "integer"}:
        return value if kind in {"string", "number", "integer"} and not isinstance(value, list) else None
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if kind == "number" else int(number) if number.is_integer() else None


def _rows(rows: list[Json], items: Json) -> list[Json]:
    """Rows under the names the schema gives their columns."""
    columns = items.get("properties") if isinstance(items, dict) else None
    if not isinstance(columns, dict):
        return [row.get("description") for row in rows] if _type(items or {}) == "string" else rows
    return [
        {name: _typed(row.get(_column(name)), spec if isinstance(spec, dict) else {}) for name, spec in columns.items()}
        for row in rows
    ]


def _column(name: str) -> str | None:
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()))
    return next((column for column, marks in COLUMNS.items() if words & marks), None)


def _nested(wanted: list[Wanted], values: list[Value]) -> dict[str, Json]:
    """Values in the shape of the schema."""
    shaped: dict[str, Json] = {}
    for one, value in zip(wanted, values, strict=True):
        inner = shaped
        for name in one.path[:-1]:
            inner = inner.setdefault(name, {})
        inner[one.path[-1]] = value.value
    return shaped


def _said(image: Image, values: list[Value]) -> str:
    found = [_shown(value) for value in values if value.value is not None and not isinstance(value.value, list)]
    lists = [_listed(value) for value in values if isinstance(value.value, list)]
    absent = [value.name for value in values if value.value is None]
    if not found and not lists:
        return f"None of these is printed on {image.handle}: {', '.join(absent)}."
    said = _ended(f"On {image.handle}: {'; '.join(found)}") if found else f"On {image.handle}:"
    said += f" Not found: {', '.join(absent)}." if absent and found else ""
    said = "\n".join([said, *lists])
    return said + (f"\nNot found: {', '.join(absent)}." if absent and not found else "")


def _ended(text: str) -> str:
    """With a full stop, unless it ends in one."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _shown(value: Value) -> str:
    return f"{value.name} {'perhaps ' if value.sure < UNSURE else ''}{value.value}"


def _listed(value: Value) -> str:
    """A list, a row a line."""
    rows = [f"- {_row(row)}" for row in value.value[:ROWS]]
    more = [f"and {len(value.value) - ROWS} more"] if len(value.value) > ROWS else []
    return "\n".join([f"{value.name} ({len(value.value)}):", *rows, *more])


def _row(row: Json) -> str:
    """ "2 x Soup, 9.00": how many, what, and for how much, as far as they are printed."""
    if not isinstance(row, dict):
        return str(row)
    count = f"{row['quantity']} x " if row.get("quantity") else ""
    amount = f", {row['amount']}" if row.get("amount") else ""
    return f"{count}{row.get('description')}{amount}"


def _fact(value: Value) -> dict[str, Json]:
    return {
        "name": value.name,
        "value": value.value,
        "text": value.text,
        "box": list(value.box) if value.box else None,
        "confidence": round(value.sure, 3),
        "note": value.note,
    }
