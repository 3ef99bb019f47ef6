"""An error of an SDK, or the way an answer ended, as a kind of failure. What is no provider's doing stays an error."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from traceback import walk_tb
from typing import Any

from langchain_core.exceptions import ContextOverflowError
from langchain_core.messages import AIMessage
from pydantic import ValidationError

from tools.kit.models.failures import Kind

BY_STATUS: dict[int, Kind] = {
    401: "key",
    402: "credit",
    403: "key",
    404: "model",
    408: "timeout",
    413: "too_large",
    429: "limited",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}
BY_CODE: dict[str, Kind] = {
    # Anthropic, "Errors" (error.type)
    "authentication_error": "key",
    "permission_error": "key",
    "billing_error": "credit",
    "not_found_error": "model",
    "request_too_large": "too_large",
    "rate_limit_error": "limited",
    "overloaded_error": "overloaded",
    "timeout_error": "timeout",
    "api_error": "broken",
    # OpenAI, "Error codes" (error.code, and the codes of a failed response)
    "context_length_exceeded": "too_long",
    "insufficient_quota": "credit",
    "invalid_api_key": "key",
    "model_not_found": "model",
    "content_filter": "filtered",
    "content_policy_violation": "filtered",
    "rate_limit_exceeded": "limited",
    "server_error": "broken",
    "server_is_overloaded": "overloaded",
    "slow_down": "limited",
    # Google, google.rpc.ErrorInfo (details.reason)
    "API_KEY_INVALID": "key",
}
BY_ENDING: dict[str, Kind | None] = {
    # Anthropic, stop_reason
    "end_turn": None,
    "tool_use": None,
    "stop_sequence": None,
    "pause_turn": None,
    "max_tokens": "cut_off",
    "refusal": "refused",
    "model_context_window_exceeded": "too_long",
    # OpenAI, finish_reason, and status with incomplete_details.reason
    "stop": None,
    "tool_calls": None,
    "function_call": None,
    "completed": None,
    "length": "cut_off",
    "max_output_tokens": "cut_off",
    "content_filter": "filtered",
    # Google, finishReason
    "safety": "filtered",
    "recitation": "filtered",
    "blocklist": "filtered",
    "prohibited_content": "filtered",
    "spii": "filtered",
    "image_safety": "filtered",
    "image_prohibited_content": "filtered",
    "language": "refused",
    "malformed_function_call": "invalid",
    "unexpected_tool_call": "invalid",
}
VENDORS = {"anthropic", "openai", "google", "httpx", "httpx2", "httpcore", "httpcore2", "langchain_openai"}
"""Packages whose errors are a provider's doing; everybody else's are ours, whatever they are called."""
MESSAGES = {"AIMessage", "AIMessageChunk"}
"""What LangChain makes of an answer: one that does not fit (a call with a list for arguments) is a ValidationError."""
NO_CREDIT = "credit balance is too low"
"""Anthropic's message; type and status are those of any bad request."""
OURS = "tools.backends.chat."
CALLED_BACK = ("graphs.", "bot.")
"""Modules of ours that are called while a model is heard."""
IN_WORDS = "No generation chunks were returned"
"""LangChain's, of an answer without anything in it."""


def kind_of(error: BaseException, *, begun: bool) -> Kind | None:
    """None when it is not a provider's doing (a bug of ours). `begun`: part of an answer had come."""
    causes = list(_causes(error))
    if any(isinstance(cause, ContextOverflowError) for cause in causes):
        return "too_long"
    for cause in causes:
        told = _by_body(cause)
        # "api_error" and the like say less than a status does
        if kind := (told if told != "broken" else None) or _by_status(cause) or told or _by_name(cause, begun):
            return kind
    return _by_words(error, begun)


def is_unreadable(error: BaseException) -> bool:
    """Whether an SDK, or LangChain, stumbled over what it was sent: an event that is a list, nesting without an end, a
    count that is a word. Such errors have the names of anybody's, so it goes by where they were raised."""
    names = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    while names and names[0].startswith(OURS):
        del names[0]
    return bool(names) and not any(name.startswith(CALLED_BACK) for name in names)


def after_of(error: BaseException) -> float | None:
    """Seconds the provider wants us to wait: Retry-After (RFC 9110, seconds or a date), or Google's RetryInfo."""
    for cause in _causes(error):
        headers = getattr(getattr(cause, "response", None), "headers", None)
        if headers is not None and (told := headers.get("retry-after")):
            return _seconds(told)
        for detail in _details(cause):
            if delay := detail.get("retryDelay"):
                return _seconds(str(delay).removesuffix("s"))
    return None


def ending_of(message: AIMessage) -> tuple[bool, Kind | None]:
    """Whether the provider said that the answer is at its end, and what was wrong with that end."""
    told = message.response_metadata
    if message.additional_kwargs.get("refusal") or any(
        isinstance(block, dict) and block.get("type") == "refusal" for block in message.content
    ):
        return True, "refused"
    if blocked := (told.get("prompt_feedback") or {}).get("block_reason"):
        return True, "filtered" if blocked else None
    details = told.get("incomplete_details") or {}
    reason = details.get("reason") or told.get("stop_reason") or told.get("finish_reason") or told.get("status")
    if not reason:
        return False, None
    return True, BY_ENDING.get(str(reason).lower())


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _by_body(error: BaseException) -> Kind | None:
    body: Any = getattr(error, "body", None)
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        if isinstance(inner, Mapping):
            if NO_CREDIT in str(inner.get("message")):
                return "credit"
            for name in ("code", "type"):
                if kind := BY_CODE.get(str(inner.get(name))):
                    return kind
    return next((kind for detail in _details(error) if (kind := BY_CODE.get(str(detail.get("reason"))))), None)


def _details(error: BaseException) -> list[Mapping[str, Any]]:
    """google.rpc details of an error of Google's."""
    body: Any = getattr(error, "details", None)
    inner = body.get("error", body) if isinstance(body, Mapping) else {}
    details = inner.get("details") if isinstance(inner, Mapping) else None
    return [detail for detail in details if isinstance(detail, Mapping)] if isinstance(details, list) else []


def _by_status(error: BaseException) -> Kind | None:
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    if not isinstance(status, int) or status < 400:
        return None
    return BY_STATUS.get(status) or ("broken" if status >= 500 or status == 409 else "request")


def _by_name(error: BaseException, begun: bool) -> Kind | None:
    """The words in the names of the SDKs' classes, where no answer came that could have a status."""
    names = " ".join(kind.__name__ for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in VENDORS)
    if not names:
        return None
    if "Timeout" in names:
        return "timeout"
    if "LengthFinish" in names:
        return "cut_off"
    if "ContentFilter" in names:
        return "filtered"
    if "Refusal" in names:
        return "refused"
    if "Connect" in names and not begun:
        return "unreachable"
    if "APIError" in names and "Connect" not in names:
        return "broken"
    return "dropped"


def _by_words(error: BaseException, begun: bool) -> Kind | None:
    """Bytes that are no JSON, and the ends of a stream that LangChain hands on as a ValueError."""
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "dropped" if begun else "broken"
    if isinstance(error, ValidationError) and error.title in MESSAGES:
        return "invalid"
    if type(error) is not ValueError:
        return None
    text = str(error)
    if IN_WORDS in text:
        return "dropped"
    coded = next((kind for code, kind in BY_CODE.items() if code in text[:200]), None)
    return coded or ("broken" if text.startswith(("ResponseError(", "Response ")) else None)


def _seconds(told: str) -> float | None:
    try:
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(told).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
