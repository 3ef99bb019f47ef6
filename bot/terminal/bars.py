"""A bar that shows how far a command is, and goes when that is over."""

from __future__ import annotations

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.terminal.showing import console


def progress_bar(*, quiet: bool) -> Progress:
    """Use as a context; ``description`` of its task stands before it. quiet: it is not shown."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console(), disable=quiet, transient=True)
