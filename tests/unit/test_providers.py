"""What counts as a provider's failure, and what is ours."""

from __future__ import annotations

from typing import Any

import anthropic
import httpx
import openai
import pytest

from tools.kit.providers import provider_failure

REQUEST: Any = httpx.Request("POST", "https://provider.invalid")
ANSWER: Any = httpx.Response(429, request=REQUEST)


class ConnectorBroken(ValueError):
    """Ours, and called much as a provider's."""


@pytest.mark.parametrize(
    ("error", "heard"),
    [
        (anthropic.APITimeoutError(REQUEST), "did not answer in time"),
        (openai.APITimeoutError(REQUEST), "did not answer in time"),
        (openai.APIConnectionError(request=REQUEST), "cannot be reached"),
        (httpx.ConnectError("refused"), "cannot be reached"),
        (httpx.ReadTimeout("slow"), "did not answer in time"),
        (anthropic.RateLimitError("", response=ANSWER, body=None), "limiting requests"),
    ],
)
def test_an_error_of_a_provider_is_a_sentence(error: Exception, heard: str) -> None:
    assert heard in str(provider_failure(error, "openai:gpt"))


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionError(), ConnectorBroken(), KeyError("status_code")])
def test_an_error_of_ours_is_never_a_provider_s(error: Exception) -> None:
    assert provider_failure(error, "local") is None
