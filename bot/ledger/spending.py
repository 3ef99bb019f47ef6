"""Who pays for a call, the workspace, the channel and the person of its account, each by the day (UTC); and how much
they may."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Literal, get_args

from bot.settings.care import CareSettings
from tools.kit.models import Account

Payer = Literal["workspace", "channel", "user"]
PAYERS: tuple[Payer, ...] = get_args(Payer)


def budgets_of(settings: CareSettings) -> dict[Payer, float]:
    """US dollars a day, for those who have a limit."""
    limits = (settings.budget_workspace, settings.budget_channel, settings.budget_user)
    return {payer: limit for payer, limit in zip(PAYERS, limits, strict=True) if limit is not None}


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
