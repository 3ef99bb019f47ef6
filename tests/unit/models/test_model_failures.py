"""What counts as a provider's failure, of which kind, and what is ours."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from google.genai import errors as google
from langchain_core.messages import AIMessage
from langchain_google_genai.chat_models import GoogleRateLimitError

from tools.backends.chat.failing import after_of, ending_of, kind_of
from tools.backends.chat.wording import SENTENCES, failure
from tools.kit.models.failures import Kind

REQUEST: Any = httpx2.Request("POST", "https://provider.invalid")


def answer(status: int, **headers: str) -> Any:
    return httpx2.Response(status, request=REQUEST, headers=headers)


def google_says(status: int, *details: dict[str, Any]) -> Exception:
    body = {"error": {"code": status, "message": "no", "status": "X", "details": list(details)}}
    return google.ClientError(status, body, None)


class ConnectorBroken(ValueError):
    """Ours, and called much as a provider's."""


THEIRS = [
    (anthropic.APITimeoutError(REQUEST), "timeout"),
    (openai.APITimeoutError(REQUEST), "timeout"),
    (openai.APIConnectionError(request=REQUEST), "unreachable"),
    (httpx2.ConnectError("refused"), "unreachable"),
    (httpx2.RemoteProtocolError("closed"), "dropped"),
    (anthropic.RateLimitError("", response=answer(429), body=None), "limited"),
    (anthropic.APIStatusError("", response=answer(529), body=None), "overloaded"),
    (anthropic.APIStatusError("", response=answer(200), body={"error": {"type": "overloaded_error"}}), "overloaded"),
    (anthropic.APIStatusError("", response=answer(402), body={"error": {"type": "billing_error"}}), "credit"),
    (
        anthropic.BadRequestError(
            "",
            response=answer(400),
            body={
                "error": {
                    "type": "invalid_request_error",
                    "message": "Your credit balance is too low to access the Anthropic API.",
                }
            },
        ),
        "credit",
    ),
    (openai.RateLimitError("", response=answer(429), body={"code": "insufficient_quota"}), "credit"),
    (openai.APIError("", REQUEST, body={"code": "rate_limit_exceeded"}), "limited"),
    (openai.APIError("", REQUEST, body=None), "broken"),
    (ValueError("server_error: The server had an error"), "broken"),
    (ValueError("No generation chunks were returned"), "dropped"),
    (json.JSONDecodeError("no", "{", 1), "broken"),
    (google_says(400, {"reason": "API_KEY_INVALID"}), "key"),
    (google_says(403), "key"),
    (google.ServerError(503, {"error": {"code": 503}}, None), "overloaded"),
]


@pytest.mark.parametrize(("error", "kind"), THEIRS)
def test_an_error_of_a_provider_has_a_kind(error: Exception, kind: Kind) -> None:
    assert kind_of(error, begun=False) == kind


def test_an_error_wrapped_by_langchain_keeps_its_kind_and_wait() -> None:
    wrapped = GoogleRateLimitError("limited")
    wrapped.__cause__ = google_says(429, {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"})
    assert kind_of(wrapped, begun=False) == "limited"
    assert after_of(wrapped) == 34


def test_a_connection_that_breaks_within_an_answer_is_dropped() -> None:
    assert kind_of(openai.APIConnectionError(request=REQUEST), begun=True) == "dropped"


@pytest.mark.parametrize(
    "error", [TimeoutError(), ConnectionError(), ConnectorBroken(), KeyError("code"), ValueError("x")]
)
def test_an_error_of_ours_is_never_a_providers(error: Exception) -> None:
    assert kind_of(error, begun=False) is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", None)],
)
def test_a_retry_after_is_seconds_or_a_date(told: str, seconds: float | None) -> None:
    headers = {"retry-after": told}
    assert after_of(anthropic.RateLimitError("", response=answer(429, **headers), body=None)) == seconds


@pytest.mark.parametrize(
    ("metadata", "ending"),
    [
        ({}, (False, None)),
        ({"stop_reason": "end_turn"}, (True, None)),
        ({"stop_reason": "refusal"}, (True, "refused")),
        ({"finish_reason": "length"}, (True, "cut_off")),
        ({"finish_reason": "MAX_TOKENS"}, (True, "cut_off")),
        ({"finish_reason": "SAFETY"}, (True, "filtered")),
        ({"finish_reason": "never heard of"}, (True, None)),
        ({"status": "completed"}, (True, None)),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, (True, "filtered")),
        ({"prompt_feedback": {"block_reason": "SAFETY"}}, (True, "filtered")),
    ],
)
def test_an_answer_is_whole_when_the_provider_says_so(
    metadata: dict[str, Any], ending: tuple[bool, Kind | None]
) -> None:
    assert ending_of(AIMessage("It is", response_metadata=metadata)) == ending


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_every_kind_has_one_sentence_that_names_the_model(kind: Kind) -> None:
    said = str(failure(kind, "openai:gpt"))
    assert "openai:gpt" in said
    assert "{" not in said
    assert said.endswith(".")
