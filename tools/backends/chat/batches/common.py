"""What both share: ids of requests, failures, and what an answer's body says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatResult

from tools.backends.chat.counting import usage_of
from tools.backends.chat.failing import BY_CODE, after_of, ending_of, kind_of
from tools.backends.chat.sound import sound
from tools.backends.chat.wording import failure
from tools.kit.models import BatchAnswer, ProviderFailure, Reply, Usage

LATEST = 100
"""Batches among which one is looked for."""
QUICK, SLOW = 30.0, 600.0
"""Seconds for which a provider is waited for when it is asked something, and when it is sent or sends much."""


def custom_id(marker: str, name: str) -> str:
    """At most 64 characters of a-z, 0-9 and _."""
    return f"{marker}_{name}"


def has_marker(custom: str, marker: str) -> bool:
    return custom.startswith(f"{marker}_")


def name_in(custom: str) -> str:
    return custom.partition("_")[2]


@contextmanager
def asked(spec: str) -> Iterator[None]:
    """Errors of an SDK become failures, without the provider's own words: these may hold the key."""
    try:
        yield
    except ProviderFailure:
        raise
    except Exception as error:
        kind = kind_of(error, begun=False)
        if kind is None:
            raise
        raise failure(kind, spec, after=after_of(error)) from None


def answered(result: ChatResult, spec: str) -> BatchAnswer:
    """What LangChain made of a whole answer."""
    generation = result.generations[0]
    message = generation.message
    assert isinstance(message, AIMessage)
    about = {**(result.llm_output or {}), **(generation.generation_info or {}), **message.response_metadata}
    message = sound(message.model_copy(update={"response_metadata": about}))
    usage = (usage_of(message) or Usage()).model_copy(update={"calls": 1})
    ended, wrong = ending_of(message)
    if wrong or not ended:
        return BatchAnswer(failure(wrong or "dropped", spec), usage)
    return BatchAnswer(Reply(message=message, found=None, usage=usage, model=spec), usage)


def failed(code: str | None, spec: str) -> BatchAnswer:
    """A request the provider made an error of. code: as the provider names it."""
    return BatchAnswer(failure(BY_CODE.get(str(code), "request"), spec), Usage(calls=1))
