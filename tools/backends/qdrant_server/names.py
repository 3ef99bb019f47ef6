"""What collections are called on a server.

    spyglass.<workspace>.<12 hex of the encoder's name>    a workspace by one encoder
    spyglass.<workspace>                                   an alias: the one that searches are answered from
    spyglass.<workspace>.moving                            an alias, while nobody may write
    spyglass_<workspace>                                   a collection of earlier versions, with one vector a point

A full stop is no part of a workspace's id, so that no workspace can be called as another's collection.
"""

from __future__ import annotations

import hashlib
import re

from tools.backends.common.folders import checked_workspace

OURS = re.compile(r"spyglass\.([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.[0-9a-f]{12}")
EARLIER = re.compile(r"spyglass_([A-Za-z0-9][A-Za-z0-9_-]{0,63})")


def collection(workspace: str, encoder: str) -> str:
    """Raises: ValueError for a workspace that is not a plain name."""
    return f"{alias(workspace)}.{hashlib.sha256(encoder.encode()).hexdigest()[:12]}"


def alias(workspace: str) -> str:
    """Raises: ValueError for a workspace that is not a plain name."""
    return f"spyglass.{checked_workspace(workspace)}"


def moving(workspace: str) -> str:
    """Raises: ValueError for a workspace that is not a plain name."""
    return f"{alias(workspace)}.moving"


def earlier(workspace: str) -> str:
    """Raises: ValueError for a workspace that is not a plain name."""
    return f"spyglass_{checked_workspace(workspace)}"


def workspace_of(name: str) -> str | None:
    """Whose collection is called so; None for one that is not called as ours are."""
    found = OURS.fullmatch(name) or EARLIER.fullmatch(name)
    return found[1] if found else None
