"""LangChain's chat models against the local provider: what they send is what a real provider takes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, ConfigDict, Field

from tests.contract.sdks import encoded, picture
from tests.provider import Call, Provider, calls, fails, opened, says, says_json

Made = Callable[[Provider], BaseChatModel]


class Counted(BaseModel):
    """What was counted."""

    model_config = ConfigDict(extra="forbid")

    count: int = Field(ge=0, description="How many there are.")
    sure: float = Field(ge=0, le=1, description="How sure that is.")


def look(question: str, image: str = "image 1") -> str:
    """Look at an image.

    Args:
        question: What to look for.
        image: Handle of the image.
    """
    raise AssertionError("the model only asks for it")


def claude(provider: Provider, **more: Any) -> BaseChatModel:
    told = {"model": "claude-haiku-4-5", "api_key": "key", "base_url": provider.url, "max_retries": 0, **more}
    return ChatAnthropic.model_validate(told)


def thoughtful_claude(provider: Provider) -> BaseChatModel:
    return claude(provider, model="claude-opus-5-5", thinking={"type": "adaptive", "display": "summarized"})


def chat(provider: Provider, **more: Any) -> BaseChatModel:
    told = {"model": "gpt-4o", "api_key": "key", "base_url": provider.openai_url, "max_retries": 0}
    return ChatOpenAI.model_validate({**told, "stream_usage": True, **more})


def responses(provider: Provider) -> BaseChatModel:
    return chat(provider, model="gpt-5.5", use_responses_api=True, reasoning={"effort": "low", "summary": "auto"})


def gemini(provider: Provider, model: str = "gemini-2.5-flash") -> BaseChatModel:
    told = {"model": model, "api_key": "key", "base_url": provider.url, "max_retries": 0, "include_thoughts": True}
    return ChatGoogleGenerativeAI.model_validate(told)


def gemini_3(provider: Provider) -> BaseChatModel:
    return gemini(provider, "gemini-3.5-flash")


MODELS = [claude, thoughtful_claude, chat, responses, gemini, gemini_3]
models = pytest.mark.parametrize("made", MODELS, ids=lambda made: made.__name__)
streams = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def asked() -> list[BaseMessage]:
    image = {"type": "image", "base64": encoded(picture(640, 480)), "mime_type": "image/jpeg"}
    return [
        SystemMessage("Answer in one sentence."),
        HumanMessage([{"type": "text", "text": "How many cups are there?"}, image]),
    ]


async def say(model: Any, messages: Sequence[BaseMessage], stream: bool) -> Any:
    if not stream:
        return await model.ainvoke(messages)
    return reduce(operator.add, [chunk async for chunk in model.astream(messages)])


@models
@streams
async def test_a_round_with_tools_and_an_image(made: Made, stream: bool) -> None:
    uses = calls(Call("look", {"question": "cups"}), Call("look", {"question": "mugs"}), thinking="I must look.")
    async with opened(uses, says("There are three cups.", thinking="Two and one.")) as provider:
        model = made(provider).bind_tools([look])
        messages = asked()
        first = await say(model, messages, stream)
        assert [call["args"]["question"] for call in first.tool_calls] == ["cups", "mugs"]
        messages.append(first)
        messages += [ToolMessage(f"{n} of them", tool_call_id=call["id"]) for n, call in enumerate(first.tool_calls)]
        second = await say(model, messages, stream)
    assert second.text == "There are three cups."
    one, two = provider.heard
    assert one.images[0].size == two.images[0].size == (640, 480)
    assert one.prompt.text("system") == "Answer in one sentence."
    assert one.prompt.tools["look"]["properties"].keys() == {"question", "image"}
    assert [arguments["question"] for _, arguments in two.prompt.calls] == ["cups", "mugs"]
    assert [*two.prompt.results.values()] == ["0 of them", "1 of them"]
    assert two.tokens is not None
    usage = second.usage_metadata
    assert usage is not None
    assert (usage["input_tokens"], usage["output_tokens"]) == (two.tokens.input, two.tokens.output)


@models
async def test_a_structured_answer_by_a_schema(made: Made) -> None:
    async with opened(says_json({"count": 3, "sure": 0.5})) as provider:
        found = await made(provider).with_structured_output(Counted, method="json_schema").ainvoke(asked())
    assert found == Counted(count=3, sure=0.5)
    assert provider.heard[0].prompt.schema is not None


@pytest.mark.parametrize("made", [claude, chat, responses, gemini, gemini_3], ids=lambda made: made.__name__)
async def test_a_structured_answer_by_a_tool_that_is_forced(made: Made) -> None:
    async with opened(says_json({"count": 3, "sure": 0.5})) as provider:
        found = await made(provider).with_structured_output(Counted, method="function_calling").ainvoke(asked())
    assert found == Counted(count=3, sure=0.5)
    assert provider.heard[0].prompt.forced == "Counted"


@models
async def test_a_failure_names_its_status(made: Made) -> None:
    async with opened(fails(429, retry_after=3)) as provider:
        with pytest.raises(Exception, match=r"(?i)rate|quota|limit"):
            await made(provider).ainvoke(asked())
    assert provider.heard[0].status == 429
