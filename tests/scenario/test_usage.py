"""What models took at the terminal: the same ledger, without Slack's tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.provider import Provider, serving
from tests.scenario.conftest import Terminal, with_models
from tests.scenario.slack.seer import SPEC, reply

QUESTION = ("-q", "What is to be seen?")


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with serving(reply) as opened:
        yield opened


@pytest.fixture
def with_model(provider: Provider) -> dict[str, str]:
    """Settings that plan and see with it."""
    key = {"anthropic_api_key": "a-key-of-tests", "anthropic_base_url": provider.url}
    return {"model": SPEC, "vision": SPEC, **key}


@pytest.fixture
def terminal(tmp_path: Path, text_models: Path) -> Terminal:
    """With a ledger of its own."""
    return Terminal(with_models(tmp_path, text_models))


def test_questions_are_in_the_ledger(terminal: Terminal, pictures: dict[str, Path], with_model: dict[str, str]) -> None:
    asked = terminal("ask", pictures["flower"], *QUESTION, **with_model)
    assert "red square" in asked.out
    told = terminal("usage", "--by", "tool", "--json").json
    assert told["total"]["calls"] == 3
    assert told["total"]["cost"] > 0
    assert {one["name"]: one["calls"] for one in told["by"]["tool"]} == {"plan": 2, "look": 1}


def test_a_spent_budget_is_told_below_the_answer(
    terminal: Terminal, pictures: dict[str, Path], with_model: dict[str, str], provider: Provider
) -> None:
    before = len(provider.requests)
    asked = terminal("ask", pictures["flower"], *QUESTION, **with_model, budget_workspace="0")
    assert asked.code == 0
    assert "not as usual: " in asked.out
    assert "This workspace's budget for models, $0.00 a day, is spent" in asked.out
    assert asked.out.count("it starts anew at 00:00 UTC") == 1
    assert len(provider.requests) == before
