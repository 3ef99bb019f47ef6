"""A stand-in for a Qdrant server: its REST interface over HTTP, with `qdrant-client`'s local mode to answer.

It is as strict as a server in what local mode forgives: a facet, an order and a filter need the payload index of their
field, and every request must be one that Qdrant's OpenAPI description allows (where ../shared/data/qdrant is). That
proves what is sent and how answers are taken, and not how a real server ranks, persists or survives.
"""

from __future__ import annotations

import email
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic_core import to_jsonable_python

from tests.openapi import problems
from tests.stand_in_qdrant.doing import Refusal, Request, done

Fault = int | str | None
"""A status to refuse with, ``drop`` (hang up), ``hang`` (no answer), ``null`` (no result), or None: all is well."""


class Wire(ThreadingHTTPServer):
    """`with Wire() as server: ... server.url`. `fault` decides what goes wrong, before anything is done."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, key: str | None = None) -> None:
        from qdrant_client import QdrantClient

        super().__init__(("127.0.0.1", 0), Answering)
        self.local = QdrantClient(":memory:")
        self.turn = threading.Lock()  # local mode is not made for threads
        self.key = key
        self.fault: Callable[[Request], Fault] = lambda request: None
        self.requests: list[Request] = []
        self.wrong: list[str] = []
        """Requests that Qdrant's description does not allow."""
        self.made: dict[str, Any] = {}
        """How each collection was asked for."""
        self.indexes: dict[str, dict[str, Any]] = {}
        self.snapshots: dict[str, dict[str, bytes]] = {}
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def asked(self, method: str, end: str) -> list[Request]:
        """Those requests whose path ends so."""
        return [each for each in self.requests if each.method == method and each.path.endswith(end)]

    def __enter__(self) -> Wire:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


class Answering(BaseHTTPRequestHandler):
    server: Wire
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def answer(self) -> None:
        split = urlsplit(self.path)
        content = self.headers.get_content_type() if self.headers.get("content-type") else "application/json"
        body = self.form() if content == "multipart/form-data" else json.loads(self.read() or b"null")
        asked = Request(self.command, unquote(split.path), dict(parse_qsl(split.query)), body)
        if self.server.key and self.headers.get("api-key") != self.server.key:
            return self.refuse(403, "forbidden")
        self.server.requests.append(asked)
        said = dict.fromkeys(body, "") if content == "multipart/form-data" else body
        self.server.wrong += problems(self.command, self.path, said, content)
        if fault := self.server.fault(asked):
            return self.fail(fault)
        try:
            with self.server.turn:
                result = done(self.server, asked)
        except Refusal as refusal:
            return self.refuse(refusal.status, refusal.why)
        except ValueError as error:
            return self.refuse(404 if "not found" in str(error) else 400, str(error))
        if isinstance(result, bytes):
            return self.send(200, "application/octet-stream", result)
        return self.send_json(200, {"result": to_jsonable_python(result), "status": "ok", "time": 0.0})

    def read(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def form(self) -> dict[str, bytes]:
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = email.message_from_bytes(head + self.read())
        return {
            str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True) or b"")
            for part in parts.walk()
            if not part.is_multipart()
        }

    def fail(self, fault: int | str) -> None:
        if isinstance(fault, int):
            return self.refuse(fault, "the server is not well")
        if fault == "null":
            return self.send_json(200, {"result": None, "status": "ok", "time": 0.0})
        self.close_connection = True
        if fault == "hang":
            self.server.over.wait()
        return None

    def refuse(self, status: int, why: str) -> None:
        self.send_json(status, {"status": {"error": why}, "time": 0.0})

    def send_json(self, status: int, body: Any) -> None:
        self.send(status, "application/json", json.dumps(body).encode())

    def send(self, status: int, content: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", content)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815
