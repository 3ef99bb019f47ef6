"""Addresses of OpenAI's API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from tests.provider.chat.batches import Batches
from tests.provider.chat.files import CREATED
from tests.provider.chat.wire import Chat
from tests.provider.models import profiles
from tests.provider.responses.wire import Responses
from tests.provider.server import Server


def openai_routes(server: Server) -> Iterable[web.RouteDef]:
    batches = Batches(server)
    return [
        web.post("/v1/chat/completions", server.speak("chat", Chat())),
        web.post("/v1/responses", server.speak("responses", Responses())),
        web.post("/v1/batches", batches.create),
        web.get("/v1/batches", batches.listed),
        web.get("/v1/batches/{name}", batches.show),
        web.post("/v1/batches/{name}/cancel", batches.cancel),
    ]


def listed(server: Server) -> dict[str, Any]:
    """developers.openai.com/api/reference/resources/models."""
    names = server.shelf.models or profiles("openai")
    data = [{"id": name, "object": "model", "created": CREATED, "owned_by": "openai"} for name in names]
    return {"object": "list", "data": data}
