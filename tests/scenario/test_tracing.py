"""What a turn at the terminal leaves in traces, and what it does not."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.collector import Collector, collecting
from tests.provider import Act, Call, Tokens, calls, serving
from tests.provider.script import Says
from tests.scenario.conftest import Terminal

MODEL = "claude-haiku-4-5"
KEY = "sk-ant-a-key-of-the-tests"
SEEN = '{"answer": "A red teapot.", "confidence": 0.9, "cannot_determine": false, "regions": []}'
SCRIPT: tuple[Act, ...] = (
    calls(Call("look", {"images": ["image 1"], "question": "Which teapot is it?"})),
    Says(SEEN, tokens=Tokens(input=900, output=30, cached=400)),
    Says("The model says it is a red teapot.", tokens=Tokens(input=1200, output=12)),
)
QUESTION = "Which xylophone colour has the teapot?"


def asked(spyglass: Terminal, picture: Path, collector_url: str, provider_url: str, **more: str) -> Any:
    settings = {
        "model": f"anthropic:{MODEL}",
        "vision": f"anthropic:{MODEL}",
        "anthropic_api_key": KEY,
        "anthropic_base_url": provider_url,
        "trace": "otlp",
        "otel_exporter_otlp_endpoint": collector_url,
        "answers_days": "0",
    }
    return spyglass("ask", picture, "-q", QUESTION, "--json", **{**settings, **more})


@pytest.fixture(scope="module")
def trace(home: Path, pictures: dict[str, Path]) -> Collector:
    """What one turn left."""
    return traced(Terminal(home), pictures["flower"])[0]


def traced(spyglass: Terminal, picture: Path, **more: str) -> tuple[Collector, Any]:
    with collecting() as collector, serving(*SCRIPT) as provider:
        ran = asked(spyglass, picture, collector.url, provider.url, **more)
    assert ran.code == 0, ran.err
    return collector, ran


def test_a_turn_is_one_trace_with_its_steps_below_each_other(trace: Collector) -> None:
    chat = f"chat {MODEL}"
    assert trace.tree() == [
        ("invoke_agent spyglass", ["open", ("plan", [chat]), ("execute_tool look", [chat]), ("plan", [chat]), "check"])
    ]
    assert len({span.trace for span in trace.spans}) == 1
    assert not any(span.failed for span in trace.spans)


def test_calls_of_models_are_named_and_counted_as_the_conventions_say(trace: Collector) -> None:
    tool = trace.one("execute_tool look")
    assert tool.attributes["gen_ai.operation.name"] == "execute_tool"
    assert tool.attributes["gen_ai.tool.name"] == "look"
    (seen,) = [span.attributes for span in trace.spans if span.parent == tool.id]
    told = {name: seen[name] for name in seen if name.startswith("gen_ai.")}
    assert told == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": MODEL,
        "gen_ai.response.model": MODEL,
        "gen_ai.usage.input_tokens": 900,
        "gen_ai.usage.cache_read.input_tokens": 400,
        "gen_ai.usage.cache_creation.input_tokens": 0,
        "gen_ai.usage.output_tokens": 30,
        "gen_ai.usage.reasoning.output_tokens": 0,
    }
    assert seen["spyglass.images"] == 1


def test_words_and_images_are_in_no_trace(trace: Collector, pictures: dict[str, Path]) -> None:
    sent = b"".join(trace.bodies)
    assert sent
    for words in (b"xylophone", b"teapot", b" red", KEY.encode(), b"base64", pictures["flower"].name.encode()):
        assert words not in sent


def test_words_are_there_when_asked_for_and_keys_never(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    collector, ran = traced(spyglass, pictures["flower"], trace_content="true")
    prompts = "".join(str(span.attributes.get("gen_ai.input.messages", "")) for span in collector.spans)
    assert QUESTION in prompts
    assert '"modality": "image"' in prompts
    assert collector.one("invoke_agent spyglass").attributes["gen_ai.output.messages"] == ran.json["answer"]
    assert KEY.encode() not in b"".join(collector.bodies)


def test_without_the_setting_nothing_is_sent(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    collector, _ = traced(spyglass, pictures["flower"], trace="off")
    assert collector.taken == []


def test_a_collector_that_is_away_is_told_once_and_breaks_nothing(
    spyglass: Terminal, pictures: dict[str, Path]
) -> None:
    with socket.socket() as nobody, serving(*SCRIPT) as provider:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused
        ran = asked(spyglass, pictures["flower"], f"http://127.0.0.1:{nobody.getsockname()[1]}", provider.url)
    assert ran.code == 0
    assert ran.json["status"] == "answered"
    assert ran.err.count("Traces cannot be delivered") <= 1


def test_variables_alone_do_not_switch_langsmith_on(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    with collecting() as langsmith, serving(*SCRIPT) as provider:
        ran = _with_langsmiths_variables(spyglass, pictures["flower"], langsmith.url, provider.url)
    assert ran.code == 0
    assert langsmith.taken == []


def test_its_own_switch_does(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    with collecting() as langsmith, serving(*SCRIPT) as provider:
        ran = _with_langsmiths_variables(spyglass, pictures["flower"], langsmith.url, provider.url, langsmith="true")
    assert ran.code == 0
    assert langsmith.taken


def _with_langsmiths_variables(
    spyglass: Terminal, picture: Path, langsmith_url: str, provider_url: str, **more: str
) -> Any:
    variables = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGCHAIN_TRACING": "true",
        "LANGSMITH_API_KEY": "lsv2_pt_of_the_tests",
        "LANGSMITH_ENDPOINT": langsmith_url,
        "LANGCHAIN_ENDPOINT": langsmith_url,
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(name, value)
        return asked(spyglass, picture, "http://127.0.0.1:9", provider_url, trace="off", **more)
