"""What a step of the work is called while people watch it: ``Taking fields from image 3: total, date``."""

from __future__ import annotations

import re
from typing import Any

from langchain_core.messages import ToolCall

from tools.kit import Tool

SPOKEN = "question"
"""The argument that only says again what was asked."""
LONGEST = 60
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Of an entry of the archive, as tools are told them: it says nothing to people."""


def title_of(call: ToolCall, tool: Tool | None) -> str:
    """Untrusted: models fill the arguments in, so it passes the gate before it is shown."""
    if tool is None:
        return call["name"]
    told = {name: _without_ids(value) for name, value in call["args"].items()}
    given = {name: value for name, value in told.items() if _tells(name, value)}
    images = [_words(value, " and ") for name, value in given.items() if name in tool.images]
    rest = [_words(value, ", ") for name, value in given.items() if name not in tool.images]
    doing = " ".join([tool.doing or tool.name, " and ".join(images)]).strip()
    return f"{doing}: {', '.join(rest)}" if rest else doing


def _tells(name: str, value: Any) -> bool:
    """Numbers say little without their names."""
    return name != SPOKEN and isinstance(value, str | list | dict) and bool(value)


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [part for part in value if not _is_id(part)]
    return "" if _is_id(value) else value


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _words(value: Any, between: str) -> str:
    if isinstance(value, dict):
        return _words([f"{name} {_words(part, ' ')}" for name, part in value.items() if part is not None], between)
    text = between.join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
