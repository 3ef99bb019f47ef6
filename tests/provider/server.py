"""The server: takes a request, writes it down, checks it, and answers as the script says."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import web

from tests.provider.heard import Heard, Name
from tests.provider.refusal import Refusal
from tests.provider.script import Act, Answer, Fails, Says, Tokens
from tests.provider.shelf import Shelf
from tests.provider.wire import Wire, fitted, parsed

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Response = TypeVar("Response", bound=web.StreamResponse)


class Server:
    """Behaviour of one provider on loopback. `script` is played in order; its last act is played for ever."""

    def __init__(self, script: tuple[Act, ...], shelf: Shelf, *, keep_alive: bool, remember: bool) -> None:
        self.script: list[Act] = list(script)
        self.shelf = shelf
        self.keep_alive = keep_alive
        self.remember = remember
        self.heard: list[Heard] = []
        self.busy = 0
        """Requests being answered now."""
        self.most_busy = 0
        self.idle = asyncio.Event()
        """Set while none is."""
        self.errors: list[Exception] = []
        """Faults of this server or of the script's functions."""
        self._connections: dict[Any, int] = {}

    async def hear(self, request: web.Request, name: Name) -> Heard:
        """Read the request and write it down."""
        raw = await request.read()
        headers = {key.lower(): value for key, value in request.headers.items()}
        heard = Heard(name, request.method, request.path_qs, headers, raw, self._connection(request))
        self.heard.append(heard)
        return heard

    def speak(self, name: Name, wire: Wire) -> Handler:
        """A handler for the route of a model."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return await self.answer(request, await self.hear(request, name), wire)

        return handle

    async def answer(self, request: web.Request, heard: Heard, wire: Wire) -> web.StreamResponse:
        self.busy += 1
        self.idle.clear()
        self.most_busy = max(self.most_busy, self.busy)
        try:
            return await self._answer(request, heard, wire)
        except (ConnectionError, asyncio.CancelledError):
            heard.gone = True
            raise
        except Exception as error:
            self.errors.append(error)
            raise
        finally:
            if not self.remember:
                heard.forget()
            self.busy -= 1
            if not self.busy:
                self.idle.set()

    async def _answer(self, request: web.Request, heard: Heard, wire: Wire) -> web.StreamResponse:
        try:
            self.check(heard, wire)
        except Refusal as refusal:
            heard.refused = refusal.message
            return self.reply(heard, *wire.refusal(refusal))
        act = await self.act(heard)
        await _wait(act.pace.first)
        if isinstance(act, Fails):
            return self.failed(heard, act, wire)
        says = fitted(act, heard)
        heard.tokens = tokens = says.tokens or wire.count(says, heard, self.shelf)
        if heard.prompt.stream:
            return await self._stream(request, heard, wire, says, tokens)
        if says.pace.error is not None:
            return self.failed(heard, Fails(529), wire)
        whole = wire.whole(says, heard, tokens, self.shelf)
        if says.pace.drop is not None:
            return await self._half(request, heard, whole)
        return self.reply(heard, 200, whole)

    async def bulk(self, name: Name, wire: Wire, path: str, body: Any, by: Heard) -> tuple[int, dict[str, Any]]:
        """Status and answer of one request of a batch, which came `by` another request."""
        heard = Heard(name, "POST", path, by.headers, json.dumps(body).encode(), by.connection, batch=True)
        self.heard.append(heard)
        try:
            self.check(heard, wire)
        except Refusal as refusal:
            heard.refused = refusal.message
            heard.status, told = wire.refusal(refusal)
            return heard.status, told
        act = await self.act(heard)
        if isinstance(act, Fails):
            heard.status, told = wire.failure(act, heard)
            return heard.status, told
        says = fitted(act, heard)
        heard.status = 200
        heard.tokens = tokens = says.tokens or wire.count(says, heard, self.shelf)
        return 200, wire.whole(says, heard, tokens, self.shelf)

    def check(self, heard: Heard, wire: Wire) -> None:
        """Raises: Refusal when the real provider would not take the request."""
        heard.denied = True
        wire.admit(heard, self.shelf)
        heard.denied = False
        if len(heard.raw) > wire.largest:
            raise Refusal("Request exceeds the maximum size", status=413, code="request_too_large")
        heard.body = parsed(heard.raw)
        wire.read(heard, self.shelf)

    async def act(self, heard: Heard) -> Answer:
        if not self.script:
            return Fails(500, "Nothing is scripted for this request.")
        act = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        answer = act(heard) if callable(act) else act
        return await answer if inspect.isawaitable(answer) else answer

    def failed(self, heard: Heard, fails: Fails, wire: Wire) -> web.Response:
        status, body = wire.failure(fails, heard)
        if fails.body is None:
            return self.reply(heard, status, body, fails.headers)
        heard.status = status
        response = web.Response(text=fails.body, status=status, headers=fails.headers, content_type="text/html")
        return self._closing(response)

    def reply(self, heard: Heard, status: int, body: Any, headers: Any = None) -> web.Response:
        heard.status = status
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        kind = "application/x-ndjson" if isinstance(body, str) else "application/json"
        return self._closing(web.Response(text=text, status=status, headers=headers, content_type=kind))

    async def _stream(
        self, request: web.Request, heard: Heard, wire: Wire, says: Says, tokens: Tokens
    ) -> web.StreamResponse:
        heard.status = 200
        response = self._closing(web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"}))
        await response.prepare(request)
        for event in wire.events(says, heard, tokens, self.shelf):
            if says.pace.drop == heard.events:
                return _cut(request, response)
            if says.pace.error == heard.events:
                await response.write(wire.broken())
                break
            await response.write(event)
            heard.events += 1
            await _wait(says.pace.between)
        await response.write_eof()
        return response

    async def _half(self, request: web.Request, heard: Heard, whole: Any) -> web.StreamResponse:
        heard.status = 200
        body = json.dumps(whole).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        response = self._closing(web.StreamResponse(headers=headers))
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        return _cut(request, response)

    def _closing(self, response: Response) -> Response:
        response.headers["request-id"] = response.headers["x-request-id"] = self.shelf.new("req_")
        if not self.keep_alive:
            response.force_close()
        return response

    def _connection(self, request: web.Request) -> int:
        peer = request.transport.get_extra_info("peername") if request.transport else None
        return self._connections.setdefault(peer, len(self._connections) + 1)


def _cut(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return response


async def _wait(seconds: float) -> None:
    if seconds == float("inf"):
        await asyncio.Event().wait()
    if seconds:
        await asyncio.sleep(seconds)
