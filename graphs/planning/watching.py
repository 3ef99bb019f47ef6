"""Looking over a model's shoulder while it writes: a draft that can no longer be mended by more text is stopped."""

from __future__ import annotations

from collections.abc import Callable

from tools.kit import Gate

PACE = 120
"""Characters between two looks."""
BACK = 400
"""Characters before the new ones that are looked at again, for what has begun there."""

LONGEST = 200_000
"""Characters of a reply: a model that gets there does not stop by itself."""
ENDLESS = "Your reply did not come to an end. Write it again in 150 words at most."

Watch = Callable[[str], str | None]


def watch_over(gate: Gate) -> Watch:
    """For one reply: told the text so far, it gives the sentence of the rule that is broken already, or says that there
    is too much of it. It looks at every character a few times at most."""
    judge: Watch = getattr(gate, "broken_already", _nothing)
    looked = 0

    def watch(text: str) -> str | None:
        nonlocal looked
        if len(text) - looked < PACE:
            return None
        if len(text) > LONGEST:
            return ENDLESS
        start = max(0, looked - BACK)
        start = 0 if start == 0 else text.find(" ", start) + 1  # a whole word begins there
        looked = len(text)
        return judge(text) if judge(text[start:]) else None

    return watch


def _nothing(text: str) -> str | None:
    return None
