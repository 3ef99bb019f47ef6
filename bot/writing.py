"""Who writes alt texts with the ports of this process."""

from __future__ import annotations

from collections.abc import Sequence

from bot.wiring import Wiring
from graphs.alt_texts import ByTools, Writer
from tools.kit import ImageRef, Scope, discover
from tools.kit.toolbox import Fetch, TurnToolbox


def writer(
    wiring: Wiring,
    scope: Scope,
    images: Sequence[ImageRef],
    *,
    fetch: Fetch | None = None,
    language: str | None = None,
    local_only: bool = False,
) -> Writer:
    """Writes about these images. fetch: gives their pixels; from the kept originals without. language: a BCP 47 tag.

    local_only: with what runs on this machine alone.
    """
    toolbox = TurnToolbox(
        discover(),
        wiring.lend_within(scope, local_only=local_only),
        images,
        fetch=fetch or wiring.fetcher(scope),
        deadline=wiring.settings.tool_seconds,
    )
    return ByTools(toolbox, language=language)
