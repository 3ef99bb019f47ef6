"""What narrows a search, cut out of a request: people, channels, dates, types, colours, text, shape; how many hits."""

from __future__ import annotations

from graphs.clock import Clock
from graphs.local_planner.filtering.dates import dates
from graphs.local_planner.filtering.limits import limits
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.places import places
from graphs.local_planner.filtering.shapes import shapes
from graphs.local_planner.filtering.times import times
from graphs.local_planner.filtering.types import types


def narrow(text: str, clock: Clock) -> Narrowed:
    """Find the filters and the limit in a request, and cut them out of it."""
    left = Narrowed(text)
    # sizes before dates: "at least 1920 px" is no year
    shapes(left)
    times(left, clock)
    dates(left, clock)
    places(left)
    types(left)
    limits(left)
    if left.to_come and str(left.filters.get("after", "")) > clock.now.isoformat():
        left.impossible = f"{left.to_come.capitalize()} has not come yet. Which day in the past do you mean?"
    return left
