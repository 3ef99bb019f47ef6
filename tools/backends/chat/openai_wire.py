"""How OpenAI is spoken to, by Responses or by Chat Completions: for OpenAI itself and for whoever speaks like it."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, Literal

import openai.resources.beta.beta  # noqa: F401  langchain-openai asks it for data, and it would load then, for a second
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from openai import DefaultAsyncHttpxClient, Timeout
from openai.lib._pydantic import to_strict_json_schema
from pydantic import BaseModel

from tools.backends.catalogue import profile_of
from tools.backends.chat.batches import OpenAIBatches
from tools.backends.chat.building import ToolForms
from tools.backends.chat.messages import for_model
from tools.backends.chat.patience import CONNECTING
from tools.backends.chat.vendor import Request
from tools.kit.models import Ask, ModelCard
from tools.kit.models.near import on_this_machine

HOST = "https://api.openai.com/v1"
EFFORT = "high"
CHOICES = {"auto": "auto", "none": "none", "any": "required"}

Wire = Literal["responses", "chat"]


class Chat(ChatOpenAI):
    """Keeps that a model declines, which langchain-openai 1.7 drops from a stream of Chat Completions; and puts what is
    long into the body as it is: the SDK would walk it by its types once more, half of what a call takes of us."""

    def _get_request_payload(
        self, input_: LanguageModelInput, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(input_, stop=stop, **kwargs)
        long = {name: payload.pop(name) for name in ("input", "messages", "tools") if name in payload}
        if "messages" in long:
            payload["messages"] = []  # the SDK wants some; the body's own go before them
        return {**payload, "extra_body": {**(payload.get("extra_body") or {}), **long}}

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        choices = chunk.get("choices") or chunk.get("chunk", {}).get("choices") or [{}]
        if made is not None and (refusal := (choices[0].get("delta") or {}).get("refusal")):
            made.message.additional_kwargs["refusal"] = refusal
        return made


class OpenAIWire:
    """`Vendor`."""

    def __init__(self, name: str, key: str, where: str, wire: Wire) -> None:
        responses = wire == "responses"
        timeout = Timeout(None, connect=CONNECTING)
        # a proxy is there to reach others: what is said on this machine does not leave it on the way
        http = DefaultAsyncHttpxClient(
            timeout=timeout,
            trust_env=not on_this_machine(where),
            follow_redirects=False,  # keys and images go nowhere else
        )
        # what is given here is not looked for in the environment; and the client is ours, so that it can be closed
        self.chat: ChatOpenAI = Chat.model_validate(
            {
                "model": name,
                "api_key": key,
                "base_url": where,
                "openai_proxy": None,
                "http_async_client": http,
                "output_version": "responses/v1" if responses else "v0",
                "use_responses_api": responses,
                "stream_usage": True,
                "stream_chunk_timeout": None,
                "max_retries": 0,
                "timeout": timeout,
                # nothing is kept there; so what the model needs of its reasoning comes back to us, encrypted
                **({"store": False, "include": ["reasoning.encrypted_content"]} if responses else {}),
            }
        )
        self._client = self.chat.root_async_client
        self._client.organization = self._client.project = None
        self._client._custom_headers = {}
        self._own = where == HOST
        self._responses = responses
        self._only_thinking_by_responses = name.startswith("gpt-6") and not responses
        """Those call tools by Chat Completions only without reasoning (OpenAI, "GPT-6 Luna")."""
        self._efforts = profile_of("openai", name).get("reasoning_effort_levels") or ()
        self._tools = ToolForms(self.chat)

    def request(self, ask: Ask, card: ModelCard) -> Request:
        arguments: dict[str, Any] = {}
        if ask.most_tokens:
            arguments["max_tokens"] = min(ask.most_tokens, card.output)
        if ask.tools:
            arguments |= {"tools": self._tools(ask.tools), "tool_choice": CHOICES[ask.tool_choice]}
        if ask.schema is not None and card.structured:
            arguments["response_format"] = strict_format(ask.schema)
        if ask.thinking and card.thinking and (not self._efforts or EFFORT in self._efforts):
            arguments["reasoning_effort"] = EFFORT
        if self._only_thinking_by_responses and ask.tools:
            arguments["reasoning_effort"] = "none"
        if self._own:
            arguments["prompt_cache_key"] = cache_key(ask)
        return Request(for_model(ask.messages, card.spec, "openai"), arguments, early=self._responses)

    def batches(self, card: ModelCard) -> OpenAIBatches:
        return OpenAIBatches(self.chat, self._client, self.request, card, responses=self._responses)

    async def close(self) -> None:
        await self._client.close()


@cache
def strict_format(schema: type[BaseModel]) -> dict[str, Any]:
    """As OpenAI wants a schema: everything required, nothing beside it, no defaults."""
    told = {"name": schema.__name__, "schema": _without_defaults(to_strict_json_schema(schema)), "strict": True}
    return {"type": "json_schema", "json_schema": told}


def _without_defaults(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_defaults(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    named = "properties" in schema  # whose names are the model's own
    return {
        name: {key: _without_defaults(value) for key, value in part.items()}
        if name == "properties" and named
        else _without_defaults(part)
        for name, part in schema.items()
        if name != "default"
    }


def cache_key(ask: Ask) -> str:
    """The same for requests that begin the same, so that they meet the same cache."""
    first: BaseMessage = ask.messages[0]
    begins = first.content if isinstance(first.content, str) else first.content[:1]
    return hashlib.sha256(f"{ask.purpose}\n{begins}".encode()).hexdigest()[:32]
