"""Whether a server of models is on this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def on_this_machine(url: str) -> bool:
    """By its name alone: one that is looked up may lead anywhere. Raises: ValueError when it is no URL."""
    return urlsplit(url).hostname in LOOPBACK
