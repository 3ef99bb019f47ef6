"""Errors of the Gemini API: ai.google.dev/gemini-api/docs/troubleshooting."""

from __future__ import annotations

from typing import Any

from tests.provider.heard import Heard
from tests.provider.models import profile
from tests.provider.refusal import Refusal
from tests.provider.script import Fails
from tests.provider.shelf import Shelf
from tests.provider.wire import event

KINDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
BAD_KEY = "API key not valid. Please pass a valid API key."
WORDS = {
    401: "Request had invalid authentication credentials.",
    403: "Your API key does not have permission for this model.",
    429: "You exceeded your current quota, please check your plan and billing details.",
    500: "An internal error has occurred. Please retry.",
    503: "The model is overloaded. Please try again later.",
}


def shaped(status: int, message: str, kind: str | None = None, details: Any = None) -> tuple[int, dict[str, Any]]:
    error = {"code": status, "message": message, "status": kind or KINDS.get(status, "UNKNOWN")}
    return status, {"error": {**error, **({"details": details} if details else {})}}


def refusal(refused: Refusal) -> tuple[int, dict[str, Any]]:
    details = None
    if refused.message == BAD_KEY:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        details = [{"@type": kind, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]
    return shaped(refused.status, refused.message, None, details)


def failure(fails: Fails, heard: Heard) -> tuple[int, dict[str, Any]]:
    status = 503 if fails.status == 529 else fails.status
    message = fails.message or WORDS.get(status, "Error")
    details = None
    if fails.code == "context_length_exceeded":
        most = profile("google_genai", heard.model).get("max_input_tokens", 1_048_576)
        return shaped(400, fails.message or too_long(most + 12_345, most))
    if status == 404:
        message = fails.message or no_model(heard.model).message
    if after := fails.headers.get("Retry-After"):
        details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{after}s"}]
    return shaped(status, message, fails.code, details)


def no_model(model: str) -> Refusal:
    words = f"models/{model} is not found for API version v1beta, or is not supported for generateContent."
    return Refusal(words, status=404)


def too_long(tokens: int, most: int) -> str:
    return f"The input token count ({tokens}) exceeds the maximum number of tokens allowed ({most})."


def broken() -> bytes:
    return event(shaped(503, WORDS[503])[1])


def admit(heard: Heard, shelf: Shelf) -> None:
    """A key that is not known is a 400 here. Raises: Refusal."""
    key = heard.headers.get("x-goog-api-key", "")
    if not key:
        words = "Method doesn't allow unregistered callers (callers without established identity)."
        raise Refusal(words, status=403)
    if shelf.keys is not None and key not in shelf.keys:
        raise Refusal(BAD_KEY)
