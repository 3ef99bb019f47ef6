"""Addresses of all wires."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.provider.chat.routes import openai_routes
from tests.provider.generate.routes import google_routes
from tests.provider.messages.routes import messages_routes
from tests.provider.server import Server


def routes(server: Server) -> Iterable[web.RouteDef]:
    return [*messages_routes(server), *openai_routes(server), *google_routes(server)]
