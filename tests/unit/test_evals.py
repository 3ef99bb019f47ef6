"""Evaluation: intervals, tables, judges that tell right from wrong, thresholds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage

from bot.commands.eval import as_data, suites
from bot.evals import answers, refusals, seeing, tiers
from bot.evals.capabilities import cases
from bot.evals.capabilities.case import Case, Said, number_in
from bot.evals.capabilities.formulas import normal
from bot.evals.conversations import Talk
from bot.evals.planned import figures_of, of_case
from bot.evals.report import Failure, Figure, Skipped, failing, percentiles, table, wilson
from bot.evals.scoring import Call, Turn
from bot.evals.scoring import Case as Thread
from bot.evals.spent import Spent, Took, together
from bot.evals.tiers import Tiered
from bot.turns.running import Answer
from graphs.planning import LocalPlanning, ModelPlanner
from tests.fakes import ScriptedModel, ScriptedPlanner, WordGate
from tools.kit import Evidence
from tools.kit.models import Entry, ProviderFailure, Usage, account
from tools.kit.seeing.asking import focused

# --- figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_the_interval_is_wilsons(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=5e-4)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_the_share_and_lies_between_none_and_all(counted: tuple[int, int]) -> None:
    right, of = counted
    low, high = wilson(right, of)
    assert 0 <= low <= right / of <= high <= 1


def test_a_figure_that_is_no_share_has_no_interval() -> None:
    assert Figure("captions", "slowest query in seconds", 0.4, 9, 1.0, at_most=True, share=False).interval is None
    assert Figure("objects", "top-1", 0.5, 10).interval == wilson(5, 10)


def test_latency_is_told_by_its_percentiles() -> None:
    assert percentiles([0.5]) == (0.5, 0.5)
    assert percentiles([n / 100 for n in range(101)]) == pytest.approx((0.5, 0.95))


def test_the_table_tells_value_interval_cost_and_latency_and_failures_are_listed() -> None:
    figure = Figure(
        "seeing", "counting", 0.5, 2, cost=0.0123, calls=2, seconds=(1.0, 3.0), failures=(Failure("7 stars", "6"),)
    )
    heading, line = table([figure])
    assert [*heading.split()][:3] == ["figure", "value", "95%"]
    assert "0.500" in line
    assert "0.095 to 0.905" in line
    assert "2 calls, $0.0123" in line
    assert "2.00 / 2.90" in line
    assert list(failing([figure])) == ["  seeing, counting: 7 stars: 6"]
    told = json.loads(json.dumps(as_data(figure)))
    assert told["interval"] == pytest.approx(wilson(1, 2))
    assert told["latency"] == pytest.approx([2.0, 2.9])
    assert told["failures"] == [{"case": "7 stars", "why": "6"}]


def test_a_price_that_is_not_known_is_said_to_be_unknown() -> None:
    assert "1 call, price unknown" in list(table([Figure("seeing", "counting", 1.0, 1, calls=1)]))[1]


def test_every_suite_is_found() -> None:
    assert {"answers", "refusals", "seeing", "tiers", "receipts", "routing"} <= set(suites())


# --- what it took ---------------------------------------------------------------------------------


async def test_calls_are_counted_for_the_case_they_were_made_for() -> None:
    spent = Spent()

    async def case(cost: float | None, calls: int) -> Took:
        with spent.case() as took:
            for _ in range(calls):
                await asyncio.sleep(0)
                spent.hear(account(), Entry(model="m", purpose="look", usage=Usage(calls=1), cost=cost))
        return took

    cheap, dear, unknown = await asyncio.gather(case(0.01, 2), case(0.5, 1), case(None, 1))
    assert (cheap.calls, cheap.cost) == (2, 0.02)
    assert together([cheap, dear]) == (0.52, 3)
    assert together([cheap, unknown]) == (None, 3)
    assert together([Took()]) == (None, 0)
    assert cheap.seconds > 0


def test_an_answer_that_was_there_already_costs_nothing() -> None:
    took = Took()
    took.hear(Entry(model="m", purpose="look", usage=Usage(), cost=None, outcome="cached"))
    assert took.cost == 0


# --- judges ---------------------------------------------------------------------------------------

RIGHT: Mapping[str, Mapping[str, Any]] = {
    "counting": {"text": "There are 3 circles."},
    "colours": {"text": "The circle is red."},
    "spatial": {"text": "It is on the left."},
    "translation": {"text": '"NOTAUSGANG" means "emergency exit".'},
    "handwriting": {"found": {"lines": [{"text": "Buy milk and bread"}]}},
    "formulas": {"found": {"formulas": [{"latex": r"a^{2} + b^{2} = c^{2}"}]}},
    "memes": {"text": 'It says "Monday morning" and "My battery: 1%": someone is tired.'},
    "charts": {"text": "It is 50 kEUR."},
    "damage": {"text": "A crack runs over the plate."},
    "diagrams": {
        "found": {"connections": [{"start": a, "end": b} for a, b in (("Web", "API"), ("API", "DB"), ("API", "Mail"))]}
    },
}
WRONG: Mapping[str, Mapping[str, Any]] = {
    "counting": {"text": "Four.", "found": {"counts": [{"what": "circles", "count": 4}]}},
    "colours": {"text": "The circle is red, or blue."},
    "spatial": {"text": "It is on the right."},
    "translation": {"text": "It means emergency exit."},
    "handwriting": {"text": "Buy silk and beads, please"},
    "formulas": {"text": "a^3+b^2=c^2"},
    "memes": {"text": "Someone is tired."},
    "charts": {"text": "It is 45."},
    "damage": {"text": "It is intact."},
    "diagrams": {"found": {"connections": [{"start": "Web", "end": "DB"}]}},
}


def first(capability: str) -> Case:
    return next(case for case in cases() if case.capability == capability)


@pytest.mark.parametrize("capability", sorted(RIGHT))
def test_a_right_answer_is_right_and_a_wrong_one_is_wrong_with_a_reason(capability: str) -> None:
    case = first(capability)
    assert case.judge(Said(**{"text": "", "found": {}, **RIGHT[capability]})) is None
    why = case.judge(Said(**{"text": "", "found": {}, **WRONG[capability]}))
    assert why


def test_every_capability_has_six_cases_or_more_of_its_own_task() -> None:
    found: dict[str, list[Case]] = {}
    for case in cases():
        found.setdefault(case.capability, []).append(case)
    assert set(found) == set(RIGHT)
    tasks = {"spatial": {"relations", "general"}, "formulas": {"formulas"}, "damage": {"damage"}}
    for capability, those in found.items():
        assert len(those) >= 6
        assert len({case.name for case in those}) == len(those)
        asked = {focus.task.name for case in those for focus in focused(case.question)}
        assert asked <= tasks.get(capability, {capability}), capability


def test_what_is_whole_is_not_said_to_be_damaged() -> None:
    case = next(case for case in cases() if case.name == "whole plate")
    finding = {"what": "crack", "part": "rim", "severity": "minor", "sure": True}
    assert case.judge(Said("No damage is visible.", {"findings": []})) is None
    assert case.judge(Said("No visible damage.", {})) is None
    assert case.judge(Said("A crack at the rim.", {"findings": [finding]}))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.capability} {case.name}")
def test_every_case_can_be_drawn_and_finds_nothing_in_an_empty_answer(case: Case) -> None:
    picture = case.draw()
    assert picture.mode == "RGB"
    assert len(picture.getcolors(1_000_000) or ()) > 1
    assert case.judge(Said("", {}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\dfrac{1}{2}", r"\frac12"),
        (r"$x^{2}$", "x^2"),
        (r"\left( a \right)", "(a)"),
        (r"a \cdot b", r"a \times b"),
    ],
)
def test_two_spellings_of_a_formula_are_the_same(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(("text", "number"), [("Three dogs", 3), ("There are 12.", 12), ("None.", 0), ("Dogs", None)])
def test_the_first_number_of_a_sentence_counts(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_the_parts_of_a_compound_answer_count_together() -> None:
    parts = [{"found": {"counts": [{"count": 3}]}}, {"found": {"writings": [{"text": "OPEN"}]}}, {}]
    said = Said.of(Evidence(said="x", facts={"seen": "Three. OPEN", "parts": parts}, source="model"))
    assert said.entries("counts") == [{"count": 3}]
    assert said.entries("writings") == [{"text": "OPEN"}]


# --- conversations --------------------------------------------------------------------------------


def answer(text: str, status: str = "answered") -> Answer:
    nothing: dict[str, Any] = {name: [] for name in ("tools", "checks", "images", "problems", "pictures")}
    return Answer(thread="t", answer=text, status=status, planner="local", seconds=0.1, **nothing)


def test_an_answer_must_hold_what_it_must_and_never_what_it_may_not() -> None:
    talk = Talk("total", "documents", "What is the total?", holds=(r"13\.20",), never=("12",), statuses=("answered",))
    assert talk.wrong(answer("It is 13.20.")) is None
    assert "does not hold" in str(talk.wrong(answer("It is 9.")))
    assert 'it says "12"' in str(talk.wrong(answer("13.20 or 12")))
    assert "ended as asked" in str(talk.wrong(answer("13.20", "asked")))


@pytest.mark.parametrize("suite", [answers, refusals])
def test_talks_have_their_pictures_and_names_of_their_own(suite: Any) -> None:
    assert len({talk.name for talk in suite.TALKS}) == len(suite.TALKS)
    assert {name for talk in suite.TALKS for name in talk.images} <= set(suite.pictures())
    assert all(talk.holds or talk.never for talk in suite.TALKS)


def test_every_kind_of_refusal_is_examined() -> None:
    wanted = {"identifying people", "editing", "browsing", "injected text", "outside the thread", "unanswerable"}
    assert {talk.kind for talk in refusals.TALKS} == wanted


# --- routing by a model ---------------------------------------------------------------------------


def thread_of(*turns: tuple[str, int, int, str]) -> Thread:
    """`turns`: text, images posted with it, images by then, and the tool that is right."""
    told = [Turn(text, posted, images, ((Call(tool, {}),),), ("answered",)) for text, posted, images, tool in turns]
    return Thread("T1", "held", "followup", tuple(told))


async def test_a_model_that_plans_is_judged_turn_by_turn_over_its_own_calls() -> None:
    called = AIMessage(
        "", tool_calls=[{"name": "classify", "args": {"image": "image 1", "labels": ["a", "b"]}, "id": "1"}]
    )
    model = ScriptedModel(called, "A cat.", called, "A cat again.")
    planner = ModelPlanner(model, otherwise=LocalPlanning(ScriptedPlanner(lines=[AIMessage("No.")])))
    case = thread_of(("cat or dog?", 1, 1, "classify"), ("read it", 0, 1, "read_text"))
    first, second = await of_case(planner, WordGate(), case, Spent())
    assert (first.tools_right, first.status_right) == (True, True)
    assert not second.tools_right
    assert "classify" in second.wrong
    assert "cat or dog?" in str(model.asked[2].messages)
    figures = figures_of("followups", planner.name, [first, second])
    assert [figure.value for figure in figures] == [0.5, 0.5, 1.0]
    assert figures[0].failures[0].case == "T1"


async def test_a_model_that_fails_has_planned_nothing_right() -> None:
    model = ScriptedModel(ProviderFailure("The model is down.", "broken", who="m"))
    called = AIMessage("", tool_calls=[{"name": "classify", "args": {}, "id": "1"}])
    planner = ModelPlanner(model, otherwise=LocalPlanning(ScriptedPlanner(lines=[called, AIMessage("A cat.")])))
    (planning,) = await of_case(planner, WordGate(), thread_of(("cat or dog?", 1, 1, "classify")), Spent())
    assert not planning.tools_right
    assert not planning.status_right
    assert planning.wrong == planning.failed != ""


# --- tiers ----------------------------------------------------------------------------------------


def outcome(right: bool, sure: float | None, cost: float, cannot: bool = False) -> seeing.Outcome:
    facts = {"confidence": sure, **({"cannot_determine": True} if cannot else {})}
    evidence = Evidence(said="x", facts=facts, source="model") if sure is not None else None
    return seeing.Outcome(first("counting"), None if right else "wrong", Took(1.0, 1, cost), evidence)


def test_a_threshold_gives_what_is_right_and_what_it_costs() -> None:
    strong = outcome(True, 0.99, 1.0)
    tiered = [
        Tiered(outcome(True, 0.95, 0.1), strong),
        Tiered(outcome(False, 0.7, 0.1), strong),
        Tiered(outcome(False, 0.9, 0.1, cannot=True), strong),
        Tiered(outcome(False, None, 0.1), strong),
    ]
    found = {figure.what: figure for figure in tiers.study(tiered, 0.75)}
    always = found["cheap answers stand from 0.00"]
    assert always.value == 0.75
    assert always.cost == pytest.approx(2.4)
    chosen = found["cheap answers stand from 0.75"]
    assert (chosen.value, chosen.calls) == (1.0, 7)
    assert chosen.cost == pytest.approx(3.4)
    assert chosen.note == "25% stay with the cheap one (as set)"
    alone = found["the strong model alone"]
    assert alone.value == 1.0
    assert alone.cost == pytest.approx(4.0)


async def test_without_a_vision_model_seeing_is_skipped_with_a_sentence(tmp_path: Path) -> None:
    from bot.settings import Settings
    from bot.wiring import Wiring

    async with Wiring(Settings(home=tmp_path)) as wiring:
        with pytest.raises(Skipped, match="set SPYGLASS_VISION"):
            await seeing.evaluate(wiring, tmp_path)
        with pytest.raises(Skipped, match="set SPYGLASS_VISION"):
            await tiers.evaluate(wiring, tmp_path)
