"""A local provider of models: Anthropic's, OpenAI's and Google's wires on loopback, with scripted behaviour.

It refuses what the real ones refuse: requests are checked against the installed SDKs' parameter types and the
documented limits. ::

    with serving(calls(Call("look", {"question": "What is it?"})), says("A cup.")) as provider:
        ...  # ANTHROPIC_BASE_URL=provider.url, OPENAI_BASE_URL=provider.openai_url, GOOGLE_BASE_URL=provider.url
        assert provider.heard[0].question == "What is this?"
"""

from tests.provider.heard import Heard
from tests.provider.images import SentImage
from tests.provider.running import Provider, opened, serving
from tests.provider.script import (
    Act,
    Answer,
    Call,
    Fails,
    Says,
    Tokens,
    breaks,
    calls,
    cut_off,
    dropped,
    fails,
    filtered,
    hangs,
    overloaded,
    refuses,
    says,
    says_json,
    slowly,
    too_long,
)

__all__ = [
    "Act",
    "Answer",
    "Call",
    "Fails",
    "Heard",
    "Provider",
    "Says",
    "SentImage",
    "Tokens",
    "breaks",
    "calls",
    "cut_off",
    "dropped",
    "fails",
    "filtered",
    "hangs",
    "opened",
    "overloaded",
    "refuses",
    "says",
    "says_json",
    "serving",
    "slowly",
    "too_long",
]
