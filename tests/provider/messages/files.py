"""Anthropic's Files API: platform.claude.com/docs/en/build-with-claude/files."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.provider.heard import Heard
from tests.provider.messages.errors import refusal
from tests.provider.refusal import Refusal
from tests.provider.server import Server
from tests.provider.shelf import StoredFile
from tests.provider.uploads import uploaded

CREATED = "2026-01-01T00:00:00Z"
LARGEST = 500 * 1024 * 1024
FORBIDDEN = frozenset('<>:"|?*\\/')


class Files:
    """Upload, look up, list and delete."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def upload(self, request: web.Request, heard: Heard) -> web.StreamResponse:
        try:
            name, media, data, _ = await uploaded(request, heard.raw)
            if not 1 <= len(name) <= 255 or set(name) & FORBIDDEN:
                raise Refusal('file: filename must be 1 to 255 characters without < > : " | ? * \\ /')
            if len(data) > LARGEST:
                raise Refusal("File exceeds the maximum size", status=413)
        except Refusal as refused:
            heard.refused = refused.message
            return self.server.reply(heard, *refusal(refused))
        return self.server.reply(heard, 200, shown(self.server.shelf.keep("file_", name, media, data)))

    def listed(self, heard: Heard) -> web.StreamResponse:
        data = [shown(file) for file in self.server.shelf.files.values()]
        return self.server.reply(heard, 200, {"data": data, "has_more": False, "next_page": None})

    def found(self, heard: Heard, name: str) -> web.StreamResponse:
        file = self.server.shelf.files.get(name)
        if file is None:
            return self.server.reply(heard, *refusal(Refusal(f"File not found: {name}", status=404)))
        if heard.method == "DELETE":
            del self.server.shelf.files[name]
            return self.server.reply(heard, 200, {"id": name, "type": "file_deleted"})
        return self.server.reply(heard, 200, shown(file))


def shown(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "type": "file",
        "filename": file.name,
        "mime_type": file.media,
        "size_bytes": len(file.data),
        "created_at": CREATED,
        "downloadable": False,
    }
