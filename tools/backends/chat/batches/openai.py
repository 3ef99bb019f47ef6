"""OpenAI's Batch API with its files: https://developers.openai.com/api/docs/guides/batch."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from langchain_core.outputs import ChatResult

from tools.backends.chat.batches.common import (
    LATEST,
    QUICK,
    SLOW,
    answered,
    asked,
    custom_id,
    failed,
    name_in,
)
from tools.backends.chat.structured import worded
from tools.backends.chat.vendor import Request
from tools.kit.models import Ask, BatchAnswer, BatchState, ModelCard

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI
    from openai import AsyncOpenAI
    from openai.types import Batch

ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
ENDING = frozenset({"cancelling", "finalizing"})
MARKER = "marker"
"""Key of the metadata."""
KEPT = 2 * 86_400
"""Seconds after which OpenAI deletes files of ours by itself, should we not come to it: a batch takes a day at most."""
NEVER_DONE = frozenset({"batch_expired", "batch_cancelled"})


class OpenAIBatches:
    """`Batches`."""

    def __init__(
        self,
        chat: ChatOpenAI,
        client: AsyncOpenAI,
        request: Callable[[Ask, ModelCard], Request],
        card: ModelCard,
        *,
        responses: bool,
    ) -> None:
        """responses: whether requests are put as those of Responses, instead of Chat Completions."""
        self._chat, self._client, self._request, self._card = chat, client, request, card
        self._responses = responses

    @property
    def card(self) -> ModelCard:
        return self._card

    async def submit(self, asks: Mapping[str, Ask], *, marker: str) -> str:
        lines = "".join(self._line(custom_id(marker, name), ask) for name, ask in asks.items())
        until: Any = {"anchor": "created_at", "seconds": KEPT}
        with asked(self._card.spec):
            file = await self._client.files.create(
                file=("batch.jsonl", lines.encode()), purpose="batch", expires_after=until, timeout=SLOW
            )
            batch = await self._client.batches.create(
                input_file_id=file.id,
                endpoint="/v1/responses" if self._responses else "/v1/chat/completions",
                completion_window="24h",
                metadata={MARKER: marker},
                output_expires_after=until,
                timeout=QUICK,
            )
        return batch.id

    async def find(self, marker: str, size: int, *, others: Collection[str] = ()) -> str | None:
        with asked(self._card.spec):
            latest = (await self._client.batches.list(limit=LATEST, timeout=QUICK)).data
        return next((batch.id for batch in latest if (batch.metadata or {}).get(MARKER) == marker), None)

    async def state(self, batch: str) -> BatchState:
        found = await self._found(batch)
        counts = found.request_counts
        total, done = (counts.total, counts.completed + counts.failed) if counts else (0, 0)
        return BatchState(total, done, found.status in ENDED)

    async def answers(self, batch: str) -> dict[str, BatchAnswer]:
        shown = await self._found(batch)
        found: dict[str, BatchAnswer] = {}
        for file in (shown.output_file_id, shown.error_file_id):
            if file:
                with asked(self._card.spec):
                    text = (await self._client.files.content(file, timeout=SLOW)).text
                for line in text.splitlines():
                    name, answer = self._read(json.loads(line))
                    found |= {name: answer} if answer else {}
        return found

    async def cancel(self, batch: str) -> None:
        if (await self._found(batch)).status not in ENDED | ENDING:
            with asked(self._card.spec):
                await self._client.batches.cancel(batch, timeout=QUICK)

    async def discard(self, batch: str) -> None:
        shown = await self._found(batch)
        for file in (shown.input_file_id, shown.output_file_id, shown.error_file_id):
            if file:
                with asked(self._card.spec):
                    await self._client.files.delete(file, timeout=QUICK)

    async def _found(self, batch: str) -> Batch:
        with asked(self._card.spec):
            return await self._client.batches.retrieve(batch, timeout=QUICK)

    def _line(self, custom: str, ask: Ask) -> str:
        request = self._request(worded(ask, native=self._card.structured), self._card)
        payload = self._chat._get_request_payload(list(request.messages), **request.arguments)
        whole = {**payload, **payload.get("extra_body", {})}  # which the SDK would put into the body
        body = {name: part for name, part in whole.items() if name not in ("stream", "stream_options", "extra_body")}
        url = "/v1/responses" if self._responses else "/v1/chat/completions"
        return json.dumps({"custom_id": custom, "method": "POST", "url": url, "body": body}) + "\n"

    def _read(self, line: Mapping[str, Any]) -> tuple[str, BatchAnswer | None]:
        """None where the request was never done."""
        name, error, response = name_in(line["custom_id"]), line.get("error"), line.get("response")
        if error or not response:
            code = (error or {}).get("code")
            return name, None if code in NEVER_DONE else failed(code, self._card.spec)
        body = response["body"]
        if response["status_code"] != 200:
            told = body.get("error") or {}
            return name, failed(told.get("code") or told.get("type"), self._card.spec)
        return name, answered(self._result(body), self._card.spec)

    def _result(self, body: Mapping[str, Any]) -> ChatResult:
        if self._responses:
            from langchain_openai.chat_models.base import _construct_lc_result_from_responses_api
            from openai.types.responses import Response

            made = Response.model_validate(body)
            return _construct_lc_result_from_responses_api(made, output_version=self._chat.output_version)
        from openai.types.chat import ChatCompletion

        return self._chat._create_chat_result(ChatCompletion.model_validate(body))
