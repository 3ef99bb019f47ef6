"""The Messages API as one of the server's wires."""

from __future__ import annotations

from tests.provider.heard import Heard
from tests.provider.messages import answers, errors, limits, reading
from tests.provider.messages.checks import check, check_prompt, parameters
from tests.provider.refusal import Refusal
from tests.provider.script import Says, Tokens
from tests.provider.shelf import Shelf
from tests.provider.wire import answer_tokens


class Messages:
    largest = limits.REQUEST_BYTES
    types = ("message_create_params", "MessageCreateParams")
    whole = staticmethod(answers.whole)
    events = staticmethod(answers.events)
    failure = staticmethod(errors.failure)
    refusal = staticmethod(errors.refusal)
    broken = staticmethod(errors.broken)

    def admit(self, heard: Heard, shelf: Shelf) -> None:
        admit(heard, shelf)

    def read(self, heard: Heard, shelf: Shelf) -> None:
        family = "anthropic.types.beta" if "beta=true" in heard.path else "anthropic.types"
        body = heard.body
        old = heard.headers["anthropic-version"] < "2026"
        sent = {key: value for key, value in body.items() if not (old and key in limits.SAMPLING)}
        parameters(sent, f"{family}.{self.types[0]}", self.types[1])
        if shelf.models is not None and body["model"] not in shelf.models:
            raise Refusal(f"model: {body['model']}", status=404)
        check(body)
        heard.prompt = reading.prompt(body, shelf)
        check_prompt(body, heard.prompt)

    def count(self, says: Says, heard: Heard, shelf: Shelf) -> Tokens:
        prompt = heard.prompt
        read, written = shelf.cache.marked(prompt.model, prompt.pieces, limits.least_cached(prompt.model))
        output, thinking = answer_tokens(says)
        return Tokens(prompt.tokens, output, read, written, thinking)


class CountTokens(Messages):
    """`/v1/messages/count_tokens`."""

    types = ("message_count_tokens_params", "MessageCountTokensParams")


def admit(heard: Heard, shelf: Shelf) -> None:
    """platform.claude.com/docs/en/api/overview ("Authentication"), .../api/versioning. Raises: Refusal."""
    key = heard.headers.get("x-api-key") or heard.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not key:
        raise Refusal("x-api-key header is required", status=401)
    if shelf.keys is not None and key not in shelf.keys:
        raise Refusal("invalid x-api-key", status=401)
    version = heard.headers.get("anthropic-version")
    if version is None:
        raise Refusal("anthropic-version: header is required")
    if version not in limits.VERSIONS:
        raise Refusal(f'anthropic-version: "{version}" is not a valid version')
