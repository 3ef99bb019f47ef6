"""Files and batches of the local provider, through the real SDKs."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import openai
import pytest

from tests.contract.sdks import picture
from tests.provider import Provider, fails, says, serving


def claude(provider: Provider) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="key", base_url=provider.url, max_retries=0)


def gpt(provider: Provider) -> openai.OpenAI:
    return openai.OpenAI(api_key="key", base_url=provider.openai_url, max_retries=0)


def about(file_id: str) -> Any:
    """A request of the Messages API about a file."""
    image = {"type": "image", "source": {"type": "file", "file_id": file_id}}
    content = [image, {"type": "text", "text": "What is it?"}]
    return {"model": "claude-haiku-4-5", "max_tokens": 100, "messages": [{"role": "user", "content": content}]}


def test_a_file_is_uploaded_once_and_named_in_requests_until_it_is_deleted() -> None:
    image = picture(400, 300)
    with serving(says("A cup.")) as provider, claude(provider) as client:
        file = client.files.upload(file=("cup.jpg", image, "image/jpeg"))
        assert [each.id for each in client.files.list()] == [file.id]
        for _ in range(2):
            client.messages.create(**about(file.id))
        client.files.delete(file.id)
        with pytest.raises(anthropic.NotFoundError, match=file.id):
            client.messages.create(**about(file.id))
    sent = [heard.images[0] for heard in provider.heard[:2]]
    assert [(each.data == image, each.size, each.file_id) for each in sent] == [(True, (400, 300), file.id)] * 2
    assert max(len(heard.raw) for heard in provider.heard) < 300


def test_openai_takes_a_file_as_an_image() -> None:
    with serving(says("A cup.")) as provider, gpt(provider) as client:
        file = client.files.create(file=("cup.jpg", picture(400, 300), "image/jpeg"), purpose="vision")
        image: Any = {"type": "input_image", "file_id": file.id, "detail": "high"}
        client.responses.create(model="gpt-5.5", input=[{"role": "user", "content": [image]}])
    assert provider.heard[0].images[0].size == (400, 300)


def test_a_message_batch_ends_with_a_result_for_each_request() -> None:
    with serving(says("A cup."), fails(529), says("A book."), strict=False) as provider, claude(provider) as client:
        file = client.files.upload(file=("cup.jpg", picture(), "image/jpeg"))
        asked = [{"custom_id": name, "params": about(file.id)} for name in ("a", "b", "c")]
        asked.append({"custom_id": "d", "params": {**about(file.id), "max_tokens": 10**6}})
        batch: Any = client.messages.batches.create(requests=asked)  # type: ignore[arg-type]
        states = [batch.processing_status]
        while batch.processing_status != "ended":
            batch = client.messages.batches.retrieve(batch.id)
            states.append(batch.processing_status)
        found: dict[str, Any] = {each.custom_id: each.result for each in client.messages.batches.results(batch.id)}
    assert states == ["in_progress", "in_progress", "ended"]
    assert [*found] == ["d", "c", "b", "a"]
    assert (found["a"].message.content[0].text, found["c"].message.content[0].text) == ("A cup.", "A book.")
    assert (found["b"].error.error.type, found["d"].error.error.type) == ("overloaded_error", "invalid_request_error")
    assert (batch.request_counts.succeeded, batch.request_counts.errored) == (2, 2)
    assert all(heard.batch for heard in provider.heard)


def test_a_message_batch_that_is_canceled_asks_nothing() -> None:
    with serving(says("A cup.")) as provider, claude(provider) as client:
        request: Any = {"custom_id": "a", "params": {**about("x"), "messages": [{"role": "user", "content": "Hi"}]}}
        batch = client.messages.batches.create(requests=[request])
        assert client.messages.batches.cancel(batch.id).processing_status == "canceling"
        for _ in range(2):
            batch = client.messages.batches.retrieve(batch.id)
        (result,) = client.messages.batches.results(batch.id)
    assert (batch.processing_status, result.result.type, [*provider.heard]) == ("ended", "canceled", [])


@pytest.mark.parametrize("names", [["a", "a"], ["a b"], []], ids=["twice", "with a space", "none"])
def test_a_message_batch_needs_names_of_its_own(names: list[str]) -> None:
    asked: Any = [{"custom_id": name, "params": about("x")} for name in names]
    refused = pytest.raises(anthropic.BadRequestError, match="requests")
    with serving(says("A cup."), strict=False) as provider, claude(provider) as client, refused:
        client.messages.batches.create(requests=asked)


def line(name: str, body: dict[str, Any], url: str) -> str:
    return json.dumps({"custom_id": name, "method": "POST", "url": url, "body": body})


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/v1/chat/completions", {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}),
        ("/v1/responses", {"model": "gpt-5.5", "input": "Hi"}),
    ],
)
def test_an_openai_batch_writes_a_file_of_answers_and_one_of_errors(url: Any, body: dict[str, Any]) -> None:
    with serving(says("A cup."), fails(500), says("A book.")) as provider, gpt(provider) as client:
        text = "\n".join(line(name, body, url) for name in ("a", "b", "c"))
        file = client.files.create(file=("asked.jsonl", text.encode()), purpose="batch")
        batch = client.batches.create(input_file_id=file.id, endpoint=url, completion_window="24h")
        states = [batch.status]
        while batch.status not in ("completed", "failed"):
            batch = client.batches.retrieve(batch.id)
            states.append(batch.status)
        done = [json.loads(each) for each in client.files.content(str(batch.output_file_id)).text.splitlines()]
        failed = [json.loads(each) for each in client.files.content(str(batch.error_file_id)).text.splitlines()]
    assert states == ["validating", "in_progress", "completed"]
    assert [(each["custom_id"], each["response"]["status_code"]) for each in done] == [("c", 200), ("a", 200)]
    assert [(each["custom_id"], each["response"]["status_code"]) for each in failed] == [("b", 500)]
    assert "A book." in json.dumps(done[0]["response"]["body"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("{", "not valid JSON"),
        ('{"custom_id": "a"}', "lacks"),
        (line("a", {}, "/v1/responses"), "differs from the endpoint"),
        (f"{line('a', {}, '/v1/chat/completions')}\n" * 2, "used twice"),
    ],
)
def test_an_openai_batch_of_lines_that_are_no_requests_fails(text: str, words: str) -> None:
    with serving(says("A cup."), strict=False) as provider, gpt(provider) as client:
        file = client.files.create(file=("asked.jsonl", text.encode()), purpose="batch")
        batch = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
    assert batch.status == "failed"
    assert batch.errors is not None
    assert words in str(batch.errors.data)


def test_models_are_listed_by_each_provider() -> None:
    names = ["claude-haiku-4-5", "gpt-4o"]
    with serving(models=names) as provider, claude(provider) as first, gpt(provider) as second:
        listed = [[each.id for each in client.models.list()] for client in (first, second)]
    assert listed == [names, names]
    assert [heard.wire for heard in provider.requests] == ["models", "models"]


def test_tokens_are_counted_before_they_are_sent() -> None:
    messages: Any = [{"role": "user", "content": "How many cups are there? " * 10}]
    with serving(says("Three.")) as provider, claude(provider) as client:
        counted = client.messages.count_tokens(model="claude-haiku-4-5", messages=messages).input_tokens
        usage = client.messages.create(model="claude-haiku-4-5", max_tokens=100, messages=messages).usage
    assert counted == usage.input_tokens > 50
