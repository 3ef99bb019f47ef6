"""Who pays for a call: the workspace, the channel and the person of its account, each by the day (UTC)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Literal, get_args

from tools.kit.models import Account

Payer = Literal["workspace", "channel", "user"]
PAYERS: tuple[Payer, ...] = get_args(Payer)


def payers_of(account: Account, day: date) -> dict[Payer, str]:
    """Who pays, by the digest under which their day is kept. What an account does not name does not pay."""
    named: Iterable[tuple[Payer, str]] = (("channel", account.channel), ("user", account.user))
    return {
        "workspace": _digest(account.workspace, day, "workspace", ""),
        **{payer: _digest(account.workspace, day, payer, name) for payer, name in named if name},
    }


def _digest(workspace: str, day: date, payer: str, name: str) -> str:
    """Of another day and another workspace, another one: days do not tell who they belong to."""
    return hashlib.sha256("\0".join([workspace, day.isoformat(), payer, name]).encode()).hexdigest()
