"""Local servers that speak the wire of model providers: what a provider would send, on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Provider:
    """Replies in order (the last one for ever) and keeps what it was asked."""

    replies: list[tuple[int, dict[str, Any]]]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def next(self) -> tuple[int, dict[str, Any]]:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def serving(*replies: tuple[int, dict[str, Any]]) -> Iterator[Provider]:
    """A provider on a free port of the loopback interface."""
    provider = Provider(list(replies))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            provider.requests.append(json.loads(self.rfile.read(length)))
            provider.headers.append({name.lower(): value for name, value in self.headers.items()})
            status, reply = provider.next()
            body = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def openai_says(text: str) -> tuple[int, dict[str, Any]]:
    return _openai({"role": "assistant", "content": text}, "stop")


def openai_calls(name: str, arguments: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    call = {"id": "call_1", "type": "function", "function": function}
    return _openai({"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls")


def _openai(message: dict[str, Any], reason: str) -> tuple[int, dict[str, Any]]:
    choice = {"index": 0, "message": message, "finish_reason": reason}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    body = {"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    return 200, body


def claude_says(text: str) -> tuple[int, dict[str, Any]]:
    return _claude([{"type": "text", "text": text}], "end_turn")


def claude_calls(name: str, arguments: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return _claude([{"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments}], "tool_use")


def _claude(content: list[dict[str, Any]], reason: str) -> tuple[int, dict[str, Any]]:
    usage = {"input_tokens": 1, "output_tokens": 1}
    body = {"id": "m1", "type": "message", "role": "assistant", "model": "m", "content": content, "usage": usage}
    return 200, {**body, "stop_reason": reason, "stop_sequence": None}


def fails(status: int) -> tuple[int, dict[str, Any]]:
    return status, {"type": "error", "error": {"type": "some_error", "message": "no"}}
