"""Tool calls as a model wrote them: LangChain completes arguments that break off, so that half a call looks whole."""

from __future__ import annotations

import json
from collections.abc import Sequence

from langchain_core.messages import AIMessage, InvalidToolCall, ToolCall, ToolCallChunk
from langchain_core.messages.tool import invalid_tool_call

from tools.kit.models import CUT_OFF


def with_whole_calls(message: AIMessage, written: Sequence[ToolCallChunk]) -> AIMessage:
    """`written`: the calls as they came. One whose arguments are no JSON becomes an invalid one, as it came."""
    broken = {
        each["id"]: each["args"] for each in written if each["id"] and each["args"] and not _is_json(each["args"])
    }
    if not any(call["id"] in broken for call in message.tool_calls):
        return message
    whole = [call for call in message.tool_calls if call["id"] not in broken]
    bad = [_invalid(call, broken[call["id"]]) for call in message.tool_calls if call["id"] in broken]
    return _with(message, whole, [*message.invalid_tool_calls, *bad])


def without_last_call(message: AIMessage) -> AIMessage:
    """Of a message that reached its length: nobody knows how its last call would have gone on."""
    if message.invalid_tool_calls:
        *others, last = message.invalid_tool_calls
        return _with(message, message.tool_calls, [*others, InvalidToolCall({**last, "error": CUT_OFF})])
    *whole, cut = message.tool_calls
    return _with(message, whole, [InvalidToolCall({**_invalid(cut, json.dumps(cut["args"])), "error": CUT_OFF})])


def _with(message: AIMessage, calls: Sequence[ToolCall], invalid: Sequence[InvalidToolCall]) -> AIMessage:
    return message.model_copy(update={"tool_calls": list(calls), "invalid_tool_calls": list(invalid)})


def _invalid(call: ToolCall, arguments: str | None) -> InvalidToolCall:
    return invalid_tool_call(name=call["name"], args=arguments, id=call["id"], error=None)


def _is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except json.JSONDecodeError:
        return False
    return True
