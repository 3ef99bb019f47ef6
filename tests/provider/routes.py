"""Addresses of all wires. Anthropic and OpenAI share some: there the version header tells them apart."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.provider.chat.errors import admit as admit_openai
from tests.provider.chat.errors import refusal as refused_openai
from tests.provider.chat.files import Files as OpenaiFiles
from tests.provider.chat.routes import listed as openai_models
from tests.provider.chat.routes import openai_routes
from tests.provider.generate.routes import google_routes
from tests.provider.heard import Heard
from tests.provider.messages.errors import refusal as refused_anthropic
from tests.provider.messages.files import Files as AnthropicFiles
from tests.provider.messages.routes import listed as anthropic_models
from tests.provider.messages.routes import messages_routes
from tests.provider.messages.wire import admit as admit_anthropic
from tests.provider.refusal import Refusal
from tests.provider.server import Server


def routes(server: Server) -> Iterable[web.RouteDef]:
    shared = Shared(server)
    return [
        *messages_routes(server),
        *openai_routes(server),
        *google_routes(server),
        web.get("/v1/models", shared.models),
        web.post("/v1/files", shared.upload),
        web.get("/v1/files", shared.files),
        web.get("/v1/files/{name}", shared.file),
        web.delete("/v1/files/{name}", shared.file),
        web.get("/v1/files/{name}/content", shared.file),
    ]


class Shared:
    """Addresses that both have."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.anthropic = AnthropicFiles(server)
        self.openai = OpenaiFiles(server)

    async def models(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "models")
        if denied := self._denied(heard):
            return denied
        return self.server.reply(heard, 200, (anthropic_models if _claude(heard) else openai_models)(self.server))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "files")
        return self._denied(heard) or await self._files(heard).upload(request, heard)

    async def files(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "files")
        return self._denied(heard) or self._files(heard).listed(heard)

    async def file(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "files")
        return self._denied(heard) or self._files(heard).found(heard, request.match_info["name"])

    def _files(self, heard: Heard) -> AnthropicFiles | OpenaiFiles:
        return self.anthropic if _claude(heard) else self.openai

    def _denied(self, heard: Heard) -> web.Response | None:
        admit, refused = (admit_anthropic, refused_anthropic) if _claude(heard) else (admit_openai, refused_openai)
        try:
            admit(heard, self.server.shelf)
        except Refusal as refusal:
            heard.denied, heard.refused = True, refusal.message
            return self.server.reply(heard, *refused(refusal))
        return None


def _claude(heard: Heard) -> bool:
    return "anthropic-version" in heard.headers
