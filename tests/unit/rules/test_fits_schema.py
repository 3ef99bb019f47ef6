from __future__ import annotations

from typing import Any

import pytest

from graphs.constraints import NoSettings
from graphs.constraints.fits_schema import judge
from tools.kit import Evidence, Verdict

SCHEMA = {
    "type": "object",
    "properties": {"total": {"type": "number"}, "items": {"type": "array", "items": {"type": "string"}}},
    "required": ["total"],
    "additionalProperties": False,
}


def verdict(text: Any, schema: Any = SCHEMA) -> Verdict:
    return judge(text, settings=NoSettings(), evidence=(), context={"schema": schema} if schema is not None else {})


def test_without_a_schema_any_answer_holds() -> None:
    assert verdict("The total is 9.00.", schema=None)


@pytest.mark.parametrize("answer", ['{"total": 9.5}', {"total": 9, "items": ["tea"]}, ' {"total": 0, "items": []}\n'])
def test_json_that_fits_holds_as_text_and_as_an_object(answer: Any) -> None:
    assert verdict(answer)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ('{"total": "9"}', "$.total"),
        ("{}", "'total' is a required property"),
        ({"total": 1, "items": ["tea", 2]}, "$.items[1]"),
        ('{"total": 1, "tax": 2}', "'tax'"),
        ("[]", "not of type 'object'"),
    ],
)
def test_json_that_does_not_fit_says_where(answer: Any, reason: str) -> None:
    assert reason in str(verdict(answer).broken)


@pytest.mark.parametrize("answer", ["The total is 9.", '{"total": 9', ""])
def test_an_answer_that_is_no_json_is_told_so(answer: str) -> None:
    assert str(verdict(answer).broken).startswith("Answer with JSON and nothing else")


def test_a_schema_that_is_none_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="not a JSON schema"):
        verdict("{}", schema={"type": "nonsense"})


def found(fields: dict[str, Any], schema: Any = SCHEMA) -> Verdict:
    evidence = Evidence(said="Found.", tool="extract", facts={"fields": fields}, arguments={"schema": schema})
    return judge("Found.", settings=NoSettings(), evidence=[evidence], context={})


def test_fields_taken_out_for_a_schema_hold_when_they_fit_it() -> None:
    assert found({"total": 9.5, "items": ["tea"]})


def test_what_the_paper_does_not_show_may_be_missing_whatever_the_schema_requires() -> None:
    assert found({"total": None, "items": None})


def test_fields_of_another_type_than_the_schema_asks_for_are_not_used() -> None:
    assert "$.total" in str(found({"total": "9.50"}).broken)
