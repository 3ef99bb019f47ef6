"""The last questions with their images the other way round: "vice versa"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from graphs.local_planner.searches.refining import Planned
from graphs.local_planner.turn import Call, Turn

AROUND = re.compile(
    r"\b(?:vice[ -]?versa|(?:the )?other way (?:a?round|about)|(?:the )?opposite way|the reverse|reversed?|conversely|"
    r"swap (?:them|the two|those|these|it)(?: (?:a?round|over))?|switch (?:them|the two|those|these)(?: (?:a?round|"
    r"over))?)\b",
    re.I,
)
BESIDE = re.compile(
    r"\b(?:and|now|then|ok|okay|try|do|it|also|please|the|same|again|but|what about|how about|for|me|pls|can you|"
    r"could you|so|that|just)\b|\W+",
    re.I,
)
Said = tuple[str, dict[str, Any]]


def turned_around(text: str, turn: Turn) -> Planned | None:
    """What was asked of each of two images, asked of the other one; None when `text` does not say so."""
    if not turn.last or not AROUND.search(text) or BESIDE.sub("", AROUND.sub("", text)):
        return None
    calls = turn.last.calls
    if len(calls) == 1 and len(calls[0].handles) == 2:
        return _swapped_within(calls[0])
    swapped = _swapped(calls) or (_swapped_with_earlier(calls[0], turn) if len(calls) == 1 else [])
    return Planned(tuple(swapped)) if swapped else None


def _swapped_within(call: Call) -> Planned:
    """ "Compare 1 with 2" as 2 with 1."""
    return Planned(((call.tool, {**call.arguments, "images": list(reversed(call.handles))}),))


def _swapped(calls: Sequence[Call]) -> list[Said]:
    handles = list(dict.fromkeys(handle for call in calls for handle in call.handles))
    if len(handles) != 2 or any(len(call.handles) != 1 for call in calls):
        return []
    other = dict(zip(handles, reversed(handles), strict=True))
    return [_moved(call, other[call.handles[0]]) for call in calls]


def _swapped_with_earlier(call: Call, turn: Turn) -> list[Said]:
    """After "the labels of this one on that one": what that one was asked, of the image the labels came from."""
    if len(call.handles) != 1:
        return []
    earlier = [one for exchange in turn.past for one in exchange.calls if one.tool == call.tool and one.handles]
    source = next((one for one in earlier if _moved(one, "") == _moved(call, "") and one.handles != call.handles), None)
    own = next((one for one in earlier if one.handles == call.handles and _moved(one, "") != _moved(call, "")), None)
    return [_moved(own, source.handles[0])] if source and own else []


def _moved(call: Call, handle: str) -> Said:
    named = {"images": [handle]} if "images" in call.arguments else {"image": handle}
    return call.tool, {**call.arguments, **named}
