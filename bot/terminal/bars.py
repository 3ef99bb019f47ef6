"""A bar that shows how far a command is, and goes when that is over."""

from __future__ import annotations

import time
from typing import Any

import click
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.terminal.showing import console

PACE = 30.0
"""Seconds between two lines where no bar can be drawn: in a log, or behind a pipe."""


def progress_bar(*, quiet: bool) -> Progress:
    """Use as a context; ``description`` of its task stands before it. quiet: it is not shown."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    out = console()
    if not quiet and not out.is_terminal:
        return _Lines(*columns, console=out, disable=True)
    return Progress(*columns, console=out, disable=quiet, transient=True)


class _Lines(Progress):
    """Says on standard error now and then how far it is."""

    said_at = 0.0

    def start(self) -> None:
        self.said_at = time.monotonic()

    def update(self, task_id: TaskID, *args: Any, **fields: Any) -> None:
        super().update(task_id, *args, **fields)
        now = time.monotonic()
        if now - self.said_at >= PACE:
            self.said_at = now
            click.echo("; ".join(task.description for task in self.tasks if task.visible), err=True)
