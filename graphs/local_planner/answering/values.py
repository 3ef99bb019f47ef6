"""Extracted values as a colleague would say them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tools.kit import Json

SPOKEN = 3
"""Values said in a sentence; more are easier to read as a list."""

Values = Sequence[Mapping[str, Json]]
"""Each with its `name` and `value`, as `extract` tells them."""


def in_a_sentence(where: str, values: Values) -> str:
    """ "On image 1 the total is 9.00 and the date is 2024-05-01."; a longer list after a colon."""
    rows = [value for value in values if isinstance(value["value"], list)]
    single = [value for value in values if not isinstance(value["value"], list | dict)]
    if not rows and 0 < len(single) <= SPOKEN:
        told = listed([f"the {one['name']} {_are(one['name'])} {one['value']}" for one in single])
        return f"On {where} {told}."
    plain = "; ".join(f"{one['name']} {one['value']}" for one in single)
    return "\n".join([f"On {where}: {plain}{'.' if plain else ''}".rstrip(), *map(_rows, rows)])


def listed(parts: Sequence[str], link: str = "and") -> str:
    return f"{', '.join(parts[:-1])} {link} {parts[-1]}" if len(parts) > 1 else parts[0]


def _are(name: str) -> str:
    return "are" if re.search(r"[^s]s$", name) and not name.endswith("address") else "is"


def _rows(value: Mapping[str, Json]) -> str:
    shown = [
        ", ".join(str(cell) for cell in row.values() if cell) if isinstance(row, dict) else str(row)
        for row in value["value"]
    ]
    return "\n".join([f"{value['name']} ({len(shown)}):", *(f"- {row}" for row in shown)])
