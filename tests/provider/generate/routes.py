"""Addresses of Google's API."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.provider.generate.wire import Generate
from tests.provider.models import profiles
from tests.provider.server import Server


def google_routes(server: Server) -> Iterable[web.RouteDef]:
    handle = server.speak("generate", Generate())

    async def models(request: web.Request) -> web.StreamResponse:
        heard = await server.hear(request, "models")
        names = server.shelf.models or profiles("google_genai")
        listed = [{"name": f"models/{name}", "displayName": name, "version": "001"} for name in names]
        return server.reply(heard, 200, {"models": listed})

    return [
        web.post(r"/v1beta/models/{model}:generateContent", handle),
        web.post(r"/v1beta/models/{model}:streamGenerateContent", handle),
        web.get("/v1beta/models", models),
    ]
