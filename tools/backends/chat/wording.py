"""What a provider's failure means to the person: one sentence that names the way out, in no words of the provider."""

from __future__ import annotations

from tools.kit.models import ProviderFailure
from tools.kit.models.failures import Kind

SENTENCES: dict[Kind, str] = {
    "timeout": "{who} did not answer in time: try again later.",
    "limited": "{who} is limiting requests now: try again in a minute.",
    "overloaded": "{who} is overloaded now: try again in a minute.",
    "broken": "{who} has a problem of its own: try again later.",
    "unreachable": "{who} cannot be reached: check the network and the base URL.",
    "dropped": "{who} broke off in the middle of an answer: try again.",
    "key": "{who} does not accept the key: check it, and that it may use this model.",
    "credit": "{who} says the account has no credit left: whoever runs me can add some.",
    "model": "{who} does not know this model: check its name (`spyglass models` lists known ones).",
    "request": "{who} refused the request: check that the model can do what is asked (tools, images).",
    "too_long": "This is more than {who} can take at once: ask about fewer images, or in a new thread.",
    "too_large": "{who} says the request is too large: ask about fewer or smaller images.",
    "refused": "{who} declines to answer this.",
    "filtered": "{who} held its answer back by a content filter: ask in other words.",
    "cut_off": "The answer of {who} grew too long and was cut off: ask for less at once.",
    "invalid": "{who} did not answer in the form it was asked for: ask again, or in other words.",
    "resting": "{who} failed several times in a row and is left alone for a while: try again in a minute.",
}


def failure(kind: Kind, who: str, *, after: float | None = None) -> ProviderFailure:
    """`who` is the spec of the model."""
    return ProviderFailure(SENTENCES[kind].format(who=who), kind, who=who, after=after)
