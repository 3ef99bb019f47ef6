"""Message Batches: platform.claude.com/docs/en/build-with-claude/batch-processing."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from aiohttp import web

from tests.provider.heard import Heard
from tests.provider.messages.errors import refusal
from tests.provider.messages.wire import Messages, admit
from tests.provider.refusal import Refusal
from tests.provider.server import Server
from tests.provider.shelf import Batch
from tests.provider.wire import parsed

LARGEST = 256 * 1024 * 1024
MOST = 100_000
CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
CREATED, EXPIRES, ENDED = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T01:00:00Z"


class Batches:
    """Results come in another order than requests: they are told apart by `custom_id` only."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.wire = Messages()

    async def create(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "batches")
        try:
            admit(heard, self.server.shelf)
            if not self.server.shelf.takes_batches:
                raise Refusal("Not found", status=404)
            if len(heard.raw) > LARGEST:
                raise Refusal("Request exceeds the maximum size", status=413)
            heard.body = parsed(heard.raw)
            _check(heard.body)
        except Refusal as refused:
            return self._refused(heard, refused)
        name = self.server.shelf.new("msgbatch_")
        requests = heard.body["requests"]
        batch = Batch(_shown(name, len(requests)), requests, self.server.shelf.polls)
        self.server.shelf.batches[name] = batch
        if self.server.shelf.mute:
            await asyncio.Event().wait()
        return self.server.reply(heard, 200, batch.shown)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        """Newest first; all on one page."""
        heard = await self.server.hear(request, "batches")
        try:
            admit(heard, self.server.shelf)
        except Refusal as refused:
            return self._refused(heard, refused)
        for batch in self.server.shelf.batches.values():
            await self._looked_at(batch, heard, request.host)
        data = [batch.shown for batch in reversed(self.server.shelf.batches.values())]
        ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
        return self.server.reply(heard, 200, {"data": data, "has_more": False, **ends})

    async def delete(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "batches")
        try:
            batch = self._found(request)
            if batch.shown["processing_status"] != "ended":
                raise Refusal("A batch that has not ended cannot be deleted; cancel it first.")
        except Refusal as refused:
            return self._refused(heard, refused)
        del self.server.shelf.batches[batch.shown["id"]]
        return self.server.reply(heard, 200, {"id": batch.shown["id"], "type": "message_batch_deleted"})

    async def show(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "batches")
        try:
            batch = self._found(request)
        except Refusal as refused:
            return self._refused(heard, refused)
        await self._looked_at(batch, heard, request.host)
        return self.server.reply(heard, 200, batch.shown)

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "batches")
        try:
            batch = self._found(request)
        except Refusal as refused:
            return self._refused(heard, refused)
        if batch.shown["processing_status"] == "in_progress":
            batch.shown |= {"processing_status": "canceling", "cancel_initiated_at": CREATED}
        return self.server.reply(heard, 200, batch.shown)

    async def results(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "batches")
        try:
            batch = self._found(request)
            if batch.shown["processing_status"] != "ended":
                raise Refusal("The batch has not ended yet; its results are not available.", status=404)
        except Refusal as refused:
            return self._refused(heard, refused)
        return self.server.reply(heard, 200, "".join(json.dumps(each) + "\n" for each in batch.results))

    async def _looked_at(self, batch: Batch, heard: Heard, host: str) -> None:
        if batch.shown["processing_status"] != "ended":
            batch.polls -= 1
            if batch.polls < 0:
                await self._end(batch, heard, f"http://{host}")

    async def _end(self, batch: Batch, heard: Heard, host: str) -> None:
        canceled = batch.shown["processing_status"] == "canceling"
        counts = dict.fromkeys(("canceled", "errored", "expired", "processing", "succeeded"), 0)
        for each in batch.requests:
            result: dict[str, Any] = {"type": "canceled"}
            if not canceled:
                status, told = await self.server.bulk("messages", self.wire, "/v1/messages", each["params"], heard)
                fits = status == 200
                result = {"type": "succeeded", "message": told} if fits else {"type": "errored", "error": told}
            counts[result["type"]] += 1
            batch.results.append({"custom_id": each["custom_id"], "result": result})
        batch.results.reverse()
        url = f"{host}/v1/messages/batches/{batch.shown['id']}/results"
        batch.shown |= {"processing_status": "ended", "request_counts": counts, "results_url": url, "ended_at": ENDED}

    def _found(self, request: web.Request) -> Batch:
        name = request.match_info["name"]
        if name not in self.server.shelf.batches:
            raise Refusal(f"Message batch {name} not found.", status=404)
        return self.server.shelf.batches[name]

    def _refused(self, heard: Heard, refused: Refusal) -> web.StreamResponse:
        heard.refused = refused.message
        return self.server.reply(heard, *refusal(refused))


def _check(body: dict[str, Any]) -> None:
    """Only the frame: each request is checked when it is processed, as the API does it. Raises: Refusal."""
    requests = body.get("requests")
    framed = [{**each, "params": {}} if isinstance(each, dict) else each for each in requests or ()]
    if not isinstance(requests, list) or not requests:
        raise Refusal("requests: List should have at least 1 item after validation, not 0")
    if len(requests) > MOST:
        raise Refusal(f"requests: List should have at most {MOST} items after validation, not {len(requests)}")
    for number, each in enumerate(framed):
        if set(each) != {"custom_id", "params"}:
            raise Refusal(f"requests.{number}: custom_id and params are required, and nothing else")
        if not CUSTOM_ID.fullmatch(each["custom_id"]):
            raise Refusal(f"requests.{number}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'")
    names = [each["custom_id"] for each in requests]
    if len(names) != len(set(names)):
        raise Refusal("requests: custom_id must be unique within a batch")


def _shown(name: str, number: int) -> dict[str, Any]:
    counts = {"processing": number, "canceled": 0, "errored": 0, "expired": 0, "succeeded": 0}
    empty = dict.fromkeys(("archived_at", "cancel_initiated_at", "ended_at", "results_url"))
    about = {"id": name, "type": "message_batch", "processing_status": "in_progress", "request_counts": counts}
    return {**about, **empty, "created_at": CREATED, "expires_at": EXPIRES}
