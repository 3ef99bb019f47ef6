"""How the local provider fails, as the real SDKs tell it: by status, a cut, an error within a stream, silence."""

from __future__ import annotations

import anthropic
import openai
import pytest
from google.genai import errors as google_errors

from tests.contract.sdks import SPEAKERS, Speaker, name_of, speakers, streams
from tests.provider import Fails, breaks, dropped, fails, hangs, says, serving, too_long

LONG = "There are three cups on the table, two of them are red. " * 5
ERRORS: dict[int, tuple[type[Exception], type[Exception], type[Exception]]] = {
    400: (anthropic.BadRequestError, openai.BadRequestError, google_errors.ClientError),
    401: (anthropic.AuthenticationError, openai.AuthenticationError, google_errors.ClientError),
    403: (anthropic.PermissionDeniedError, openai.PermissionDeniedError, google_errors.ClientError),
    404: (anthropic.NotFoundError, openai.NotFoundError, google_errors.ClientError),
    413: (anthropic.RequestTooLargeError, openai.APIStatusError, google_errors.ClientError),
    429: (anthropic.RateLimitError, openai.RateLimitError, google_errors.ClientError),
    500: (anthropic.InternalServerError, openai.InternalServerError, google_errors.ServerError),
    529: (anthropic.OverloadedError, openai.InternalServerError, google_errors.ServerError),
}


@speakers
@streams
@pytest.mark.parametrize("status", ERRORS)
def test_a_status_is_raised_as_the_sdk_has_it(speaker: Speaker, stream: bool, status: int) -> None:
    with serving(fails(status)) as provider, pytest.raises(_error(speaker, ERRORS[status])):
        speaker(provider, stream=stream)


@speakers
def test_a_request_that_is_too_long_is_told_in_the_providers_words(speaker: Speaker) -> None:
    words = {"claude": "prompt is too long", "gemini": "exceeds the maximum number of tokens"}
    words |= {"chat": "maximum context length", "responses": "exceeds the context window"}
    with serving(too_long()) as provider, pytest.raises(_error(speaker, ERRORS[400]), match=words[name_of(speaker)]):
        speaker(provider)


@speakers
def test_how_long_to_wait_is_told(speaker: Speaker) -> None:
    with serving(fails(429, retry_after=7)) as provider, pytest.raises(_error(speaker, ERRORS[429])) as raised:
        speaker(provider)
    assert raised.value.response.headers["retry-after"] == "7"  # type: ignore[attr-defined]


@speakers
def test_the_page_of_a_proxy_in_between_is_an_error_like_any_other(speaker: Speaker) -> None:
    page = Fails(502, body="<html><h1>Bad gateway</h1></html>")
    with serving(page) as provider, pytest.raises(_error(speaker, ERRORS[500])):
        speaker(provider)


def test_a_request_has_an_id_people_can_ask_about() -> None:
    with serving(fails(500)) as provider, pytest.raises(anthropic.InternalServerError) as raised:
        SPEAKERS["claude"](provider)
    assert str(raised.value.request_id).startswith("req_")


@speakers
def test_a_key_that_is_not_known_is_refused(speaker: Speaker) -> None:
    status = 400 if name_of(speaker) == "gemini" else 401
    with serving(says("Hello."), keys=["right"]) as provider:
        assert speaker(provider, key="right").text == "Hello."
        with pytest.raises(_error(speaker, ERRORS[status])):
            speaker(provider, key="wrong")
    assert [heard.denied for heard in provider.heard] == [False, True]


@speakers
def test_a_model_that_does_not_exist_is_not_found(speaker: Speaker) -> None:
    with serving(says("Hello."), models=["other"]) as provider, pytest.raises(_error(speaker, ERRORS[404])):
        speaker(provider)


@speakers
@streams
def test_a_connection_that_is_cut_is_an_error(speaker: Speaker, stream: bool) -> None:
    with serving(dropped(says(LONG), 5)) as provider, pytest.raises(Exception, match=r"(?i)connection|incomplete"):
        speaker(provider, stream=stream)


@pytest.mark.parametrize("name", ["claude", "chat", "gemini"])
def test_an_error_in_a_stream_is_raised(name: str) -> None:
    expected = {"claude": anthropic.APIStatusError, "chat": openai.APIError, "gemini": google_errors.ServerError}
    with serving(breaks(says(LONG), 5)) as provider, pytest.raises(expected[name], match=r"(?i)overloaded"):
        SPEAKERS[name](provider, stream=True)


def test_an_error_in_a_stream_of_responses_is_an_event_after_which_nothing_comes() -> None:
    with serving(breaks(says(LONG), 5)) as provider:
        made = openai.OpenAI(api_key="key", base_url=provider.openai_url, max_retries=0)
        with made as client, client.responses.create(model="gpt-5.5", input="Hello", stream=True) as stream:
            kinds = [event.type for event in stream]
    assert kinds[-1] == "error"
    assert "response.completed" not in kinds


@speakers
def test_a_provider_that_hangs_is_given_up(speaker: Speaker) -> None:
    with serving(hangs()) as provider, pytest.raises(Exception, match=r"(?i)time"):
        speaker(provider, seconds=0.1)
    assert provider.heard[0].gone


def _error(speaker: Speaker, errors: tuple[type[Exception], ...]) -> type[Exception]:
    return errors[{"claude": 0, "gemini": 2}.get(name_of(speaker), 1)]
