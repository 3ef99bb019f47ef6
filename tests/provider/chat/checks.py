"""What Chat Completions refuses beyond its parameters' types.

Words of the errors are those people report: github.com/sdcb/chats/pull/132 (tool messages),
github.com/appatalks/eva-agent/issues/83 and github.com/sipeed/picoclaw/issues/16 (unsupported parameters).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.provider.chat.errors import too_long
from tests.provider.chat.pictures import check_images
from tests.provider.chat.strict import unfit, unfit_function
from tests.provider.models import profile
from tests.provider.prompt import Prompt
from tests.provider.refusal import Refusal

Block = Mapping[str, Any]
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
TOOLS = 128
ID = 40


def check(body: Block) -> None:
    """Raises: Refusal."""
    for each in (_messages, _pairs, _tools, _sampling, _stream, _format):
        each(body)


def check_prompt(prompt: Prompt, *, responses: bool = False) -> None:
    """What is known only when images are read. Raises: Refusal."""
    check_images(prompt.images, prompt.model)
    most = profile("openai", prompt.model).get("max_input_tokens") or 10**9
    if prompt.tokens > most:
        raise too_long(prompt.tokens, most, responses=responses)


def not_empty(values: Any, where: str) -> None:
    if values is not None and not values:
        words = "empty array. Expected an array with minimum length 1, but got an empty array instead."
        raise Refusal(f"Invalid '{where}': {words}", code="empty_array", where=where)


def check_function(function: Block, where: str, *, schema: str) -> None:
    """Name and parameters of a function that is offered. Raises: Refusal."""
    if not NAME.fullmatch(function["name"]):
        raise Refusal(
            f"Invalid '{where}.name': string does not match pattern. Expected a string that matches the pattern "
            "'^[a-zA-Z0-9_-]+$'.",
            code="invalid_value",
            where=f"{where}.name",
        )
    parameters = function.get("parameters")
    why = unfit(parameters) if function.get("strict") else unfit_function(parameters or {})
    if why:
        words = f"Invalid schema for function '{function['name']}': {why}"
        raise Refusal(words, code="invalid_function_parameters", where=schema)


def check_schema(name: str, schema: Any, strict: bool | None, where: str, model: str) -> None:
    """A schema the answer is held to. Raises: Refusal."""
    if profile("openai", model).get("structured_output") is False:
        words = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
        raise Refusal(words, where=where)
    if not NAME.fullmatch(name):
        raise Refusal(
            f"Invalid '{where}.name': string does not match pattern. Expected a string that matches the pattern "
            "'^[a-zA-Z0-9_-]+$'.",
            code="invalid_value",
            where=f"{where}.name",
        )
    if strict and (why := unfit(schema)):
        raise Refusal(f"Invalid schema for response_format '{name}': {why}", code="invalid_json_schema", where=where)


def check_temperature(body: Block) -> None:
    """Raises: Refusal."""
    known = profile("openai", body["model"])
    for name, top in (("temperature", 2), ("top_p", 1)):
        value = body.get(name)
        if value not in (None, 1) and known.get("temperature") is False:
            raise Refusal(
                f"Unsupported value: '{name}' does not support {value} with this model. Only the default (1) value is "
                "supported.",
                code="unsupported_value",
                where=name,
            )
        if value is not None and not 0 <= value <= top:
            bound = "above maximum" if value > top else "below minimum"
            sign = f"<= {top}" if value > top else ">= 0"
            raise Refusal(
                f"Invalid '{name}': decimal {bound} value. Expected a value {sign}, but got {value} instead.",
                code=f"decimal_{bound.split()[0]}_{bound.split()[1][:3]}_value",
                where=name,
            )


def _messages(body: Block) -> None:
    not_empty(body["messages"], "messages")
    for number, message in enumerate(body["messages"]):
        where = f"messages[{number}]"
        not_empty(message.get("tool_calls"), f"{where}.tool_calls")
        if message["role"] == "assistant" and message.get("content") is None and not message.get("tool_calls"):
            words = "Invalid value for 'content': expected a string, got null."
            raise Refusal(words, where=f"messages.[{number}].content")
        for place, call in enumerate(message.get("tool_calls") or ()):
            if len(call["id"]) > ID:
                at = f"{where}.tool_calls[{place}].id"
                words = f"string too long. Expected a string with maximum length {ID}, but got one longer instead."
                raise Refusal(f"Invalid '{at}': {words}", code="string_above_max_length", where=at)


def _pairs(body: Block) -> None:
    """Each call of a tool is answered before anything else is said."""
    open_: list[str] = []
    for number, message in enumerate([*body["messages"], {"role": "end"}]):
        where = f"messages.[{number}].role"
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_:
                words = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
                raise Refusal(f"Invalid parameter: {words}", where=where)
            open_.remove(message["tool_call_id"])
        elif open_:
            raise Refusal(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(open_)}",
                where=where,
            )
        else:
            open_ = [call["id"] for call in message.get("tool_calls") or ()]


def _tools(body: Block) -> None:
    tools = body.get("tools")
    not_empty(tools, "tools")
    count_tools(tools or ())
    for number, tool in enumerate(tools or ()):
        if tool["type"] == "function":
            where = f"tools[{number}].function"
            check_function(tool["function"], where, schema=f"{where}.parameters")
    names = [tool["function"]["name"] for tool in tools or () if tool["type"] == "function"]
    check_choice(body, names)


def count_tools(tools: Sequence[Any]) -> None:
    if len(tools) > TOOLS:
        words = f"Expected an array with maximum length {TOOLS}, but got an array with length {len(tools)} instead."
        raise Refusal(f"Invalid 'tools': array too long. {words}", code="array_above_max_length", where="tools")


def check_choice(body: Block, names: list[str]) -> None:
    """Raises: Refusal."""
    for name in ("tool_choice", "parallel_tool_calls"):
        if body.get(name) is not None and not body.get("tools"):
            words = f"Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified."
            raise Refusal(words, where=name)
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice["type"] == "function":
        name = choice.get("name") or choice.get("function", {}).get("name")
        if name not in names:
            raise Refusal(f"Tool choice '{name}' not found in 'tools' parameter.", where="tool_choice")


def _sampling(body: Block) -> None:
    check_temperature(body)
    known = profile("openai", body["model"])
    if known.get("reasoning_output"):
        if body.get("max_tokens") is not None:
            raise Refusal(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
                "instead.",
                code="unsupported_parameter",
                where="max_tokens",
            )
        if body.get("stop") is not None:
            words = "Unsupported parameter: 'stop' is not supported with this model."
            raise Refusal(words, code="unsupported_parameter", where="stop")
    for name in ("max_tokens", "max_completion_tokens"):
        most = known.get("max_output_tokens") or 10**9
        if (asked := body.get(name) or 1) > most:
            raise Refusal(
                f"max_tokens is too large: {asked}. This model supports at most {most} completion tokens, whereas you "
                f"provided {asked}.",
                code="invalid_value",
                where=name,
            )
        if body.get(name) is not None and body[name] < 1:
            words = (
                f"Invalid '{name}': integer below minimum value. Expected a value >= 1, but got {body[name]} instead."
            )
            raise Refusal(words, code="integer_below_min_value", where=name)


def _stream(body: Block) -> None:
    if body.get("stream_options") is not None and not body.get("stream"):
        words = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Refusal(words, where="stream_options")


def _format(body: Block) -> None:
    wanted = body.get("response_format") or {"type": "text"}
    if wanted["type"] == "json_object" and "json" not in json.dumps(body["messages"]).lower():
        words = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        raise Refusal(words, where="messages")
    if wanted["type"] == "json_schema":
        held = wanted["json_schema"]
        check_schema(held["name"], held.get("schema"), held.get("strict"), "response_format", body["model"])
