"""What two readings say differently, line by line, without taking a misread letter for a change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tools.kit.findings import Line, Reading

READ = 0.6
"""Confidence from which a line is compared at all."""
SURE = 0.9
"""Confidence from which a difference of a letter or two counts."""
SIMILAR = 0.5
"""Likeness from which two lines are the same line with a change, not one removed and another added."""
MISREAD = 0.8
"""Likeness from which a difference in letters, read unsurely, is a misreading."""

LOOK_ALIKES = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "!": "1", "$": "s", ",": ".", "’": "'", "—": "-"})


@dataclass(frozen=True)
class TextChanges:
    removed: list[Line]
    added: list[Line]
    changed: list[tuple[Line, Line]]
    same: list[Line]
    """Lines of the first reading that stand in the second as well."""

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.changed)


def text_changes(first: Reading, second: Reading) -> TextChanges:
    """Compare two readings. The order of lines does not matter, nor where a line is broken."""
    here = [line for line in first.lines if line.sure >= READ and _key(line.text)]
    there = [line for line in second.lines if line.sure >= READ and _key(line.text)]
    same, here, there = _without_equal(here, there)
    whole_first, whole_second = _key(first.text), _key(second.text)
    broken = [line for line in here if _stands_in(line, whole_second)]
    here = [line for line in here if not _stands_in(line, whole_second)]
    there = [line for line in there if not _stands_in(line, whole_first)]
    pairs = _paired(here, there)
    taken_here, taken_there = {one for one, _ in pairs}, {other for _, other in pairs}
    changed = [(here[one], there[other]) for one, other in pairs]
    return TextChanges(
        removed=[line for index, line in enumerate(here) if index not in taken_here],
        added=[line for index, line in enumerate(there) if index not in taken_there],
        changed=[pair for pair in changed if not _misread(*pair)],
        same=same + broken,
    )


def _key(text: str) -> str:
    """What of a text counts: letters, digits and money, without case, spaces and look-alikes."""
    flat = text.casefold().translate(LOOK_ALIKES)
    flat = re.sub(r"(?<=\d)\s*\.\s*(?=\d)", "\0", flat)  # a decimal point is not punctuation
    return re.sub(r"[^\w\0€£¥%]", "", flat).replace("\0", ".")


def _without_equal(here: Sequence[Line], there: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines that stand in both, and what is left of each side."""
    left = list(there)
    same, rest = [], []
    for line in here:
        twin = next((other for other in left if _key(other.text) == _key(line.text)), None)
        if twin is None:
            rest.append(line)
        else:
            left.remove(twin)
            same.append(line)
    return same, rest, left


def _stands_in(line: Line, whole: str) -> bool:
    """Whether the line is part of a longer one over there. Short lines would be found anywhere."""
    key = _key(line.text)
    return len(key) >= 6 and key in whole


def _paired(here: Sequence[Line], there: Sequence[Line]) -> list[tuple[int, int]]:
    """Which lines are the same line with a change: the most alike first."""
    scores = [
        (_likeness(one, other), row, column)
        for row, one in enumerate(here)
        for column, other in enumerate(there)
        if _likeness(one, other) >= SIMILAR
    ]
    rows: set[int] = set()
    columns: set[int] = set()
    pairs = []
    for _, row, column in sorted(scores, reverse=True):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            pairs.append((row, column))
    return sorted(pairs)


def _likeness(one: Line, other: Line) -> float:
    return SequenceMatcher(None, _key(one.text), _key(other.text), autojunk=False).ratio()


def _misread(one: Line, other: Line) -> bool:
    """Whether two like lines differ only as readings do: some letters, read unsurely, and no digit."""
    if re.findall(r"\d", _key(one.text)) != re.findall(r"\d", _key(other.text)):
        return min(one.sure, other.sure) < READ
    return _likeness(one, other) >= MISREAD and min(one.sure, other.sure) < SURE
