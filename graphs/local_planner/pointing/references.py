"""Which images a sentence is about: "image 2", "the second one", "both", "the last picture", "it"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graphs.local_planner.language.phrases import tidy
from graphs.local_planner.pointing.pointers import EXCEPT, NAMED, NUMBERED, OLD, RANGE, SEVERAL, number
from graphs.local_planner.pointing.resolving import RESOLVERS, alike_lately, counted
from graphs.local_planner.pointing.topics import by_topic
from graphs.local_planner.turn import Exchange, Turn


@dataclass(frozen=True)
class Reference:
    """What a sentence points at."""

    handles: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Handles that were named and are not in the thread."""
    said: bool = False
    """An image was named: by number, order, name, "both". A bare "it" is not."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where in the tidied sentence."""


def find(text: str, turn: Turn) -> Reference:
    """The images named in a sentence, in the order of mention."""
    text = tidy(text)
    found = [(start, end, [f"image {n}" for n in numbers]) for start, end, numbers in _numbered(text)]
    for pattern, resolve in RESOLVERS:
        found += [(*match.span(), resolve(match, turn)) for match in _free(pattern, text, found)]
    found += [(start, end, [handle]) for start, end, handle in _by_name(text, turn)]
    topics = [] if turn.now.posted else by_topic(text, turn)
    told = [one for one in topics if OLD.search(text[one[0] : one[1]])]
    found = sorted(told or [one for one in found if one[2]] or topics)
    left_out = {handle for start, _, handles in found for handle in handles if EXCEPT.search(text[:start])}
    named = list(dict.fromkeys(handle for _, _, handles in found for handle in handles if handle not in left_out))
    if left_out and not named:
        named = _others(left_out, turn)
    return Reference(
        handles=tuple(handle for handle in named if handle in turn.handles),
        missing=tuple(handle for handle in named if handle not in turn.handles),
        said=bool(named),
        spans=tuple((start, end) for start, end, _ in found),
    )


def _others(left_out: set[str], turn: Turn) -> list[str]:
    """All images but those: of the ones just posted, of the ones talked about last, or of the thread."""
    recent = turn.last.handles if turn.last and left_out < set(turn.last.handles) else turn.handles
    pool = turn.now.posted if len(turn.now.posted) > 1 else recent
    return [handle for handle in pool if handle not in left_out]


def without(text: str, reference: Reference, instead: str = " ") -> str:
    """The tidied sentence with what names images taken out."""
    text = tidy(text)
    for start, end in sorted(reference.spans, reverse=True):
        text = f"{text[:start]}{instead}{text[end:]}"
    return tidy(text)


def _numbered(text: str) -> list[tuple[int, int, list[int]]]:
    found: list[tuple[int, int, list[int]]] = []
    for match in RANGE.finditer(text):
        first, last = number(match[1]), number(match[2])
        if first < last <= first + 20:
            verb = re.match(r"(?:read|ocr|describe|caption|transcribe|classify)\b", match[0], re.IGNORECASE)
            found.append((match.start(1 if verb else 0), match.end(), list(range(first, last + 1))))
    found += [(_first_number(match), match.end(), counted(match[0])) for match in _free(NAMED, text, found)]
    found += [(*match.span(), counted(match[0])) for match in _free(NUMBERED, text, found)]
    return found


def _first_number(match: re.Match[str]) -> int:
    """Where the naming begins: after the verb in "describe 3"."""
    return next((match.start(group) for group in (5, 7) if match[group]), match.start())


def _free(pattern: re.Pattern[str], text: str, found: Sequence[tuple[int, int, object]]) -> list[re.Match[str]]:
    """Matches that overlap nothing found before."""
    return [
        match
        for match in pattern.finditer(text)
        if all(match.end() <= start or match.start() >= end for start, end, _ in found)
    ]


def _by_name(text: str, turn: Turn) -> list[tuple[int, int, str]]:
    """Images called by their file names ("cat.jpg")."""
    found = []
    for image in turn.images:
        place = text.lower().find(image.name.lower()) if "." in image.name else -1
        if place >= 0:
            found.append((place, place + len(image.name), image.handle))
    return found


def focus(text: str, turn: Turn, *, several: bool = False) -> tuple[str, ...]:
    """The images a sentence is about when it names none: the ones just posted, else those last talked about."""
    if turn.now.posted:
        return turn.now.posted
    plural = several or bool(SEVERAL.search(text))
    recent = turn.last.handles if turn.last else ()
    if plural and not (len(recent) == 1 and turn.last and _tells_of_it(text, turn.last)):
        pool = next((pool for pool in (alike_lately(turn), _latest_posted(turn)) if len(pool) > 1), ())
        return pool or recent or turn.handles
    return recent or _latest_posted(turn)


def _tells_of_it(text: str, last: Exchange) -> bool:
    """Whether "they" are what was read on one image rather than images: "do they sum to 100?"."""
    return last.calls[-1].tool in ("read_text", "extract") and bool(re.match(r"(?:do|did|are|have) they\b", text, re.I))


def _latest_posted(turn: Turn) -> tuple[str, ...]:
    """The images of the latest message that brought some; when it is forgotten, the latest image."""
    return next((exchange.posted for exchange in reversed(turn.past) if exchange.posted), turn.handles[-1:])
