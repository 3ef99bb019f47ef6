"""What differs between two images, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from tools.kit.comparing.difference_map import Mark
from tools.kit.comparing.measured import Compared, Finding, boxes, text_of, touch
from tools.kit.comparing.papers import values_that_differ
from tools.kit.comparing.text_changes import TextChanges
from tools.kit.findings import Change, Line
from tools.kit.pictures.colours import Colour, named
from tools.kit.pictures.places import overlap, where
from tools.kit.toolbox import listed
from tools.kit.types import Box, Image

DIFFERENT_PROPORTIONS = 0.06
"""Relative difference of width to height that is said. A camera held a little aside stays below it."""
SMALL = 0.001
"""Share of the picture below which an area is only counted when there are larger ones."""


def differences(compared: Compared) -> list[Finding]:
    """What differs, most telling first. Empty when nothing visible does."""
    if compared.identical:
        return []
    if compared.paper == "other":
        return list(values_that_differ(compared))
    text = text_of(compared)
    if compared.paper == "same" and not compared.difference.aligned:
        return list(_text_findings(compared, text))
    areas = [change for change in compared.difference.changes if not _explained(change, text)]
    small = [change for change in areas if _is_small(change, areas)]
    large = [change for change in areas if change not in small]
    found = [
        *_text_findings(compared, text),
        *_stretched(compared),
        *_colour_findings(compared, [change for change in large if change.kind == "colour"]),
        *_part_findings(compared, [change for change in large if change.kind in ("gone", "new")]),
        *_object_proportions(compared),
        *_area_findings(compared, [change for change in large if change.kind == "changed"]),
        *_rest(compared, small),
    ]
    if not compared.difference.aligned:
        found += _scene(compared)
    return found


def _is_small(change: Change, areas: Sequence[Change]) -> bool:
    """Whether an area is too small beside the largest to be said by itself. A thin mark never is."""
    return not change.thin and change.share < min(SMALL, max(each.share for each in areas) / 5)


def _explained(change: Change, text: TextChanges) -> bool:
    """Whether a changed area is nothing but changed print."""
    here = [*text.removed, *(one for one, _ in text.changed)]
    there = [*text.added, *(other for _, other in text.changed)]
    covered = max([overlap(change.box, _padded(line)) for line in here] or [0.0])
    covered_there = max([overlap(change.in_second, _padded(line)) for line in there] or [0.0])
    return max(covered, covered_there) > 0.5


# --- text -----------------------------------------------------------------------------------------


def _text_findings(compared: Compared, text: TextChanges) -> Iterator[Finding]:
    first, second = compared.names
    for one, other in sorted(text.changed, key=lambda pair: not _figures_differ(*pair)):
        place = _place(one.box, compared.first)
        mark = Mark("the text differs", ((one.box, other.box),))
        said = f'The text {place} differs: "{one.text}" in {first}, "{other.text}" in {second}.'
        yield Finding(said, f'the text reads "{other.text}" instead of "{one.text}"', "text", mark)
    for line in text.removed:
        mark = _text_mark(compared, line, 0, f"text only in {first}")
        place = _place(line.box, compared.first)
        said = f'The text "{line.text}" {place} of {first} is missing in {second}.'
        yield Finding(said, f'the text "{line.text}" is missing', "text", mark)
    for line in text.added:
        mark = _text_mark(compared, line, 1, f"text only in {second}")
        place = _place(line.box, compared.second)
        said = f'The text "{line.text}" {place} of {second} is not in {first}.'
        yield Finding(said, f'it also reads "{line.text}"', "text", mark)


def _figures_differ(one: Line, other: Line) -> bool:
    return re.findall(r"\d", one.text) != re.findall(r"\d", other.text)


def _text_mark(compared: Compared, line: Line, which: Literal[0, 1], label: str) -> Mark:
    change = next((each for each in compared.difference.changes if touch(line.box, boxes(each)[which])), None)
    return _mark(label, [change] if change else [])


# --- areas ----------------------------------------------------------------------------------------


def _colour_findings(compared: Compared, changes: Sequence[Change]) -> Iterator[Finding]:
    """Areas that changed in the same way are one finding."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((named(change.first_colour), named(change.second_colour)), []).append(change)
    first, second = compared.names
    for (before, after), members in groups.items():
        said, brief = f"{before} in {first}, {after} in {second}", f"the colour is {after} instead of {before}"
        if before == after:
            before, after = (
                Colour("", 0, colour).hex for colour in (members[0].first_colour, members[0].second_colour)
            )
            said = f"another shade of {named(members[0].first_colour)} ({before} in {first}, {after} in {second})"
            brief = f"the colour is {said}"
        mark = _mark(f"colour: {before} in {first}, {after} in {second}", members)
        place = _places(compared, members)
        yield Finding(f"The colour {place} differs: {said}.", f"{brief} ({place})", "colour", mark, _share(members))


def _part_findings(compared: Compared, changes: Sequence[Change]) -> Iterator[Finding]:
    for change in changes:
        yield _gone(compared, change) if change.kind == "gone" else _new(compared, change)


