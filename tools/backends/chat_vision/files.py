"""Files with providers: images left there for a day, to be named instead of sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from tools.backends.chat_vision.preparing import Copy
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from openai import AsyncOpenAI

DAY = 86_400
"""Seconds after which the provider deletes a file by itself."""
NAME = "image"
"""Of every file: that of the original is nobody's business."""
OPENAI = "https://api.openai.com/v1"


def providers(parts: Parts) -> dict[str, ProviderFiles]:
    """Those that are set up, by the name `ModelCard.provider` has. OpenAI takes such images by Responses only."""
    told = parts.options
    made: dict[str, ProviderFiles] = {}
    if key := told.get("anthropic_api_key"):
        made["anthropic"] = AnthropicFiles(key, told.get("anthropic_base_url"))
    where, wire = told.get("openai_base_url", OPENAI).rstrip("/"), told.get("openai_wire", "auto")
    if (key := told.get("openai_api_key")) and (wire == "responses" or (wire == "auto" and where == OPENAI)):
        made["openai"] = OpenAIFiles(key, where)
    return made


class ProviderFiles(Protocol):
    """Files with one provider."""

    async def upload(self, copy: Copy) -> str:
        """The id of the new file."""
        ...

    async def delete(self, file: str) -> None: ...

    def block(self, file: str) -> dict[str, Any]:
        """The content block, as LangChain's chat model of this provider takes it."""
        ...

    async def close(self) -> None: ...


class AnthropicFiles:
    """The Files API ("Files API", platform.claude.com)."""

    def __init__(self, key: str, base_url: str | None = None) -> None:
        self._key, self._base_url = key, base_url
        self._opened: AsyncAnthropic | None = None

    async def upload(self, copy: Copy) -> str:
        client = await self._client()
        file = await client.files.upload(file=(NAME, copy.data, copy.mime), expires_in_seconds=DAY)
        return file.id

    async def delete(self, file: str) -> None:
        await (await self._client()).files.delete(file)

    def block(self, file: str) -> dict[str, Any]:
        return {"type": "image", "file_id": file}

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def _client(self) -> AsyncAnthropic:
        if self._opened is None:
            self._opened = await asyncio.to_thread(self._made)
        return self._opened

    def _made(self) -> AsyncAnthropic:
        from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient

        http = DefaultAsyncHttpxClient(follow_redirects=False)
        client = AsyncAnthropic(
            api_key=self._key, base_url=self._base_url, timeout=30.0, max_retries=1, http_client=http
        )
        client._custom_headers = {}  # of the environment
        return client


class OpenAIFiles:
    """The Files API, whose images only the Responses API takes ("Images and vision", developers.openai.com)."""

    def __init__(self, key: str, base_url: str | None = None) -> None:
        self._key, self._base_url = key, base_url
        self._opened: AsyncOpenAI | None = None

    async def upload(self, copy: Copy) -> str:
        client = await self._client()
        name = f"{NAME}.{copy.mime.rpartition('/')[2]}"
        file = await client.files.create(
            file=(name, copy.data, copy.mime),
            purpose="vision",
            expires_after={"anchor": "created_at", "seconds": DAY},
        )
        return file.id

    async def delete(self, file: str) -> None:
        await (await self._client()).files.delete(file)

    def block(self, file: str) -> dict[str, Any]:
        return {"type": "input_image", "file_id": file, "detail": "auto"}

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def _client(self) -> AsyncOpenAI:
        if self._opened is None:
            self._opened = await asyncio.to_thread(self._made)
        return self._opened

    def _made(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        http = DefaultAsyncHttpxClient(follow_redirects=False)
        client = AsyncOpenAI(api_key=self._key, base_url=self._base_url, timeout=30.0, max_retries=1, http_client=http)
        client.organization = client.project = None  # these are of the environment
        client._custom_headers = {}
        return client
