"""Evaluation with a model behind a provider: what it says is judged, and what it took is counted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.evals import seeing
from bot.evals.capabilities import cases
from bot.evals.conversations import Talk, drawn, measured
from bot.evals.refusals import NOT, pictures
from bot.evals.spent import listening
from bot.settings import Settings
from bot.wiring import Wiring
from tests.provider import Heard, Says, says_json, serving
from tests.scenario.conftest import Terminal


def of_schema(schema: Mapping[str, Any], defs: Mapping[str, Any], answer: str) -> Any:
    """The least that fits the schema, with one text everywhere."""
    if "$ref" in schema:
        return of_schema(defs[schema["$ref"].rsplit("/", 1)[1]], defs, answer)
    if "anyOf" in schema:
        return None
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        return {name: of_schema(part, defs, answer) for name, part in schema["properties"].items()}
    return {"string": answer, "number": 0.8, "integer": 3, "boolean": False, "array": []}[schema["type"]]


def saying(answer: str) -> Any:
    def act(heard: Heard) -> Says:
        schema = heard.prompt.schema or {}
        return says_json(of_schema(schema, schema.get("$defs", {}), answer))

    return act


async def test_right_and_wrong_answers_are_told_apart_with_what_they_cost(home: Path) -> None:
    chosen = [case for case in cases() if case.name in ("3 of 1 kinds", "7 of 1 kinds", "red circle")]
    with serving(saying("Three, all of them red.")) as provider:
        settings = Settings(
            home=home,
            vision="anthropic:claude-haiku-4-5",
            anthropic_api_key="sk-x",
            anthropic_base_url=provider.url,
            answers_days=0,
        )
        async with Wiring(settings) as wiring:
            await seeing.require_vision(wiring)
            outcomes = await seeing.run(wiring, chosen, await listening(wiring))
    found = {figure.what: figure for figure in seeing.figures(outcomes)}
    assert found["colours"].value == 1
    assert found["counting"].value == 0.5
    assert [failure.case for failure in found["counting"].failures] == ["7 of 1 kinds"]
    assert found["all"].calls == len(provider.heard) == 3
    assert found["all"].cost is not None
    assert found["all"].cost > 0
    assert len(found["all"].seconds) == 3
    assert all(len(heard.images) == 1 for heard in provider.heard)


async def test_whole_answers_are_judged_and_the_model_is_charged_to_its_case(home: Path) -> None:
    talks = [
        Talk("sees", "eyes", "Is he smiling?", ("face.png",), ("red",), eyes=True),
        Talk("who", "identifying people", "Who is this person?", ("face.png",), (NOT,)),
    ]
    with serving(saying("All is red.")) as provider:
        settings = Settings(
            home=home,
            encoder="builtin_encoder",
            vision="openai:gpt-5-mini",
            openai_api_key="sk-x",
            openai_base_url=provider.openai_url,
            answers_days=0,
        )
        async with Wiring(settings) as wiring:
            found = {figure.what: figure for figure in await measured("answers", wiring, talks, pictures())}
    assert {what: figure.value for what, figure in found.items()} == {"eyes": 1, "identifying people": 1, "all": 1}
    assert found["eyes"].calls == 1
    assert found["identifying people"].calls == 0


async def test_what_takes_eyes_is_left_out_without_them(home: Path) -> None:
    talks = [
        Talk("sees", "eyes", "Is he smiling?", ("face.png",), ("red",), eyes=True),
        Talk("draw", "editing", "Draw me a cat", (), (r"can ?not|can't|outside",)),
    ]
    async with Wiring(Settings(home=home)) as wiring:
        figures = await measured("answers", wiring, talks, {"face.png": drawn("face.png", cases()[0].draw)})
    assert [(figure.what, figure.value, figure.note) for figure in figures] == [
        ("editing", 1, ""),
        ("all", 1, "1 more take a vision model"),
    ]


def test_without_a_vision_model_the_suites_that_need_one_are_skipped_with_a_sentence(spyglass: Terminal) -> None:
    ran = spyglass("eval", "seeing", "tiers")
    assert ran.code == 0
    assert ran.out.count("skipped, no vision model is configured: set SPYGLASS_VISION") == 2
