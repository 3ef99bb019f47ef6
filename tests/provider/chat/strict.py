"""JSON schemas OpenAI holds an answer to.

Source: developers.openai.com/api/docs/guides/structured-outputs ("Supported schemas"); words of the errors as in
github.com/mavam/pi-web-providers/issues/14.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.provider.json_schema import invalid

FORBIDDEN = (
    "allOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "default",
    "minLength",
    "maxLength",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "patternProperties",
)
DEEPEST = 10
PROPERTIES = 5000


def unfit(schema: Any) -> str:
    """Why a strict schema is not taken; empty when it is."""
    if not isinstance(schema, dict) or schema.get("type") != "object" or "anyOf" in schema:
        kind = schema.get("type") if isinstance(schema, dict) else None
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
    if why := invalid(schema):
        return f"{why}."
    properties = 0
    for place, each, depth in _all(schema, (), 1):
        at = f"In context={place}"
        if depth > DEEPEST:
            return f"{at}, the schema is nested more than {DEEPEST} levels deep."
        if "$ref" in each and (others := sorted(set(each) - {"$ref"})):
            return f"context={place}, $ref cannot have keywords {set(others)}."
        if banned := next((word for word in FORBIDDEN if word in each), None):
            return f"{at}, '{banned}' is not permitted."
        if each.get("type") == "object" or "properties" in each:
            names = each.get("properties", {})
            properties += len(names)
            if each.get("additionalProperties") is not False:
                return f"{at}, 'additionalProperties' is required to be supplied and to be false."
            if missing := [name for name in names if name not in each.get("required", ())]:
                return (
                    f"{at}, 'required' is required to be supplied and to be an array including every key in "
                    f"properties. Missing '{missing[0]}'."
                )
        if each.get("type") == "array" and "items" not in each:
            return f"{at}, array schema missing items."
        if not set(each) & {"type", "$ref", "anyOf", "enum", "const"}:
            return f"{at}, schema must have a 'type' key."
    return f"the schema has more than {PROPERTIES} properties." if properties > PROPERTIES else ""


def unfit_function(schema: Any) -> str:
    """Why parameters of a function that is not strict are not taken; empty when they are."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    if schema and kind != "object":
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
    if any(word in schema for word in ("oneOf", "anyOf", "allOf", "enum", "not")):
        return "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."
    if why := invalid(schema):
        return f"{why}."
    for place, each, _ in _all(schema, (), 1):
        if each.get("type") == "array" and "items" not in each:
            return f"In context={place}, array schema missing items."
    return ""


def _all(schema: Mapping[str, Any], place: tuple[str, ...], depth: int) -> Iterator[tuple[Any, Mapping[str, Any], int]]:
    yield place, schema, depth
    for key in ("properties", "$defs"):
        for name, each in schema.get(key, {}).items():
            if isinstance(each, dict):
                yield from _all(each, (*place, key, name), depth + (key == "properties"))
    for number, each in enumerate(schema.get("anyOf", ())):
        yield from _all(each, (*place, "anyOf", str(number)), depth)
    if isinstance(schema.get("items"), dict):
        yield from _all(schema["items"], (*place, "items"), depth)
