"""On whose account a model works: for the ledger, budgets and traces, never for what somebody may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Account:
    workspace: str = "local"
    channel: str = ""
    user: str = ""
    turn: str = ""
    """Id of the turn, as logs and traces have it."""
    tool: str = ""
    """The tool that asks; empty for the planner."""


NOBODY = Account()
_ACCOUNT: ContextVar[Account] = ContextVar("account", default=NOBODY)


def account() -> Account:
    """That of the running task."""
    return _ACCOUNT.get()


@contextmanager
def charged_to(**changes: Any) -> Iterator[None]:
    """Within the block, and in the tasks and threads started there, the account has these fields."""
    token = _ACCOUNT.set(replace(_ACCOUNT.get(), **changes))
    try:
        yield
    finally:
        _ACCOUNT.reset(token)
