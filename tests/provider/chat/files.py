"""OpenAI's Files API: developers.openai.com/api/reference/resources/files."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.provider.chat.errors import missing, refusal
from tests.provider.heard import Heard
from tests.provider.refusal import Refusal
from tests.provider.server import Server
from tests.provider.shelf import StoredFile
from tests.provider.uploads import uploaded

CREATED = 1_767_225_600
PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
LARGEST = 512 * 1024 * 1024


class Files:
    """Upload, look up, content, list and delete."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def upload(self, request: web.Request, heard: Heard) -> web.StreamResponse:
        try:
            name, media, data, fields = await uploaded(request, heard.raw)
            purpose = fields.get("purpose")
            if purpose is None:
                raise missing("purpose")
            if purpose not in PURPOSES:
                raise Refusal(f"'{purpose}' is not one of {list(PURPOSES)} - 'purpose'", where="purpose")
            if len(data) > LARGEST:
                raise Refusal("File exceeds the maximum size", status=413)
        except Refusal as refused:
            heard.refused = refused.message
            return self.server.reply(heard, *refusal(refused))
        return self.server.reply(heard, 200, shown(self.server.shelf.keep("file-", name, media, data, purpose)))

    def listed(self, heard: Heard) -> web.StreamResponse:
        data = [shown(file) for file in self.server.shelf.files.values()]
        return self.server.reply(heard, 200, {"object": "list", "data": data, "has_more": False})

    def found(self, heard: Heard, name: str) -> web.StreamResponse:
        file = self.server.shelf.files.get(name)
        if file is None:
            words = f"No such File object: {name}"
            return self.server.reply(heard, *refusal(Refusal(words, status=404, where="id")))
        if heard.path.endswith("/content"):
            return self.server.reply(heard, 200, file.data.decode())
        if heard.method == "DELETE":
            del self.server.shelf.files[name]
            return self.server.reply(heard, 200, {"id": name, "object": "file", "deleted": True})
        return self.server.reply(heard, 200, shown(file))


def shown(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "file",
        "bytes": len(file.data),
        "created_at": CREATED,
        "filename": file.name,
        "purpose": file.purpose,
        "status": "processed",
    }
