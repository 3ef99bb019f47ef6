"""The Web API methods: one file a family; a function is a method because `@method("its.name")` stands over it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask

Run = Callable[[Ask], Json]


@dataclass(frozen=True)
class Method:
    """`scopes`: any one of them will do. `token`: which of the app's tokens it takes."""

    name: str
    run: Run
    scopes: tuple[str, ...]
    token: str


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, token: str = "bot") -> Callable[[Run], Run]:  # noqa: S107 (a kind, no secret)
    """Makes a function the Web API method `name`."""

    def register(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, token)
        return run

    return register


def load() -> dict[str, Method]:
    """Every method there is, by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return METHODS
