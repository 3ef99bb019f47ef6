"""generateContent as one of the server's wires."""

from __future__ import annotations

import re

from tests.provider.chat.wire import counted
from tests.provider.generate import answers, errors, reading
from tests.provider.generate.checks import REQUEST_BYTES, check, check_prompt
from tests.provider.generate.request import check_types
from tests.provider.heard import Heard
from tests.provider.refusal import Refusal
from tests.provider.script import Says, Tokens
from tests.provider.shelf import Shelf

PATH = re.compile(r"/models/(?P<model>[^:/]+):(?P<method>\w+)")


class Generate:
    largest = 1 << 29
    whole = staticmethod(answers.whole)
    events = staticmethod(answers.events)
    failure = staticmethod(errors.failure)
    refusal = staticmethod(errors.refusal)
    broken = staticmethod(errors.broken)

    def admit(self, heard: Heard, shelf: Shelf) -> None:
        errors.admit(heard, shelf)
        if len(heard.raw) > REQUEST_BYTES:
            raise Refusal(f"Request payload size exceeds the limit: {REQUEST_BYTES} bytes.")

    def read(self, heard: Heard, shelf: Shelf) -> None:
        named = PATH.search(heard.path)
        model, method = (named["model"], named["method"]) if named else ("", "")
        if shelf.models is not None and model not in shelf.models:
            raise errors.no_model(model)
        check_types(heard.body)
        body = reading.camel(heard.body)
        check(body, model)
        heard.prompt = reading.prompt(body, model, method.startswith("stream"))
        check_prompt(heard.prompt)

    def count(self, says: Says, heard: Heard, shelf: Shelf) -> Tokens:
        return counted(says, heard, shelf)
