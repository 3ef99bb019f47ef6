"""LangSmith, which LangChain sends every prompt to when a variable of the environment says so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


def already_loaded(*, on: bool) -> None:
    """Its variables are looked at once. If that is over, it is told so; if not, it costs a second to load it."""
    if "langsmith" in sys.modules:
        import langsmith

        langsmith.configure(enabled=on)


@contextmanager
def kept_from_langsmith() -> Iterator[None]:
    """Nothing that happens within the block is sent there."""
    if "langsmith" not in sys.modules:  # nobody of LangChain is here who could
        yield
        return
    from langsmith import tracing_context

    with tracing_context(enabled=False):
        yield
