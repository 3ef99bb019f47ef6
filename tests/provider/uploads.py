"""Files as they are uploaded."""

from __future__ import annotations

import asyncio

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web

from tests.provider.refusal import Refusal


async def uploaded(request: web.Request, raw: bytes) -> tuple[str, str, bytes, dict[str, str]]:
    """Name, media type and bytes of the part `file`, and the other fields. Raises: Refusal."""
    if not request.content_type.startswith("multipart/"):
        raise Refusal("Content type must be multipart/form-data")
    stream = StreamReader(request.protocol, 1 << 16, loop=asyncio.get_running_loop())
    stream.feed_data(raw)
    stream.feed_eof()
    fields: dict[str, str] = {}
    name, media, data = "", "", None
    async for part in MultipartReader(request.headers, stream):
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read(decode=True))
        if part.name == "file":
            name, data = part.filename or "", content
            media = part.headers.get("Content-Type", "application/octet-stream")
        else:
            fields[part.name or ""] = content.decode()
    if data is None:
        raise Refusal("file: Field required")
    return name, media, data, fields
