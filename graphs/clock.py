"""The asker's own time: "yesterday", and which of two numbers is the month, are theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

MONTH_FIRST = re.compile(
    r"US/.*|America/(?:Indiana|Kentucky|North_Dakota)/.*|Pacific/(?:Guam|Honolulu)|America/(?:Adak|Anchorage|Boise|"
    r"Chicago|Denver|Detroit|Juneau|Los_Angeles|Menominee|Metlakatla|New_York|Nome|Phoenix|Puerto_Rico|Sitka|Yakutat)"
)
"""Zones of the United States, where 3/4 is the fourth of March; anywhere else it is the third of April."""


@dataclass(frozen=True)
class Clock:
    """When something is asked, in the asker's time zone."""

    now: datetime
    """Without an offset."""
    month_first: bool = False
    """How they write a day: 3/4 is the fourth of March."""

    @property
    def today(self) -> date:
        return self.now.date()


def clock_of(now: datetime, zone: str) -> Clock:
    """What the clock of someone in a zone (an IANA name) shows; this machine's, where the name says nothing.

    now: with an offset, or in this machine's time.
    """
    own = now.astimezone(_zone(zone))
    return Clock(own.replace(tzinfo=None), bool(MONTH_FIRST.fullmatch(zone)))


def _zone(name: str) -> tzinfo | None:
    try:
        return UTC if name == "UTC" else ZoneInfo(name) if name else None
    except (OSError, ValueError, KeyError):  # no such zone, or no table of them on this machine
        return None
