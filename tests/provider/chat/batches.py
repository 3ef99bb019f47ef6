"""OpenAI's Batch API: developers.openai.com/api/docs/guides/batch."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.provider.chat.errors import admit, parameters, refusal
from tests.provider.chat.files import CREATED
from tests.provider.chat.wire import Chat
from tests.provider.heard import Heard, Name
from tests.provider.refusal import Refusal
from tests.provider.responses.wire import Responses
from tests.provider.server import Server
from tests.provider.shelf import Batch
from tests.provider.wire import Wire, parsed

MOST = 50_000
WIRES: dict[str, tuple[Name, Wire]] = {
    "/v1/chat/completions": ("chat", Chat()),
    "/v1/responses": ("responses", Responses()),
}
TIMES = ("in_progress_at", "finalizing_at", "completed_at", "failed_at", "expired_at", "cancelling_at", "cancelled_at")


class Batches:
    """Results come in another order than requests: they are told apart by `custom_id` only."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def create(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "batches")
        try:
            admit(heard, self.server.shelf)
            if not self.server.shelf.takes_batches:
                raise Refusal("Not found", status=404)
            body = heard.body = parsed(heard.raw)
            parameters(body, "openai.types.batch_create_params", "BatchCreateParams")
            file = self.server.shelf.files.get(body["input_file_id"])
            if file is None or file.purpose != "batch":
                words = f"Invalid value: no file with id '{body['input_file_id']}' and purpose 'batch'."
                raise Refusal(words, code="invalid_value", where="input_file_id")
        except Refusal as refused:
            return self._refused(heard, refused)
        shown = _shown(self.server.shelf.new("batch_"), body)
        batch = Batch(shown, [], self.server.shelf.polls)
        try:
            batch.requests = _lines(file.data.decode(), body["endpoint"])
            shown["request_counts"]["total"] = len(batch.requests)
        except Refusal as refused:
            error = {"code": refused.code, "message": refused.message, "line": None, "param": refused.where}
            shown |= {"status": "failed", "failed_at": CREATED, "errors": {"object": "list", "data": [error]}}
            heard.refused = refused.message
        self.server.shelf.batches[shown["id"]] = batch
        if self.server.shelf.mute:
            await asyncio.Event().wait()
        return self.server.reply(heard, 200, shown)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        """Newest first; all on one page."""
        heard = await self.server.hear(request, "batches")
        try:
            admit(heard, self.server.shelf)
        except Refusal as refused:
            return self._refused(heard, refused)
        data = [batch.shown for batch in reversed(self.server.shelf.batches.values())]
        return self.server.reply(heard, 200, {"object": "list", "data": data, "has_more": False})

    async def show(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "batches")
        try:
            batch = self._found(request)
        except Refusal as refused:
            return self._refused(heard, refused)
        if batch.shown["status"] in ("validating", "in_progress", "cancelling"):
            batch.polls -= 1
            if batch.shown["status"] == "validating":
                batch.shown |= {"status": "in_progress", "in_progress_at": CREATED}
            if batch.polls < 0:
                await self._end(batch, heard)
        return self.server.reply(heard, 200, batch.shown)

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        heard = await self.server.hear(request, "batches")
        try:
            batch = self._found(request)
        except Refusal as refused:
            return self._refused(heard, refused)
        if batch.shown["status"] in ("validating", "in_progress"):
            batch.shown |= {"status": "cancelling", "cancelling_at": CREATED}
        return self.server.reply(heard, 200, batch.shown)

    async def _end(self, batch: Batch, heard: Heard) -> None:
        if batch.shown["status"] == "cancelling":
            batch.shown |= {"status": "cancelled", "cancelled_at": CREATED}
            return
        done: list[str] = []
        failed: list[str] = []
        for each in batch.requests:
            name, wire = WIRES[each["url"]]
            status, told = await self.server.bulk(name, wire, each["url"], each["body"], heard)
            answer = {"status_code": status, "request_id": self.server.shelf.new("req_"), "body": told}
            named = {"id": self.server.shelf.new("batch_req_"), "custom_id": each["custom_id"]}
            (done if status == 200 else failed).append(json.dumps({**named, "response": answer, "error": None}))
        shelf = self.server.shelf
        for lines, key in ((done, "output_file_id"), (failed, "error_file_id")):
            if lines:
                data = "".join(f"{line}\n" for line in reversed(lines)).encode()
                batch.shown[key] = shelf.keep("file-", f"{key}.jsonl", "application/jsonl", data, "batch_output").id
        counts = {"total": len(batch.requests), "completed": len(done), "failed": len(failed)}
        batch.shown |= {"status": "completed", "completed_at": CREATED, "request_counts": counts}

    def _found(self, request: web.Request) -> Batch:
        name = request.match_info["name"]
        if name not in self.server.shelf.batches:
            raise Refusal(f"No batch found with id '{name}'.", status=404, where="id")
        return self.server.shelf.batches[name]

    def _refused(self, heard: Heard, refused: Refusal) -> web.StreamResponse:
        heard.refused = refused.message
        return self.server.reply(heard, *refusal(refused))


def _lines(text: str, endpoint: str) -> list[dict[str, Any]]:
    """Raises: Refusal for a file whose lines are no requests: the batch fails with it."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refusal("The input file is empty.", code="empty_file")
    if len(lines) > MOST:
        raise Refusal(f"The batch has more than {MOST} requests.", code="too_many_tasks")
    requests: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        try:
            each = json.loads(line)
        except json.JSONDecodeError as error:
            raise Refusal(f"Line {number} is not valid JSON.", code="invalid_json_line") from error
        if not isinstance(each, dict) or {"custom_id", "method", "url", "body"} - set(each):
            raise Refusal(f"Line {number} lacks custom_id, method, url or body.", code="missing_required_parameter")
        if each["url"] != endpoint:
            raise Refusal(f"Line {number}: the URL differs from the endpoint of the batch.", code="mismatched_endpoint")
        if each["url"] not in WIRES or each["method"] != "POST":
            raise Refusal(f"Line {number}: the URL is not supported.", code="invalid_url")
        requests.append(each)
    names = [each["custom_id"] for each in requests]
    if len(names) != len(set(names)):
        raise Refusal("The custom_id of a request is used twice.", code="duplicate_custom_id")
    return requests


def _shown(name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "object": "batch",
        "endpoint": body["endpoint"],
        "input_file_id": body["input_file_id"],
        "completion_window": body["completion_window"],
        "status": "validating",
        "created_at": CREATED,
        "expires_at": CREATED + 86_400,
        "request_counts": {"total": 0, "completed": 0, "failed": 0},
        "metadata": body.get("metadata"),
        **dict.fromkeys((*TIMES, "output_file_id", "error_file_id", "errors")),
    }
