"""When two readings of the same image say the same."""

from __future__ import annotations

import pytest

from tools.backends.chat_vision.agreeing import same


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Three cups.", "3 cups"),
        ("The total is 1,234.50 euros.", "The total is 1.234,50 euros."),
        ("The total is 1'234.50", "the total: 1234.5"),
        ("12,000 people", "12000 people"),
        ("1.234.567 and 0.5", "0,5 and 1,234,567"),
        ("Nobody; no one is there.", "Nobody is there."),
        ("Yes", "yes."),
        ("A red car.", "It is a red car."),
        ("A dog runs across a green meadow.", "A green meadow with a dog that runs across it."),
        ({"total": "9.00", "rows": ["a", "b"]}, {"total": "9", "rows": ["A", "b."]}),
        (None, None),
        (0.5, 0.5),
    ],
)
def test_the_same_in_other_words(one: object, two: object) -> None:
    assert same(one, two)
    assert same(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The total is 19.00 euros.", "The total is 79.00 euros."),
        ("Three cups.", "Four cups."),
        ("Yes", "No"),
        ("Code 0042", "Code 42"),
        ("Serial A1-77", "Serial A1-71"),
        ("There is damage to the front bumper of the car.", "There is no damage to the front bumper of the car."),
        ("The gauge isn't in the red area of the scale.", "The gauge is in the red area of the scale."),
        ("A red car.", "A blue car."),
        ("A dog runs across a green meadow.", "Two people sit in a kitchen and read."),
        ({"total": "9.00"}, {"total": None}),
        (["a", "b"], ["a"]),
        ("9", None),
    ],
)
def test_not_the_same(one: object, two: object) -> None:
    assert not same(one, two)
    assert not same(two, one)
