"""What every chat model behind a provider holds, over its own wire and through its real SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from pydantic import BaseModel, ConfigDict, Field

from tests.provider import (
    Act,
    Call,
    Provider,
    Says,
    Tokens,
    breaks,
    calls,
    cut_off,
    dropped,
    fails,
    filtered,
    hangs,
    opened,
    overloaded,
    refuses,
    says,
    says_json,
    slowly,
    too_long,
)
from tools.backends import anthropic, google, openai, openai_compatible
from tools.backends.workers import PebbleWorkers
from tools.kit import discover
from tools.kit.models import Account, Ask, ChatModel, Entry, ProviderFailure, charged_to
from tools.kit.parts import Parts

KEY = "sk-never-to-be-shown"


class Pages:
    """A `Ledger` in memory."""

    def __init__(self) -> None:
        self.allowed: list[Account] = []
        self.entries: list[tuple[Account, Entry]] = []

    async def allow(self, account: Account, *, expected: float | None = None) -> None:
        self.allowed.append(account)

    async def note(self, account: Account, entry: Entry) -> None:
        self.entries.append((account, entry))

    @property
    def outcomes(self) -> list[str]:
        return [entry.outcome for _, entry in self.entries]


BUILT: list[Any] = []


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    yield
    while BUILT:
        await BUILT.pop().close()


def kept(model: ChatModel) -> ChatModel:
    """Closed after the test."""
    BUILT.append(model)
    return model


def parts(pages: Pages, **options: str) -> Parts:
    chosen = {"model_retries": "0", "model_seconds": "20", "breaker_failures": "100", **options}
    return Parts(home=Path("unused"), workers=PebbleWorkers(), options=chosen, ledger=pages)


def claude(provider: Provider, pages: Pages, **options: str) -> ChatModel:
    keys = {"anthropic_api_key": KEY, "anthropic_base_url": provider.url}
    return kept(anthropic.build("claude-haiku-4-5", parts(pages, **keys, **options)))


def newer_claude(provider: Provider, pages: Pages, **options: str) -> ChatModel:
    keys = {"anthropic_api_key": KEY, "anthropic_base_url": provider.url}
    return kept(anthropic.build("claude-sonnet-5-5", parts(pages, **keys, **options)))


def newest_claude(provider: Provider, pages: Pages, **options: str) -> ChatModel:
    keys = {"anthropic_api_key": KEY, "anthropic_base_url": provider.url}
    return kept(anthropic.build("claude-haiku-5-5", parts(pages, **keys, **options)))


def responses(provider: Provider, pages: Pages, **options: str) -> ChatModel:
    keys = {"openai_api_key": KEY, "openai_base_url": provider.openai_url, "openai_wire": "responses"}
    return kept(openai.build("gpt-5.4-mini", parts(pages, **keys, **options)))


def completions(provider: Provider, pages: Pages, **options: str) -> ChatModel:
    keys = {"openai_api_key": KEY, "openai_base_url": provider.openai_url}
    return kept(openai.build("gpt-4.1-mini", parts(pages, **keys, **options)))


def compatible(provider: Provider, pages: Pages, **options: str) -> ChatModel:
    keys = {"openai_compatible_api_key": KEY}
    return kept(openai_compatible.build(f"{provider.openai_url}#qwen2.5vl:7b", parts(pages, **keys, **options)))


def newer_gemini(provider: Provider, pages: Pages, **options: str) -> ChatModel:
    keys = {"google_api_key": KEY, "google_base_url": provider.url}
    return kept(google.build("gemini-3.5-flash", parts(pages, **keys, **options)))


def gemini(provider: Provider, pages: Pages, **options: str) -> ChatModel:
    keys = {"google_api_key": KEY, "google_base_url": provider.url}
    return kept(google.build("gemini-2.5-flash", parts(pages, **keys, **options)))


Build = Callable[..., ChatModel]
BUILDS = [claude, newer_claude, newest_claude, responses, completions, compatible, gemini, newer_gemini]
GEMINIS = (gemini, newer_gemini)
every = pytest.mark.parametrize("build", BUILDS)

LOOK: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "look",
        "description": "Look at an image.",
        "parameters": {
            "type": "object",
            "properties": {"image": {"type": "string"}, "question": {"type": "string"}},
            "required": ["image", "question"],
        },
    },
}


class Sighting(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: str = Field(description="What is seen.")
    confidence: float = Field(ge=0, le=1)


def question(text: str = "What is it?", **more: Any) -> Ask:
    return Ask([SystemMessage("You look at images."), HumanMessage(text)], **more)


# --- answers --------------------------------------------------------------------------------------


@every
async def test_a_question_is_answered_and_counted(build: Build) -> None:
    pages = Pages()
    async with opened(says("It is a cup.", tokens=Tokens(input=100, cached=40, output=7))) as provider:
        model = build(provider, pages)
        with charged_to(workspace="T1", channel="C1", user="U1", tool="look"):
            reply = await model.reply(question(purpose="look"))
    assert reply.message.text == "It is a cup."
    assert (reply.usage.input, reply.usage.cached, reply.usage.output, reply.usage.calls) == (100, 40, 7, 1)
    assert (reply.model, reply.stopped, reply.degraded, reply.usage.estimated) == (model.card.spec, None, (), 0)
    (account, entry), *others = pages.entries
    assert (others, pages.allowed) == ([], [account])
    assert (account.workspace, account.channel, account.user, account.tool) == ("T1", "C1", "U1", "look")
    assert (entry.model, entry.purpose, entry.outcome, entry.usage) == (reply.model, "look", "answered", reply.usage)
    assert provider.heard[0].prompt.text("system") == "You look at images."


@every
async def test_tools_are_called_side_by_side_and_answered_from(build: Build) -> None:
    first = Call("look", {"image": "image 1", "question": "colour?"})
    second = Call("look", {"image": "image 2", "question": "shape?"})
    async with opened(calls(first, second, text="I look."), says("Red, and round.")) as provider:
        model = build(provider, Pages())
        asked = question(tools=[LOOK])
        reply = await model.reply(asked)
        told = [(call["name"], call["args"]) for call in reply.message.tool_calls]
        results = [ToolMessage(f"seen {n}", tool_call_id=call["id"]) for n, call in enumerate(reply.message.tool_calls)]
        final = await model.reply(Ask([*asked.messages, reply.message, *results], tools=[LOOK]))
    assert told == [("look", first.arguments), ("look", second.arguments)]
    assert final.message.text == "Red, and round."
    assert sorted(provider.heard[1].prompt.results.values()) == ["seen 0", "seen 1"]


@every
async def test_all_our_tools_are_taken_as_they_are(build: Build) -> None:
    schemas = {name: tool.schema for name, tool in discover().items()}
    async with opened(says("Which image?")) as provider:
        await build(provider, Pages()).reply(question(tools=list(schemas.values())))
    assert set(provider.heard[0].prompt.tools) == set(schemas)


@every
async def test_tools_that_may_not_be_called_stay_known(build: Build) -> None:
    async with opened(calls(Call("look", {"image": "image 1", "question": "?"}), text="I cannot tell.")) as provider:
        reply = await build(provider, Pages()).reply(question(tools=[LOOK], tool_choice="none"))
    assert reply.message.tool_calls == []
    assert "look" in provider.heard[0].prompt.tools
    assert not provider.heard[0].prompt.may_call


@every
async def test_a_call_whose_arguments_are_no_json_is_handed_on_as_such(build: Build) -> None:
    if build in GEMINIS:
        pytest.skip("Google's wire has arguments as objects")
    async with opened(calls(Call("look", '{"image": image 1]}'))) as provider:
        reply = await build(provider, Pages()).reply(question(tools=[LOOK]))
    assert reply.message.tool_calls == []
    assert [call["name"] for call in reply.message.invalid_tool_calls] == ["look"]


@every
async def test_an_answer_is_what_the_schema_says(build: Build) -> None:
    async with opened(says_json({"answer": "a cup", "confidence": 0.9})) as provider:
        reply = await build(provider, Pages()).reply(question(schema=Sighting))
    assert reply.found == Sighting(answer="a cup", confidence=0.9)


@every
async def test_an_answer_that_is_not_is_mended_with_the_reason(build: Build) -> None:
    wrong, right = {"answer": "a cup", "confidence": 90}, {"answer": "a cup", "confidence": 0.9}
    pages = Pages()
    async with opened(says_json(wrong), says_json(right)) as provider:
        reply = await build(provider, pages).reply(question(schema=Sighting))
    assert reply.found == Sighting(answer="a cup", confidence=0.9)
    assert "confidence" in provider.heard[1].question
    assert (reply.usage.calls, len(pages.entries)) == (2, 2)


@every
async def test_an_answer_that_cannot_be_mended_is_invalid(build: Build) -> None:
    async with opened(says("I would rather talk.")) as provider:
        with pytest.raises(ProviderFailure) as failed:
            await build(provider, Pages()).reply(question(schema=Sighting))
    assert (failed.value.kind, len(provider.heard)) == ("invalid", 3)


@every
async def test_a_model_that_says_what_it_must_not_is_stopped(build: Build) -> None:
    pages = Pages()

    def watch(text: str) -> str | None:
        return "Do not name Acme." if "Acme" in text else None

    long = "It was made by Acme, " + "and so on, " * 400
    async with opened(slowly(says(long), between=0.002)) as provider:
        reply = await build(provider, pages).reply(question(watch=watch))
        for _ in range(200):
            if provider.heard[0].gone:
                break
            await asyncio.sleep(0.02)
        assert provider.heard[0].gone
    assert reply.stopped == "Do not name Acme."
    assert "Acme" in reply.message.text
    assert len(reply.message.text) < len(long) / 2
    assert (reply.usage.calls, pages.outcomes) == (1, ["stopped"])
    assert reply.usage.estimated == (0 if build in GEMINIS else 1)  # Google counts in every chunk
    assert 0 < reply.usage.output < 200
    assert reply.usage.input > 0


@every
async def test_what_another_provider_thought_is_not_sent_on(build: Build) -> None:
    foreign = AIMessage(
        [{"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "text", "text": "I look."}],
        tool_calls=[{"name": "look", "args": {"image": "image 1", "question": "?"}, "id": "call_1"}],
        response_metadata={"model_provider": "another"},
    )
    history = [*question().messages, foreign, ToolMessage("a cup", tool_call_id="call_1")]
    async with opened(says("A cup.")) as provider:
        await build(provider, Pages()).reply(Ask(history, tools=[LOOK]))
    prompt = provider.heard[0].prompt
    assert [call for call, _ in prompt.calls] == ["look"]
    assert "I look." in prompt.text("assistant")
    assert [piece for piece in prompt.pieces if piece.kind == "thinking"] == []


@every
async def test_what_another_model_of_the_provider_thought_is_not_sent_on_either(build: Build) -> None:
    use = Call("look", {"image": "image 1", "question": "?"})
    async with opened(calls(use, thinking="Hm, a handle."), says("A cup.")) as provider:
        asked = question(tools=[LOOK], thinking=True)
        first = (await newer_claude(provider, Pages()).reply(asked)).message
        seen = ToolMessage("a cup", tool_call_id=first.tool_calls[0]["id"])
        model = build(provider, Pages())
        await model.reply(Ask([*asked.messages, first, seen], tools=[LOOK], thinking=True))
    assert ("Hm, a handle." in provider.heard[1].raw.decode()) is (build is newer_claude)


@every
async def test_thinking_is_asked_for_and_is_no_part_of_the_answer(build: Build) -> None:
    async with opened(says("It is a cup.", thinking="Handle, rim: a cup.")) as provider:
        reply = await build(provider, Pages()).reply(question(thinking=True))
    assert reply.message.text == "It is a cup."


@every
async def test_a_turn_that_began_without_thinking_may_go_on_with_it(build: Build) -> None:
    use = Call("look", {"image": "image 1", "question": "?"})
    async with opened(calls(use), says("A cup.", thinking="Handle, rim.")) as provider:
        model = build(provider, Pages())
        asked = question(tools=[LOOK])
        first = (await model.reply(asked)).message
        seen = ToolMessage("a cup", tool_call_id=first.tool_calls[0]["id"])
        reply = await model.reply(Ask([*asked.messages, first, seen], tools=[LOOK], thinking=True))
    assert reply.message.text == "A cup."


@every
async def test_a_turn_that_thinks_goes_on_thinking(build: Build) -> None:
    use = Call("look", {"image": "image 1", "question": "?"})
    async with opened(calls(use, thinking="A look will tell."), says("A cup.", thinking="Handle, rim.")) as provider:
        model = build(provider, Pages())
        asked = question(tools=[LOOK], thinking=True)
        first = (await model.reply(asked)).message
        seen = ToolMessage("a cup", tool_call_id=first.tool_calls[0]["id"])
        reply = await model.reply(Ask([*asked.messages, first, seen], tools=[LOOK], thinking=True))
    assert reply.message.text == "A cup."


@every
async def test_one_connection_serves_many_questions(build: Build) -> None:
    async with opened(says("Yes."), keep_alive=True) as provider:
        model = build(provider, Pages())
        for _ in range(3):
            await model.reply(question())
        assert {heard.connection for heard in provider.heard} == {1}


# --- failures -------------------------------------------------------------------------------------

LONG = says("It is a large blue cup with a chip in its rim. " * 20)
FAILURES: Sequence[tuple[Act, str]] = [
    (fails(400), "request"),
    (fails(401), "key"),
    (fails(403), "key"),
    (fails(404), "model"),
    (fails(413), "too_large"),
    (fails(429, retry_after=300), "limited"),
    (fails(500), "broken"),
    (fails(503), "overloaded"),
    (overloaded(), "overloaded"),
    (too_long(), "too_long"),
    (cut_off("It is a"), "cut_off"),
    (dropped(LONG, after=4), "dropped"),
]


@every
@pytest.mark.parametrize(("act", "kind"), FAILURES, ids=[f"{n}-{kind}" for n, (_, kind) in enumerate(FAILURES)])
async def test_a_failure_has_a_kind_and_a_sentence_of_ours(build: Build, act: Act, kind: str) -> None:
    pages = Pages()
    async with opened(act, strict=False) as provider:
        with pytest.raises(ProviderFailure) as failed:
            await build(provider, pages).reply(question())
    assert failed.value.kind == kind
    assert failed.value.__cause__ is None
    assert KEY not in f"{failed.value!s}{failed.value!r}"
    assert failed.value.who in str(failed.value)
    assert pages.outcomes == [kind]


@every
@pytest.mark.parametrize("act", [refuses(), filtered("It")], ids=["refused", "filtered"])
async def test_an_answer_that_is_held_back_is_none(build: Build, act: Says) -> None:
    async with opened(act) as provider:
        with pytest.raises(ProviderFailure) as failed:
            await build(provider, Pages()).reply(question())
    assert failed.value.kind in ("refused", "filtered")


@every
async def test_an_error_in_the_stream_is_one(build: Build) -> None:
    async with opened(breaks(LONG, after=4)) as provider:
        with pytest.raises(ProviderFailure) as failed:
            await build(provider, Pages()).reply(question())
    assert failed.value.kind in ("overloaded", "broken")


@every
async def test_what_came_before_a_break_is_counted(build: Build) -> None:
    pages = Pages()
    async with opened(dropped(LONG, after=8)) as provider:
        with pytest.raises(ProviderFailure):
            await build(provider, pages).reply(question())
    usage = pages.entries[0][1].usage
    assert (usage.calls, usage.estimated) == (1, 0 if build in GEMINIS else 1)  # Google counts in every chunk
    assert usage.input > 0
    assert usage.output > 0


@every
async def test_a_provider_that_never_answers_is_not_waited_for(build: Build) -> None:
    async with opened(hangs()) as provider:
        with pytest.raises(ProviderFailure) as failed:
            await build(provider, Pages(), model_seconds="0.3", model_retries="5").reply(question())
    assert failed.value.kind == "timeout"


@pytest.mark.parametrize("build", [claude, newer_claude, responses])
async def test_a_provider_that_hangs_leaves_time_for_another_try(build: Build) -> None:
    pages = Pages()
    async with opened(hangs(), says("It is a cup.")) as provider:
        reply = await build(provider, pages, model_seconds="8", model_retries="2").reply(question())
    assert reply.message.text == "It is a cup."
    assert pages.outcomes == ["timeout", "answered"]


@pytest.mark.parametrize("build", [claude, newer_claude, responses])
async def test_an_answer_that_has_begun_may_take_its_time(build: Build) -> None:
    async with opened(slowly(says("It is a large blue cup. " * 10), between=0.05)) as provider:
        reply = await build(provider, Pages(), model_seconds="8").reply(question())
    assert reply.message.text.startswith("It is a large blue cup.")


@every
async def test_a_provider_out_of_reach_is_unreachable(build: Build) -> None:
    async with opened() as provider:
        pass
    with pytest.raises(ProviderFailure) as failed:
        await build(provider, Pages()).reply(question())
    assert failed.value.kind == "unreachable"


@every
async def test_what_fails_for_a_moment_is_tried_again(build: Build) -> None:
    pages = Pages()
    async with opened(fails(500), fails(429, retry_after=0), says("It is a cup.")) as provider:
        reply = await build(provider, pages, model_retries="2").reply(question())
    assert reply.message.text == "It is a cup."
    assert pages.outcomes == ["broken", "limited", "answered"]
    assert reply.usage.calls == 3


@every
async def test_a_retry_waits_as_long_as_the_provider_says_or_is_not_made(build: Build) -> None:
    async with opened(fails(429, retry_after=20), says("It is a cup.")) as provider:
        with pytest.raises(ProviderFailure) as failed:
            await build(provider, Pages(), model_seconds="5", model_retries="3").reply(question())
    assert (failed.value.kind, failed.value.after, len(provider.heard)) == ("limited", 20, 1)


@every
async def test_a_dead_provider_is_left_alone(build: Build) -> None:
    pages = Pages()
    async with opened(fails(500)) as provider:
        model = build(provider, pages, breaker_failures="2")
        kinds = []
        for _ in range(4):
            with pytest.raises(ProviderFailure) as failed:
                await model.reply(question())
            kinds.append(failed.value.kind)
    assert kinds == ["broken", "broken", "resting", "resting"]
    assert len(provider.heard) == len(pages.entries) == 2


# --- what is asked --------------------------------------------------------------------------------

OTHERS = {
    "ANTHROPIC_API_KEY": "sk-other",
    "ANTHROPIC_AUTH_TOKEN": "sk-other",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
    "ANTHROPIC_CUSTOM_HEADERS": "X-Other: sk-other",
    "ANTHROPIC_PROXY": "http://127.0.0.1:9",
    "OPENAI_API_BASE": "http://127.0.0.1:9",
    "OPENAI_API_KEY": "sk-other",
    "OPENAI_BASE_URL": "http://127.0.0.1:9",
    "OPENAI_CUSTOM_HEADERS": "X-Other: sk-other",
    "OPENAI_ORGANIZATION": "other",
    "OPENAI_ORG_ID": "other",
    "OPENAI_PROJECT_ID": "other",
    "OPENAI_PROXY": "http://127.0.0.1:9",
    "GEMINI_API_KEY": "sk-other",
    "GOOGLE_API_KEY": "sk-other",
    "GOOGLE_CLOUD_PROJECT": "other",
    "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9",
    "GOOGLE_GENAI_USE_VERTEXAI": "true",
    "LANGSMITH_GATEWAY": "true",
    "LANGSMITH_GATEWAY_API_KEY": "lsv2_other",
    "LC_OUTPUT_VERSION": "v1",
}


@every
async def test_nothing_of_the_environment_goes_behind_the_settings_back(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in OTHERS.items():
        monkeypatch.setenv(name, value)
    async with opened(says("It is a cup."), keys={KEY}) as provider:
        reply = await build(provider, Pages()).reply(question())
    assert reply.message.text == "It is a cup."
    assert "other" not in str(dict(provider.heard[0].headers))


async def test_what_is_said_to_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with opened(says("It is a cup."), keys={KEY}) as provider:
        reply = await compatible(provider, Pages()).reply(question())
    assert reply.message.text == "It is a cup."
