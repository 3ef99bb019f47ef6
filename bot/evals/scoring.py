"""Score routing: were the right tools called, and with the right arguments?

The cases (`cases/*.jsonl`, format in `cases/README.md`) say what is acceptable; nothing here knows how a planner works.
Only arguments that a case lists are compared, so wording that does not matter never costs a point.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from tools.kit.types import Json

CASES = Path(__file__).parent / "cases"
TODAY = datetime(2026, 11, 24)
"""The day on which every case is said: "last year" is 2025."""

_EMPTY: tuple[Json, ...] = (None, False, "", [], {})
_GENERIC = """\
a an the of in on at to with and or for from by near next me us our we you i my your this that these those is are be
it its one ones please some any there where which who photo photos picture pictures pic pics image images shot shots
snap snaps photograph photographs find show search get give look looking archive library"""
_NAMES = ("posted_by", "channels", "kinds", "colours")
"""Filters that are sets of names."""
_STOP = frozenset(_GENERIC.split())


@dataclass(frozen=True)
class Call:
    """One tool call, wanted or made. In a wanted one a value may be a list of acceptable values."""

    tool: str
    arguments: dict[str, Json]


Plan = tuple[Call, ...]


@dataclass(frozen=True)
class Turn:
    """What one person says at one point of a thread, and every plan that is right there."""

    text: str
    posted: int
    """How many images come with this message."""
    images: int
    """How many images the thread has by then, those included."""
    accept: tuple[Plan, ...]
    status: tuple[str, ...]
    """Acceptable statuses of the answer; usually one."""


@dataclass(frozen=True)
class Case:
    """A thread to route. A routing case is a thread of one turn (whose earlier images came without words)."""

    id: str
    half: str
    kind: str
    turns: tuple[Turn, ...]


class Score(NamedTuple):
    tools_right: bool
    arguments_right: bool
    """Implies `tools_right`."""


# --- loading ------------------------------------------------------------------------------------


def load(path: Path) -> list[Case]:
    """The cases of one file, of either format. Raises ValueError naming the line that is not a case."""
    return [_case(json.loads(line), f"{path.name}:{number}") for number, line in _lines(path)]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _case(row: dict[str, Json], where: str) -> Case:
    try:
        if "turns" in row:
            return Case(row["id"], row["half"], row.get("kind", "followup"), _turns(row["turns"]))
        return Case(row["id"], row["half"], row["kind"], (_turn(row, row["images"]),))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{where} is not a case: {error!r}") from error


def _turns(rows: list[dict[str, Json]]) -> tuple[Turn, ...]:
    images = 0
    turns = []
    for row in rows:
        images += row["posted"]
        turns.append(_turn(row, images))
    return tuple(turns)


def _turn(row: dict[str, Json], images: int) -> Turn:
    accept = tuple(tuple(Call(call["tool"], call["arguments"]) for call in plan) for plan in row["accept"])
    status = row["status"]
    return Turn(row["text"], row["posted"], images, accept, (status,) if isinstance(status, str) else tuple(status))


# --- scoring ------------------------------------------------------------------------------------


def score(accept: Sequence[Sequence[Call]], actual: Sequence[Call]) -> Score:
    """Whether the calls made are one of the acceptable plans: by tools alone, and with the listed arguments too.

    The order of calls does not matter; how often a tool is called does.
    """
    names = sorted(call.tool for call in actual)
    same_tools = [plan for plan in accept if sorted(call.tool for call in plan) == names]
    return Score(bool(same_tools), any(_pairs_up(plan, list(actual)) for plan in same_tools))


def _pairs_up(wanted: Sequence[Call], made: list[Call]) -> bool:
    """Whether every wanted call can be paired with a different call that was made."""
    if not wanted:
        return not made
    return any(
        call_right(wanted[0], call) and _pairs_up(wanted[1:], made[:index] + made[index + 1 :])
        for index, call in enumerate(made)
    )


def call_right(wanted: Call, made: Call) -> bool:
    """Same tool, and every argument that `wanted` lists is right in `made`."""
    return wanted.tool == made.tool and all(
        _argument_right(name, value, made.arguments.get(name)) for name, value in wanted.arguments.items()
    )


def _argument_right(name: str, wanted: Json, made: Json) -> bool:
    if name == "filters":
        return _filters_right(wanted or {}, made or {})
    if wanted in _EMPTY:
        return made in _EMPTY
    if made in _EMPTY:
        return False
    if name in ("labels", "fields", "images"):
        return isinstance(made, list) and _sets_equal(wanted, made, _phrases_equal)
    same = _queries_equal if name == "query" else _plainly_equal
    return any(same(one, made) for one in _spellings(wanted))


def _spellings(wanted: Json) -> list[Json]:
    return wanted if isinstance(wanted, list) else [wanted]


def _sets_equal(wanted: Collection[Json], made: Collection[Json], same: Callable[[Json, Json], bool]) -> bool:
    """Each wanted item (or one of its spellings) is there, and nothing else is."""

    def fits(item: Json, one: Json) -> bool:
        return any(same(spelling, one) for spelling in _spellings(item))

    return all(any(fits(item, one) for one in made) for item in wanted) and all(
        any(fits(item, one) for item in wanted) for one in made
    )


def _plainly_equal(wanted: Json, made: Json) -> bool:
    if isinstance(wanted, str):
        return _phrases_equal(wanted, made)
    return bool(wanted == made)


def _phrases_equal(wanted: Json, made: Json) -> bool:
    return _phrase(wanted) == _phrase(made)


def _phrase(text: Json) -> str:
    """Without case, leading article, underscores, and punctuation around it: `The "Invoice_No."` is `invoice no`."""
    plain = unicodedata.normalize("NFKC", str(text)).casefold().replace("_", " ")
    plain = re.sub(r"^\W+|\W+$", "", " ".join(plain.split()))
    return re.sub(r"^(?:an?|the) (?=\w)", "", plain)


def _queries_equal(wanted: Json, made: Json) -> bool:
    """The same content words, in any order and number (singular, plural)."""
    return _sets_equal(_content(wanted), _content(made), _same_word)


def _content(text: Json) -> list[str]:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", str(text)).casefold())
    return [word for word in words if word not in _STOP]


def _same_word(one: str, other: str) -> bool:
    return one == other or one in _plurals(other) or other in _plurals(one)


def _plurals(word: str) -> tuple[str, ...]:
    return (f"{word}s", f"{word}es", f"{word[:-1]}ies" if word.endswith("y") else f"{word}s")


def _filters_right(wanted: dict[str, Json], made: dict[str, Json]) -> bool:
    """Each wanted condition is there, and no other one that would hide anything."""
    others = {name: value for name, value in made.items() if name not in wanted}
    return all(_filter_right(name, value, made.get(name)) for name, value in wanted.items()) and not any(
        _narrows(name, value) for name, value in others.items()
    )


def _filter_right(name: str, wanted: Json, made: Json) -> bool:
    if wanted in _EMPTY or made in _EMPTY:
        return wanted in _EMPTY and made in _EMPTY
    if name == "excluding":
        return _filters_right(wanted, made)
    if name in _NAMES:
        return isinstance(made, list) and _sets_equal(wanted, made, _phrases_equal)
    if name in ("after", "before"):
        return any(_same_time(_moment(one), _moment(made)) for one in _spellings(wanted))
    return any(_plainly_equal(one, made) for one in _spellings(wanted))


def _narrows(name: str, value: Json) -> bool:
    if value in _EMPTY or (name == "mime" and value == "image/"):
        return False
    return not (name == "before" and _moment(value) >= TODAY)


def _moment(value: Json) -> datetime:
    """In the asker's own time, whatever the zone. What is no date at all is the earliest one: right nowhere."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return datetime.min
    return moment.replace(tzinfo=None)


def _same_time(wanted: datetime, made: datetime) -> bool:
    """The same day; the same minute where a time of day is wanted. 23:59:59 of the day before is the same end."""
    same_day = wanted.date() == made.date() and (wanted.time() == time() or wanted.hour == 23)
    return same_day or abs(wanted - made) <= timedelta(minutes=1)
