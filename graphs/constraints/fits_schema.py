"""Where a JSON schema is asked for, what is given fits it: the answer, or the fields a tool took out for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from tools.kit.types import Evidence, Json, Verdict

RULE = "fits_schema"


def judge(text: Json, *, settings: BaseModel, evidence: Sequence[Evidence], context: Mapping[str, Any]) -> Verdict:
    """Holds when `text` (JSON, or its value) fits ``context["schema"]``, and evidence the schema among its arguments.

    Evidence may lack what its schema requires: what a paper does not show stays null, whoever requires it.

    Raises: ValueError when the schema itself is not one.
    """
    unfit = next(filter(None, map(_unfit, evidence)), None)
    schema = context.get("schema")
    if unfit or schema is None:
        return Verdict(rule=RULE, broken=unfit)
    try:
        value = json.loads(text) if isinstance(text, str) else text
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return Verdict(rule=RULE, broken=f"Answer with JSON and nothing else: it stops being JSON at {place}.")
    return Verdict(rule=RULE, broken=_misfit(value, schema))


def _unfit(one: Evidence) -> str | None:
    schema, fields = one.arguments.get("schema"), one.facts.get("fields")
    if not isinstance(schema, dict) or not isinstance(fields, dict):
        return None
    misfit = _misfit(_shown(fields), _nothing_required(schema))
    return f"Do not use what {one.tool} found: it does not fit the schema asked for. {misfit}" if misfit else None


def _shown(value: Json) -> Json:
    """Without what is null."""
    if isinstance(value, dict):
        return {name: _shown(part) for name, part in value.items() if part is not None}
    return [_shown(part) for part in value if part is not None] if isinstance(value, list) else value


def _nothing_required(schema: Json) -> Json:
    if isinstance(schema, dict):
        return {name: _nothing_required(part) for name, part in schema.items() if name != "required"}
    return [_nothing_required(part) for part in schema] if isinstance(schema, list) else schema


def _misfit(value: Json, schema: Json) -> str | None:
    from jsonschema import SchemaError
    from jsonschema.exceptions import best_match
    from jsonschema.validators import validator_for

    validator = validator_for(schema)
    try:
        validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"The schema asked for is not a JSON schema: {error.message}") from None
    misfit = best_match(validator(schema).iter_errors(value))
    if misfit is None:
        return None
    return f"Make the JSON fit its schema: at {misfit.json_path}, {misfit.message}."
