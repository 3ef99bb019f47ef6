"""`google:MODEL`: Gemini, through langchain-google-genai and the google-genai SDK."""

from __future__ import annotations

import json
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import BaseModel

from tools.backends.catalogue import profile_of
from tools.backends.chat import CalledModel, Request, called, key_of, named
from tools.backends.chat.messages import for_model
from tools.backends.chat.patience import CONNECTING
from tools.kit.models import Ask, ModelCard
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from google.genai.types import Tool
    from langchain_google_genai import ChatGoogleGenerativeAI

HOST = "https://generativelanguage.googleapis.com"
EFFORT = "high"
THOUGHT = 8_192
"""Tokens of thinking where a budget has to be named."""

_RECEIVED: ContextVar[list[httpx.Response] | None] = ContextVar("received", default=None)
"""Responses of the running call: google-genai 2.34 leaves them open, and their connections taken, when it is not read
to the end."""


def build(rest: str, parts: Parts) -> CalledModel:
    """`rest` is the model's name.

    Raises: AskAgain when the model or the key is missing.
    """
    name = named(rest, "google")
    key = key_of(parts, "google", name, "GOOGLE_API_KEY")
    where = parts.options.get("google_base_url", HOST).rstrip("/")
    return called(Gemini(name, key, where), "google", name, parts, where=where)


class Gemini:
    """`Vendor`."""

    def __init__(self, name: str, key: str, where: str) -> None:
        from google.genai import Client
        from google.genai.types import HttpOptions
        from langchain_google_genai import ChatGoogleGenerativeAI

        # what is given here is not looked for in the environment
        self.chat: ChatGoogleGenerativeAI = ChatGoogleGenerativeAI.model_validate(
            {
                "model": name,
                "google_api_key": key,
                "base_url": where,
                "vertexai": False,
                "credentials": None,
                "project": None,
                "location": None,
                "output_version": None,
                "temperature": None,
                "max_retries": 1,  # attempts, the first included
                "timeout": None,
                "include_thoughts": False,
            }
        )
        # left to itself the SDK takes aiohttp where that is installed, of which it hands on errors that are not its own
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=CONNECTING),
            follow_redirects=False,  # keys and images go nowhere else
            event_hooks={"response": [_remember]},
        )
        http = HttpOptions(base_url=where, httpx_async_client=self._http)
        self.chat.client = Client(vertexai=False, api_key=key, http_options=http)
        self._efforts = profile_of("google", name).get("reasoning_effort_levels") or ()
        self._tools = lru_cache(maxsize=64)(_declared)

    def request(self, ask: Ask, card: ModelCard) -> Request:
        arguments: dict[str, Any] = {}
        if ask.most_tokens:
            arguments["max_output_tokens"] = min(ask.most_tokens, card.output)
        if ask.tools:
            arguments |= {"tools": [self._tools(json.dumps(ask.tools))], "tool_choice": ask.tool_choice}
        if ask.schema is not None and card.structured:
            arguments |= {"response_mime_type": "application/json", "response_json_schema": _format(ask.schema)}
        if ask.thinking and card.thinking:
            arguments |= {"thinking_level": EFFORT} if EFFORT in self._efforts else {"thinking_budget": THOUGHT}
        received: list[httpx.Response] = []
        _RECEIVED.set(received)

        async def closing() -> None:
            for response in received:
                await response.aclose()

        return Request(for_model(ask.messages, card.spec, "google_genai"), arguments, closing=closing)

    async def close(self) -> None:
        await self._http.aclose()


def _declared(tools: str) -> Tool:
    """LangChain's own conversion loses what Google's older dialect of schemas has no word for, such as free keys."""
    from google.genai.types import FunctionDeclaration, Tool

    functions = [tool["function"] for tool in json.loads(tools)]
    return Tool(
        function_declarations=[
            FunctionDeclaration(
                name=function["name"],
                description=function["description"],
                parameters_json_schema=function["parameters"],
            )
            for function in functions
        ]
    )


@cache
def _format(schema: type[BaseModel]) -> dict[str, Any]:
    return schema.model_json_schema()


async def _remember(response: httpx.Response) -> None:
    if (received := _RECEIVED.get()) is not None:
        received.append(response)
