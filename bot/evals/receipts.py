"""Total, date and company of scanned receipts (ICDAR 2019 SROIE), from the shared data folder."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from rapidfuzz.fuzz import partial_ratio

from bot.evals.report import Figure
from bot.evals.running import use
from bot.wiring import Wiring
from tools.kit import Json

FIELDS = ("total", "date", "company")
AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")
NEIGHBOURS = 3
"""Words a printed date may be spread over."""
NEARLY = 85.0
TARGETS = {"total": 0.95, "date": 0.95, "company": 0.80}
FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d %b %Y", "%d-%b-%Y", "%d %b %y",
           "%d %B %Y", "%Y-%m-%d", "%Y/%m/%d", "%d%b%Y", "%d-%b-%y", "%b %d, %Y", "%d/%b/%Y", "%Y%m%d")  # fmt: skip


@dataclass(frozen=True)
class Result:
    right: Mapping[str, bool]
    unprinted: tuple[str, ...]
    """Fields whose value stands nowhere on the paper."""
    misread: bool = False
    """The company is printed in nearly these letters."""


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """Letters and digits only, whatever their case; dates and amounts as values."""
    keys = _keys(data)
    results = [await _examine(wiring, data / "receipts", key) for key in keys]
    if not results:
        return []
    found = [
        Figure("receipts", name, sum(one.right[name] for one in results) / len(results), len(results), TARGETS[name])
        for name in FIELDS
    ]
    unprinted = [f"{key.stem} {name}" for key, one in zip(keys, results, strict=True) for name in one.unprinted]
    misread = [key.stem for key, one in zip(keys, results, strict=True) if one.misread]
    return [
        *found,
        Figure(
            "receipts", "values not printed", len(unprinted), len(results), 0, True, ", ".join(unprinted), share=False
        ),
        Figure("receipts", "companies misread", len(misread), len(results), note=", ".join(misread), share=False),
    ]


def _keys(data: Path) -> list[Path]:
    return sorted((data / "receipts" / "key").glob("*.json"))


async def _examine(wiring: Wiring, folder: Path, key: Path) -> Result:
    truth, image = _truth(folder, key)
    evidence = await use(wiring, "extract", image, fields=list(FIELDS))
    fields = evidence.facts["fields"]
    right = {
        "total": same_amount(fields["total"], truth["total"]),
        "date": same_date(fields["date"], truth["date"]),
        "company": plain(fields["company"]) == plain(truth["company"]),
    }
    values = [value for value in evidence.facts["values"] if value["value"] is not None]
    return judged(right, values, printed(folder / "box" / f"{key.stem}.csv"))


def judged(right: Mapping[str, bool], values: Sequence[Mapping[str, Json]], paper: str) -> Result:
    """values: with their `name`, `value`, and `text` as read. paper: all that is truly printed."""
    absent = [value["name"] for value in values if not PRINTED[value["name"]](value, paper)]
    misread = any(value["name"] == "company" and "company" in absent and nearly(value, paper) for value in values)
    return Result(right, tuple(name for name in absent if name != "company" or not misread), misread)


def total_printed(value: Mapping[str, Json], paper: str) -> bool:
    """It is the number of one printed word: digits of two never make one."""
    amounts = [amount for word in paper.split() for amount in AMOUNT.findall(word)]
    digits = re.sub(r"\D", "", value["text"])
    return any(same_amount(value["value"], each) and digits == re.sub(r"\D", "", each) for each in amounts)


def date_printed(value: Mapping[str, Json], paper: str) -> bool:
    """Its digits follow each other in a printed word, or in a few that stand side by side (25 DEC 2018)."""
    words, digits = paper.split(), re.sub(r"\D", "", value["text"])
    windows = (words[start : start + NEIGHBOURS] for start in range(len(words)))
    return bool(digits) and any(digits in re.sub(r"\D", "", "".join(window)) for window in windows)


def company_printed(value: Mapping[str, Json], paper: str) -> bool:
    return plain(value["value"]) in plain(paper)


def nearly(value: Mapping[str, Json], paper: str) -> bool:
    """A letter in seven may be misread."""
    return partial_ratio(plain(value["value"]), plain(paper)) >= NEARLY


PRINTED: Mapping[str, Callable[[Mapping[str, Json], str], bool]] = {
    "total": total_printed,
    "date": date_printed,
    "company": company_printed,
}


def _truth(folder: Path, key: Path) -> tuple[dict[str, str], Path]:
    return json.loads(key.read_text("utf-8")), next((folder / "img").glob(f"{key.stem}.*"))


def printed(box: Path) -> str:
    """The true text of a receipt: eight coordinates and the words, a line each."""
    with box.open(encoding="utf-8", errors="replace", newline="") as file:
        return " ".join(",".join(row[8:]) for row in csv.reader(file))


def plain(text: str | None) -> str:
    return re.sub(r"[^a-z0-9]", "", (text or "").lower())


def same_amount(found: str | None, truth: str) -> bool:
    try:
        return found is not None and Decimal(found) == Decimal(re.sub(r"[^\d.]", "", truth))
    except InvalidOperation:
        return False


def same_date(found: str | None, truth: str) -> bool:
    return found is not None and date.fromisoformat(found) in readings(truth)


def readings(text: str) -> list[date]:
    """The first way to read a date as Malaysian receipts print it: day before month."""
    for form in FORMATS:
        try:
            return [datetime.strptime(text.strip().title(), form).date()]
        except ValueError:
            continue
    return []
