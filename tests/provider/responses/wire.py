"""The Responses API as one of the server's wires."""

from __future__ import annotations

from tests.provider.chat import errors
from tests.provider.chat.checks import check_prompt
from tests.provider.chat.wire import REQUEST_BYTES, counted
from tests.provider.heard import Heard
from tests.provider.responses import answers, reading
from tests.provider.responses.checks import check, with_defaults
from tests.provider.script import Says, Tokens
from tests.provider.shelf import Shelf


class Responses:
    largest = REQUEST_BYTES
    whole = staticmethod(answers.whole)
    events = staticmethod(answers.events)
    failure = staticmethod(errors.failure)
    refusal = staticmethod(errors.refusal)
    broken = staticmethod(answers.broken)

    def admit(self, heard: Heard, shelf: Shelf) -> None:
        errors.admit(heard, shelf)

    def read(self, heard: Heard, shelf: Shelf) -> None:
        body = heard.body
        types = "openai.types.responses.response_create_params"
        errors.parameters(with_defaults(body), types, "ResponseCreateParams")
        if "model" not in body:
            raise errors.missing("model")
        if shelf.models is not None and body["model"] not in shelf.models:
            raise errors.no_model(body["model"])
        items = reading.conversation(body, shelf)
        check(body, items, shelf)
        heard.prompt = reading.prompt(body, items, shelf)
        check_prompt(heard.prompt, responses=True)

    def count(self, says: Says, heard: Heard, shelf: Shelf) -> Tokens:
        return counted(says, heard, shelf)
