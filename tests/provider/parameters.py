"""Requests against the installed SDKs' own parameter types: unknown keys, missing ones and wrong kinds are found."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

_TAGS = ("type", "role")
_PLAIN = ("string_type", "list_type", "dict_type", "none_required")
"""Errors that may only say that a value is of another member of a union."""


@cache
def checker(module: str, name: str) -> SchemaValidator:
    """Validator of a parameter type of an SDK, such as ``anthropic.types.message_create_params``.

    The SDKs' types are TypedDicts with `Iterable` fields, which pydantic would check only when somebody iterates; and
    unions of blocks, which it would try one after the other and complain of each. Both are rewritten: iterables as
    lists, unions as ones told apart by their `type` or `role`, as the providers do it themselves. Models of
    answers, which the types take as well, are left out: what comes over the wire is JSON.
    """
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, protected_namespaces=())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        adapter: TypeAdapter[Any] = TypeAdapter(getattr(import_module(module), name) | None, config=config)
    schema: Any = adapter.core_schema
    known = {each["ref"]: each for each in schema.get("definitions", ())}
    return SchemaValidator(_rewritten(schema, known))


def first_error(validator: SchemaValidator, body: Any) -> tuple[tuple[int | str, ...], str, str, Any] | None:
    """Where, of what type, in which words, and what was there; None when all is right."""
    try:
        validator.validate_python(body, strict=True)
    except ValidationError as found:
        error = _telling(found.errors(include_url=False))
        return error["loc"], error["type"], error["msg"], error.get("input")
    return None


def path(body: Any, place: tuple[int | str, ...], *, missing: bool) -> list[int | str]:
    """Keys of an error's place, without the names of types and tags pydantic puts between them.

    A tag may be a key as well (``function``): the reading is taken that ends where something is, or is `missing`.
    """
    return _path(body, place, missing) or [step for step in place if isinstance(step, int) or "[" not in step]


def _path(body: Any, place: tuple[int | str, ...], missing: bool) -> list[int | str] | None:
    if not place:
        return None
    step, *rest = place
    there = (isinstance(body, list) and isinstance(step, int)) or (isinstance(body, dict) and step in body)
    if not rest and isinstance(body, dict) and there != missing:
        return [step]
    if not rest and not isinstance(body, dict):
        return [step] if there else []
    if there:
        found = _path(body[step], tuple(rest), missing)
        if found is not None:
            return [step, *found]
    return _path(body, tuple(rest), missing) if isinstance(step, str) else None


def _telling(errors: list[Any]) -> Any:
    """Of the errors of all members of a union, the deepest one of a member whose `type`, `role` and `stream` fit."""
    others = [each["loc"][:-1] for each in errors if each["type"] == "literal_error" and each["loc"][-1] in _TAGS]
    others += [each["loc"][:-1] for each in errors if each["loc"][-1] == "stream"]
    fitting = [each for each in errors if not any(each["loc"][: len(loc)] == loc for loc in others)]
    telling = [each for each in fitting if each["type"] not in _PLAIN]
    known = telling or [each for each in errors if each["type"] not in _PLAIN] or errors
    return max(known, key=lambda each: len(each["loc"]))


def _rewritten(schema: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(schema, list | tuple):
        return type(schema)(_rewritten(each, known) for each in schema)
    if not isinstance(schema, dict):
        return schema
    made = {key: value if key == "metadata" else _rewritten(value, known) for key, value in schema.items()}
    if made.get("type") == "generator":
        return {"type": "list", "items_schema": made.get("items_schema", {"type": "any"}), "strict": True}
    if made.get("type") == "union":
        return _told_apart(made, known)
    return made


def _told_apart(union: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The union with a discriminator, where each of several members has a literal of its own under the same key."""
    choices = [each[0] if isinstance(each, tuple) else each for each in union["choices"]]
    members = [each for each in choices if _found(each, known)["type"] != "model"] or choices
    union = {**union, "choices": members}
    tables = [each for each in members if _fields(each, known) is not None]
    others = [each for each in members if _fields(each, known) is None]
    for key in _TAGS:
        tags = [_literals((_fields(each, known) or {}).get(key)) for each in tables]
        flat = [tag for group in tags for tag in group]
        if len(tables) > 1 and all(tags) and len(flat) == len(set(flat)):
            table = {tag: each for group, each in zip(tags, tables, strict=True) for tag in group}
            tagged = {"type": "tagged-union", "discriminator": key, "choices": table}
            return {**union, "choices": [*others, tagged]} if others else tagged
    return union


def _fields(schema: Any, known: Mapping[str, Any]) -> dict[str, Any] | None:
    found = _found(schema, known)
    return found["fields"] if found["type"] == "typed-dict" else None


def _found(schema: Any, known: Mapping[str, Any]) -> Any:
    while schema["type"] == "definition-ref":
        schema = known[schema["schema_ref"]]
    return schema


def _literals(field: Any) -> list[str]:
    schema = (field or {}).get("schema", {})
    return schema["expected"] if schema.get("type") == "literal" else []
