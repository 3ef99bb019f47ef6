"""What a failing model provider means to the person: one sentence that names the way out."""

from __future__ import annotations

from tools.kit.errors import CannotDo

BY_STATUS = {
    400: "{who} refused the request: check that the model can do what is asked (tools, images).",
    401: "{who} does not accept the key: check it.",
    403: "{who} does not allow this key to use the model.",
    404: "{who} does not know this model: check its name.",
    413: "{who} says the request is too large: ask about fewer or smaller images.",
    429: "{who} is limiting requests now: try again in a minute.",
}
BUSY = "{who} has a problem of its own (status {status}): try again later."
UNREACHABLE = "{who} cannot be reached: check the network and the base URL."
SLOW = "{who} did not answer in time: try again later."
VENDORS = {"anthropic", "openai", "httpx", "httpx2", "httpcore", "httpcore2"}
"""Packages whose errors are a provider's doing; everybody else's are ours, whatever they are called."""


def provider_failure(error: Exception, who: str) -> CannotDo | None:
    """The error as a sentence, or None when it is not a provider's doing (a bug of ours).

    Works for every SDK built like OpenAI's and Anthropic's: a `status_code` on answers that came, and the words
    Connection or Timeout in the name of a class of theirs when none came.
    """
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return CannotDo(BY_STATUS.get(status, BUSY).format(who=who, status=status))
    names = " ".join(kind.__name__ for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in VENDORS)
    if "Timeout" in names:
        return CannotDo(SLOW.format(who=who))
    if "Connect" in names:
        return CannotDo(UNREACHABLE.format(who=who))
    return None
