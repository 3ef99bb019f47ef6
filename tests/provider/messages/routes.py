"""Addresses of Anthropic's API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from tests.provider.messages.batches import Batches
from tests.provider.messages.wire import CountTokens, Messages
from tests.provider.models import profiles
from tests.provider.refusal import Refusal
from tests.provider.server import Server


def messages_routes(server: Server) -> Iterable[web.RouteDef]:
    wire, counting, batches = Messages(), CountTokens(), Batches(server)

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
        web.post("/v1/messages/batches", batches.create),
        web.get("/v1/messages/batches", batches.listed),
        web.get("/v1/messages/batches/{name}", batches.show),
        web.delete("/v1/messages/batches/{name}", batches.delete),
        web.post("/v1/messages/batches/{name}/cancel", batches.cancel),
        web.get("/v1/messages/batches/{name}/results", batches.results),
    ]


def listed(server: Server) -> dict[str, Any]:
    """platform.claude.com/docs/en/api/models/list."""
    known = profiles("anthropic")
    data = [
        {
            "id": name,
            "type": "model",
            "display_name": known.get(name, {}).get("name", name),
            "created_at": f"{known.get(name, {}).get('release_date', '2026-01-01')}T00:00:00Z",
            "lifecycle": "active",
            "max_input_tokens": known.get(name, {}).get("max_input_tokens"),
            "max_tokens": known.get(name, {}).get("max_output_tokens"),
        }
        for name in server.shelf.models or known
    ]
    return {"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]}
