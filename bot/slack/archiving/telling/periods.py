"""Pure: for how long images are to be kept, in the words of whoever says it."""

from __future__ import annotations

from collections.abc import Sequence

UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
LONGEST = 36_500
"""Days: nobody means more."""
DEFAULT = {"default", "usual"}
OFFERED = (7, 30, 90, 180, 365)
"""Days that a form offers."""


class NotAPeriod(ValueError):
    """It is none."""


def read_period(words: Sequence[str]) -> int | None:
    """Days; None: as it is set up. ``30 days``, ``2 weeks``, ``1 year``, ``30``, ``default``. Raises: NotAPeriod."""
    match [word.lower() for word in words]:
        case [word] if word in DEFAULT:
            return None
        case [number, *unit] if number.isdecimal() and number.isascii() and len(number) < 7 and len(unit) < 2:
            days = int(number) * UNITS.get((unit[0] if unit else "day").removesuffix("s"), 0)
            if 0 < days <= LONGEST:
                return days
    raise NotAPeriod(" ".join(words))


def offered(most: int, chosen: int | None) -> list[int]:
    """Days to choose among: shorter than what is set up (0: for ever), and what is chosen."""
    return sorted({days for days in OFFERED if not most or days < most} | ({chosen} if chosen else set()))