def _gone(compared: Compared, change: Change) -> Finding:
    first, second = compared.names
    what, place = _thing(change, change.first_colour), _place(change.box, compared.first)
    return Finding(
        f"A {what} {place} of {first} is missing in {second}.",
        f"a {what} {place} is missing",
        "mark" if change.thin else "part",
        _mark(f"missing in {second}: a {what}", [change]),
        change.share,
    )


def _new(compared: Compared, change: Change) -> Finding:
    first, second = compared.names
    what, place = _thing(change, change.second_colour), _place(change.box, compared.first)
    like = ", like a scratch or a crack," if change.thin else ""
    return Finding(
        f"{second.capitalize()} has a {what}{like} {place} that {first} does not have.",
        f"it has a {what}{like} {place}",
        "mark" if change.thin else "part",
        _mark(f"only in {second}: a {what}", [change]),
        change.share,
    )


def _thing(change: Change, colour: tuple[int, int, int]) -> str:
    return f"thin {named(colour)} mark" if change.thin else f"{named(colour)} part"


def _area_findings(compared: Compared, changes: Sequence[Change]) -> Iterator[Finding]:
    first, second = compared.names
    for change in changes:
        before, after = named(change.first_colour), named(change.second_colour)
        how = f": mostly {before} in {first}, {after} in {second}" if before != after else ""
        place = _place(change.box, compared.first)
        mark = _mark(f"differs{how}", [change])
        yield Finding(f"An area {place} differs{how}.", f"an area {place} differs", "area", mark, change.share)


def _rest(compared: Compared, changes: Sequence[Change]) -> Iterator[Finding]:
    if changes:
        number = "one smaller area differs" if len(changes) == 1 else f"{len(changes)} smaller areas differ"
        said = f"{number.capitalize()} ({_places(compared, changes)})."
        yield Finding(said, number, "area", _mark(number, changes), _share(changes))


# --- shape and scene ------------------------------------------------------------------------------


def _stretched(compared: Compared) -> Iterator[Finding]:
    first, second = compared.names
    if _is_stretched(compared):
        how = _squeezed(compared.difference.stretch, first)
        said = f"The proportions differ: what {second} shows is {how}."
        yield Finding(said, f"it is {how}", "proportions", Mark(f"proportions: {second} is {how}", ()))


def _is_stretched(compared: Compared) -> bool:
    return compared.difference.aligned and abs(compared.difference.stretch - 1) > DIFFERENT_PROPORTIONS


def _object_proportions(compared: Compared) -> Iterator[Finding]:
    first, second = compared.names
    if _is_stretched(compared):
        return
    sizes = compared.difference.objects
    if sizes[0] is None or sizes[1] is None or (compared.difference.aligned and compared.difference.changed < 0.004):
        return
    ratio = (sizes[1][0] / sizes[1][1]) / (sizes[0][0] / sizes[0][1])
    if abs(ratio - 1) > DIFFERENT_PROPORTIONS:
        measured = " and ".join(
            f"{size[0]:.0f} x {size[1]:.0f} pixels in {name}"
            for size, name in zip((sizes[0], sizes[1]), compared.names, strict=True)
        )
        how = _squeezed(ratio, first)
        said = f"The proportions of the object differ: in {second} it is {how} ({measured})."
        yield Finding(said, f"the object is {how}", "proportions", Mark(f"proportions: the object is {how}", ()))


def _squeezed(ratio: float, than: str) -> str:
    """`ratio`: width over height of the second, over that of the first."""
    if ratio > 1:
        return f"{100 * (1 - 1 / ratio):.0f}% shorter for its width than in {than}"
    return f"{100 * (1 - ratio):.0f}% narrower for its height than in {than}"


def _scene(compared: Compared) -> Iterator[Finding]:
    """What can be said of images that cannot be laid over each other."""
    first, second = compared.names
    yield Finding(
        f"{first.capitalize()} and {second} cannot be laid over each other: they show different things, "
        "or the same thing from another side.",
        "the pictures cannot be laid over each other",
        "scene",
    )
    one, other = ([colour.name for colour in colours[:3]] for colours in compared.colours)
    only = [name for name in one if name not in {colour.name for colour in compared.colours[1]}]
    only_other = [name for name in other if name not in {colour.name for colour in compared.colours[0]}]
    if only or only_other:
        yield Finding(
            f"The main colours differ: {first} is {listed(one)}, {second} {listed(other)}.",
            f"its main colours are {listed(other)} instead of {listed(one)}",
            "colour",
        )


# --- words ------------------------------------------------------------------------------------------


def _place(box: Box, image: Image) -> str:
    return where(box, image.ref.width, image.ref.height)


def _places(compared: Compared, changes: Sequence[Change]) -> str:
    if _share(changes) > 0.05 and len(changes) > 1:
        boxes = list(zip(*(change.box for change in changes), strict=True))
        return _place((min(boxes[0]), min(boxes[1]), max(boxes[2]), max(boxes[3])), compared.first)
    return listed(list(dict.fromkeys(_place(change.box, compared.first) for change in changes)))


def _share(changes: Sequence[Change]) -> float:
    return sum(change.share for change in changes)


def _mark(label: str, changes: Sequence[Change]) -> Mark:
    return Mark(label, tuple(boxes(change) for change in changes))


def _padded(line: Line) -> Box:
    left, top, right, bottom = line.box
    margin = (bottom - top) * 0.4
    return left - margin, top - margin, right + margin, bottom + margin
