"""Total, date and company of scanned receipts (ICDAR 2019 SROIE), from the shared data folder."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bot.evals.report import Figure
from bot.evals.running import use
from bot.wiring import Wiring

FIELDS = ("total", "date", "company")
TARGETS = {"total": 0.95, "date": 0.95, "company": 0.80}
FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d %b %Y", "%d-%b-%Y", "%d %b %y",
           "%d %B %Y", "%Y-%m-%d", "%Y/%m/%d", "%d%b%Y", "%d-%b-%y", "%b %d, %Y", "%d/%b/%Y", "%Y%m%d")  # fmt: skip


@dataclass(frozen=True)
class Result:
    right: Mapping[str, bool]
    unprinted: int
    """Values of which some letters or digits stand nowhere on the paper."""


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
    unprinted = sum(one.unprinted for one in results)
    return [*found, Figure("receipts", "totals and dates not printed", unprinted, len(results), 0, at_most=True)]


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
    paper = plain(printed(folder / "box" / f"{key.stem}.csv"))
    texts = {value["name"]: value["text"] for value in evidence.facts["values"] if value["value"] is not None}
    digits = [re.sub(r"\D", "", texts[name]) for name in ("total", "date") if name in texts]
    return Result(right, sum(run not in re.sub(r"[a-z]", "", paper) for run in digits))


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
