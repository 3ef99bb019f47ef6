"""The local provider against the real SDKs: what is scripted arrives, whole and as a stream, and so do failures."""

from __future__ import annotations

import asyncio
from typing import Any

import anthropic
import openai
import pytest

from tests.contract.sdks import SPEAKERS, Speaker, name_of, picture, speakers, streams
from tests.provider import (
    Answer,
    Call,
    Heard,
    Says,
    Tokens,
    calls,
    cut_off,
    filtered,
    opened,
    overloaded,
    refuses,
    says,
    says_json,
    serving,
    slowly,
)

LONG = "There are three cups on the table, two of them are red, and one stands on a book. " * 3


@speakers
@streams
def test_a_text_arrives_as_it_is(speaker: Speaker, stream: bool) -> None:
    with serving(says(LONG)) as provider:
        said = speaker(provider, stream=stream)
    assert (said.text, said.calls) == (LONG, [])
    (heard,) = provider.heard
    assert (heard.question, heard.status, heard.gone) == ("How many cups?", 200, False)
    assert (heard.events > 3) == stream


@speakers
@streams
def test_several_tools_are_called_at_once(speaker: Speaker, stream: bool) -> None:
    uses = [Call("look", {"question": "Where is “it”?\n"}), Call("look", {"question": "How many?"})]
    with serving(calls(*uses, text="Let me look.")) as provider:
        said = speaker(provider, stream=stream, tools=True)
    assert said.calls == [(use.tool, use.arguments) for use in uses]
    assert said.text == "Let me look."
    assert provider.heard[0].prompt.tools["look"]["required"] == ["question"]


@speakers
def test_no_tool_is_called_that_is_not_offered(speaker: Speaker) -> None:
    with serving(calls(Call("look", {}), text="I would look.")) as provider:
        said = speaker(provider)
    assert (said.text, said.calls) == ("I would look.", [])


@speakers
@streams
def test_an_answer_by_a_schema_is_json(speaker: Speaker, stream: bool) -> None:
    with serving(says_json({"count": 3})) as provider:
        said = speaker(provider, stream=stream, structured=True)
    assert said.text == '{"count": 3}'
    schema = provider.heard[0].prompt.schema
    assert schema is not None
    assert schema["required"] == ["count"]


@pytest.mark.parametrize("name", ["claude", "responses", "gemini"])
@streams
def test_thinking_is_told_apart_from_the_answer(name: str, stream: bool) -> None:
    with serving(says("Three.", thinking="One and two more.")) as provider:
        said = SPEAKERS[name](provider, stream=stream, thinking=True)
    assert (said.text, said.thinking) == ("Three.", "One and two more.")


@speakers
@streams
def test_an_image_is_seen_and_counted(speaker: Speaker, stream: bool) -> None:
    image = picture(1024, 768)
    with serving(says("Three.")) as provider:
        without = speaker(provider, stream=stream)
        said = speaker(provider, stream=stream, image=image)
    (sent,) = provider.heard[1].images
    assert (sent.data, sent.size, sent.media, sent.exif) == (image, (1024, 768), "image/jpeg", False)
    expected = {"claude": 1036, "chat": 765, "responses": 922, "gemini": 258 * 4}
    assert said.tokens[0] - without.tokens[0] == expected[name_of(speaker)]


@speakers
@streams
def test_what_the_provider_counts_can_be_set(speaker: Speaker, stream: bool) -> None:
    with serving(says("Three.", tokens=Tokens(1200, 34, cached=1024))) as provider:
        assert speaker(provider, stream=stream).tokens == (1200, 34, 1024)


@pytest.mark.parametrize("name", ["chat", "responses", "gemini"])
def test_a_long_beginning_that_was_there_before_is_read_from_the_cache(name: str) -> None:
    with serving(says("Three.")) as provider:
        first, second = (SPEAKERS[name](provider, question=LONG * 40) for _ in range(2))
    assert first.tokens[2] == 0
    assert second.tokens[0] * 0.9 < second.tokens[2] < second.tokens[0]
    assert first.tokens[0] == second.tokens[0]


def test_claude_caches_up_to_the_mark() -> None:
    system = [{"type": "text", "text": LONG * 80, "cache_control": {"type": "ephemeral"}}]
    with serving(says("Three.")) as provider:
        marked = [SPEAKERS["claude"](provider, question=f"Question {n}?", more={"system": system}) for n in range(2)]
        plain = [SPEAKERS["claude"](provider, question=LONG * 80) for _ in range(2)]
    counted = [heard.tokens for heard in provider.heard]
    assert [tokens and tokens.written > 4096 for tokens in counted] == [True, False, False, False]
    assert [said.tokens[2] > 4096 for said in (*marked, *plain)] == [False, True, False, False]


@pytest.mark.parametrize(("model", "kept"), [("claude-haiku-4-5", False), ("claude-sonnet-5", True)])
def test_claude_caches_nothing_short(model: str, kept: bool) -> None:
    system = [{"type": "text", "text": LONG * 20, "cache_control": {"type": "ephemeral"}}]
    with serving(says("Three.")) as provider:
        for _ in range(2):
            said = SPEAKERS["claude"](provider, more={"system": system, "model": model})
    assert (said.tokens[2] > 1024) == kept


