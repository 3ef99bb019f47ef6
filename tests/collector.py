"""A local OpenTelemetry collector: takes spans over HTTP, and gives them as a tree."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ERROR = 2
"""Status code of a span that failed."""


@dataclass(frozen=True)
class Span:
    name: str
    trace: bytes
    id: bytes
    parent: bytes
    attributes: dict[str, Any]
    failed: bool


@dataclass
class Collector:
    url: str = ""
    spans: list[Span] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    """What came with any request: also with what is no OpenTelemetry."""

    def one(self, name: str) -> Span:
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def tree(self, parent: bytes = b"") -> list[Any]:
        """Names, each with those below it where there are any, in the order of their beginnings."""
        below = [span for span in self.spans if span.parent == parent]
        return [(span.name, inner) if (inner := self.tree(span.id)) else span.name for span in below]

    def take(self, path: str, body: bytes) -> None:
        self.taken.append(body)
        if path != "/v1/traces":
            return
        self.bodies.append(body)
        request = ExportTraceServiceRequest.FromString(body)
        found = [span for group in request.resource_spans for scope in group.scope_spans for span in scope.spans]
        for span in sorted(found, key=lambda span: span.start_time_unix_nano):
            attributes = {each.key: _value(each.value) for each in span.attributes}
            failed = span.status.code == ERROR
            self.spans.append(Span(span.name, span.trace_id, span.span_id, span.parent_span_id, attributes, failed))


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    held = getattr(value, kind)
    return [_value(each) for each in held.values] if kind == "array_value" else held


@contextmanager
def collecting() -> Iterator[Collector]:
    """One that runs in a thread of its own."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            collector.take(self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
