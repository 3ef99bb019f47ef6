"""An answer as it can be kept and sent on, whatever the model wrote."""

from __future__ import annotations

import math
import re
from typing import Any

from langchain_core.messages import AIMessage

UNFIT = re.compile(r"[\x00\ud800-\udfff]")
"""What neither UTF-8 nor PostgreSQL has a place for."""
INSTEAD = "\ufffd"
DEEPEST = 24
"""Levels of lists and objects; PostgreSQL, msgpack and Python's own JSON end somewhere beyond."""
TOO_DEEP = "(nested too deep)"
TOO_LARGE = "(a number too large)"
LARGEST = 2**63
"""Integers that msgpack and bigint hold are smaller."""


def sound(message: AIMessage) -> AIMessage:
    """The message without half characters, NULs, numbers that are none or too large, and bottomless nesting."""
    parts = {
        name: getattr(message, name)
        for name in ("content", "tool_calls", "invalid_tool_calls", "additional_kwargs", "response_metadata")
    }
    return message.model_copy(update={name: _fit(part, DEEPEST) for name, part in parts.items()})


def _fit(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return UNFIT.sub(INSTEAD, value)
    if isinstance(value, dict | list) and not levels:
        return TOO_DEEP
    if isinstance(value, dict):
        return {_fit(name, levels): _fit(part, levels - 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_fit(part, levels - 1) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not -LARGEST <= value < LARGEST:
        return TOO_LARGE
    return value
