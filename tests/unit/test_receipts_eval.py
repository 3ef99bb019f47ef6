"""What the receipts evaluation takes for printed."""

from __future__ import annotations

import pytest

from bot.evals.receipts import judged

PAPER = "GOLDEN HARVEST\nBAKERY SDN BHD (12345-K) 25 DEC 2018 10:32 TOTAL RM1,209.00 CASH 50.00 CHANGE 41 .00"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("total", "1209.00", "RM 1,209.00"),
        ("total", "50.00", "50.00"),
        ("date", "2018-12-25", "25 DEC 2018"),
        ("company", "Golden Harvest Bakery Sdn Bhd", "GOLDEN HARVEST"),
    ],
)
def test_what_stands_on_the_paper_is_printed(name: str, value: str, text: str) -> None:
    result = judged({}, [{"name": name, "value": value, "text": text}], PAPER)
    assert (result.unprinted, result.misread) == ((), False)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("total", "41.00", "41.00"),  # of two words
        ("total", "9.00", "9.00"),  # the end of another amount
        ("total", "10.32", "10.32"),
        ("date", "2018-10-20", "20/18/10 32 12"),
        ("date", "2050-12-25", "25 12 50"),
        ("company", "Silver Moon Kitchen", "SILVER MOON"),
    ],
)
def test_what_is_put_together_from_other_things_is_not(name: str, value: str, text: str) -> None:
    assert judged({}, [{"name": name, "value": value, "text": text}], PAPER).unprinted == (name,)


def test_a_misread_company_is_counted_apart() -> None:
    result = judged({}, [{"name": "company", "value": "GOLDEM HARVEST BAKERY SDN BHD", "text": ""}], PAPER)
    assert (result.unprinted, result.misread) == ((), True)
