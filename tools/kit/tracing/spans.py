"""Starting spans, and where they go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Protocol

from tools.kit.models.failures import ProviderFailure

Attributes = Mapping[str, str | bool | int | float | Sequence[str]]


class Span(Protocol):
    """One step of a turn, under way."""

    def set(self, attributes: Attributes) -> None:
        """Names and figures: never what people or models wrote."""
        ...

    def content(self, attributes: Callable[[], Attributes]) -> None:
        """What people and models wrote: asked for only where whoever runs this wants it in traces."""
        ...

    def failed(self, kind: str) -> None:
        """kind: as in ``error.type``; never a message, which may hold anything."""
        ...


class _Unrecorded:
    """A `Span` nobody records."""

    def set(self, attributes: Attributes) -> None: ...

    def content(self, attributes: Callable[[], Attributes]) -> None: ...

    def failed(self, kind: str) -> None: ...


class _Nowhere(AbstractContextManager[Span]):
    def __enter__(self) -> Span:
        return UNRECORDED

    def __exit__(self, *_: object) -> None: ...


Recorder = Callable[[str, Attributes], AbstractContextManager[Span]]
"""Starts a span by name, below the one under way in this task; it ends with the block."""

UNRECORDED = _Unrecorded()
_NOWHERE = _Nowhere()
_SILENT: ContextVar[bool] = ContextVar("silent", default=False)
_recorders: list[Recorder] = []
"""The last one records: for the whole process, as logging does."""


@contextmanager
def recorded_by(recorder: Recorder) -> Iterator[None]:
    """Within the block the spans of this process go to `recorder`."""
    _recorders.append(recorder)
    try:
        yield
    finally:
        _recorders.remove(recorder)


def span(name: str, attributes: Attributes | None = None) -> AbstractContextManager[Span]:
    """A step of the turn under way, for the length of a block. An error through it marks it failed."""
    return _recorders[-1](name, attributes or {}) if _recorders else _NOWHERE


@contextmanager
def without_content() -> Iterator[None]:
    """Within the block, and in the tasks started there, no content of spans is asked for."""
    token = _SILENT.set(True)
    try:
        yield
    finally:
        _SILENT.reset(token)


def is_silent() -> bool:
    """Whether the running task is `without_content`."""
    return _SILENT.get()


def tool_span(name: str) -> AbstractContextManager[Span]:
    """The run of a tool."""
    return span(f"execute_tool {name}", {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name})


def kind_of(error: BaseException) -> str:
    """The kind of a failure, as in ``error.type``."""
    return error.kind if isinstance(error, ProviderFailure) else type(error).__name__
