"""Spans: free when off, delivered when on, without a word of content unless asked for, never in a turn's way."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from pydantic import SecretStr

from bot.settings import Settings
from bot.tracing import kept_here, traced
from tests.collector import Collector, collecting
from tools.kit import AskAgain
from tools.kit.models import Ask, ModelCard, ProviderFailure, Reply, Usage
from tools.kit.tracing import chat_span, span, tool_span

KEY = "sk-a-key-of-the-tests"
CARD = ModelCard(spec="google:gemini-x", provider="google", name="gemini-x", context=1000, output=100)


def settings(collector: Collector, **more: Any) -> Settings:
    chosen: dict[str, Any] = {"trace": "otlp", "trace_endpoint": collector.url, "openai_api_key": SecretStr(KEY)}
    return Settings(**{**chosen, **more})


def never() -> dict[str, str]:
    raise AssertionError("Nobody is to ask for this.")


def nobody(sentence: str) -> None:
    raise AssertionError(sentence)


async def test_steps_of_parallel_tasks_are_below_the_step_that_began_them() -> None:
    async def work(name: str) -> None:
        with tool_span(name):
            await asyncio.sleep(0)

    with collecting() as collector:
        async with traced(settings(collector), nobody):
            with span("turn", {"spyglass.turn": "7"}) as turn:
                await asyncio.gather(work("look"), work("classify"))
                turn.set({"spyglass.state": "done"})
    assert collector.tree() == [("turn", ["execute_tool look", "execute_tool classify"])]
    assert collector.one("turn").attributes == {"spyglass.turn": "7", "spyglass.state": "done"}


async def test_a_step_that_fails_says_how_and_not_why() -> None:
    with collecting() as collector:
        async with traced(settings(collector), nobody):
            with pytest.raises(ProviderFailure), span("chat"):
                raise ProviderFailure("It said: secret words.", "limited")
            with pytest.raises(ValueError, match="other words"), span("check"):
                raise ValueError("other words")
    assert [(each.name, each.failed, each.attributes) for each in collector.spans] == [
        ("chat", True, {"error.type": "limited"}),
        ("check", True, {"error.type": "ValueError"}),
    ]
    assert b"words" not in b"".join(collector.bodies)


def asked(text: str) -> Ask:
    return Ask(messages=[HumanMessage(text)], purpose="look", images=2, image_bytes=30_000)


def answered(text: str) -> Reply:
    return Reply(
        message=AIMessage(text),
        found=None,
        usage=Usage(input=70, cached=30, written=5, output=9, thinking=2),
        model="google:gemini-x-001",
    )


async def test_a_call_of_a_model_tells_its_tokens() -> None:
    with collecting() as collector:
        async with traced(settings(collector), nobody):
            with chat_span(CARD, asked("a question")) as call:
                call.answered(answered("an answer"))
    assert collector.one("chat gemini-x").attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.model": "gemini-x",
        "gen_ai.response.model": "gemini-x-001",
        "gen_ai.usage.input_tokens": 70,
        "gen_ai.usage.cache_read.input_tokens": 30,
        "gen_ai.usage.cache_creation.input_tokens": 5,
        "gen_ai.usage.output_tokens": 9,
        "gen_ai.usage.reasoning.output_tokens": 2,
        "spyglass.purpose": "look",
        "spyglass.images": 2,
        "spyglass.image_bytes": 30_000,
    }


async def test_content_goes_along_when_asked_for_without_keys() -> None:
    with collecting() as collector:
        async with traced(settings(collector, trace_content=True), nobody):
            with chat_span(CARD, asked(f"my key is {KEY}")) as call:
                call.answered(answered("an answer"))
    told = collector.one("chat gemini-x").attributes
    assert told["gen_ai.input.messages"] == (
        '[{"role": "user", "parts": [{"type": "text", "content": "my key is ▇▇▇"}]}]'
    )
    assert told["gen_ai.output.messages"] == (
        '[{"role": "assistant", "parts": [{"type": "text", "content": "an answer"}]}]'
    )


async def test_what_is_to_stay_here_is_in_no_trace_even_so() -> None:
    with collecting() as collector:
        async with traced(settings(collector, trace_content=True), nobody):
            with kept_here(), span("turn"):
                await asyncio.create_task(_a_call())
    assert collector.tree() == [("turn", ["chat gemini-x"])]
    assert b"question" not in b"".join(collector.bodies)


async def _a_call() -> None:
    with chat_span(CARD, asked("a question")) as call:
        call.answered(answered("an answer"))


async def test_content_that_cannot_be_told_breaks_nothing() -> None:
    def broken() -> dict[str, str]:
        raise KeyError("nothing")

    with collecting() as collector:
        async with traced(settings(collector, trace_content=True), nobody):
            with span("turn") as turn:
                turn.content(broken)
    assert collector.tree() == ["turn"]


async def test_a_collector_that_is_away_is_told_once() -> None:
    said: list[str] = []
    with socket.socket() as away:
        away.bind(("127.0.0.1", 0))  # bound and not listening: refused
        here = Collector(url=f"http://127.0.0.1:{away.getsockname()[1]}")
        for _ in range(2):
            async with traced(settings(here), said.append):
                for number in range(3):
                    with span(f"turn {number}"):
                        pass
            await asyncio.sleep(0)
    assert (
        said
        == [
            f"Traces cannot be delivered to {here.url}: start a collector there, set OTEL_EXPORTER_OTLP_ENDPOINT, or "
            "SPYGLASS_TRACE=off."
        ]
        * 2
    )  # each process once


async def test_after_it_is_over_nothing_is_recorded() -> None:
    with collecting() as collector:
        async with traced(settings(collector), nobody):
            pass
        with span("late") as late:
            late.set({"spyglass.turn": "7"})
            late.content(never)
        assert collector.spans == []


async def test_langsmith_without_a_key_is_refused() -> None:
    with pytest.raises(AskAgain, match="set LANGSMITH_API_KEY"):
        async with traced(Settings(langsmith=True), nobody):
            pass


def test_off_nothing_of_opentelemetry_is_loaded(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from bot.settings import Settings\n"
        "from bot.wiring import Wiring\n"
        "async def run():\n"
        "    async with Wiring(Settings()): pass\n"
        "asyncio.run(run())\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('opentelemetry', 'langsmith')])\n"
    )
    environment = {**os.environ, "SPYGLASS_HOME": str(tmp_path), "LANGSMITH_TRACING": "true"}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


KEPT_HERE = """
import asyncio
from pydantic import SecretStr
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.tracers.langchain import wait_for_all_tracers
from bot.settings import Settings
from bot.tracing import kept_here, traced

async def run():
    async with traced(Settings(langsmith=True, langsmith_api_key=SecretStr("lsv2_pt_x")), print):
        model = FakeListChatModel(responses=["an answer"])
        with kept_here():
            await model.ainvoke("a word that stays")
        await model.ainvoke("a word that goes")
        wait_for_all_tracers()

asyncio.run(run())
"""


def test_what_is_to_stay_here_does_not_go_to_langsmith(tmp_path: Path) -> None:
    with collecting() as langsmith:
        told = {"SPYGLASS_HOME": str(tmp_path), "LANGSMITH_ENDPOINT": langsmith.url, "LANGSMITH_TRACING": "true"}
        subprocess.run([sys.executable, "-c", KEPT_HERE], env={**os.environ, **told}, check=True, capture_output=True)
    sent = b"".join(langsmith.taken)
    assert b"a word that goes" in sent
    assert b"a word that stays" not in sent
