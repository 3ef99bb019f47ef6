"""The fields somebody wants: by name, or as the leaves of a JSON schema; and values in its shape."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.kit.errors import AskAgain
from tools.kit.findings import Field, Reading, Value
from tools.kit.ports import Extractor
from tools.kit.types import Image, Json

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


def named(fields: list[str] | None) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in fields or [] if name.strip()))
    if fields and not names:
        raise AskAgain("Name at least one field to extract, such as total or date.")
    return names


def of_schema(schema: dict[str, Json]) -> list[Wanted]:
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


async def by_description(
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


def typed(value: Json, spec: dict[str, Json]) -> Json:
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
        {name: typed(row.get(_column(name)), spec if isinstance(spec, dict) else {}) for name, spec in columns.items()}
        for row in rows
    ]


def _column(name: str) -> str | None:
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()))
    return next((column for column, marks in COLUMNS.items() if words & marks), None)


def nested(wanted: list[Wanted], values: list[Value]) -> dict[str, Json]:
    """Values in the shape of the schema."""
    shaped: dict[str, Json] = {}
    for one, value in zip(wanted, values, strict=True):
        inner = shaped
        for name in one.path[:-1]:
            inner = inner.setdefault(name, {})
        inner[one.path[-1]] = value.value
    return shaped
