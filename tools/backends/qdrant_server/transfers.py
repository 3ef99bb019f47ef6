"""Snapshots of collections over HTTP, as they come and go: `qdrant-client` would hold them in memory."""

from __future__ import annotations

import hashlib
from typing import IO

import httpx

from tools.backends.qdrant_server.failing import refused
from tools.kit import CannotDo

CONNECT = 30.0
"""Seconds; what a snapshot takes depends on how large it is."""


class Transfers:
    """Of one server. https://api.qdrant.tech/api-reference/snapshots"""

    def __init__(self, url: str, key: str | None) -> None:
        self._place = url
        self._client = httpx.AsyncClient(
            base_url=url, headers={"api-key": key} if key else {}, timeout=httpx.Timeout(None, connect=CONNECT)
        )

    async def make(self, collection: str) -> tuple[str, str | None]:
        """A snapshot on the server: its name, and its SHA-256 where the server says it. Raises: CannotDo."""
        answer = await self._client.post(f"/collections/{collection}/snapshots", params={"wait": "true"})
        self._check(answer.status_code, answer.content)
        found = answer.json()["result"]
        return str(found["name"]), found.get("checksum")

    async def download(self, collection: str, name: str, out: IO[bytes]) -> str:
        """Returns the SHA-256 of what came. Raises: CannotDo."""
        seen = hashlib.sha256()
        async with self._client.stream("GET", f"/collections/{collection}/snapshots/{name}") as answer:
            if answer.status_code != httpx.codes.OK:
                self._check(answer.status_code, await answer.aread())
            async for chunk in answer.aiter_bytes():
                seen.update(chunk)
                out.write(chunk)
        return seen.hexdigest()

    async def delete(self, collection: str, name: str) -> None:
        answer = await self._client.delete(f"/collections/{collection}/snapshots/{name}")
        self._check(answer.status_code, answer.content)

    async def upload(self, collection: str, snapshot: IO[bytes]) -> None:
        """In place of what the collection holds; makes it where there is none. Raises: CannotDo."""
        answer = await self._client.post(
            f"/collections/{collection}/snapshots/upload",
            params={"wait": "true", "priority": "snapshot"},
            files={"snapshot": ("collection.snapshot", snapshot, "application/octet-stream")},
        )
        self._check(answer.status_code, answer.content)

    async def aclose(self) -> None:
        await self._client.aclose()

    def _check(self, status: int, content: bytes) -> None:
        if status != httpx.codes.OK:
            raise CannotDo(refused(self._place, status, content))
