"""Who writes alt texts with the ports of this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.wiring import Wiring
from graphs.alt_texts import ByTools
from tools.kit import ImageRef, Scope, VisionModel, discover
from tools.kit.toolbox import Fetch, TurnToolbox


def writer(
    wiring: Wiring,
    scope: Scope,
    images: Sequence[ImageRef],
    *,
    fetch: Fetch | None = None,
    language: str | None = None,
    local_only: bool = False,
    vision: VisionModel | None = None,
) -> ByTools:
    """Writes about these images. fetch: gives their pixels; from the kept originals without. language: a BCP 47 tag.

    local_only: with what runs on this machine alone. vision: who looks, in place of the one of this process.
    """
    lend = wiring.lend_within(scope, local_only=local_only)
    toolbox = TurnToolbox(
        discover(),
        lend if local_only or vision is None else _with_vision(lend, vision),
        images,
        fetch=fetch or wiring.fetcher(scope),
        deadline=wiring.settings.tool_seconds,
    )
    return ByTools(toolbox, language=language)


def _with_vision(lend: Callable[[type], Awaitable[Any]], vision: VisionModel) -> Callable[[type], Awaitable[Any]]:
    async def lend_with(port: type) -> Any:
        return vision if port is VisionModel else await lend(port)

    return lend_with
