"""Backends by the scheme of a setting: the only module that imports them, each when it is first needed."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any, get_type_hints

from tools.kit import AskAgain


def package(name: str) -> Any:
    """``tools.backends.<name>``, for what is built of more than a setting."""
    return importlib.import_module(f"tools.backends.{name}")


def backend(scheme: str) -> ModuleType:
    """What a setting ``scheme:rest`` names: a module with a `build`. Raises: AskAgain when there is none."""
    name = f"tools.backends.{scheme}"
    try:
        found = importlib.import_module(name) if scheme.isidentifier() else None
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        found = None
    if found is None or not hasattr(found, "build"):
        raise AskAgain(f"There is no backend {scheme!r}: check the settings, `spyglass doctor` says which is wrong.")
    return found


def makes_chat_model(scheme: str) -> bool:
    """Whether there is such a backend and its `build` says that it returns a `ChatModel`."""
    try:
        made = get_type_hints(backend(scheme).build).get("return")
    except (AskAgain, NameError):  # none of that name; or what it returns is known to type checkers only
        return False
    return hasattr(made, "reply")
