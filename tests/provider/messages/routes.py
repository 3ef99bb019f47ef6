"""Addresses of Anthropic's API."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.provider.messages.wire import CountTokens, Messages
from tests.provider.refusal import Refusal
from tests.provider.server import Server


def messages_routes(server: Server) -> Iterable[web.RouteDef]:
    wire, counting = Messages(), CountTokens()

    async def count(request: web.Request) -> web.StreamResponse:
        heard = await server.hear(request, "count")
        try:
            server.check(heard, counting)
        except Refusal as refusal:
            heard.refused = refusal.message
            return server.reply(heard, *counting.refusal(refusal))
        return server.reply(heard, 200, {"input_tokens": heard.prompt.tokens})

    return [
        web.post("/v1/messages", server.speak("messages", wire)),
        web.post("/v1/messages/count_tokens", count),
    ]
