"""Errors of Anthropic's API: platform.claude.com/docs/en/api/errors."""

from __future__ import annotations

from typing import Any

from tests.provider.heard import Heard
from tests.provider.models import profile
from tests.provider.refusal import Refusal
from tests.provider.script import Fails
from tests.provider.wire import event

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
WORDS = {
    401: "invalid x-api-key",
    403: "Your API key does not have permission to use the specified resource.",
    413: "Request exceeds the maximum size",
    429: "This request would exceed your organization's rate limit.",
    500: "Internal server error",
    529: "Overloaded",
}


def shaped(status: int, kind: str | None, message: str, **details: Any) -> tuple[int, dict[str, Any]]:
    kind = kind if kind in KINDS.values() else KINDS.get(status, "api_error")
    error = {"type": kind, "message": message, **details}
    return status, {"type": "error", "error": error, "request_id": "req_011CaLocalProvider0001"}


def refusal(refused: Refusal) -> tuple[int, dict[str, Any]]:
    details = {} if refused.details is None else {"details": dict(refused.details)}
    return shaped(refused.status, refused.code, refused.message, **details)


def failure(fails: Fails, heard: Heard) -> tuple[int, dict[str, Any]]:
    message = fails.message or WORDS.get(fails.status, "Error")
    if fails.code == "context_length_exceeded":
        most = profile("anthropic", heard.model).get("max_input_tokens", 200_000)
        message = fails.message or too_long(most + 12_345, most)
    if fails.status == 404:
        message = fails.message or f"model: {heard.model}"
    return shaped(fails.status, fails.code, message)


def too_long(tokens: int, most: int) -> str:
    return f"prompt is too long: {tokens} tokens > {most} maximum"


def broken() -> bytes:
    """As platform.claude.com/docs/en/build-with-claude/streaming ("Error events") shows it."""
    return event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "error")
