"""Settings of the rules, from YAML. Every complaint is one sentence that names the file, the line and the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from tools.kit.errors import AskAgain

OFF = frozenset({"off", "false", "no"})
LARGEST = 1_000_000
"""Bytes. A rules file is written by hand; 10,000 brands with their settings fit."""
DEEPEST = 20
"""Levels of lists and mappings. Brands with their aliases take five."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where PyYAML was built with it: ten times as fast."""
EMPTY = ("", "~", "null")

Path_ = tuple[str | int, ...]


@dataclass
class Sheet:
    """A YAML document: plain values (every scalar as text, so that a brand named ON stays one), and their lines."""

    file: Path
    value: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)

    def problem(self, where: Path_, sentence: str) -> AskAgain:
        known = where
        while known and known not in self.lines:
            known = known[:-1]
        return AskAgain(f"{self.file}, line {self.lines.get(known, 1)}: {sentence}")


def read_sheet(file: Path) -> Sheet:
    """Raises: AskAgain when there is no such file, it is not YAML, or it is larger or more tangled than rules are."""
    if not file.is_file():
        raise AskAgain(f"There is no rules file {file}; check the path, or leave it out for the default rules.")
    try:
        if file.stat().st_size > LARGEST:
            raise AskAgain(f"{file} is too large for a rules file (over 1 MB); keep only the settings in it.")
        text = file.read_text("utf-8")
        _refuse_tangles(text, file)
        node = yaml.compose(text, Loader=LOADER)
    except UnicodeDecodeError:
        raise AskAgain(f"{file} is not a YAML text file in UTF-8.") from None
    except OSError as error:
        raise AskAgain(f"{file} cannot be read: {(error.strerror or 'unknown error').lower()}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise AskAgain(
            f"{file}{line}: this is not YAML ({getattr(error, 'problem', None) or 'it cannot be read'})."
        ) from None
    sheet = Sheet(file)
    sheet.value = _value(node, (), sheet) if node else {}
    return sheet


def _refuse_tangles(text: str, file: Path) -> None:
    """Aliases, which can multiply or hold themselves, and deep nesting are refused while they are read, before anything
    is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        place = f"{file}, line {event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise AskAgain(
                f"{place}: rules cannot use YAML anchors (&) or aliases (*); write the value out, or quote it."
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise AskAgain(f"{place}: lists or settings lie more than {DEEPEST} deep; rules need no more than five.")


def _value(node: yaml.Node, where: Path_, sheet: Sheet) -> Any:
    sheet.lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in EMPTY else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*where, index), sheet) for index, item in enumerate(node.value)]
    value: dict[str, Any] = {}
    for key, item in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise sheet.problem(where, "a list or mapping stands where the name of a setting should.")
        name = str(key.value)
        sheet.lines[(*where, name)] = key.start_mark.line + 1
        if name in value:
            raise sheet.problem((*where, name), f"{name} is given twice.")
        value[name] = _value(item, (*where, name), sheet)
    return {name: item for name, item in value.items() if item is not None or where[-1:] != ()}


def settings_from(sheet: Sheet, models: Mapping[str, type[BaseModel]]) -> dict[str, BaseModel]:
    """The settings of every rule that is on: those the file names as it says, the others by default.

    Raises: AskAgain for an unknown rule, an unknown key, or a value that does not fit.
    """
    value = sheet.value
    if not isinstance(value, dict):
        raise sheet.problem((), f"expected the names of rules ({_listed(models)}) with their settings.")
    for name in value:
        if name not in models:
            raise sheet.problem((name,), f"there is no rule {name}; there are {_listed(models)}.")
    return {
        name: _settings(sheet, name, value.get(name), model)
        for name, model in models.items()
        if not (isinstance(value.get(name), str) and value[name].lower() in OFF)
    }


def _settings(sheet: Sheet, rule: str, value: Any, model: type[BaseModel]) -> BaseModel:
    if value is None or (isinstance(value, str) and value.lower() in ("on", "true", "yes")):
        return model()
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = (rule, *first["loc"])
        raise sheet.problem(where, _sentence(where, first, model)) from None


def _sentence(where: Path_, error: Any, model: type[BaseModel]) -> str:
    key = _dotted(where)
    match error["type"]:
        case "extra_forbidden":
            return f"there is no setting {key}."
        case "missing":
            return f"{key} is missing."
        case "string_too_short" | "string_pattern_mismatch" | "string_type" if (
            error["input"] in (None, "") or str(error["input"]).strip() == ""
        ):
            return f"{key} is empty; give at least one letter or digit."
        case "string_pattern_mismatch":
            return f"{key} has no letter or digit to look for."
        case _:
            return f"{key} does not fit: {error['msg'][0].lower()}{error['msg'][1:]}."


def _dotted(where: Path_) -> str:
    """``banned_brands.brands[0].name``."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _listed(names: Mapping[str, Any]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
