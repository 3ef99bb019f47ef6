"""Message Batches: https://platform.claude.com/docs/en/build-with-claude/batch-processing.

A batch carries nothing of ours but the ids of its requests, and these are shown with its results only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from tools.backends.chat.batches.common import (
    LATEST,
    QUICK,
    SLOW,
    answered,
    asked,
    custom_id,
    failed,
    has_marker,
    name_in,
)
from tools.backends.chat.structured import worded
from tools.backends.chat.vendor import Request
from tools.kit.models import Ask, BatchAnswer, BatchState, ModelCard, NotYetKnown

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from anthropic.types.messages import MessageBatch
    from langchain_anthropic import ChatAnthropic

MARK = "cache_control"
GOES_ON = "A batch is under way with {spec} that may be this one; it can be told when that has ended."


class AnthropicBatches:
    """`Batches`."""

    def __init__(
        self,
        chat: ChatAnthropic,
        client: AsyncAnthropic,
        request: Callable[[Ask, ModelCard], Request],
        card: ModelCard,
    ) -> None:
        self._chat, self._batches, self._request, self._card = chat, client.messages.batches, request, card

    @property
    def card(self) -> ModelCard:
        return self._card

    async def submit(self, asks: Mapping[str, Ask], *, marker: str) -> str:
        requests: Any = [
            {"custom_id": custom_id(marker, name), "params": self._params(ask)} for name, ask in asks.items()
        ]
        with asked(self._card.spec):
            return (await self._batches.create(requests=requests, timeout=SLOW)).id

    async def find(self, marker: str, size: int, *, others: Collection[str] = ()) -> str | None:
        goes_on = False
        with asked(self._card.spec):
            for batch in (await self._batches.list(limit=LATEST, timeout=QUICK)).data:
                if batch.id in others or _total(batch) != size:
                    continue
                if batch.processing_status != "ended":
                    goes_on = True
                elif await self._is_marked(batch, marker):
                    return batch.id
        if goes_on:
            raise NotYetKnown(GOES_ON.format(spec=self._card.spec))
        return None

    async def state(self, batch: str) -> BatchState:
        with asked(self._card.spec):
            found = await self._batches.retrieve(batch, timeout=QUICK)
        total = _total(found)
        return BatchState(total, total - found.request_counts.processing, found.processing_status == "ended")

    async def answers(self, batch: str) -> dict[str, BatchAnswer]:
        found: dict[str, BatchAnswer] = {}
        with asked(self._card.spec):
            async for one in await self._batches.results(batch, timeout=SLOW):
                name, result = name_in(one.custom_id), one.result
                if result.type == "succeeded":
                    found[name] = answered(self._chat._format_output(result.message), self._card.spec)
                elif result.type == "errored":
                    found[name] = failed(result.error.error.type, self._card.spec)
        return found

    async def cancel(self, batch: str) -> None:
        with asked(self._card.spec):
            if (await self._batches.retrieve(batch, timeout=QUICK)).processing_status == "in_progress":
                await self._batches.cancel(batch, timeout=QUICK)

    async def discard(self, batch: str) -> None:
        with asked(self._card.spec):
            await self._batches.delete(batch, timeout=QUICK)

    def _params(self, ask: Ask) -> dict[str, Any]:
        """Nothing is marked for the prompt cache: writing to it costs more, and no image comes twice."""
        request = self._request(worded(ask, native=self._card.structured), self._card)
        payload = self._chat._get_request_payload(list(request.messages), **request.arguments)
        params: dict[str, Any] = _without_marks({name: part for name, part in payload.items() if name != "stream"})
        return params

    async def _is_marked(self, batch: MessageBatch, marker: str) -> bool:
        if not batch.results_url:
            return False
        async for one in await self._batches.results(batch.id, timeout=SLOW):
            return has_marker(one.custom_id, marker)
        return False


def _total(batch: MessageBatch) -> int:
    counts = batch.request_counts
    return counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired


def _without_marks(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_marks(each) for each in part]
    if isinstance(part, dict):
        return {name: _without_marks(value) for name, value in part.items() if name != MARK}
    return part
