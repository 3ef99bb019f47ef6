"""Numbers and days in words, the same wherever people read them."""

from __future__ import annotations

from datetime import datetime


def counted(number: int, noun: str) -> str:
    """As in "1 image", "2,400 images". noun: one whose plural takes an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def more_times(number: int) -> str:
    """As in "and 2 more times"; empty for none."""
    return f"and {number:,} more time{'' if number == 1 else 's'}" if number else ""


def day_of(moment: datetime) -> str:
    """As in "27 Nov 2026", where the time's own zone is."""
    return f"{moment.day} {moment:%b %Y}"
