"""Questions over several papers, and about what one lists: every figure is shown, nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.unit.stand_ins import GivenTools, kept
from tools.analyze import analyze
from tools.kit import CannotDo, Diagram, Evidence, Image
from tools.kit.analysis.asking import reckoning_of
from tools.kit.analysis.items import wanted_of

BAKERY: dict[str, Any] = {"total": "10.40", "currency": "MYR", "date": "2017-09-21", "due date": None}
CAFE: dict[str, Any] = {"total": "30.30", "currency": "MYR", "date": "2018-02-14", "due date": None}
HARDWARE: dict[str, Any] = {"total": "14.10", "currency": None, "date": "2018-03-02", "due date": None}
PHOTO: dict[str, Any] = dict.fromkeys(("total", "currency", "date", "due date", "items", "subtotal"))
MENU: list[dict[str, Any]] = [
    {"description": "Soup", "quantity": "2", "price": None, "amount": "9.00"},
    {"description": "Tea", "quantity": "1", "price": None, "amount": "1.50"},
]


class NoDiagrams:
    async def read(self, image: Image, lines: Any) -> Diagram:
        return Diagram()


def extracted(fields: Mapping[str, Any], sure: float = 0.9, note: str | None = None) -> Evidence:
    values = [{"name": name, "value": value, "confidence": sure, "note": note} for name, value in fields.items()]
    return Evidence(said="Fields.", facts={"fields": dict(fields), "values": values}, sure=sure)


async def asked(question: str, folder: Path, *papers: Mapping[str, Any] | Evidence, pages: bool = False) -> Evidence:
    answers: dict[tuple[str, str], Evidence | Exception] = {
        ("extract", f"image {n}"): paper if isinstance(paper, Evidence) else extracted(paper)
        for n, paper in enumerate(papers, 1)
    }
    answers["look", "image 1"] = CannotDo("No vision model is configured.")
    answers["compare", "image 1"] = Evidence(said="They differ.", facts={})
    shown = [kept(Pillow.new("RGB", (60, 80), "white"), folder / f"{n}.png", n) for n in range(1, len(papers) + 1)]
    if pages:
        shown = [
            Image(image.ref.model_copy(update={"page": n, "pages": len(shown), "sha256": "f" * 64}), image.path)
            for n, image in enumerate(shown, 1)
        ]
    return await analyze(shown, question, toolbox=GivenTools(answers), diagrams=NoDiagrams())


@pytest.mark.parametrize(
    ("question", "conclusion"),
    [
        ("which receipt is the highest?", "Image 2 has the highest total: 30.30 MYR, against 10.40 MYR (image 1)."),
        ("which one is cheaper?", "Image 1 has the lowest total: 10.40 MYR, against 30.30 MYR (image 2)."),
        ("add up the two totals", "10.40 (image 1) + 30.30 (image 2) = 40.70 MYR."),
        ("what is the difference between the totals?", "30.30 (image 2) - 10.40 (image 1) = 19.90 MYR."),
        ("what's the average total?", "The average total is 20.35 MYR: (10.40 (image 1) + 30.30 (image 2)) / 2."),
        ("sort them by date", "By date, earliest first: 2017-09-21 (image 1) and 2018-02-14 (image 2)."),
        (
            "rank them from cheapest to most expensive",
            "By total, lowest first: 10.40 MYR (image 1) and 30.30 MYR (image 2).",
        ),
        ("sort them by total, cheapest first", "By total, lowest first: 10.40 MYR (image 1) and 30.30 MYR (image 2)."),
        ("sort them by total", "By total, highest first: 30.30 MYR (image 2) and 10.40 MYR (image 1)."),
        ("which is from February?", "Image 2: 2018-02-14; the other: 2017-09-21 (image 1)."),
        ("which invoice is the newest?", "Image 2 has the latest date: 2018-02-14, against 2017-09-21 (image 1)."),
        ("and the newest date?", "Image 2 has the latest date: 2018-02-14, against 2017-09-21 (image 1)."),
        ("what's the median total?", "The median total is 20.35 MYR, of 10.40 MYR (image 1) and 30.30 MYR (image 2)."),
        ("did we pay more than 20 on any?", "Image 2: 30.30 MYR; the other: 10.40 MYR (image 1)."),
        ("which totals are over 1,000?", "None of them: 10.40 MYR (image 1) and 30.30 MYR (image 2)."),
        ("which receipts are over 20?", "Image 2: 30.30 MYR; the other: 10.40 MYR (image 1)."),
        (
            "how much did we spend in September?",
            "On image 1 alone: 10.40 MYR. Not of that time: 30.30 MYR (image 2, 2018-02-14).",
        ),
        (
            "the total of each, and which is higher?",
            "Image 2 has the highest total: 30.30 MYR, against 10.40 MYR (image 1).",
        ),
        ("which is from 2019?", "None of them: 2017-09-21 (image 1) and 2018-02-14 (image 2)."),
    ],
)
async def test_values_are_taken_off_each_paper_and_set_against_each_other(
    question: str, conclusion: str, tmp_path: Path
) -> None:
    evidence = await asked(question, tmp_path, BAKERY, CAFE)
    assert evidence.facts["conclusion"] == conclusion


async def test_a_paper_without_the_value_is_named_and_left_out(tmp_path: Path) -> None:
    evidence = await asked("add up the totals", tmp_path, BAKERY, PHOTO, CAFE)
    assert evidence.facts["conclusion"] == (
        "10.40 (image 1) + 30.30 (image 3) = 40.70 MYR. I found no total on image 2."
    )
    assert evidence.facts["reckoned"]["missing"] == ["image 2"]


async def test_different_currencies_are_never_added(tmp_path: Path) -> None:
    evidence = await asked("add up the totals", tmp_path, BAKERY, {**CAFE, "currency": "USD"})
    assert evidence.facts["conclusion"] == (
        "On image 1 alone: 10.40 MYR. On image 2 alone: 30.30 USD. Different currencies are not set against each other."
    )


async def test_papers_of_one_currency_are_added_apart_from_the_others(tmp_path: Path) -> None:
    evidence = await asked(
        "add up the totals", tmp_path, BAKERY, {**CAFE, "currency": "USD"}, {**HARDWARE, "currency": "MYR"}
    )
    assert evidence.facts["conclusion"].startswith(
        "10.40 (image 1) + 14.10 (image 3) = 24.50 MYR. On image 2 alone: 30.30 USD."
    )


async def test_a_paper_without_a_currency_is_pointed_out(tmp_path: Path) -> None:
    evidence = await asked("which receipt is the highest?", tmp_path, CAFE, HARDWARE)
    assert evidence.facts["conclusion"].endswith("I found no currency on image 2.")


async def test_a_value_that_may_be_misread_is_said_to_be_so(tmp_path: Path) -> None:
    evidence = await asked("which receipt is the highest?", tmp_path, BAKERY, extracted(CAFE, sure=0.4))
    assert evidence.facts["conclusion"].endswith("Of the total on image 2: it may be misread.")


async def test_equal_values_are_said_to_be_equal(tmp_path: Path) -> None:
    evidence = await asked("which receipt is the highest?", tmp_path, BAKERY, BAKERY)
    assert evidence.facts["conclusion"] == "Image 1 and image 2 have the same total: 10.40 MYR."


async def test_where_no_paper_shows_the_value_nothing_is_reckoned(tmp_path: Path) -> None:
    evidence = await asked("which receipt is the cheapest?", tmp_path, PHOTO, PHOTO)
    assert "reckoned" not in evidence.facts
    assert evidence.facts["unanswered"] == ["I found no total on image 1 and image 2."]


async def test_the_pages_of_one_file_are_one_paper(tmp_path: Path) -> None:
    evidence = await asked("add up the totals", tmp_path, PHOTO, CAFE, pages=True)
    assert evidence.facts["reckoned"]["values"] == {"image 2": "30.30"}


@pytest.mark.parametrize(
    "question",
    [
        "do the totals add up on all three?",
        "which is better?",
        "which one is bigger?",
        "how many more people are in the second?",
        "what is the difference?",
        "what is the total?",
        "sum this image up in a sentence",
        "which has more people?",
        "which receipt has more items?",
        "who is it from?",
    ],
)
def test_other_questions_are_no_reckoning(question: str) -> None:
    assert reckoning_of(question) is None


# --- what a paper lists ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "conclusion"),
    [
        ("which item is the most expensive?", "The most expensive of the 2 items is 2 x Soup: 9.00."),
        ("what was the cheapest thing?", "The cheapest of the 2 items is Tea: 1.50."),
        ("what is the cheapest item?", "The cheapest of the 2 items is Tea: 1.50."),
        ("how many items are on it?", "Image 1 lists 2 items, 3 pieces by the printed quantities."),
        (
            "list the items with prices",
            "Image 1 lists 2 items, 3 pieces by the printed quantities:\n- 2 x Soup: 9.00\n- Tea: 1.50\n"
            "Together they make 10.50, as printed.",
        ),
    ],
)
async def test_the_items_of_a_paper_are_told(question: str, conclusion: str, tmp_path: Path) -> None:
    evidence = await asked(question, tmp_path, {"items": MENU, "subtotal": None, "total": "10.50"})
    assert evidence.facts["conclusion"] == conclusion


async def test_items_that_do_not_make_the_total_are_said_to_be_perhaps_incomplete(tmp_path: Path) -> None:
    evidence = await asked("what is the cheapest item?", tmp_path, {"items": MENU, "subtotal": None, "total": "13.00"})
    assert evidence.facts["conclusion"] == (
        "The cheapest of the 2 items is Tea: 1.50. Of image 1: by my reading they make 10.50 together, "
        "but 13.00 is printed: one may be missing or misread."
    )


async def test_a_paper_without_items_has_none_made_up(tmp_path: Path) -> None:
    evidence = await asked("which item is the most expensive?", tmp_path, PHOTO)
    assert evidence.facts["unanswered"] == ["I could not read any items on image 1."]


async def test_the_items_of_all_pages_are_one_list(tmp_path: Path) -> None:
    first = {"items": MENU, "subtotal": None, "total": None}
    last = {"items": [{"description": "Cake", "quantity": "1", "amount": "4.00"}], "subtotal": None, "total": "14.50"}
    evidence = await asked("list the items with prices", tmp_path, first, last, pages=True)
    assert evidence.facts["conclusion"].endswith("- Cake: 4.00\nTogether they make 14.50, as printed.")


def test_whether_items_make_the_total_is_a_check_and_no_list() -> None:
    assert wanted_of("do the items add up to the total?") is None
    assert wanted_of("is the total correct given the line items") is None


@pytest.mark.parametrize(
    ("question", "conclusion"),
    [
        ("how much was the soup?", "2 x Soup: 9.00."),
        ("what did the tea cost?", "Tea: 1.50."),
        ("price of the soups", "2 x Soup: 9.00."),
        ("how much was the cake?", "I found no cake among the 2 items that I can read."),
    ],
)
async def test_the_price_of_one_item_is_found_by_its_name(question: str, conclusion: str, tmp_path: Path) -> None:
    evidence = await asked(question, tmp_path, {"items": MENU, "subtotal": None, "total": "10.50"})
    assert evidence.facts["conclusion"] == conclusion


@pytest.mark.parametrize("question", ["how much is the total?", "how much was the service charge?", "how much is it?"])
def test_a_sum_of_the_paper_is_no_item(question: str) -> None:
    assert wanted_of(question) is None
