"""The comparison rules of routing cases, and that every case is one that could be right."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.evals.scoring import CASES, TODAY, Call, Case, Plan, Score, load, score
from tools.kit import Filters, Json

ARGUMENTS = {
    "classify": {"image", "labels"},
    "search": {"query", "image", "limit", "filters", "like", "order", "nearest"},
    "posted_before": {"image", "filters"},
    "tally": {"query", "filters", "by"},
    "read_text": {"image", "spelling"},
    "extract": {"image", "fields"},
    "compare": {"images"},
    "describe": {"image"},
    "analyze": {"images"},
    "look": {"images"},
}
SETS = ("posted_by", "channels", "kinds", "colours")
"""Filters whose values are sets rather than spellings."""
NAMES = ("routing", "followups", "searching")
FILES = [path for path in sorted(CASES.glob("*.jsonl")) if path.stem.split("_")[0] in NAMES]
ALL = [pytest.param(case, id=f"{path.stem}-{case.id}") for path in FILES for case in load(path)]


def call(tool: str, **arguments: Json) -> Call:
    return Call(tool, arguments)


def right(wanted: Call, made: Call) -> bool:
    return score([[wanted]], [made]).arguments_right


def search(**arguments: Json) -> Call:
    return call("search", **arguments)


# --- the rules ----------------------------------------------------------------------------------


def test_the_order_of_calls_does_not_matter() -> None:
    plan = [call("describe", image="image 1"), call("read_text", image="image 2")]
    assert score([plan], plan[::-1]) == Score(True, True)


def test_a_call_too_many_or_too_few_is_wrong() -> None:
    one = call("describe", image="image 1")
    assert score([[one]], [one, one]) == Score(False, False)
    assert score([[one]], []) == Score(False, False)
    assert score([[]], [one]) == Score(False, False)


def test_no_call_is_right_where_none_is_wanted() -> None:
    assert score([[]], []) == Score(True, True)


def test_any_of_the_acceptable_plans_will_do() -> None:
    plans = [[call("classify", image="image 1", labels=None)], [call("describe", image="image 1")]]
    assert score(plans, [call("describe", image="image 1")]) == Score(True, True)


def test_right_tools_with_a_wrong_argument_are_told_apart() -> None:
    assert score([[call("describe", image="image 1")]], [call("describe", image="image 2")]) == Score(True, False)


def test_two_calls_of_one_tool_are_paired_whatever_their_order() -> None:
    wanted = [call("read_text", image=["image 1", "image 2"]), call("read_text", image="image 1")]
    assert score([wanted], [call("read_text", image="image 1"), call("read_text", image="image 2")]).arguments_right
    assert not score([wanted], [call("read_text", image="image 2")] * 2).arguments_right


def test_arguments_that_a_case_does_not_list_do_not_matter() -> None:
    made = call("look", images=["image 1"], question="How many?")
    assert right(call("look", images=["image 1"]), made)


def test_labels_are_a_set_without_case_articles_or_punctuation() -> None:
    wanted = call("classify", labels=["cat", "golden retriever"])
    assert right(wanted, call("classify", labels=["a Golden  Retriever.", '"Cat"']))
    assert not right(wanted, call("classify", labels=["cat"]))
    assert not right(wanted, call("classify", labels=["cat", "golden retriever", "dog"]))


def test_a_label_or_field_may_have_several_spellings() -> None:
    wanted = call("extract", fields=[["invoice no", "invoice number"], "date"])
    assert right(wanted, call("extract", fields=["date", "invoice_number"]))
    assert not right(wanted, call("extract", fields=["invoice number"]))


@pytest.mark.parametrize("nothing", [None, [], False, ""])
def test_null_means_that_nothing_may_be_given(nothing: Json) -> None:
    assert right(call("extract", fields=None), call("extract", fields=nothing))
    assert not right(call("extract", fields=None), call("extract", fields=["everything"]))


def test_nothing_given_is_wrong_where_something_is_wanted() -> None:
    assert not right(call("extract", fields=["total"]), call("extract"))


@pytest.mark.parametrize("made", ["a red bicycle", "photos of red bicycles", "Red bicycle!"])
def test_queries_compare_by_content_words(made: str) -> None:
    assert right(search(query="red bicycle"), search(query=made))


@pytest.mark.parametrize("made", ["bicycle", "red bicycle last year", "5 red bicycles", None])
def test_a_query_with_a_word_missing_or_left_over_is_wrong(made: Json) -> None:
    assert not right(search(query="red bicycle"), search(query=made))


def test_filters_may_come_as_iso_text_or_as_datetimes() -> None:
    wanted = search(filters={"after": "2025-01-01T00:00:00", "before": "2026-01-01T00:00:00"})
    assert right(wanted, search(filters={"after": datetime(2025, 1, 1), "before": "2025-12-31T23:59:59+00:00"}))
    assert not right(wanted, search(filters={"after": "2025-01-01T00:00:00"}))
    assert not right(wanted, search(filters={"after": "2025-01-01", "before": "next year"}))


def test_a_filter_nobody_asked_for_is_wrong_unless_it_hides_nothing() -> None:
    assert not right(search(filters=None), search(filters={"orientation": "portrait"}))
    assert not right(search(filters=None), search(filters={"before": "2026-11-01T00:00:00"}))
    assert right(search(filters=None), search(filters={"before": TODAY, "mime": "image/", "folder": None}))


def test_a_folder_compares_without_slashes_around_it() -> None:
    assert right(search(filters={"folder": "events/summer"}), search(filters={"folder": "/Events/summer/"}))


def test_a_line_that_is_no_case_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('\n{"id": "r001"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.jsonl:2"):
        load(path)


# --- the cases ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count"), [("routing", 300), ("followups", 60)])
def test_the_halves_of_the_cases_are_even(name: str, count: int) -> None:
    cases = load(CASES / f"{name}.jsonl")
    assert [sum(case.half == half for case in cases) for half in ("build", "held")] == [count // 2, count // 2]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_ids_are_unique(path: Path) -> None:
    ids = [case.id for case in load(path)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", [path for path in FILES if path.stem.endswith("fresh")], ids=lambda path: path.stem)
def test_fresh_cases_are_all_held_out(path: Path) -> None:
    assert {case.half for case in load(path)} == {"held"}


@pytest.mark.parametrize("case", ALL)
def test_the_case_names_tools_arguments_and_images_that_exist(case: Case) -> None:
    adopted: set[str] = set()
    for turn in case.turns:
        assert 0 <= turn.posted <= turn.images
        assert turn.status
        assert set(turn.status) <= {"answered", "asked", "refused"}
        for plan in turn.accept:
            there = {f"image {number}" for number in range(1, turn.images + len(adopted) + 1)}
            check_plan(plan, there | {f"hit {rank}" for rank in range(1, 6)})
        named = {name for plan in turn.accept for made in plan for name in images_of(made)}
        adopted |= {name for name in named if name.startswith("hit ")}


@pytest.mark.parametrize("case", ALL)
def test_the_case_accepts_the_first_spelling_of_its_own_plans(case: Case) -> None:
    for turn in case.turns:
        assert turn.accept
        for plan in turn.accept:
            assert score(turn.accept, [first_spelling(wanted) for wanted in plan]) == Score(True, True)


@pytest.mark.parametrize("case", ALL)
def test_only_a_turn_without_tools_asks_back_or_refuses(case: Case) -> None:
    for turn in case.turns:
        assert turn.accept == ((),) or turn.status == ("answered",)


def check_plan(plan: Plan, handles: set[str]) -> None:
    for wanted in plan:
        assert set(wanted.arguments) <= ARGUMENTS[wanted.tool]
        assert images_of(wanted) <= handles
        if wanted.tool == "compare":
            assert len(images_of(wanted)) >= 2
        Filters.model_validate(first_spelling(wanted).arguments.get("filters") or {})


def images_of(wanted: Call) -> set[str]:
    image = wanted.arguments.get("image") or []
    return {*wanted.arguments.get("images", []), *([image] if isinstance(image, str) else image)}


def first_spelling(wanted: Call) -> Call:
    def first(value: Json) -> Json:
        return value[0] if isinstance(value, list) else value

    def chosen(name: str, value: Json) -> Json:
        if name in ("labels", "fields", "images"):
            return value and [first(item) for item in value]
        return narrowed(value) if isinstance(value, dict) else first(value)

    def narrowed(filters: Json) -> Json:
        return {
            name: narrowed(value) if name == "excluding" else value if name in SETS else first(value)
            for name, value in filters.items()
        }

    return Call(wanted.tool, {name: chosen(name, value) for name, value in wanted.arguments.items()})
