"""What each provider's way of speaking must be able to do, so that one server answers for all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

from tests.provider.heard import Heard
from tests.provider.refusal import Refusal
from tests.provider.script import Call, Fails, Says, Tokens
from tests.provider.shelf import Shelf


class Wire(Protocol):
    """One provider's requests and answers. `largest` is of a request's body, in bytes."""

    largest: int

    def admit(self, heard: Heard, shelf: Shelf) -> None:
        """Check the key and headers.

        Raises: Refusal.
        """
        ...

    def read(self, heard: Heard, shelf: Shelf) -> None:
        """Check `heard.body` and set `heard.prompt`.

        Raises: Refusal.
        """
        ...

    def count(self, says: Says, heard: Heard, shelf: Shelf) -> Tokens:
        """Tokens of the request and of the answer."""
        ...

    def whole(self, says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> dict[str, Any]:
        """The answer in one piece."""
        ...

    def events(self, says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> Iterator[bytes]:
        """The answer as server-sent events."""
        ...

    def failure(self, fails: Fails, heard: Heard) -> tuple[int, dict[str, Any]]:
        """Status and body of an error."""
        ...

    def refusal(self, refusal: Refusal) -> tuple[int, dict[str, Any]]:
        """The same for a request that is not valid."""
        ...

    def broken(self) -> bytes:
        """An error event in a stream."""
        ...


def parsed(raw: bytes) -> dict[str, Any]:
    """Raises: Refusal when it is no JSON object."""
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Refusal(f"The request body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise Refusal("The request body must be a JSON object.")
    return body


def fitted(says: Says, heard: Heard) -> Says:
    """What a model can say to this request: it calls no tool that is not offered, and stops at the most tokens.

    A value for which a tool is forced is given by calling that tool.
    """
    prompt = heard.prompt
    if says.value is not None and prompt.schema is None and prompt.forced is not None and prompt.tools:
        tool = prompt.forced or next(iter(prompt.tools))
        return replace(says, text="", calls=(Call(tool, says.value),))
    if says.calls:
        offered = says.calls if prompt.may_call else ()
        says = replace(says, calls=offered if prompt.parallel else offered[:1])
    if prompt.most is not None and len(says.text) > prompt.most * 4:
        return replace(says, text=says.text[: prompt.most * 4], end="length")
    return says


def chunks(text: str, size: int = 16) -> Iterator[str]:
    """A text as a model streams it."""
    return (text[start : start + size] for start in range(0, len(text), size))


def event(data: Any, name: str | None = None) -> bytes:
    """One server-sent event: html.spec.whatwg.org/multipage/server-sent-events.html."""
    head = f"event: {name}\n" if name else ""
    told = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f"{head}data: {told}\n\n".encode()


def answer_tokens(says: Says) -> tuple[int, int]:
    """Of the answer, thinking included, and of the thinking alone: a quarter of the characters."""
    thinking = -(-len(says.thinking) // 4)
    told = len(says.text) + sum(len(call.tool) + len(call.text) for call in says.calls)
    return thinking + max(1, -(-told // 4)), thinking
