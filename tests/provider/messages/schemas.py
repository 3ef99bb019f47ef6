"""What a JSON schema may hold where Anthropic keeps an answer to it."""

from __future__ import annotations

from typing import Any

from tests.provider.json_schema import invalid

NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
INVALID = "JSON schema is invalid. It must match JSON Schema draft 2020-12"
TEXTS = ("minLength", "maxLength")
LISTS = ("maxItems", "uniqueItems")


def unfit(schema: Any) -> str:
    """Why the arguments of a tool are not taken; empty when they are.

    Source of the words about the top level: github.com/marianfoo/mcp-sap-docs/pull/51.
    """
    if any(word in schema for word in ("oneOf", "allOf", "anyOf")):
        return "input_schema does not support oneOf, allOf, or anyOf at the top level"
    return INVALID if invalid(schema) else ""


def unsupported(schema: Any) -> str:
    """Why it is not taken; empty when it is.

    Source: platform.claude.com/docs/en/build-with-claude/structured-outputs ("JSON Schema limitations").
    """
    return INVALID if invalid(schema) else _unsupported(schema)


def _unsupported(schema: Any) -> str:
    if isinstance(schema, list):
        return next((why for each in schema if (why := _unsupported(each))), "")
    if not isinstance(schema, dict):
        return ""
    kind = schema.get("type")
    if kind == "object" and schema.get("additionalProperties") is not False:
        return "For 'object' type, 'additionalProperties' must be explicitly set to false"
    if schema.get("$ref", "#").startswith("#") is False:
        return "External $ref is not supported"
    for kinds, names in ((("number", "integer"), NUMBERS), (("string",), TEXTS), (("array",), LISTS)):
        held = sorted(name for name in names if name in schema)
        if kind in kinds and held:
            return f"For '{kind}' type, properties {', '.join(held)} are not supported"
    if kind == "array" and schema.get("minItems", 0) > 1:
        return "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
    below = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    below += [schema[key] for key in ("items", "anyOf", "allOf") if key in schema]
    return _unsupported(below)