REASONS: dict[str, dict[str, str]] = {
    "claude": {"end": "end_turn", "length": "max_tokens", "refusal": "refusal", "filter": "refusal"},
    "chat": {"end": "stop", "length": "length", "refusal": "stop", "filter": "content_filter"},
    "responses": {
        "end": "completed",
        "length": "max_output_tokens",
        "refusal": "completed",
        "filter": "content_filter",
    },
    "gemini": {"end": "STOP", "length": "MAX_TOKENS", "refusal": "PROHIBITED_CONTENT", "filter": "SAFETY"},
}


@speakers
@streams
@pytest.mark.parametrize("act", [says("Well"), cut_off("Well"), refuses("Well"), filtered("Well")])
def test_the_reason_of_an_end_is_told(speaker: Speaker, stream: bool, act: Says) -> None:
    with serving(act) as provider:
        said = speaker(provider, stream=stream)
    assert said.reason == REASONS[name_of(speaker)][act.end]
    assert said.text == ("" if (name_of(speaker), act.end) == ("gemini", "refusal") else "Well")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("claude", {"max_tokens": 10}),
        ("chat", {"max_tokens": 10}),
        ("responses", {"max_output_tokens": 16}),
        ("gemini", {"max_output_tokens": 10}),
    ],
)
def test_an_answer_is_no_longer_than_was_asked_for(name: str, more: dict[str, Any]) -> None:
    with serving(says(LONG)) as provider:
        said = SPEAKERS[name](provider, more=more)
    assert said.reason == REASONS[name]["length"]
    assert said.text == LONG[: next(iter(more.values())) * 4]


@pytest.mark.parametrize("name", ["chat", "responses"])
@streams
def test_arguments_that_are_no_json_arrive_as_they_are(name: str, stream: bool) -> None:
    with serving(calls(Call("look", '{"question": '))) as provider:
        assert SPEAKERS[name](provider, stream=stream, tools=True).calls == [("look", '{"question": ')]


@streams
def test_gemini_says_that_a_call_was_malformed(stream: bool) -> None:
    with serving(calls(Call("look", '{"question": '))) as provider:
        said = SPEAKERS["gemini"](provider, stream=stream, tools=True)
    assert (said.reason, said.calls) == ("MALFORMED_FUNCTION_CALL", [])


def test_acts_are_played_in_order_and_the_last_for_ever() -> None:
    def counting(heard: Heard) -> Answer:
        return says(heard.question.upper())

    with serving(overloaded(), says("one"), counting) as provider:
        with pytest.raises(anthropic.OverloadedError):
            SPEAKERS["claude"](provider)
        told = [SPEAKERS["claude"](provider, question=each).text for each in ("a", "b", "c")]
        provider.play(says("end"))
        told.append(SPEAKERS["claude"](provider).text)
    assert told == ["one", "B", "C", "end"]


async def test_fifty_slow_calls_are_under_way_at_once() -> None:
    gate = asyncio.Event()

    async def held(heard: Heard) -> Answer:
        if provider.most_busy == 50:
            gate.set()
        await gate.wait()
        return slowly(says(heard.question), between=0.001)

    async with opened(held) as provider, _client(provider.openai_url) as client:
        asked = [
            client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": f"Call {number}"}])
            for number in range(50)
        ]
        answers = await asyncio.gather(*asked)
    assert [answer.choices[0].message.content for answer in answers] == [f"Call {number}" for number in range(50)]


async def test_a_client_that_leaves_is_noticed() -> None:
    async with opened(slowly(says(LONG), between=0.01)) as provider, _client(provider.openai_url) as client:
        stream = await client.chat.completions.create(
            model="gpt-4o", messages=[{"role": "user", "content": "Hello"}], stream=True
        )
        async for _ in stream:
            break
        await stream.close()
        async with asyncio.timeout(10):
            await provider.quiet()
        assert provider.heard[0].gone
        assert 0 < provider.heard[0].events < 20


def test_sizes_are_remembered_without_what_was_sent() -> None:
    image = picture(1024, 768)
    with serving(says("Three."), remember=False) as provider:
        SPEAKERS["chat"](provider, image=image)
    (heard,) = provider.heard
    assert heard.size > len(image) * 4 / 3
    assert (heard.raw, heard.body, heard.images[0].data, heard.images[0].size) == (b"", {}, b"", (1024, 768))
    assert heard.tokens is not None
    assert heard.tokens.input > 765


def test_connections_are_counted() -> None:
    with serving(says("Hello."), keep_alive=True) as provider:
        made = openai.OpenAI(api_key="key", base_url=provider.openai_url, max_retries=0)
        with made as client:
            for _ in range(2):
                client.responses.create(model="gpt-5.5", input="Hello")
        SPEAKERS["chat"](provider)
    assert [heard.connection for heard in provider.heard] == [1, 1, 2]


def _client(url: str) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(api_key="key", base_url=url, max_retries=0)


def _name(speaker: Speaker) -> str:
    return next(name for name, each in SPEAKERS.items() if each is speaker)
