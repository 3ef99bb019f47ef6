"""Where a JSON schema is asked for, the answer fits it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from tools.kit.types import Evidence, Json, Verdict

RULE = "fits_schema"


def judge(text: Json, *, settings: BaseModel, evidence: Sequence[Evidence], context: Mapping[str, Any]) -> Verdict:
    """Holds when ``context["schema"]`` is not given, or `text` (JSON, or its value) fits it.

    Raises: ValueError when the schema itself is not one.
    """
    schema = context.get("schema")
    if schema is None:
        return Verdict(rule=RULE)
    try:
        value = json.loads(text) if isinstance(text, str) else text
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return Verdict(rule=RULE, broken=f"Answer with JSON and nothing else: it stops being JSON at {place}.")
    return Verdict(rule=RULE, broken=_misfit(value, schema))


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
