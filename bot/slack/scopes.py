"""Whose images: an audience is a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tools.kit import Scope

Shown = Callable[[str, str], Awaitable[Scope]]
"""What is shown in a channel (its id) to somebody (their id)."""


def scope_of(team: str, channel: str) -> Scope:
    """The channel's own images, for writing and erasing them. What is shown there `audiences` knows."""
    return Scope(workspace=team, audiences=(channel,))
