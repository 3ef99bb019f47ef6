"""Reckoning over papers: each value is taken off its paper first, then compared or added, with every figure shown."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tools.kit.analysis.asking import How, Reckoning
from tools.kit.analysis.work import Work
from tools.kit.toolbox import listed
from tools.kit.types import Evidence, Image, Json

CENT = Decimal("0.01")
UNSURE = 0.6
"""Less sure than this, a value is only perhaps read right."""


@dataclass(frozen=True)
class Figure:
    """A value and the image that shows it."""

    where: str
    value: Decimal | date
    currency: str | None = None
    day: date | None = None
    """The date of the paper, where it was asked for."""
    doubt: str | None = None

    def __str__(self) -> str:
        return _with(self.currency, self.value)


async def reckon(work: Work, asked: Reckoning) -> bool:
    """Conclude what is asked. False when no paper shows the field."""
    found = {listed([page.handle for page in pages]): await _figure(work, pages, asked) for pages in work.papers()}
    figures = [figure for figure in found.values() if figure]
    if not figures:
        return False
    said = _said(asked, figures)
    work.note("Put the figures together", "reckoning", said)
    work.facts["reckoned"] = {
        "what": asked.how,
        "field": asked.field,
        "values": {figure.where: str(figure.value) for figure in figures},
        "missing": [where for where, figure in found.items() if figure is None],
    }
    work.conclusions += [said, *_doubts(asked, found)]
    return True


# --- the figures ----------------------------------------------------------------------------------


async def _figure(work: Work, pages: Sequence[Image], asked: Reckoning) -> Figure | None:
    """The value of the first page that shows one."""
    beside = ["date"] if asked.of_some_time else []
    wanted = [asked.field] if asked.of_dates else [asked.field, "currency", *beside]
    for page in pages:
        step = f"Take the {asked.field} from {page.handle}"
        found = await work.use(step, "extract", {"image": page.handle, "fields": wanted})
        if found and found.facts["fields"].get(asked.field) is not None:
            return _read(found, page.handle, asked)
    return None


def _read(found: Evidence, where: str, asked: Reckoning) -> Figure:
    fields: dict[str, Json] = found.facts["fields"]
    value = next(value for value in found.facts["values"] if value["name"] == asked.field)
    doubt = "it may be misread" if value["confidence"] < UNSURE else None
    if asked.of_dates:
        day = date.fromisoformat(value["value"])
        return Figure(where, day, None, day, doubt or value["note"])
    day_of = date.fromisoformat(fields["date"]) if fields.get("date") else None
    return Figure(where, Decimal(value["value"]), fields.get("currency"), day_of, doubt)


def _counts(figure: Figure, asked: Reckoning) -> bool:
    """Whether a paper is among those asked about."""
    if asked.of_some_time:
        return (
            figure.day is not None and asked.month in (None, figure.day.month) and asked.year in (None, figure.day.year)
        )
    if isinstance(figure.value, Decimal):
        over, under = asked.over, asked.under
        return (over is None or figure.value >= over) and (under is None or figure.value <= under)
    return True


# --- what is said ---------------------------------------------------------------------------------


def _said(asked: Reckoning, figures: Sequence[Figure]) -> str:
    counted = [figure for figure in figures if _counts(figure, asked)]
    rest = [figure for figure in figures if figure not in counted]
    if asked.how == "pick" or not counted:
        return _picked(asked, counted, rest)
    groups = _by_currency(counted)
    apart = " Different currencies are not set against each other." if len(groups) > 1 else ""
    left = f" Not of that time: {_each(rest, asked)}." if rest else ""
    told = [_alone(group[0]) if len(group) == 1 < len(counted) else SAID[asked.how](asked, group) for group in groups]
    return " ".join(told) + apart + left


def _alone(figure: Figure) -> str:
    return f"On {figure.where} alone: {figure}."


def _by_currency(figures: Sequence[Figure]) -> list[list[Figure]]:
    """Figures that may be reckoned together; those without a currency go with the only one there is."""
    groups: dict[str | None, list[Figure]] = defaultdict(list)
    known = {figure.currency for figure in figures if figure.currency}
    for figure in figures:
        groups[figure.currency if len(known) > 1 else None].append(figure)
    return list(groups.values())


def _picked(asked: Reckoning, counted: Sequence[Figure], rest: Sequence[Figure]) -> str:
    others = f"the other{'s' if len(rest) > 1 else ''}: {_each(rest, asked)}" if rest else ""
    if not counted:
        return f"None of them: {_each(rest, asked)}."
    shown = "; ".join([*(f"{figure.where}: {figure}" for figure in counted), *([others] if others else [])])
    return f"{_upper(shown)}."


def _extreme(asked: Reckoning, figures: Sequence[Figure]) -> str:
    rising = _sorted(figures)
    best = rising[-1] if asked.how == "most" else rising[0]
    same = [figure for figure in figures if figure.value == best.value]
    rest = [figure for figure in (rising[::-1] if asked.how == "most" else rising) if figure not in same]
    have = "have" if len(same) > 1 else "has"
    which = _upper(listed([figure.where for figure in same]))
    if not rest and len(same) > 1:
        return f"{which} have the same {asked.field}: {best}."
    against = f", against {_each(rest)}" if rest else ", the only one"
    return f"{which} {have} the {_degree(asked)} {asked.field}: {best}{against}."


def _degree(asked: Reckoning) -> str:
    if asked.of_dates:
        return "latest" if asked.how == "most" else "earliest"
    return "highest" if asked.how == "most" else "lowest"


def _ordered(asked: Reckoning, figures: Sequence[Figure]) -> str:
    rising = _sorted(figures)
    ends = ("latest", "earliest") if asked.of_dates else ("highest", "lowest")
    return f"By {asked.field}, {ends[not asked.falling]} first: {_each(rising[::-1] if asked.falling else rising)}."


def _sum(asked: Reckoning, figures: Sequence[Figure]) -> str:
    if len(figures) == 1:
        return _alone(figures[0])
    parts = " + ".join(f"{figure.value} ({figure.where})" for figure in figures)
    return f"{parts} = {_money(sum(_amounts(figures), Decimal(0)), figures)}."


def _average(asked: Reckoning, figures: Sequence[Figure]) -> str:
    mean = (sum(_amounts(figures), Decimal(0)) / len(figures)).quantize(CENT, ROUND_HALF_UP)
    parts = " + ".join(f"{figure.value} ({figure.where})" for figure in figures)
    return f"The average {asked.field} is {_money(mean, figures)}: ({parts}) / {len(figures)}."


def _median(asked: Reckoning, figures: Sequence[Figure]) -> str:
    middle = statistics.median(_amounts(figures)).quantize(CENT, ROUND_HALF_UP)
    return f"The median {asked.field} is {_money(middle, figures)}, of {_each(_sorted(figures))}."


def _difference(asked: Reckoning, figures: Sequence[Figure]) -> str:
    low, *_, high = _sorted(figures) if len(figures) > 1 else [figures[0], figures[0]]
    if low is high:
        return _alone(low)
    if isinstance(high.value, date) and isinstance(low.value, date):
        return f"{high.value} ({high.where}) is {(high.value - low.value).days} days after {low.value} ({low.where})."
    most, least = _amounts([high, low])
    return f"{most} ({high.where}) - {least} ({low.where}) = {_money(most - least, figures)}."


SAID: dict[How, Callable[[Reckoning, Sequence[Figure]], str]] = {
    "most": _extreme,
    "least": _extreme,
    "sum": _sum,
    "difference": _difference,
    "average": _average,
    "median": _median,
    "order": _ordered,
}


def _doubts(asked: Reckoning, found: dict[str, Figure | None]) -> Iterator[str]:
    """What stands against the result: papers that do not show a value, and values that may be something else."""
    if lacking := [where for where, figure in found.items() if figure is None]:
        yield f"I found no {asked.field} on {listed(lacking)}."
    figures = [figure for figure in found.values() if figure]
    if asked.of_some_time and (undated := [figure.where for figure in figures if figure.day is None]):
        yield f"I found no date on {listed(undated)}."
    bare = [figure.where for figure in figures if not figure.currency]
    if bare and len(bare) < len(figures) and not asked.of_dates:
        yield f"I found no currency on {listed(bare)}."
    yield from (f"Of the {asked.field} on {figure.where}: {figure.doubt}." for figure in figures if figure.doubt)


def _sorted(figures: Sequence[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda figure: figure.value)  # all of one kind


def _amounts(figures: Sequence[Figure]) -> list[Decimal]:
    return [figure.value for figure in figures if isinstance(figure.value, Decimal)]


def _money(amount: Decimal, figures: Sequence[Figure]) -> str:
    return _with(next((figure.currency for figure in figures if figure.currency), None), amount)


def _with(currency: str | None, amount: Decimal | date) -> str:
    """ "9.00 EUR", "$9.00"."""
    if currency is None:
        return str(amount)
    return f"{amount} {currency}" if currency.isalpha() else f"{currency}{amount}"


def _each(figures: Sequence[Figure], asked: Reckoning | None = None) -> str:
    """ "10.40 MYR (image 1)", and, where only papers of some time count, their dates."""
    dated = asked is not None and asked.of_some_time
    days = [f", {figure.day or 'no date'}" if dated and figure.day != figure.value else "" for figure in figures]
    return listed([f"{figure} ({figure.where}{day})" for figure, day in zip(figures, days, strict=True)])


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
