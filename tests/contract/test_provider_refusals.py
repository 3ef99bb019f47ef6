"""What a real provider does not take, the local one refuses: with its status, its shape of an error and its words."""

from __future__ import annotations

import copy
import json
from typing import Any

import anthropic
import httpx
import pytest
from anthropic.types import ImageDimensionsTooLargeError

from tests.contract.defects import DEFECTS, WIRES, claude, gemini
from tests.contract.sdks import encoded, picture
from tests.provider import Provider, says, serving


def post(provider: Provider, wire: str, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"content-type": "application/json", **(WIRES[wire].HEADERS if headers is None else headers)}
    return httpx.post(f"{provider.url}{WIRES[wire].PATH}", content=sent, headers=told, timeout=30)


@pytest.mark.parametrize(
    ("wire", "defect"),
    [pytest.param(wire, defect, id=f"{wire}: {defect}") for wire, defects in DEFECTS.items() for defect in defects],
)
def test_a_request_with_a_defect_is_refused(wire: str, defect: str) -> None:
    change, words = DEFECTS[wire][defect]
    body = copy.deepcopy(WIRES[wire].request())
    change(body)
    with serving(says("Hello."), strict=False) as provider:
        answer = post(provider, wire, body)
    missing = "not found" in words.lower() and ("File" in words or "rs_1" in words)
    assert (answer.status_code, words in message(wire, answer)) == (404 if missing else 400, True), answer.text
    assert len(provider.refused) == 1


@pytest.mark.parametrize("wire", WIRES)
def test_the_same_request_without_a_defect_is_taken(wire: str) -> None:
    with serving(says("Hello.")) as provider:
        assert post(provider, wire, WIRES[wire].request()).status_code == 200


@pytest.mark.parametrize("wire", WIRES)
def test_a_request_that_is_no_json_is_refused(wire: str) -> None:
    with serving(says("Hello."), strict=False) as provider:
        answers = [post(provider, wire, body) for body in (b"{", b"[]")]
    assert [answer.status_code for answer in answers] == [400, 400]


@pytest.mark.parametrize(("wire", "status"), [("claude", 401), ("chat", 401), ("responses", 401), ("gemini", 403)])
def test_a_request_without_a_key_is_refused(wire: str, status: int) -> None:
    headers = {key: value for key, value in WIRES[wire].HEADERS.items() if key == "anthropic-version"}
    with serving(says("Hello.")) as provider:
        assert post(provider, wire, WIRES[wire].request(), headers).status_code == status


@pytest.mark.parametrize("version", [None, "2022-01-01"])
def test_claude_wants_a_version_it_knows(version: str | None) -> None:
    headers = {"x-api-key": "key", **({"anthropic-version": version} if version else {})}
    with serving(says("Hello.")) as provider:
        answer = post(provider, "claude", claude.request(), headers)
    assert answer.status_code == 400
    assert "anthropic-version" in message("claude", answer)


def test_the_version_of_old_takes_a_temperature_from_models_that_have_one() -> None:
    headers = {**claude.HEADERS, "anthropic-version": "2023-06-01"}
    with serving(says("Hello."), strict=False) as provider:
        statuses = [
            post(provider, "claude", {**claude.request(), "model": model, "temperature": 0.5}, headers).status_code
            for model in ("claude-haiku-4-5", "claude-opus-5-5")
        ]
    assert statuses == [200, 400]


def test_a_request_of_too_many_bytes_is_refused_by_claude() -> None:
    with serving(says("Hello."), strict=False) as provider:
        answer = post(provider, "claude", b'{"a": "' + b"a" * 33_600_000 + b'"}')
    assert (answer.status_code, answer.json()["error"]["type"]) == (413, "request_too_large")


def test_images_that_are_too_large_are_named_to_the_sdk() -> None:
    body = claude.request()
    body["messages"][0] = {"role": "user", "content": [claude.claude_image(encoded(picture(8001, 9)))]}
    with serving(says("Hello."), strict=False) as provider:
        made = anthropic.Anthropic(api_key="key", base_url=provider.url, max_retries=0)
        with made as client, pytest.raises(ImageDimensionsTooLargeError) as raised:
            client.messages.create(**body)
    assert raised.value.details.max_side_length_pixels == 8000
    assert raised.value.details.paths == ["messages.0.content.0"]


def test_gemini_3_wants_the_signature_of_its_calls() -> None:
    body = {**gemini.request(), "contents": [gemini.HI, gemini.CALL, gemini.RESULT]}
    with serving(says("Hello."), strict=False) as provider:
        old = post(provider, "gemini", body)
        new = httpx.post(
            f"{provider.url}/v1beta/models/gemini-3.5-flash:generateContent", json=body, headers=gemini.HEADERS
        )
    assert (old.status_code, new.status_code) == (200, 400)
    assert "missing a thought_signature" in message("gemini", new)


def test_a_request_that_is_refused_fails_the_test_that_sent_it() -> None:
    with pytest.raises(AssertionError, match="at least one message"), serving(says("Hello.")) as provider:
        post(provider, "claude", {**claude.request(), "messages": []})


def message(wire: str, answer: httpx.Response) -> str:
    """The words of an error, in the provider's own shape."""
    told = answer.json()
    error = told["error"]
    if wire == "claude":
        assert told["type"] == "error"
        assert error["type"].endswith("_error")
    elif wire == "gemini":
        assert (error["code"], error["status"].isupper()) == (answer.status_code, True)
    else:
        assert set(error) == {"message", "type", "param", "code"}
    words: str = error["message"]
    return words
