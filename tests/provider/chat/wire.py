"""Chat Completions as one of the server's wires."""

from __future__ import annotations

from tests.provider.chat import answers, errors, reading
from tests.provider.chat.checks import check, check_prompt
from tests.provider.chat.pictures import TOTAL_BYTES
from tests.provider.heard import Heard
from tests.provider.script import Says, Tokens
from tests.provider.shelf import Shelf
from tests.provider.wire import answer_tokens

REQUEST_BYTES = TOTAL_BYTES * 4 // 3 + 4 * 1024 * 1024
"""Images as base64 and some room for words."""


class Chat:
    largest = REQUEST_BYTES
    whole = staticmethod(answers.whole)
    events = staticmethod(answers.events)
    failure = staticmethod(errors.failure)
    refusal = staticmethod(errors.refusal)
    broken = staticmethod(errors.broken)

    def admit(self, heard: Heard, shelf: Shelf) -> None:
        errors.admit(heard, shelf)

    def read(self, heard: Heard, shelf: Shelf) -> None:
        body = heard.body
        errors.parameters(body, "openai.types.chat.completion_create_params", "CompletionCreateParams")
        if shelf.models is not None and body["model"] not in shelf.models:
            raise errors.no_model(body["model"])
        check(body)
        heard.prompt = reading.prompt(body, shelf)
        check_prompt(heard.prompt)

    def count(self, says: Says, heard: Heard, shelf: Shelf) -> Tokens:
        return counted(says, heard, shelf)


def counted(says: Says, heard: Heard, shelf: Shelf) -> Tokens:
    """Tokens with what is cached by itself."""
    prompt = heard.prompt
    output, thinking = answer_tokens(says)
    read = shelf.cache.automatic(prompt.model, prompt.pieces)
    return Tokens(prompt.tokens, output, read, 0, thinking)
