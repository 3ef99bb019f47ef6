"""Claude, OpenAI and OpenAI-compatible servers as planners, over the wire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel

from graphs.agent import build_agent
from graphs.planning import LocalPlanning
from graphs.state import Surroundings
from tests import wire
from tests.fakes import WordGate, lender
from tests.unit.test_agent import TOOLS, fetch, image, turn
from tools.backends import anthropic, openai
from tools.backends.workers import PebbleWorkers
from tools.kit import AskAgain, CannotDo
from tools.kit.parts import Parts

Reply = tuple[int, dict[str, Any]]


def claude(url: str) -> BaseChatModel:
    return anthropic.build("m", parts(anthropic_api_key="sk-test", anthropic_base_url=url))


def compatible(url: str) -> BaseChatModel:
    return openai.build("m", parts(openai_base_url=f"{url}/v1"))


def parts(**options: str) -> Parts:
    return Parts(home=Path("unused"), workers=PebbleWorkers(), options=options)


SPEAKERS = [
    pytest.param(claude, wire.claude_calls, wire.claude_says, id="anthropic"),
    pytest.param(compatible, wire.openai_calls, wire.openai_says, id="openai"),
]


async def ask(planner: BaseChatModel, banned: str = "none") -> dict[str, Any]:
    gate = WordGate(banned)
    around = Surroundings(
        planner=LocalPlanning(planner, name="the model"), tools=TOOLS, lend=lender(Gate=gate), fetch=fetch, gate=gate
    )
    final: dict[str, Any] = await build_agent(None).ainvoke(turn("How wide?", image()), context=around)
    return final


@pytest.mark.parametrize(("speaker", "calls", "says"), SPEAKERS)
async def test_a_model_calls_a_tool_and_answers_from_it(
    speaker: Callable[[str], BaseChatModel], calls: Callable[..., Reply], says: Callable[[str], Reply]
) -> None:
    with wire.serving(calls("measure", {"image": "image 1"}), says("It is 640 pixels wide.")) as provider:
        final = await ask(speaker(provider.url))
    assert final["answer"] == "It is 640 pixels wide."
    assert "image 1 is 640 pixels wide." in str(provider.requests[1])
    assert "measure" in str(provider.requests[0]["tools"])


@pytest.mark.parametrize(("speaker", "calls", "says"), SPEAKERS)
async def test_a_model_is_told_what_to_mend(
    speaker: Callable[[str], BaseChatModel], calls: Callable[..., Reply], says: Callable[[str], Reply]
) -> None:
    with wire.serving(says("An Acme ruler."), says("A ruler.")) as provider:
        final = await ask(speaker(provider.url), banned="Acme")
    assert final["answer"] == "A ruler."
    assert "Do not say Acme." in str(provider.requests[1]["messages"][-1])


@pytest.mark.parametrize(("speaker", "calls", "says"), SPEAKERS)
async def test_a_model_that_calls_for_ever_is_told_not_to_call_and_still_knows_the_tools(
    speaker: Callable[[str], BaseChatModel], calls: Callable[..., Reply], says: Callable[[str], Reply]
) -> None:
    with wire.serving(calls("measure", {"image": "image 1"})) as provider:
        final = await ask(speaker(provider.url))
    assert "I cannot tell" in final["answer"]
    assert "none" in str(provider.requests[-1]["tool_choice"])
    assert provider.requests[-1]["tools"] == provider.requests[0]["tools"]


@pytest.mark.parametrize(("speaker", "calls", "says"), SPEAKERS)
@pytest.mark.parametrize(("status", "told"), [(401, "does not accept the key"), (404, "does not know this model")])
async def test_a_refusal_of_the_provider_becomes_a_sentence(
    speaker: Callable[[str], BaseChatModel],
    calls: Callable[..., Reply],
    says: Callable[[str], Reply],
    status: int,
    told: str,
) -> None:
    with wire.serving(wire.fails(status)) as provider, pytest.raises(CannotDo, match=told):
        await ask(speaker(provider.url))


@pytest.mark.parametrize("speaker", [claude, compatible])
async def test_a_provider_out_of_reach_becomes_a_sentence(speaker: Callable[[str], BaseChatModel]) -> None:
    with pytest.raises(CannotDo, match="cannot be reached"):
        await ask(speaker("http://127.0.0.1:9"))


@pytest.mark.parametrize(("vendor", "variable"), [(anthropic, "ANTHROPIC_API_KEY"), (openai, "OPENAI_API_KEY")])
def test_a_missing_key_names_the_variable_to_set(vendor: Any, variable: str) -> None:
    with pytest.raises(AskAgain, match=variable):
        vendor.build("m", parts())


@pytest.mark.parametrize("vendor", [anthropic, openai])
def test_a_missing_model_is_asked_for(vendor: Any) -> None:
    with pytest.raises(AskAgain, match="Name the model"):
        vendor.build("", parts())
