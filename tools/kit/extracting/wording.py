"""Values as they are said, and as facts."""

from __future__ import annotations

from tools.kit.findings import Value
from tools.kit.types import Image, Json

UNSURE = 0.6
"""Less sure than this, a value is only perhaps the one."""

ROWS = 12
"""Rows of a list that are said."""


def said(image: Image, values: list[Value]) -> str:
    found = [_shown(value) for value in values if value.value is not None and not isinstance(value.value, list)]
    lists = [_listed(value) for value in values if isinstance(value.value, list)]
    absent = [value.name for value in values if value.value is None]
    if not found and not lists:
        return f"None of these is printed on {image.handle}: {', '.join(absent)}."
    text = _ended(f"On {image.handle}: {'; '.join(found)}") if found else f"On {image.handle}:"
    text += f" Not found: {', '.join(absent)}." if absent and found else ""
    text = "\n".join([text, *lists])
    return text + (f"\nNot found: {', '.join(absent)}." if absent and not found else "")


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


def fact_of(value: Value) -> dict[str, Json]:
    return {
        "name": value.name,
        "value": value.value,
        "text": value.text,
        "box": list(value.box) if value.box else None,
        "confidence": round(value.sure, 3),
        "note": value.note,
    }
