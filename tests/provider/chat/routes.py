"""Addresses of OpenAI's API."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.provider.chat.wire import Chat
from tests.provider.responses.wire import Responses
from tests.provider.server import Server


def openai_routes(server: Server) -> Iterable[web.RouteDef]:
    return [
        web.post("/v1/chat/completions", server.speak("chat", Chat())),
        web.post("/v1/responses", server.speak("responses", Responses())),
    ]
