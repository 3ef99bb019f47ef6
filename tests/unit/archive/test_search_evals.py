"""Evaluations of searches: what counts as right, and what copies are made."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image as Pillow

from bot.evals.captions import Recall
from bot.evals.copying import CHANGES
from bot.evals.duplicates import Case, _figures
from bot.evals.paper_search import Paper, cases_of


def paper(stem: str, company: str, date: str, total: str, *lines: str) -> Paper:
    return Paper(stem, {"company": company, "date": date, "total": total}, " ".join(lines), lines)


def test_every_paper_that_has_what_was_asked_for_is_right() -> None:
    papers = [
        paper("1", "ICE SHOP", "05/02/2018", "9.00", "ICE SHOP", "VANILLA CONE WITH SPRINKLES"),
        paper("2", "ICE SHOP", "05/02/2018", "7.50", "ICE SHOP", "LEMON SORBET IN A CUP"),
        paper("3", "BAKERY", "06/02/2018", "9.00", "BAKERY"),
    ]
    cases = {case.kind: case for case in cases_of(papers[0], papers)}
    assert cases["shop and date"].query == "the receipt from Ice Shop of 5 February 2018"
    assert cases["shop and date"].right == {"1", "2"}
    assert cases["shop and total"].right == {"1"}
    assert cases["words of the paper"].query == "the paper that says vanilla cone with sprinkles"
    assert "words of the paper" not in {case.kind for case in cases_of(papers[2], papers)}


def test_recall_counts_places() -> None:
    recall = Recall([0, 4, None, 9])
    assert [recall.at(depth) for depth in (1, 5, 10)] == [0.25, 0.5, 0.75]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_copy_is_another_picture_of_the_same(kind: str) -> None:
    image = Pillow.effect_mandelbrot((200, 150), (-2, -1.5, 1, 1.5), 60).convert("RGB")
    changed = CHANGES[kind](image, random.Random(1))
    assert changed.mode == "RGB"
    assert (changed.tobytes() == image.tobytes()) == (kind == "re-encoded")


def test_a_copy_of_something_else_costs_precision_and_one_that_is_missed_recall() -> None:
    kinds = list(CHANGES)
    cases = [*(Case(kind, "0.png", Path(kind)) for kind in kinds), Case("never posted", "", Path("x"))]
    found = [["0.png"], [], *[["0.png"]] * (len(kinds) - 2), ["1.png"]]
    figures = {figure.what: figure for figure in _figures(cases, found)}
    assert figures["precision"].value == pytest.approx(5 / 6)
    assert not figures["precision"].met
    assert figures[f"recall, {kinds[0]}"].value == 1
    assert figures[f"recall, {kinds[1]}"].value == 0
