"""Scanned receipts (ICDAR 2019 SROIE) found by plain sentences among photos, from the shared data folder."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evals.receipts import plain, printed, readings
from bot.evals.report import Failure, Figure
from bot.wiring import OWNER, Wiring
from tools.kit import Scope, TextEncoder
from tools.kit.ranking import rank

SCOPE = Scope(workspace="eval-papers", audiences=OWNER.audiences)
TARGET = 0.95
LINE_WORDS = 3
"""Words at least of a printed line that is asked for."""
LETTERS = 14
"""And letters, so that it tells papers apart."""


@dataclass(frozen=True)
class Paper:
    stem: str
    truth: Mapping[str, str]
    text: str
    """All that is truly printed."""
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    kind: str
    query: str
    right: frozenset[str]
    """Stems of all papers of which everything asked is true."""


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """Recall at 1 by kind of sentence, and of all together. Right is any paper that has what was asked for."""
    papers = papers_of(data / "receipts")
    if not papers:
        return []
    photos = data / "captions" / "images"
    if photos.exists():
        async for _ in wiring.index([photos], scope=SCOPE, prune=False, fresh=True):
            pass
    images = data / "receipts" / "img"
    async for _ in wiring.index([images], scope=SCOPE, prune=False, fresh=not photos.exists(), enrich=True):
        pass
    cases = [case for paper in papers for case in cases_of(paper, papers)]
    found = [await _first(wiring, case) for case in cases]
    results = list(zip(cases, found, strict=True))
    kinds = list(dict.fromkeys(case.kind for case in cases))
    return [
        _figure("all", results, TARGET),
        *(_figure(kind, [each for each in results if each[0].kind == kind]) for kind in kinds),
    ]


def _figure(kind: str, results: Sequence[tuple[Case, tuple[str, float]]], target: float | None = None) -> Figure:
    wrong = [Failure(case.query, f"found {stem or 'nothing'}") for case, (stem, _) in results if stem not in case.right]
    return Figure(
        "paper_search",
        f"recall at 1, {kind}",
        1 - len(wrong) / len(results),
        len(results),
        target,
        seconds=tuple(seconds for _, (_, seconds) in results),
        failures=tuple(wrong),
    )


async def _first(wiring: Wiring, case: Case) -> tuple[str, float]:
    """Stem of the best hit, empty where nothing is relevant; seconds it took."""
    encoder, archive = await wiring.pair(SCOPE.workspace)
    started = time.perf_counter()
    ranking = await rank(
        case.query, limit=5, encoder=encoder, archive=archive, meaning=await wiring.lend(TextEncoder), scope=SCOPE
    )
    seconds = time.perf_counter() - started
    return Path(ranking.relevant[0].hit.item.name).stem if ranking.relevant else "", seconds


def papers_of(folder: Path) -> list[Paper]:
    papers = []
    for key in sorted((folder / "key").glob("*.json")):
        box = folder / "box" / f"{key.stem}.csv"
        rows = box.read_text("utf-8", errors="replace").splitlines()
        lines = tuple(",".join(row.split(",")[8:]) for row in rows)
        papers.append(Paper(key.stem, json.loads(key.read_text("utf-8")), printed(box), lines))
    return papers


def cases_of(paper: Paper, papers: Sequence[Paper]) -> Iterator[Case]:
    company, total = paper.truth["company"].title(), paper.truth["total"]
    days = readings(paper.truth["date"])
    day = f"{days[0].day} {days[0]:%B %Y}" if days else paper.truth["date"]
    yield Case("shop and date", f"the receipt from {company} of {day}", _with(papers, paper, "company", "date"))
    yield Case("shop and total", f"a bill by {company}, {total} in all", _with(papers, paper, "company", "total"))
    yield Case("date and total", f"what did we pay {total} for on {day}?", _with(papers, paper, "date", "total"))
    yield Case(
        "date as printed", f"receipt of {paper.truth['date']} from {company}", _with(papers, paper, "company", "date")
    )
    if line := _telling(paper, papers):
        stems = frozenset(each.stem for each in papers if plain(line) in plain(each.text))
        yield Case("words of the paper", f"the paper that says {line.lower()}", stems)


def _with(papers: Sequence[Paper], paper: Paper, *fields: str) -> frozenset[str]:
    same = {field: plain(paper.truth[field]) for field in fields}
    return frozenset(each.stem for each in papers if all(plain(each.truth[field]) == same[field] for field in fields))


def _telling(paper: Paper, papers: Sequence[Paper]) -> str | None:
    """The first line of some length that stands on no other paper."""
    for line in paper.lines:
        long = len(line.split()) >= LINE_WORDS and sum(letter.isalpha() for letter in line) >= LETTERS
        if long and sum(plain(line) in plain(each.text) for each in papers) == 1:
            return line
    return None
