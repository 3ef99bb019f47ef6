"""Changes that make a good request a bad one."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

Body = dict[str, Any]
Change = Callable[[Body], Any]
Defect = tuple[Change, str]
"""What is changed, and what the refusal says."""


def at(*path: Any, value: Any) -> Change:
    """Puts the value at that place of a request."""

    def change(body: Body) -> None:
        reduce(operator.getitem, path[:-1], body)[path[-1]] = value

    return change


def without(name: str) -> Change:
    return lambda body: body.pop(name)


def both(*changes: Change) -> Change:
    def change(body: Body) -> None:
        for each in changes:
            each(body)

    return change


def put(**fields: Any) -> Change:
    return lambda body: body.update(fields)
