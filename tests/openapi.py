"""Requests held against an OpenAPI 3.0 description, such as Qdrant's own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

QDRANT = Path(__file__).parents[2] / "shared" / "data" / "qdrant" / "openapi.json"


def problems(method: str, target: str, body: Any = None, content: str = "application/json") -> list[str]:
    """What Qdrant's description has against a request; nothing where the description is not there.

    target: path and query. body: what the JSON says, or of a form its fields. content: the media type of the body.
    """
    if not QDRANT.exists():
        return []
    split = urlsplit(target)
    operation = _operation(method, split.path)
    if operation is None:
        return [f"{method} {split.path}: no such request"]
    found = [*_query(operation, split.query), *_body(operation, body, content)]
    return [f"{method} {split.path}: {why}" for why in found]


def _operation(method: str, path: str) -> dict[str, Any] | None:
    """The one whose template has the most fixed parts."""
    for template, operations in sorted(_described()["paths"].items(), key=lambda entry: entry[0].count("{")):
        if method.lower() in operations and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None


def _query(operation: Mapping[str, Any], query: str) -> list[str]:
    known = {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "query"}
    given = dict(parse_qsl(query, keep_blank_values=True))
    found = [f"{name!r} is no parameter" for name in given if name not in known]
    found += [f"{name!r} is missing" for name, each in known.items() if each.get("required") and name not in given]
    for name in known.keys() & given.keys():
        found += [f"{name}: {why}" for why in _wrong(known[name]["schema"], _typed(given[name]))]
    return found


def _body(operation: Mapping[str, Any], body: Any, content: str) -> list[str]:
    described = operation.get("requestBody", {}).get("content")
    if described is None:
        return [] if body is None else ["it takes no body"]
    if content not in described:
        return [f"it takes {' or '.join(described)}, not {content}"]
    return _wrong(described[content]["schema"], body)


def _wrong(schema: Mapping[str, Any], value: Any) -> list[str]:
    return [error.message[:300] for error in _validator(json.dumps(schema)).iter_errors(value)]


@cache
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator({**json.loads(schema), "components": _described()["components"]})


def _typed(text: str) -> Any:
    """A parameter's value as JSON has it."""
    try:
        return json.loads(text)
    except ValueError:
        return text


@cache
def _described() -> dict[str, Any]:
    """As JSON Schema: `nullable` spelled out and objects closed."""
    read: dict[str, Any] = _closed(json.loads(QDRANT.read_text()))
    return read


def _closed(part: Any) -> Any:
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: _closed(value) for key, value in part.items() if key != "nullable"}
    if part.get("nullable") and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    elif part.get("nullable") and not made:
        return {"type": "null"}
    if "object" in made.get("type", ()) and isinstance(made.get("properties"), dict):
        made.setdefault("additionalProperties", False)
    return made
