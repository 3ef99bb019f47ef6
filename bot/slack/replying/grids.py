"""Pure: extracted fields and line items -> a table block, and CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import sheet
from bot.sheet import NUMBER
from bot.turns.footnotes import certainty
from bot.turns.running import Answer

ROWS, COLUMNS = 100, 20
"""Slack's limits of a table block, the heading's row included."""
FEW = 3
"""Fewer fields than this are said in the answer, and a table says no more."""
ASKED_FOR = re.compile(r"\b(?:csv|excel|xlsx?|spreadsheet)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """A table: its name, its heading and its rows of cells, all of one length."""

    name: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def fits(self) -> bool:
        return len(self.rows) < ROWS and len(self.heading) <= COLUMNS


def grids(answer: Answer) -> list[Grid]:
    """The tables in an answer's evidence: of each paper its fields, then every list in it."""
    found: list[Grid] = []
    for tool in answer.tools:
        values = (tool["evidence"] or {"facts": {}})["facts"].get("values") if tool["name"] == "extract" else None
        if isinstance(values, list):
            found += _of(values, _handle(tool))
    return found


def _handle(tool: dict[str, Any]) -> str:
    about = tool["evidence"]["about"]
    return str(about[0]["handle"]) if about else str(tool["arguments"].get("image", ""))


def _of(values: list[Any], handle: str) -> list[Grid]:
    lists = [value for value in values if isinstance(value.get("value"), list) and value["value"]]
    fields = [value for value in values if value not in lists]
    shown = [_fields(fields, handle)] if len(fields) >= FEW else []
    return shown + [grid for value in lists if (grid := _listed(value, handle))]


def _fields(values: Sequence[dict[str, Any]], handle: str) -> Grid:
    rows = tuple((str(value["name"]), _cell(value["value"]), _sure(value)) for value in values)
    return Grid(f"fields of {handle}", ("field", "value", "how sure"), rows)


def _sure(value: dict[str, Any]) -> str:
    if value["value"] is None:
        return str(value.get("note") or "not printed")
    return certainty(float(value.get("confidence") or 0.0))


def _listed(value: dict[str, Any], handle: str) -> Grid | None:
    rows = [row if isinstance(row, dict) else {str(value["name"]): row} for row in value["value"]]
    heading = tuple(dict.fromkeys(str(name) for row in rows for name, cell in row.items() if _cell(cell)))
    cells = tuple(tuple(_cell(row.get(name)) for name in heading) for row in rows)
    return Grid(f"{value['name']} of {handle}", heading, cells) if heading else None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def table_block(grid: Grid) -> dict[str, Any]:
    """https://docs.slack.dev/reference/block-kit/blocks/table-block; cells are raw text, in which Slack parses nothing.

    Columns of numbers stand to the right."""
    numbers = [all(NUMBER.fullmatch(row[at]) for row in grid.rows if row[at]) for at in range(len(grid.heading))]
    settings = [{"align": "right" if right else "left", "is_wrapped": True} for right in numbers]
    rows = [[_raw(cell) for cell in row] for row in (grid.heading, *grid.rows)]
    return {"type": "table", "column_settings": settings, "rows": rows}


def _raw(cell: str) -> dict[str, str]:
    return {"type": "raw_text", "text": cell or "–"}  # Slack refuses an empty cell


def wants_csv(question: str) -> bool:
    """Whether the question asks for its tables as a file."""
    return ASKED_FOR.search(question) is not None


def as_csv(tables: Sequence[Grid]) -> bytes:
    """As a spreadsheet opens it; tables one under the other, each after its name."""
    lines: list[Sequence[str]] = []
    for number, grid in enumerate(tables):
        lines += [[]] if number else []
        lines += [[grid.name]] if len(tables) > 1 else []
        lines += [grid.heading, *grid.rows]
    return sheet.as_csv(lines)
