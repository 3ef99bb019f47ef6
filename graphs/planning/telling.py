"""What people are told when a model could not plan."""

from __future__ import annotations

from tools.kit.models import ProviderFailure
from tools.kit.models.failures import Kind

WHY: dict[Kind, str] = {
    "timeout": "did not answer in time",
    "limited": "is limiting requests now",
    "overloaded": "is overloaded now",
    "broken": "has a problem of its own now",
    "unreachable": "cannot be reached",
    "dropped": "broke off in the middle of its answer",
    "refused": "declined to answer",
    "filtered": "held its answer back by a content filter",
    "too_long": "cannot take that much at once",
    "cut_off": "did not come to an end",
    "invalid": "did not answer in a form I can use",
    "resting": "failed several times in a row and is left alone for a while",
}
"""Of a failure that passes, or that nobody but its provider can mend; the others are told with their way out."""
BY_MYSELF = "The planner {who} {why}, so I planned by rules of my own."
WAY_OUT = "The planner {who} could not be used, so I planned by rules of my own: {what}"


def fallen_back(who: str, failure: ProviderFailure) -> str:
    if why := WHY.get(failure.kind):
        return BY_MYSELF.format(who=who, why=why)
    return WAY_OUT.format(who=who, what=str(failure))
