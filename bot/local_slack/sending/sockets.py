"""Socket Mode: the app's websockets, envelopes over them, and the acknowledgements that come back.

https://docs.slack.dev/apis/events-api/using-socket-mode/
"""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.local_slack.records.store import Json
from bot.local_slack.sending.delivery import Kind, NotAcknowledged, Retry
from bot.local_slack.workspace import Workspace

_HEARTBEAT = 10.0  # seconds between the server's pings
_GOODBYE = 1.0  # seconds an app has to close its side
_MOST = 10  # websockets an app may hold: Slack's limit


@dataclass(eq=False)
class Connection:
    socket: web.WebSocketResponse
    request: web.Request
    disconnecting: bool = False


@dataclass
class Sockets:
    """The `Transport` over websockets. An envelope goes to one of them, each in turn."""

    workspace: Workspace
    _tickets: set[str] = field(default_factory=set)
    _open: list[Connection] = field(default_factory=list)
    _acknowledged: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    _somebody: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: int = 0
    _leaving: set[asyncio.Task[None]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self._open)

    def issue(self) -> str:
        """A ticket for one websocket, as apps.connections.open hands it out."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        """The route that the app's websocket comes in by."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPUnauthorized(text="ticket_not_found")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=1 << 20, timeout=_GOODBYE)
        await socket.prepare(request)
        connection = Connection(socket, request)
        await self._serve(connection)
        return socket

    async def _serve(self, connection: Connection) -> None:
        if len(self._open) >= _MOST:
            await connection.socket.send_json(_disconnect("too_many_websockets"))
            return
        self._open.append(connection)
        await connection.socket.send_json(self._hello())
        self._somebody.set()
        self.workspace.changes.note("socket", connections=len(self._open))
        try:
            async for message in connection.socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(message.data)
        finally:
            self._forget(connection)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {"host": "applink-local", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.workspace.state.identity.app_id},
        }

    def _forget(self, connection: Connection) -> None:
        if connection in self._open:
            self._open.remove(connection)
        if not self._open:
            self._somebody.clear()
        self.workspace.changes.note("socket", connections=len(self._open))

    def _hear(self, text: str) -> None:
        with suppress(ValueError, AttributeError):
            said = json.loads(text)
            waiting = self._acknowledged.get(said.get("envelope_id", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(said.get("payload") or None)

    async def attempt(self, kind: Kind, payload: Json, retry: Retry | None, patience: float) -> Json | None:
        """As the port says. An event waits for a websocket while there is none; a person's action fails at once."""
        if kind != "events_api" and not self._open:
            raise NotAcknowledged("dispatch_failed")
        envelope = _envelope(kind, payload, retry)
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._acknowledged[envelope["envelope_id"]] = answer
        try:
            async with asyncio.timeout(patience):
                await self._send(envelope)
                return await answer
        except TimeoutError:
            raise NotAcknowledged("timeout" if kind == "events_api" else "operation_timeout") from None
        finally:
            del self._acknowledged[envelope["envelope_id"]]

    async def _send(self, envelope: Json) -> None:
        while True:
            await self._somebody.wait()
            connection = self._next()
            try:
                await connection.socket.send_str(json.dumps(envelope))
                break
            except (ConnectionError, RuntimeError):  # it closed under our hands: another one, or the next that comes
                self._forget(connection)
        if self.workspace.faults.take_drop():
            self.cut()

    def _next(self) -> Connection:
        ready = [connection for connection in self._open if not connection.disconnecting] or self._open
        self._turn += 1
        return ready[self._turn % len(ready)]

    def cut(self) -> None:
        """Every websocket ends without a goodbye."""
        for connection in list(self._open):
            self._forget(connection)
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def say_disconnect(self, reason: str, grace: float) -> None:
        for connection in list(self._open):
            connection.disconnecting = True
            task = asyncio.get_running_loop().create_task(_leave(connection, reason, grace))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        for task in self._leaving:
            task.cancel()
        for connection in list(self._open):
            await connection.socket.close(code=1001)


async def _leave(connection: Connection, reason: str, grace: float) -> None:
    with suppress(ConnectionError, RuntimeError):
        await connection.socket.send_json(_disconnect(reason))
        await asyncio.sleep(grace)
        await connection.socket.close()


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}


def _envelope(kind: Kind, payload: Json, retry: Retry | None) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": kind,
        "accepts_response_payload": kind != "events_api",
        "payload": payload,
    }
    if kind == "events_api":
        envelope["retry_attempt"] = retry.number if retry else 0
        envelope["retry_reason"] = retry.reason if retry else ""
    return envelope
