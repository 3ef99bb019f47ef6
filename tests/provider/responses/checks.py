"""What the Responses API refuses beyond its parameters' types.

Words of the errors are those people report: github.com/bytedance/trae-agent/issues/245 (no output for a call),
github.com/microsoft/vscode/issues/320060 (no call for an output).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.provider.chat.checks import (
    check_choice,
    check_function,
    check_schema,
    check_temperature,
    count_tools,
    not_empty,
)
from tests.provider.chat.errors import missing
from tests.provider.models import profile
from tests.provider.refusal import Refusal
from tests.provider.shelf import Shelf

Block = Mapping[str, Any]
LEAST_OUTPUT = 16
PREFIXES = {"message": "msg", "function_call": "fc", "reasoning": "rs"}


def with_defaults(body: Block) -> dict[str, Any]:
    """The request with what the SDK's types call required and the API fills in.

    `strict` of a function, `detail` of an image, `id` and `status` of an earlier answer, `annotations` of its text.
    """
    made = dict(body)
    tools = made.get("tools")
    if isinstance(tools, list):
        made["tools"] = [_filled(tool, "function", "strict", None) for tool in tools]
    if isinstance(made.get("input"), list):
        made["input"] = [_item(item) for item in made["input"]]
    return made


def check(body: Block, items: Sequence[Block], shelf: Shelf) -> None:
    """Raises: Refusal."""
    if body.get("input") is None and not body.get("prompt"):
        raise missing("input")
    if body.get("input") == []:
        not_empty([], "input")
    previous = body.get("previous_response_id")
    if previous is not None and previous not in shelf.conversations:
        words = f"Previous response with id '{previous}' not found."
        raise Refusal(words, code="previous_response_not_found", where="previous_response_id")
    _items(items, shelf)
    _pairs(items)
    _tools(body)
    _sampling(body)
    wanted = (body.get("text") or {}).get("format") or {"type": "text"}
    if wanted["type"] == "json_schema":
        at = "text.format.schema"
        check_schema(wanted["name"], wanted["schema"], wanted.get("strict"), at, body["model"])


def _filled(block: Any, kind: str, key: str, value: Any) -> Any:
    return {key: value, **block} if isinstance(block, dict) and block.get("type") == kind else block


def _item(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    held = {
        key: [
            _filled(_filled(part, "input_image", "detail", "auto"), "output_text", "annotations", [])
            for part in item[key]
        ]
        for key in ("content", "output")
        if isinstance(item.get(key), list)
    }
    if item.get("role") == "assistant" and "content" in held:
        item = {"type": "message", "id": "msg_", "status": "completed", **item}
    return {**item, **held}


def _items(items: Sequence[Block], shelf: Shelf) -> None:
    here = {item.get("id") for item in items}
    for number, item in enumerate(items):
        kind = item.get("type", "message")
        name = item.get("id")
        if name is not None and kind in PREFIXES and not name.startswith(PREFIXES[kind]):
            at = f"input[{number}].id"
            words = f"Invalid '{at}': '{name}'. Expected an ID that begins with '{PREFIXES[kind]}'."
            raise Refusal(words, code="invalid_value", where=at)
        if kind == "reasoning" and name not in shelf.kept and not item.get("encrypted_content"):
            raise Refusal(
                f"Item with id '{name}' not found. Items are not persisted when `store` is set to false. Try again "
                "with `store` set to true, or remove this item from your input.",
                status=404,
                where="input",
            )
        if (needed := shelf.follows.get(name or "")) and needed not in here:
            words = f"Item '{name}' of type '{kind}' was provided without its required 'reasoning' item: '{needed}'."
            raise Refusal(words, where="input")


def _pairs(items: Sequence[Block]) -> None:
    called: list[str] = []
    answered: list[str] = []
    for number, item in enumerate(items):
        if item.get("type") == "function_call_output" and not item.get("call_id"):
            raise missing(f"input[{number}].call_id")
        if item.get("type") == "function_call":
            called.append(item["call_id"])
        elif item.get("type") == "function_call_output":
            if item["call_id"] not in called:
                words = f"No tool call found for function call output with call_id {item['call_id']}."
                raise Refusal(words, where="input")
            answered.append(item["call_id"])
    if alone := [each for each in called if each not in answered]:
        raise Refusal(f"No tool output found for function call {alone[0]}.", where="input")


def _tools(body: Block) -> None:
    tools = body.get("tools") or ()
    count_tools(tools)
    for number, tool in enumerate(tools):
        if tool["type"] == "function":
            where = f"tools[{number}]"
            check_function(tool, where, schema=f"{where}.parameters")
    choice = {key: body[key] for key in ("tools", "tool_choice") if key in body and body[key] != "none"}
    check_choice(choice, [tool["name"] for tool in tools if tool["type"] == "function"])


def _sampling(body: Block) -> None:
    check_temperature(body)
    known = profile("openai", body["model"])
    if (body.get("reasoning") or {}).get("effort") and known.get("reasoning_output") is False:
        words = "Unsupported parameter: 'reasoning.effort' is not supported with this model."
        raise Refusal(words, code="unsupported_parameter", where="reasoning.effort")
    asked = body.get("max_output_tokens")
    if asked is not None and asked < LEAST_OUTPUT:
        words = f"integer below minimum value. Expected a value >= {LEAST_OUTPUT}, but got {asked} instead."
        raise Refusal(
            f"Invalid 'max_output_tokens': {words}", code="integer_below_min_value", where="max_output_tokens"
        )
    most = known.get("max_output_tokens") or 10**9
    if asked is not None and asked > most:
        words = f"integer above maximum value. Expected a value <= {most}, but got {asked} instead."
        raise Refusal(
            f"Invalid 'max_output_tokens': {words}", code="integer_above_max_value", where="max_output_tokens"
        )
