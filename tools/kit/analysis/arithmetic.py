"""Printed arithmetic: found in lines of text, worked out exactly, and checked where a result is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.kit.analysis.expressions import LONGEST, SIGNS, Linear, Reader, Unreadable, names, plain, shown

NUMBERED = re.compile(r"^\s*(?:\(?(?:\d{1,2}|[a-h])\)|(?:\d{1,2}|[a-h])\.(?=\s)|[Qq]\d{1,2}[.:)])\s*")
"""The number of an exercise: "1)", "b.", "Q3:"."""


@dataclass(frozen=True)
class Sum:
    """One printed calculation, worked out."""

    printed: str
    kind: str
    """``calculation`` (no result printed), ``statement`` (a result to check) or ``equation`` (an unknown)."""
    value: str | None
    """The result, or what the unknown is. None when there is none, or it is not unique."""
    stated: str | None = None
    """The printed result."""
    correct: bool | None = None
    """Whether the printed result is right; None when none is printed."""
    unknown: str | None = None
    note: str | None = None

    def said(self) -> str:
        """One sentence."""
        if self.note:
            return f"{self.printed}: {self.note}."
        if self.kind == "equation":
            return f"{self.printed} gives {self.unknown} = {self.value}."
        if self.correct is None:
            return f"{self.printed.rstrip(' =?_')} = {self.value}."
        return (
            f"{self.printed} is right."
            if self.correct
            else f"{self.printed} is wrong: {self.value}, not {self.stated}."
        )


def sums(lines: Sequence[str], *, loose: bool = False) -> list[Sum]:
    """Every printed calculation, in order. `loose`: also those without an equals sign, such as "12 x 7 + 3"."""
    return [*_columns(lines), *(found for line in _joined(lines) if (found := _sum(line, loose)))]


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """A line that begins with an equals sign goes on with the line before."""
    whole = ""
    for line in lines:
        if whole and re.match(r"\s*[=＝]", line):
            whole += " " + line.strip()
            continue
        if whole:
            yield whole
        whole = line.strip()
    if whole:
        yield whole


def _sum(line: str, loose: bool) -> Sum | None:
    """None when the line is not arithmetic."""
    printed = NUMBERED.sub("", line).strip()
    sides = [side.strip(" ?_.…") for side in plain(printed).split("=")]
    if len(printed) > LONGEST or not _is_arithmetic(printed, sides, loose):
        return None
    stated = [side for side in sides if side]
    try:
        values = [Reader(side).whole() for side in stated]
    except ZeroDivisionError:
        return Sum(printed, "calculation", None, note="it divides by zero, so it has no value")
    except Unreadable:
        return None
    unknowns = {name.lower() for side in stated for name in names(side)}
    if unknowns:
        return _equation(printed, values, unknowns)
    return _calculation(printed, stated, [value.constant for value in values])


def _is_arithmetic(printed: str, sides: Sequence[str], loose: bool) -> bool:
    """Something is worked out in it: dates, telephone numbers and lists of sizes are not arithmetic."""
    worked = [
        side for side in sides if re.search(r"[\d)%a-z]\s*(?:[-+*/^:]|[xX]|of\b)\s*[-(\d.a-zA-Z]|\d[a-zA-Z]", side)
    ]
    if not worked or not any(character.isdigit() for character in printed):
        return False
    if len(sides) > 1:
        return True
    plain = re.search(r"[+*^]|\s[-/]\s|\d\s*[xX]\s*[\d(]|\bof\b", sides[0])
    return loose and plain is not None and len(re.findall(r"\d+", printed)) > 1


def _calculation(printed: str, sides: Sequence[str], values: Sequence[Fraction]) -> Sum:
    """A result is right when it equals what was worked out, to as many places as it is printed with."""
    value = shown(values[0], as_fraction=bool(re.search(r"\d\s*/\s*\d", sides[0])) and "." not in printed)
    if len(values) == 1:
        return Sum(printed, "calculation", value)
    wrong = [side for other, side in zip(values[1:], sides[1:], strict=True) if not _agrees(values[0], other, side)]
    return Sum(printed, "statement", value, stated=wrong[0] if wrong else sides[-1], correct=not wrong)


def _agrees(value: Fraction, stated: Fraction, printed: str) -> bool:
    decimals = re.fullmatch(r"-?[\d,]*\.(\d+)", printed)
    return value == stated or (decimals is not None and abs(value - stated) <= Fraction(1, 2 * 10 ** len(decimals[1])))


def _equation(printed: str, values: Sequence[Linear], unknowns: set[str]) -> Sum | None:
    if len(values) != 2:
        return None
    name = min(unknowns)
    if len(unknowns) > 1:
        return Sum(
            printed, "equation", None, note=f"more than one unknown ({', '.join(sorted(unknowns))}) in one equation"
        )
    slope, rest = values[0].slope - values[1].slope, values[1].constant - values[0].constant
    if slope:
        return Sum(printed, "equation", shown(rest / slope), unknown=name)
    note = f"no {name} makes it true" if rest else f"every {name} makes it true"
    return Sum(printed, "equation", None, unknown=name, note=note)


def _columns(lines: Sequence[str]) -> Iterator[Sum]:
    """Numbers under each other, an operator before the last, perhaps a rule and a result below."""
    plain = [line.strip().translate(SIGNS) for line in lines]
    for index, line in enumerate(plain):
        last = re.fullmatch(r"([-+*xX])\s*([\d.,]+)", line)
        if not last:
            continue
        above: list[str] = []
        for upper in reversed(plain[:index]):
            if not re.fullmatch(r"\+?\s*[\d.,]+", upper):
                break
            above.insert(0, upper.lstrip("+ "))
            if last[1] != "+":
                break
        below = [each for each in plain[index + 1 : index + 3] if not re.fullmatch(r"[-_=]+", each)]
        result = below[0].lstrip("= ") if below and re.fullmatch(r"=?\s*[\d.,]+", below[0]) else ""
        if above:
            found = _sum(f" {last[1]} ".join([*above, last[2]]) + f" = {result}", loose=True)
            if found:
                yield found
