"""Whether a JSON schema is one."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, SchemaError


def invalid(schema: Any) -> str:
    """Why it is none, by json-schema.org/draft/2020-12; empty when it is one."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return error.message
    return ""
