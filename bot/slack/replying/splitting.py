"""Pure: what is too long for one message -> parts that fit, and nothing left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.slack.replying.rich import Element, size

ENDS = ("\n\n", "\n", ". ", "? ", "! ", " ")
"""Where a text may be cut, the best place first."""
NUMBERED = 20
"""Room for the number a part of a list goes on with."""


def split(elements: Sequence[Element], room: int) -> list[list[Element]]:
    """The elements in groups that take at most `room` each. What is too long alone is cut between paragraphs, lines,
    sentences or words. Nothing is left out."""
    groups: list[list[Element]] = [[]]
    used = 0
    for piece in (piece for element in elements for piece in _pieces(element, room)):
        length = size(piece) + 2
        if groups[-1] and used + length > room:
            groups.append([])
            used = 0
        groups[-1].append(piece)
        used += length
    return [group for group in groups if group]


def _pieces(element: Element, room: int) -> Iterator[Element]:
    if size(element) <= room:
        yield element
        return
    within = room - size({**element, "elements": []}) - NUMBERED
    parts: list[Element] = []
    said = 0
    for inner in _cut_all(element["elements"], within):
        if parts and size([*parts, inner]) > within:
            yield _piece(element, parts, said)
            said, parts = said + len(parts), []
        parts.append(inner)
    yield _piece(element, parts, said)


def _piece(element: Element, parts: list[Element], said: int) -> Element:
    """The numbers of a list go on where the piece before it ended."""
    numbered = element.get("style") == "ordered" and said
    return {**element, "elements": parts, **({"offset": element.get("offset", 0) + said} if numbered else {})}


def _cut_all(elements: Sequence[Element], room: int) -> Iterator[Element]:
    for element in elements:
        if size(element) <= room:
            yield element
        elif "elements" in element:
            yield from _pieces(element, room)
        else:
            parts = cut(element["text"], room - size({**element, "text": ""}))
            yield from ({**element, "text": text} for text in parts)


def cut(text: str, room: int) -> Iterator[str]:
    """Parts of the text that take at most `room` characters of JSON each; together they are the text."""
    while size(text) - 2 > room:
        at = _end_of(text, _fitting(text, room))
        yield text[:at]
        text = text[at:]
    if text:
        yield text


def _fitting(text: str, room: int) -> int:
    """How many characters of the text fit; at least one."""
    low, high = 1, min(len(text), max(room, 1))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) - 2 <= room else (low, middle - 1)
    return low


def _end_of(text: str, most: int) -> int:
    """Where to cut the text, at `most`: after the best end in the second half."""
    for end in ENDS:
        at = text.rfind(end, most // 2, most)
        if at > 0:
            return at + len(end)
    return most
