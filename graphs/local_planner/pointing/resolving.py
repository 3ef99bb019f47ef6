"""What pointers mean in a thread: a match of a pattern of `pointers` -> the handles of images."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

from graphs.local_planner.pointing.pointers import (
    ALL,
    BARE_NUMBERS,
    BEFORE_AFTER,
    COLON,
    EXCEPTED,
    FIRST_N,
    LEFT_RIGHT,
    NOT_ORDINAL_AFTER,
    NTH,
    NUMBER,
    ONE_BEFORE,
    ORDINALS,
    OUTER,
    PAPERS,
    POSTED_NTH,
    SECOND_LAST,
    THE_THREE,
    number,
)
from graphs.local_planner.turn import Exchange, Turn


def counted(text: str) -> list[int]:
    return [number(word) for word in re.findall(rf"\b{NUMBER}\b", text, re.IGNORECASE)]


def _first_n(match: re.Match[str], turn: Turn) -> list[str]:
    handles, n = list(turn.handles), number(match[2])
    return handles[:n] if match[1].lower() == "first" else handles[-n:]


def _nth(match: re.Match[str], turn: Turn) -> list[str]:
    if match[3] is None and NOT_ORDINAL_AFTER.match(match.string[match.end(1) :]):
        return []
    handles, word = list(turn.handles), match[1].lower()
    if (
        match[3] is None
        and word not in ORDINALS
        and not word[0].isdigit()
        and not re.match(r"the |my ", match[0], re.IGNORECASE)
        and not re.search(r"\b(?:first|second|third) (?:and|or|&|vs) $", match.string[: match.start()], re.IGNORECASE)
    ):
        return []
    # "the first one" of a message that brings several images is the first of those
    pool = list(turn.now.posted) if len(turn.now.posted) > 1 else handles
    if match[2]:
        word, pool = match[2].strip().lower(), pool[::-1]
    if word in ORDINALS or word[0].isdigit():
        index = ORDINALS.get(word) or int(re.sub(r"\D", "", word))
        return [pool[index - 1]] if index <= len(pool) else ([f"image {index}"] if match[3] or not handles else [])
    if not handles:
        return []
    if word == "middle":
        return [pool[len(pool) // 2]] if pool else []
    if word in ("earliest", "oldest"):
        return [pool[0]]
    if word == "original":
        return [handles[0]] if len(handles) > 1 else []
    if word in ("previous", "earlier"):
        return [_before(turn)]
    if word == "other":
        others = [handle for handle in turn.handles if handle not in _focus(turn)]
        return others if re.search(r"\b(?:two|three|four|ones|\d)\b", match[0]) else others[-1:]
    if word == "next":
        return _after(turn)
    return [pool[-1]]


def _state(word: str, turn: Turn) -> list[str]:
    """The earlier or the later of a pair: "the before picture", "the old one"."""
    pair = next(
        (call.handles for exchange in reversed(turn.past) for call in exchange.calls if len(call.handles) == 2), ()
    )
    pair = pair or (turn.handles if len(turn.handles) == 2 else ())
    return [pair[word == "after"]] if pair else []


def _bare_numbers(match: re.Match[str], turn: Turn) -> list[str]:
    """ "Sorry, I meant 2": an image, unless the talk is of how many hits to show."""
    if turn.last and turn.last.calls[-1].tool == "search":
        return []
    if re.search(r"\b(?:forgot|missed|skipped) one\W*$", match[0], re.IGNORECASE):
        return []
    return _in_thread(match, turn)


def _in_thread(match: re.Match[str], turn: Turn) -> list[str]:
    """Images of these numbers, when the thread has them all."""
    named = [f"image {n}" for n in counted(match[0])]
    return named if named and all(handle in turn.handles for handle in named) else []


def _posted_nth(match: re.Match[str], turn: Turn) -> list[str]:
    index = -1 if match[1].lower() == "last" else ORDINALS[match[1].lower()] - 1
    return [turn.handles[index]] if index < len(turn.handles) and turn.handles else []


def _side(match: re.Match[str], turn: Turn) -> list[str]:
    """The left or the right of two images; in one image it is a place."""
    pair = turn.now.posted if len(turn.now.posted) == 2 else turn.handles
    return [pair[(match[1] or match[2]).lower() == "right"]] if len(pair) == 2 else []


def _focus(turn: Turn) -> tuple[str, ...]:
    return turn.now.posted or (turn.last.handles if turn.last else ()) or turn.handles[-1:]


def _latest(n: int, turn: Turn) -> list[str]:
    """The `n` images talked about last: just posted, of the latest question, of the latest few, or in the thread."""
    lately = alike_lately(turn)
    pool = next((pool for pool in (turn.now.posted, _focus(turn), lately) if len(pool) == n), turn.handles)
    return list(pool[-n:])


def alike_lately(turn: Turn) -> tuple[str, ...]:
    """Images that were asked the same one after the other, in the order posted: read one, then "and 3"."""
    asked = [exchange for exchange in turn.past if exchange.calls]
    same = list(takewhile(lambda exchange: _question(exchange) == _question(asked[-1]), reversed(asked)))
    handles = {handle for exchange in same for handle in exchange.handles}
    return tuple(handle for handle in turn.handles if handle in handles)


def _question(exchange: Exchange) -> list[str]:
    """What was asked, whatever the image."""
    calls = [{**call.arguments, "image": "", "images": "", "question": ""} for call in exchange.calls]
    return sorted({f"{call.tool} {said}" for call, said in zip(exchange.calls, calls, strict=True)})


def _beside(match: re.Match[str], turn: Turn) -> list[str]:
    """The one before or after; none in "photos before Christmas", where there is none yet."""
    if not turn.handles:
        return []
    return [_before(turn)] if match[1].lower() == "before" else _after(turn)


def _before(turn: Turn) -> str:
    """The image before the one being talked about."""
    handles, focus = list(turn.handles), _focus(turn)
    place = handles.index(focus[0]) if focus and focus[0] in handles else len(handles) - 1
    return handles[max(place - 1, 0)]


def _after(turn: Turn) -> list[str]:
    handles, focus = list(turn.handles), _focus(turn)
    place = handles.index(focus[-1]) if focus and focus[-1] in handles else -1
    return handles[place + 1 : place + 2]


def _together(match: re.Match[str], turn: Turn) -> list[str]:
    pool = turn.now.posted if len(turn.now.posted) > 1 else turn.handles
    return list(pool[-2:] if "both" in match[0].lower() else pool)


RESOLVERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Turn], list[str]]], ...] = (
    (BARE_NUMBERS, _bare_numbers),
    (COLON, _bare_numbers),
    (EXCEPTED, _in_thread),
    (PAPERS, _in_thread),
    (THE_THREE, lambda match, turn: _latest(number(match[1]), turn)),
    (SECOND_LAST, lambda match, turn: list(turn.handles[-2:-1])),
    (POSTED_NTH, _posted_nth),
    (ONE_BEFORE, _beside),
    (BEFORE_AFTER, lambda match, turn: _state(match[1].lower(), turn)),
    (OUTER, lambda match, turn: [turn.handles[0], turn.handles[-1]] if len(turn.handles) > 2 else []),
    (LEFT_RIGHT, _side),
    (FIRST_N, _first_n),
    (NTH, _nth),
    (ALL, _together),
)
"""Patterns with what their matches mean; none is looked for where one before it matched."""
