"""Who sees which images: an audience is a channel. From a channel only its own images are seen."""

from __future__ import annotations

from tools.kit import Scope


def scope_of(team: str, channel: str) -> Scope:
    """What a turn in that channel may see."""
    return Scope(workspace=team, audiences=(channel,))
