"""Traces of turns, off by default: to an OpenTelemetry collector, and to LangSmith by a switch of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from bot.settings.environment import switch_langsmith
from bot.tracing.langsmith import already_loaded, kept_from_langsmith
from tools.kit.errors import AskAgain
from tools.kit.tracing import recorded_by, without_content

if TYPE_CHECKING:
    from bot.settings import Settings


@asynccontextmanager
async def traced(settings: Settings, say: Callable[[str], None]) -> AsyncIterator[None]:
    """Within the block turns leave the traces that the settings ask for; at its end those under way are delivered.

    say: hears once when they cannot be delivered. Raises: AskAgain when LangSmith is on without a key.
    """
    key = settings.langsmith_api_key
    if settings.langsmith and key is None:
        raise AskAgain("SPYGLASS_LANGSMITH is on without a key: set LANGSMITH_API_KEY, or switch it off.")
    switch_langsmith(key.get_secret_value() if settings.langsmith and key else None)
    already_loaded(on=settings.langsmith)
    if settings.trace == "off":
        yield
        return
    from bot.tracing.otlp import Collector

    collector = Collector(settings, _in_loop(say))
    with recorded_by(collector.span):
        try:
            yield
        finally:
            await asyncio.to_thread(collector.close)


@contextmanager
def kept_here() -> Iterator[None]:
    """What is said within the block goes into no trace that leaves this machine: names and figures do."""
    with without_content(), kept_from_langsmith():
        yield


def _in_loop(say: Callable[[str], None]) -> Callable[[str], None]:
    """For a thread to call."""
    loop = asyncio.get_running_loop()

    def said(sentence: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(say, sentence)

    return said
