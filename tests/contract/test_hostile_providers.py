"""What answers in a provider's place, and models that write what nobody can keep: failures of a kind, sound replies."""

from __future__ import annotations

import json
import math

import ormsgpack
import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage

from tests.contract.test_chat_models import LOOK, Build, Pages, claude, completions, gemini, question
from tests.provider import Call, Tokens, calls, opened, says
from tests.provider import Heard as Asked
from tests.provider.script import Fails
from tools.backends.chat.failing import after_of
from tools.backends.chat.listening import LONGEST, Heard, TooMuch
from tools.backends.chat.sound import DEEPEST, sound
from tools.backends.chat.vendor import Request
from tools.kit.models import ProviderFailure

wires = pytest.mark.parametrize("build", [claude, completions, gemini])
DEEP = '{"a":' * 100_000 + "1" + "}" * 100_000
EVENTS = ["null", "[]", '"hello"', "17", "{}", DEEP, f'{{"n": {"9" * 5_000}}}', "no JSON"]


@wires
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event[:12])
async def test_events_that_nobody_can_read_are_the_providers_failure(build: Build, event: str) -> None:
    body = f"event: message_start\ndata: {event}\n\n"
    async with opened(Fails(200, body=body), strict=False) as provider:
        with pytest.raises(ProviderFailure) as failed:
            await build(provider, Pages()).reply(question())
    assert failed.value.kind in {"broken", "dropped", "invalid"}


@wires
async def test_neither_key_nor_question_follows_a_redirect(build: Build) -> None:
    async with opened(says("Come in.")) as other:
        elsewhere = other.url.replace("127.0.0.1", "localhost")

        def sent_on(heard: Asked) -> Fails:
            return Fails(307, headers={"Location": f"{elsewhere}{heard.path}"})

        async with opened(sent_on, strict=False) as provider:
            with pytest.raises(ProviderFailure):
                await build(provider, Pages()).reply(question())
        assert other.requests == []


async def test_an_answer_without_an_end_is_not_heard_out() -> None:
    endless = GenericFakeChatModel(messages=iter([AIMessage("w" * (LONGEST + 1))]))
    with pytest.raises(TooMuch):
        await Heard().listen(endless, Request([HumanMessage("?")], {}), None, spoke=lambda: None)


@wires
@pytest.mark.parametrize("count", [Tokens(-5, -10), Tokens(2**31 - 1, 2**31 - 1, cached=2**31 - 1), Tokens(3, 1, 9, 9)])
async def test_what_a_provider_counts_can_be_added_up(build: Build, count: Tokens) -> None:
    pages = Pages()
    async with opened(says("A cup.", tokens=count)) as provider:
        await build(provider, pages).reply(question())
    usage, cost = pages.entries[0][1].usage, pages.entries[0][1].cost
    assert 0 <= usage.cached + usage.written <= usage.input <= 10**9
    assert 0 <= usage.output <= 10**9
    assert cost is None or cost >= 0


async def test_arguments_that_cannot_be_kept_are_made_such() -> None:
    deep = "[" * 200 + "]" * 200
    arguments = f'{{"question": "a\\u0000b\\ud800c", "n": 1e999, "m": {10**30}, "deep": {deep}}}'
    async with opened(calls(Call("look", arguments))) as provider:
        reply = await completions(provider, Pages()).reply(question(tools=[LOOK]))
    (call,) = reply.message.tool_calls
    assert call["args"]["question"] == "a\ufffdb\ufffdc"
    assert call["args"]["n"] == "inf"
    ormsgpack.packb(call)
    json.dumps(call, allow_nan=False).encode()


def test_what_is_sound_stays_as_it_is() -> None:
    calls_made = [{"name": "look", "args": {"a": [1, 2.5, None, True, {"b": "ü"}]}, "id": "1", "type": "tool_call"}]
    message = AIMessage([{"type": "text", "text": "A cup."}], tool_calls=calls_made, usage_metadata=None, id="m")
    assert sound(message) == message


def test_nesting_ends_somewhere() -> None:
    nested: object = 1
    for _ in range(10 * DEEPEST):
        nested = [nested, math.nan]
    kept = sound(AIMessage("", additional_kwargs={"nested": nested}))
    assert str(kept.additional_kwargs).count("[") <= DEEPEST


@pytest.mark.parametrize("told", ["Fri, 31 Dec 9999 23:59:59 -2300", "garbage", "1, 2", "nan", "-5", "", "9" * 5_000])
def test_any_retry_after_can_be_read(told: str) -> None:
    error = Exception()
    error.response = type("Response", (), {"headers": {"retry-after": told}})()  # type: ignore[attr-defined]
    after = after_of(error)
    assert after is None or after >= 0
