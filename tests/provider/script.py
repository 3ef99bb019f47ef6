"""What the model behind the local provider does with a request: says, calls, fails, and how fast."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tests.provider.heard import Heard

End = Literal["end", "length", "refusal", "filter", "context"]
"""Why the answer ends: by itself, at its length, the model declines, the provider's filter, the context is full."""


@dataclass(frozen=True)
class Call:
    """A call of a tool. Arguments given as text are sent as they are, JSON or not."""

    tool: str
    arguments: Mapping[str, Any] | str = field(default_factory=dict)
    id: str = ""
    """Made up when empty."""

    @property
    def text(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(dict(self.arguments))

    @property
    def object(self) -> dict[str, Any]:
        """Arguments for a wire that has no place for anything but an object; empty when they are none."""
        try:
            value = json.loads(self.text)
        except json.JSONDecodeError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True)
class Tokens:
    """What the provider says it counted, where it is not to count by itself. `input` includes cached and written."""

    input: int
    output: int
    cached: int = 0
    written: int = 0
    thinking: int = 0


@dataclass(frozen=True)
class Pace:
    """When bytes are sent. Without a stream only `first` matters, and any drop comes in mid-body."""

    first: float = 0.0
    """Seconds before the first byte; infinite: never."""
    between: float = 0.0
    """Seconds between events of a stream."""
    drop: int | None = None
    """Events after which the connection is cut."""
    error: int | None = None
    """Events after which the provider sends an error in the stream and ends it."""


@dataclass(frozen=True)
class Says:
    """An answer."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    thinking: str = ""
    end: End = "end"
    tokens: Tokens | None = None
    pace: Pace = Pace()
    value: Any = None
    """What `text` is the JSON of: where the request forces a tool, that tool is called with it instead."""


@dataclass(frozen=True)
class Fails:
    """An HTTP error in the provider's own shape."""

    status: int
    message: str = ""
    code: str | None = None
    """OpenAI's code, Anthropic's type of error, Google's status; by the HTTP status when None."""
    headers: Mapping[str, str] = field(default_factory=dict)
    pace: Pace = Pace()
    body: str | None = None
    """Sent instead of the provider's own shape, as a proxy in between does."""


Answer = Says | Fails
Act = Answer | Callable[["Heard"], Answer | Awaitable[Answer]]
"""Or a function of the request, plain or async."""


def says(text: str, *, thinking: str = "", tokens: Tokens | None = None) -> Says:
    return Says(text, thinking=thinking, tokens=tokens)


def says_json(value: Any, *, tokens: Tokens | None = None) -> Says:
    """The value by whatever way the request asks for structure: as text, or by the tool that is forced."""
    return Says(json.dumps(value, ensure_ascii=False), value=value, tokens=tokens)


def calls(*uses: Call, text: str = "", thinking: str = "", tokens: Tokens | None = None) -> Says:
    """Several calls are parallel ones."""
    return Says(text, uses, thinking=thinking, tokens=tokens)


def refuses(text: str = "I can't help with that.") -> Says:
    """The model declines: `stop_reason: refusal`, `message.refusal`, `PROHIBITED_CONTENT`."""
    return Says(text, end="refusal")


def filtered(text: str = "") -> Says:
    """The provider's filter ends the answer. Anthropic has none of its own: there it is a refusal."""
    return Says(text, end="filter")


def cut_off(text: str) -> Says:
    """The answer reaches its length within the text."""
    return Says(text, end="length")


def too_long() -> Fails:
    """The request is more than the model's context holds, in each provider's words."""
    return Fails(400, code="context_length_exceeded")


def fails(status: int, message: str = "", *, code: str | None = None, retry_after: float | None = None) -> Fails:
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    return Fails(status, message, code, headers)


def overloaded() -> Fails:
    return Fails(529)


def slowly(answer: Answer, *, first: float = 0.0, between: float = 0.0) -> Answer:
    return replace(answer, pace=replace(answer.pace, first=first, between=between))


def dropped(answer: Says, after: int) -> Says:
    """The connection is cut after so many events; without a stream, in the middle of the body."""
    return replace(answer, pace=replace(answer.pace, drop=after))


def breaks(answer: Says, after: int) -> Says:
    """An error event (overloaded) comes after so many events; without a stream, the status 529 at once."""
    return replace(answer, pace=replace(answer.pace, error=after))


def hangs() -> Says:
    """No byte ever comes."""
    return Says(pace=Pace(first=float("inf")))
