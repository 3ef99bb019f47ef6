"""Errors of OpenAI's API: developers.openai.com/api/docs/guides/error-codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.provider.heard import Heard
from tests.provider.models import profile
from tests.provider.parameters import checker, first_error, path
from tests.provider.refusal import Refusal
from tests.provider.script import Fails
from tests.provider.shelf import Shelf
from tests.provider.wire import event

KINDS = {401: "invalid_request_error", 429: "requests", 500: "server_error", 503: "server_error", 529: "server_error"}
CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
WORDS = {
    401: "Incorrect API key provided: sk-*****cret. You can find your API key in your account.",
    403: "You are not allowed to sample from this model.",
    413: "Payload too large.",
    429: "Rate limit reached for this model. Please try again later.",
    500: "The server had an error while processing your request. Sorry about that!",
    503: "The engine is currently overloaded, please try again later.",
    529: "The engine is currently overloaded, please try again later.",
}
KNOWN = {
    "float_type": "a decimal",
    "int_type": "an integer",
    "string_type": "a string",
    "bool_type": "a boolean",
    "list_type": "an array",
    "dict_type": "an object",
}
SENT: dict[type, str] = {
    str: "a string",
    int: "an integer",
    float: "a decimal",
    bool: "a boolean",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


def shaped(status: int, message: str, code: str | None, where: str | None) -> tuple[int, dict[str, Any]]:
    kind = KINDS.get(status, "invalid_request_error")
    return status, {"error": {"message": message, "type": kind, "param": where, "code": code}}


def refusal(refused: Refusal) -> tuple[int, dict[str, Any]]:
    return shaped(refused.status, refused.message, refused.code, refused.where)


def failure(fails: Fails, heard: Heard) -> tuple[int, dict[str, Any]]:
    message = fails.message or WORDS.get(fails.status, "Error")
    status = 503 if fails.status == 529 else fails.status
    if fails.code == "context_length_exceeded":
        most = profile("openai", heard.model).get("max_input_tokens", 128_000)
        refused = too_long(most + 12_345, most, responses=heard.wire == "responses")
        return shaped(status, fails.message or refused.message, refused.code, refused.where)
    if fails.status == 404:
        message = fails.message or no_model(heard.model).message
    return shaped(status, message, fails.code or CODES.get(status), None)


def no_model(model: str) -> Refusal:
    words = f"The model `{model}` does not exist or you do not have access to it."
    return Refusal(words, status=404, code="model_not_found")


def too_long(tokens: int, most: int, *, responses: bool = False) -> Refusal:
    if responses:
        words = "Your input exceeds the context window of this model. Please adjust your input and try again."
        return Refusal(words, code="context_length_exceeded", where="input")
    words = (
        f"This model's maximum context length is {most} tokens. However, your messages resulted in {tokens} tokens. "
        "Please reduce the length of the messages."
    )
    return Refusal(words, code="context_length_exceeded", where="messages")


def broken() -> bytes:
    error = {"message": WORDS[503], "type": "server_error", "param": None, "code": None}
    return event({"error": error})


def admit(heard: Heard, shelf: Shelf) -> None:
    """Raises: Refusal."""
    key = heard.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not key:
        raise Refusal("You didn't provide an API key.", status=401)
    if shelf.keys is not None and key not in shelf.keys:
        raise Refusal(WORDS[401], status=401, code="invalid_api_key")


def parameters(body: Any, module: str, name: str) -> None:
    """Against the SDK's own types. Raises: Refusal in the words OpenAI has for each kind of error."""
    error = first_error(checker(module, name), body)
    if error is None:
        return
    place, kind, words, sent = error
    where = written(path(body, place, missing=kind == "missing"))
    if kind == "missing":
        raise missing(where)
    if kind == "extra_forbidden":
        raise Refusal(f"Unknown parameter: '{where}'.", code="unknown_parameter", where=where)
    if kind in KNOWN:
        told = f"Invalid type for '{where}': expected {KNOWN[kind]}, but got {SENT.get(type(sent), 'it')} instead."
        raise Refusal(told, code="invalid_type", where=where)
    raise Refusal(f"Invalid value for '{where}': {words}.", code="invalid_value", where=where)


def missing(where: str) -> Refusal:
    return Refusal(f"Missing required parameter: '{where}'.", code="missing_required_parameter", where=where)


def written(steps: Sequence[int | str]) -> str:
    """A path as OpenAI writes it: ``messages[0].content[1].image_url.url``."""
    told = ""
    for step in steps:
        told += f"[{step}]" if isinstance(step, int) else f".{step}" if told else step
    return told
