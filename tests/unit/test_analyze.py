"""Analysis: steps that can be followed, arithmetic that is right, totals that are checked, diagrams that are read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from tests.unit.drawings import diagram
from tests.unit.stand_ins import GivenTools, Here, kept, line
from tools.analyze import analyze
from tools.backends.opencv_diagrams import OpenCvDiagrams
from tools.kit import AskAgain, CannotDo, Diagram, Evidence, Image, Line
from tools.kit.analysis.arithmetic import sums
from tools.kit.analysis.expressions import Unreadable, evaluate
from tools.kit.analysis.questions import aims_of, parts_of, things_counted
from tools.kit.analysis.totals import Text, checks

Answers = Mapping[tuple[str, str], Evidence | Exception]

FLOW = {"Order": (150, 120), "Pay": (500, 120), "Pack": (850, 120), "Refund": (500, 500)}
ARROWS = [("Order", "Pay"), ("Pay", "Pack"), ("Pay", "Refund")]

RECEIPT = [
    ("Corner Bakery", None),
    ("2 x Croissant", "5.00"),
    ("1 x Rye bread", "4.20"),
    ("1 x Coffee", "2.80"),
    ("Subtotal", "12.00"),
    ("Tax 10%", "1.20"),
    ("TOTAL", "13.20"),
    ("Cash", "20.00"),
    ("Change", "6.80"),
]


def read(*texts: str) -> Evidence:
    """What `read_text` says of lines below each other."""
    return as_read([line(text, (20, 40 * n, 20 + 12 * len(text), 40 * n + 28)) for n, text in enumerate(texts)])


def as_read(lines: Sequence[Line]) -> Evidence:
    facts = [{"text": each.text, "box": list(each.box), "confidence": each.sure} for each in lines]
    return Evidence(said="\n".join(each.text for each in lines) or "No text.", facts={"lines": facts}, sure=0.97)


def rows(entries: Sequence[tuple[str, str | None]]) -> list[Line]:
    """A receipt: names on the left, amounts aligned on the right."""
    found = []
    for n, (name, amount) in enumerate(entries):
        found.append(line(name, (20, 40 * n, 20 + 12 * len(name), 40 * n + 28)))
        if amount is not None:
            found.append(line(amount, (560 - 12 * len(amount), 40 * n + 2, 560, 40 * n + 30)))
    return found


def changed(name: str, amount: str) -> list[tuple[str, str | None]]:
    return [(label, amount if label == name else printed) for label, printed in RECEIPT]


class EndlessDiagrams:
    async def read(self, image: Image, lines: Sequence[Line]) -> Diagram:
        await asyncio.Event().wait()
        raise AssertionError


class NoDiagrams:
    async def read(self, image: Image, lines: Sequence[Line]) -> Diagram:
        return Diagram()


async def analysed(question: str, answers: Answers, folder: Path, images: int = 1, **ports: Any) -> Evidence:
    shown = [kept(Pillow.new("RGB", (600, 800), "white"), folder / f"{n}.png", n) for n in range(1, images + 1)]
    return await analyze(shown, question, toolbox=GivenTools(answers), **{"diagrams": NoDiagrams(), **ports})


async def drawn(question: str, folder: Path, **drawing: Any) -> Evidence:
    picture, lines = diagram(**drawing)
    tools = GivenTools({("read_text", "image 1"): as_read(lines)})
    image = kept(picture, folder / "d.png")
    return await analyze([image], question, toolbox=tools, diagrams=OpenCvDiagrams(Here()))


# --- arithmetic -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("12 x 7 + 3 =", "12 x 7 + 3 = 87."),
        ("12 × 7 + 3 = 88", "12 × 7 + 3 = 88 is wrong: 87, not 88."),
        ("(2 + 3) x 4 = 20", "(2 + 3) x 4 = 20 is right."),
        ("3/4 + 1/8 = ?", "3/4 + 1/8 = 7/8 (0.875)."),
        ("2 1/2 + 1/3 =", "2 1/2 + 1/3 = 17/6 (about 2.833)."),
        ("15% of 80 =", "15% of 80 = 12."),
        ("80 + 10% =", "80 + 10% = 88."),
        ("10 ÷ 3 = 3.33", "10 ÷ 3 = 3.33 is right."),
        ("10 ÷ 3 = 3.34", "10 ÷ 3 = 3.34 is wrong: 10/3 (about 3.333), not 3.34."),
        ("1,200 − 350 =", "1,200 − 350 = 850."),
        ("5² + 2^3 =", "5² + 2^3 = 33."),
        ("0.1 + 0.2 = 0.3", "0.1 + 0.2 = 0.3 is right."),
        ("[2 + {3 - 1}] x 2 =", "[2 + {3 - 1}] x 2 = 8."),
        ("a) -3 + 5 =", "-3 + 5 = 2."),
        ("3. 2(3 + 4) =", "2(3 + 4) = 14."),
        ("7 / 0 =", "7 / 0 =: it divides by zero, so it has no value."),
        ("3x + 5 = 20", "3x + 5 = 20 gives x = 5."),
        ("2x = 2x + 1", "2x = 2x + 1: no x makes it true."),
    ],
)
def test_printed_arithmetic_is_worked_out(printed: str, said: str) -> None:
    assert [found.said() for found in sums([printed])] == [said]


@pytest.mark.parametrize(
    "printed",
    [
        "2026-05-01",
        "Tel. 555-1234",
        "12/03/2026",
        "Total = 12.00",
        "Room 2 - 4 beds",
        "4 x 6 photos",
        "x = 5",
        "7 =",
        "=",
    ],
)
def test_dates_numbers_and_labels_are_not_arithmetic(printed: str) -> None:
    assert sums([printed], loose=True) == []


@pytest.mark.parametrize(
    "printed", ["9^99999 =", "(" * 40 + "1+1" + ")" * 40 + " =", "1+" * 200 + "1 =", "__import__('os') ="]
)
def test_what_would_be_dangerous_to_work_out_is_left_alone(printed: str) -> None:
    assert sums([printed], loose=True) == []


def test_working_over_several_lines_is_one_calculation() -> None:
    assert [found.said() for found in sums(["12 x 7 + 3", "= 84 + 4", "= 88"])] == [
        "12 x 7 + 3 = 84 + 4 = 88 is wrong: 87, not 84 + 4."
    ]


def test_numbers_under_each_other_are_added() -> None:
    assert [found.said() for found in sums(["123", "+ 456", "-----", "580"])] == [
        "123 + 456 = 580 is wrong: 579, not 580."
    ]


@given(st.recursive(
    st.integers(0, 999).map(lambda number: (str(number), Fraction(number))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda parts: (
            f"({parts[0][0]} {parts[1]} {parts[2][0]})",
            {"+": parts[0][1] + parts[2][1], "-": parts[0][1] - parts[2][1], "*": parts[0][1] * parts[2][1]}[parts[1]],
        )
    ),
    max_leaves=8,
))  # fmt: skip
def test_any_bracketed_expression_has_its_value(expression: tuple[str, Fraction]) -> None:
    assert evaluate(expression[0]) == expression[1]


@given(st.text(alphabet="0123456789+-*/^()%x =.,", max_size=60))
def test_no_text_breaks_the_evaluator(text: str) -> None:
    for found in sums([text], loose=True):
        assert found.said()


def test_an_unclosed_bracket_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        evaluate("(2 + 3")


async def test_a_worksheet_is_checked_step_by_step(tmp_path: Path) -> None:
    answers = {("read_text", "image 1"): read("Homework", "1) 7 x 8 = 54", "2) 9 + 6 = 15", "3) 12 - 5 =")}
    evidence = await analysed("Are the answers right?", answers, tmp_path)
    assert evidence.facts["conclusion"].startswith("1 of 2 printed results are right. 7 x 8 = 54 is wrong: 56, not 54.")
    assert [step["tool"] for step in evidence.facts["steps"]] == ["read_text", *["arithmetic"] * 3]
    assert evidence.facts["arithmetic"][0] == {"printed": "7 x 8 = 54", "value": "56", "stated": "54", "correct": False}
    assert evidence.sure == 0.97


async def test_arithmetic_in_the_question_itself_is_worked_out(tmp_path: Path) -> None:
    evidence = await analysed("What is 12 x 7 + 3?", {("read_text", "image 1"): read()}, tmp_path)
    assert evidence.facts["conclusion"] == "12 x 7 + 3 = 87."


# --- totals ---------------------------------------------------------------------------------------


def found_in(entries: Sequence[tuple[str, str | None]]) -> dict[str, bool]:
    return {check.what: check.holds for check in checks([Text(each.text, each.box) for each in rows(entries)], 600)}


def test_a_receipt_that_adds_up_is_found_to() -> None:
    assert found_in(RECEIPT) == {
        "The 3 items together": True,
        "Subtotal and tax": True,
        "Change of 20.00 for 13.20": True,
    }


@pytest.mark.parametrize(
    ("name", "amount", "broken"),
    [
        ("1 x Coffee", "3.80", "The 3 items together"),
        ("TOTAL", "14.20", "Subtotal and tax"),
        ("Change", "7.80", "Change of 20.00 for 13.20"),
    ],
)
def test_an_amount_that_does_not_fit_is_found(name: str, amount: str, broken: str) -> None:
    assert found_in(changed(name, amount))[broken] is False


def test_tax_that_is_part_of_the_prices_is_not_added_again() -> None:
    entries = [("Tea", "4.00"), ("Cake", "6.00"), ("Subtotal", "10.00"), ("GST incl. 6%", "0.57"), ("Total", "10.00")]
    assert all(found_in(entries).values())


def test_a_table_of_whole_numbers_is_added_by_column() -> None:
    texts = [Text("Region", (0, 0, 90, 20)), Text("2025", (200, 0, 240, 20)), Text("2026", (300, 0, 340, 20))]
    for n, (name, one, other) in enumerate([("North", 12, 30), ("South", 8, 12), ("Total", 20, 45)], 1):
        texts += [Text(name, (0, 30 * n, 90, 30 * n + 20)), Text(str(one), (220, 30 * n, 240, 30 * n + 20))]
        texts.append(Text(str(other), (320, 30 * n, 340, 30 * n + 20)))
    assert [check.holds for check in checks(texts, 400)] == [True, False]


def test_a_page_without_a_total_has_nothing_to_check() -> None:
    assert found_in([("Bread", "4.20"), ("Opening hours", None)]) == {}


async def test_a_wrong_total_is_said_with_its_doubt(tmp_path: Path) -> None:
    answers = {("read_text", "image 1"): as_read(rows(changed("TOTAL", "14.20")))}
    evidence = await analysed("Does this receipt add up?", answers, tmp_path)
    assert "Image 1 does not add up as I read it (an amount may be misread or missing)" in evidence.said
    assert "13.20 by my reading, but 14.20 is printed" in evidence.said
    assert {
        "image": "image 1",
        "what": "Subtotal and tax",
        "holds": False,
        "expected": "13.20",
        "printed": "14.20",
    } in (evidence.facts["totals"])


# --- diagrams -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "style",
    [{}, {"open_heads": True}, {"fill": "#bcd7f5"}, {"form": "oval"}, {"form": "diamond"}],
    ids=["boxes", "open heads", "filled", "ovals", "diamonds"],
)
async def test_the_labels_and_connections_of_a_diagram_are_read(style: dict[str, Any], tmp_path: Path) -> None:
    evidence = await drawn("List the labels and connections", tmp_path, nodes=FLOW, arrows=ARROWS, **style)
    read_of_it = evidence.facts["diagrams"]["image 1"]
    assert read_of_it["labels"] == ["Order", "Pay", "Pack", "Refund"]
    assert sorted(read_of_it["connections"]) == ["Order -> Pay", "Pay -> Pack", "Pay -> Refund"]


async def test_a_cycle_is_followed_all_the_way_round(tmp_path: Path) -> None:
    nodes = {"Plan": (500, 100), "Do": (850, 350), "Check": (500, 600), "Act": (150, 350)}
    arrows = [("Plan", "Do"), ("Do", "Check"), ("Check", "Act"), ("Act", "Plan")]
    evidence = await drawn("What are the connections in the diagram?", tmp_path, nodes=nodes, arrows=arrows)
    assert sorted(evidence.facts["diagrams"]["image 1"]["connections"]) == sorted(f"{a} -> {b}" for a, b in arrows)


async def test_lines_that_cross_are_told_apart(tmp_path: Path) -> None:
    nodes = {"North": (150, 120), "East": (850, 120), "West": (150, 560), "South": (850, 560)}
    arrows = [("North", "South"), ("East", "West")]
    evidence = await drawn("Follow the arrows", tmp_path, nodes=nodes, arrows=arrows)
    assert sorted(evidence.facts["diagrams"]["image 1"]["connections"]) == ["East -> West", "North -> South"]


async def test_a_line_without_a_head_has_no_direction_and_a_label_is_kept(tmp_path: Path) -> None:
    labels = {("Pay", "Refund"): "failed", ("Pay", "Pack"): "paid"}
    evidence = await drawn(
        "What does the diagram connect?", tmp_path, nodes=FLOW, arrows=ARROWS[1:], plain=ARROWS[:1], labels=labels
    )
    connections = evidence.facts["diagrams"]["image 1"]["connections"]
    assert sorted(connections) == ["Order -- Pay", "Pay -> Pack (paid)", "Pay -> Refund (failed)"]


async def test_a_question_about_one_shape_is_answered_for_it(tmp_path: Path) -> None:
    evidence = await drawn("Where does the arrow from Pay lead to?", tmp_path, nodes=FLOW, arrows=ARROWS)
    assert "Pay leads to Pack and Refund and is reached from Order." in evidence.facts["conclusion"]


async def test_a_label_that_ends_in_a_full_stop_gets_no_second_one(tmp_path: Path) -> None:
    nodes = {"Pay": (150, 120), "Acme Co.": (500, 120)}
    evidence = await drawn("Follow the arrows", tmp_path, nodes=nodes, arrows=[("Pay", "Acme Co.")])
    assert "Connections: Pay -> Acme Co." in evidence.facts["conclusion"]
    assert ".." not in evidence.said


async def test_shapes_and_arrows_are_counted(tmp_path: Path) -> None:
    evidence = await drawn("How many boxes are there and how many arrows?", tmp_path, nodes=FLOW, arrows=ARROWS)
    assert evidence.facts["counts"] == {"boxes": {"image 1": 4}, "arrows": {"image 1": 3}}


# --- steps ----------------------------------------------------------------------------------------


def test_a_question_is_taken_apart() -> None:
    assert parts_of("Read the text, then check the totals and tell me what kind of paper it is?") == [
        "Read the text",
        "check the totals",
        "tell me what kind of paper it is",
    ]
    assert parts_of("What is bread and butter?") == ["What is bread and butter"]


@pytest.mark.parametrize(
    ("question", "aim"),
    [
        ("Does the receipt add up?", "totals"),
        ("Solve the exercises", "arithmetic"),
        ("What does Pay point to?", "diagram"),
        ("How many people are there?", "count"),
        ("What changed between them?", "compare"),
        ("What does the sign say?", "read"),
        ("What is going on here?", "open"),
    ],
)
def test_what_a_question_is_after_is_seen(question: str, aim: str) -> None:
    assert aims_of(question)[0][1] == aim


def test_what_is_to_be_counted_is_named() -> None:
    assert things_counted("How many red boxes are there?") == "red boxes"
    assert things_counted("Which image has more items?") == "items"


async def test_counts_are_compared_between_images(tmp_path: Path) -> None:
    answers = {
        ("read_text", "image 1"): as_read(rows(RECEIPT)),
        ("read_text", "image 2"): as_read(rows([("Tea", "2.00"), ("Total", "2.00")])),
    }
    evidence = await analysed("Which receipt has more items?", answers, tmp_path, images=2)
    assert evidence.facts["conclusion"] == "Counting items: image 1 has 3 and image 2 has 1. Image 1 has the most."


async def test_what_only_eyes_can_count_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    answers = {("look", "image 1"): CannotDo("No vision model is configured.")}
    evidence = await analysed("How many people are there?", answers, tmp_path)
    assert evidence.facts["unanswered"] == ["Counting people takes a vision model."]
    assert evidence.facts["steps"][0]["finding"] == "No vision model is configured."
    assert evidence.sure is None


async def test_what_a_vision_model_sees_is_marked_as_such(tmp_path: Path) -> None:
    seen = Evidence(said="Seen by model m: Two people.", source="model")
    evidence = await analysed("How many people are there?", {("look", "image 1"): seen}, tmp_path)
    assert evidence.source == "model"
    assert evidence.facts["conclusion"] == "Seen by model m: Two people."


async def test_a_tool_that_fails_is_a_step_that_says_why_and_the_others_go_on(tmp_path: Path) -> None:
    answers: Answers = {
        ("read_text", "image 1"): CannotDo("image 1 could not be read."),
        ("classify", "image 1"): Evidence(said="image 1: receipt (93%).", sure=0.93),
    }
    evidence = await analysed("Read the text and say what kind of paper it is", answers, tmp_path)
    assert [step["tool"] for step in evidence.facts["steps"]] == ["read_text", "classify"]
    assert evidence.facts["unanswered"] == ["image 1 could not be read."]
    assert "image 1: receipt (93%)." in evidence.facts["conclusion"]


async def test_an_open_question_is_answered_by_what_the_image_holds(tmp_path: Path) -> None:
    evidence = await analysed("Analyse this", {("read_text", "image 1"): as_read(rows(RECEIPT))}, tmp_path)
    assert evidence.facts["conclusion"].startswith("Image 1 adds up.")


async def test_an_open_question_about_a_photo_ends_in_a_description_and_says_so(tmp_path: Path) -> None:
    answers: Answers = {
        ("read_text", "image 1"): read(),
        ("look", "image 1"): CannotDo("No vision model is configured."),
        ("describe", "image 1"): Evidence(said="Probably a dog, mainly brown."),
    }
    evidence = await analysed("Why is he smiling?", answers, tmp_path)
    assert 'Answering "Why is he smiling" takes a vision model' in evidence.facts["conclusion"]
    assert "Probably a dog" in evidence.facts["conclusion"]


async def test_two_images_and_an_open_question_are_compared(tmp_path: Path) -> None:
    answers = {
        ("read_text", "image 1"): read(),
        ("read_text", "image 2"): read(),
        ("compare", "image 1"): Evidence(said="They differ.", facts={"recommendation": "They differ: the colour."}),
    }
    evidence = await analysed("What is going on?", answers, tmp_path, images=2)
    assert evidence.facts["conclusion"] == "They differ: the colour."


async def test_without_an_image_there_is_nothing_to_analyse() -> None:
    with pytest.raises(AskAgain, match="post one first"):
        await analyze([], "Solve this", toolbox=GivenTools({}), diagrams=NoDiagrams())


async def test_a_drawing_that_takes_too_long_costs_only_its_own_step(tmp_path: Path) -> None:
    tools = GivenTools({("read_text", "image 1"): read("Order", "Pay")})
    tools.patience = 0.05
    image = kept(Pillow.new("RGB", (600, 800), "white"), tmp_path / "1.png")
    evidence = await analyze([image], "What do the arrows connect?", toolbox=tools, diagrams=EndlessDiagrams())
    findings = [step["finding"] for step in evidence.facts["steps"]]
    assert findings[0] == "2 lines of text."
    assert "took too long" in findings[1]
