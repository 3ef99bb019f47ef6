"""When two readings of the same image say the same."""

from __future__ import annotations

import pytest

from tools.backends.chat_vision.agreeing import agree, same, settled
from tools.kit import Seen
from tools.kit.seeing.tasks import tasks


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


def reading(text: str, **found: object) -> Seen:
    return Seen(text=text, model="m", sure=0.9, found=found)


def field(value: str, left: float, name: str = "total") -> dict[str, object]:
    region = {"image": "image 1", "what": "total", "left": left, "top": 0.1, "right": 0.9, "bottom": 0.2}
    return {"name": name, "value": value, "text": value, "region": region}


FIELDS = tasks()["fields"].settles
DIAGRAM = tasks()["diagrams"].settles


def test_boxes_and_wordings_that_differ_a_little_are_no_disagreement() -> None:
    one = reading("The total is 9.00.", fields=[field("9.00", 0.51)])
    two = reading("One has to pay 9.00 in the end.", fields=[field("9.00", 0.53)])
    assert agree(one, two, FIELDS)
    assert agree(reading("9.00", fields=[field("9.00", 0.51)]), reading("9", fields=[field("9.00", 0.53)]))


def test_connections_in_another_order_are_the_same_and_one_turned_round_is_not() -> None:
    there = [{"start": "A", "end": "B"}, {"start": "B", "end": "C"}]
    one = reading("A feeds B, which feeds C.", connections=there, flow="A to C")
    assert agree(one, reading("It flows to C over B.", connections=there[::-1], flow="From A over B to C"), DIAGRAM)
    turned = [{"start": "B", "end": "A"}, {"start": "B", "end": "C"}]
    assert not agree(one, reading("A feeds B, which feeds C.", connections=turned, flow="A to C"), DIAGRAM)


def test_a_field_on_which_the_readings_differ_is_not_found_and_the_amount_not_certain() -> None:
    one = reading("Taken.", fields=[field("19.00", 0.5)])
    both = settled(one, reading("Taken.", fields=[field("79.00", 0.5)]), model="m", settles=FIELDS)
    assert "fields" not in both.found
    assert both.cannot_determine
    assert both.notes


def test_answers_with_other_numbers_disagree_whatever_else_agrees() -> None:
    one = reading("It comes to 9.00.", fields=[field("Acme", 0.5, "company")])
    assert not agree(one, reading("It comes to 8.00.", fields=[field("Acme", 0.5, "company")]), FIELDS)
