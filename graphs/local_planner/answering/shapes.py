"""Findings in another shape: as a table, as JSON, as points, or in short; made of the evidence and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from graphs.local_planner.answering.values import listed
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.turn import Call
from tools.kit import Json

Shape = Literal["table", "json", "list", "short"]

AS = r"(?:as|in|into|to)(?: an?| the)?(?: \w+)?"
BULLETS = r"(?:bullet(?:ed)? (?:points?|lists?)|bullets?)"
SHAPES: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    ("json", re.compile(rf"\b{AS} json\b|^json\b|\bjson\b.*\b(?:format|output|please)$")),
    ("table", re.compile(rf"\b{AS} (?:tables?|spreadsheet|grid)\b|^(?:a )?table$|\btable (?:of|with)\b|\btabulate\b")),
    ("list", re.compile(rf"\b{AS} {BULLETS}\b|^{BULLETS}$")),
    (
        "short",
        re.compile(
            r"\b(?:shorter|briefer|(?:more )?(?:concise|brief|compact)|in short|in brief|tl;?dr|too long|shorten"
            r"|in (?:one|a|a single|1) (?:short )?(?:sentence|line)|one[- ](?:sentence|liner)|in a nutshell"
            r"|in a few words)\b"
        ),
    ),
)
AROUND = re.compile(
    r"\b(?:and|now|ok|but|can|could|you|i|we|want|need|have|get|give|show|say|put|make|write|return|do|same|all|of|that|this"
    r"|it|them|those|these|me|us|please|again|the|a|an|data|result|results|answer|fields?|values?|output|format|version"
    r"|just|a|bit|much|rather|instead|as|in|to|for|with|is|there)\b"
)
"""What may stand around the name of a shape without asking for anything else."""
DATA: Mapping[str, Sequence[str]] = {
    "classify": ("label", "probability", "labels"),
    "describe": ("caption", "description", "keywords", "alt_text"),
    "read_text": ("text",),
    "compare": ("recommendation", "differences", "similarities"),
    "analyze": ("conclusion", "reckoned", "items", "counts", "totals", "arithmetic"),
}
"""The facts of each tool that people ask for; boxes and steps are in the evidence."""
EMPTY = "-"


def shape_of(said: str) -> Shape | None:
    """The shape a plain sentence names: "extract the fields as JSON"."""
    return next((shape for shape, pattern in SHAPES if pattern.search(said)), None)


def unshaped(text: str) -> str:
    """A sentence that asks for more than a shape, without the shape: "the total of each", whatever it is put in."""
    if only_shape(plain(text)):
        return text
    text = re.sub(r"\b(?:a |the )?table (?:of|with)\b\s*(?=\w)", "", text, flags=re.I)
    return re.sub(
        rf",?\s*\b(?:as|in|into) (?:an? )?(?:table|json|spreadsheet|{BULLETS})"
        r"(?: (?:format|form))?(?= *(?:[?.!]|$))",
        "",
        text,
        flags=re.I,
    )


def only_shape(said: str) -> Shape | None:
    """The shape of a plain sentence that asks for nothing else: "as a table"."""
    shape = shape_of(said)
    if shape is None:
        return None
    left = AROUND.sub(" ", dict(SHAPES)[shape].sub(" ", said))
    return None if re.search(r"\w", left) else shape


def shaped(calls: Sequence[Call], shape: Shape) -> str:
    """The findings in that shape; empty where they have none."""
    known = [call for call in calls if call.evidence]
    if not known:
        return ""
    if shape == "json":
        return _json(known)
    return {"table": _tables, "list": _list, "short": _short}[shape](known)


# --- JSON -----------------------------------------------------------------------------------------


def _json(calls: Sequence[Call]) -> str:
    found: dict[str, dict[str, Json]] = {}
    for call in calls:
        found.setdefault(_where(call), {}).update(_data(call))
    found = {where: data for where, data in found.items() if data}
    whole: Json = next(iter(found.values())) if len(found) == 1 else found
    return json.dumps(whole, indent=2, ensure_ascii=False) if found else ""


def _where(call: Call) -> str:
    return listed(call.handles) if call.handles else call.tool


def _data(call: Call) -> dict[str, Json]:
    facts = call.evidence.facts if call.evidence else {}
    if call.tool == "extract":
        return dict(facts.get("fields") or {})
    wanted = call.arguments.get("parts") or DATA.get(call.tool, ())
    return {name: facts[name] for name in wanted if name in facts}


# --- tables ---------------------------------------------------------------------------------------


def _tables(calls: Sequence[Call]) -> str:
    fields: dict[str, dict[str, Json]] = {}
    for call in calls:
        if call.tool == "extract":
            fields.setdefault(_where(call), {}).update(_data(call))
    tables = [_of_fields(fields)] if fields else []
    for handle, values in fields.items():
        tables += [_of_rows(f"{name} of {handle}", rows) for name, rows in values.items() if _is_list(rows)]
    for call in calls:
        tables += _of_analysis(call) if call.tool == "analyze" else []
        tables += [_of_labels(call)] if call.tool == "classify" and _data(call) else []
    return "\n\n".join(filter(None, tables))


def _of_fields(fields: Mapping[str, Mapping[str, Json]]) -> str:
    """A field a row for one image, an image a row for several."""
    plain = {where: {n: v for n, v in values.items() if not _is_list(v)} for where, values in fields.items()}
    names = list(dict.fromkeys(name for values in plain.values() for name in values))
    if not names:
        return ""
    if len(plain) == 1:
        values = next(iter(plain.values()))
        return _grid([["field", "value"], *([name, values[name]] for name in names)])
    return _grid([["image", *names], *([where, *(values.get(n) for n in names)] for where, values in plain.items())])


def _of_rows(title: str, rows: Sequence[Json]) -> str:
    if not rows or not all(isinstance(row, dict) for row in rows):
        return ""
    columns = [name for name in rows[0] if any(row.get(name) is not None for row in rows)]
    return f"{title}:\n{_grid([columns, *([row.get(name) for name in columns] for row in rows)])}"


def _of_analysis(call: Call) -> Iterator[str]:
    facts = call.evidence.facts if call.evidence else {}
    if reckoned := facts.get("reckoned"):
        yield _grid([["image", reckoned["field"]], *([where, value] for where, value in reckoned["values"].items())])
    for handle, rows in (facts.get("items") or {}).items():
        yield _of_rows(f"items of {handle}", rows)


def _of_labels(call: Call) -> str:
    rows = [[name, f"{chance:.0%}"] for name, chance in _data(call).get("labels", {}).items()]
    return _grid([["label", "probability"], *rows]) if rows else ""


def _grid(rows: Sequence[Sequence[Json]]) -> str:
    """Columns side by side, as wide as their widest cell."""
    cells = [[EMPTY if cell is None else " ".join(str(cell).split()) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _is_list(value: Json) -> bool:
    return isinstance(value, list | dict)


# --- a point a line -------------------------------------------------------------------------------


def _list(calls: Sequence[Call]) -> str:
    several = len({call.handles for call in calls}) > 1
    return "\n".join(
        f"- {f'{_where(call)}: ' if several else ''}{point}" for call in calls for point in _points(call) if point
    )


def _points(call: Call) -> list[str]:
    """A field a point; anything else by its lines and sentences."""
    if call.tool == "extract":
        return [f"{name}: {_value(value)}" for name, value in _data(call).items() if value is not None]
    return re.split(r"\n+|(?<=[.!?])\s+", call.said.strip())


# --- in short -------------------------------------------------------------------------------------


def _short(calls: Sequence[Call]) -> str:
    several = len({call.handles for call in calls}) > 1
    told = [f"{_where(call).capitalize()}: {_brief(call)}" if several else _brief(call) for call in calls]
    return "\n".join(told)


def _brief(call: Call) -> str:
    facts = call.evidence.facts if call.evidence else {}
    match call.tool:
        case "describe" if "caption" in facts:
            return str(facts["caption"])
        case "analyze" if "conclusion" in facts:
            return str(facts["conclusion"])
        case "compare" if facts.get("recommendation"):
            return str(facts["recommendation"])
        case "extract" if any(value is not None for value in (facts.get("fields") or {}).values()):
            return (
                ", ".join(f"{name} {_value(value)}" for name, value in facts["fields"].items() if value is not None)
                + "."
            )
        case "read_text" if facts.get("lines"):
            lines = facts["lines"]
            return f'{len(lines)} line{"s" if len(lines) > 1 else ""} of text, beginning "{lines[0]["text"]}".'
    return re.split(r"(?<=[.!?])\s", call.said.strip(), maxsplit=1)[0]


def _value(value: Json) -> str:
    return f"({len(value)})" if _is_list(value) else str(value)
