"""Every planner there is: the local one, and a model behind each wire of a local provider."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from graphs.agent import build_agent
from graphs.planning import LocalPlanning, ModelPlanner
from graphs.state import Surroundings
from tests.fakes import ScriptedPlanner, lender
from tests.provider import Provider
from tests.unit.test_agent import fetch
from tools.backends import anthropic, google, openai
from tools.backends.workers import PebbleWorkers
from tools.kit import Gate, Tool
from tools.kit.models import ChatModel
from tools.kit.parts import Parts

BY_MYSELF = "I cannot tell, by my own rules."
Speaker = Callable[..., ChatModel]


def parts(**options: str) -> Parts:
    return Parts(home=Path("unused"), workers=PebbleWorkers(), options={"model_retries": "0", **options})


def claude(provider: Provider, **more: str) -> ChatModel:
    return anthropic.build("claude-haiku-4-5", parts(anthropic_api_key="k", anthropic_base_url=provider.url, **more))


def chat(provider: Provider, **more: str) -> ChatModel:
    told = {"openai_api_key": "k", "openai_base_url": provider.openai_url, "openai_wire": "chat", **more}
    return openai.build("gpt-4.1-mini", parts(**told))


def responses(provider: Provider, **more: str) -> ChatModel:
    return chat(provider, openai_wire="responses", **more)


def gemini(provider: Provider, **more: str) -> ChatModel:
    return google.build("gemini-2.5-flash", parts(google_api_key="k", google_base_url=provider.url, **more))


SPEAKERS = [
    pytest.param(claude, id="anthropic"),
    pytest.param(chat, id="openai-chat"),
    pytest.param(responses, id="openai-responses"),
    pytest.param(gemini, id="google"),
]


def planning(model: ChatModel) -> ModelPlanner:
    """The model, and behind it rules that have one sentence."""
    return ModelPlanner(model, otherwise=LocalPlanning(ScriptedPlanner(lines=[AIMessage(BY_MYSELF)])))


async def ask(
    model: ChatModel, said: dict[str, Any], *, tools: dict[str, Tool], gate: Gate, **more: Any
) -> dict[str, Any]:
    """A turn. Only what is said and the tools differ from any other."""
    around = Surroundings(planner=planning(model), tools=tools, lend=lender(Gate=gate), fetch=fetch, gate=gate, **more)
    final: dict[str, Any] = await build_agent(None).ainvoke(said, context=around)
    return final
