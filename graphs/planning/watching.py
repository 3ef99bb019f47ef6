"""Looking over a model's shoulder while it writes: a draft that can no longer be mended by more text is stopped."""

from __future__ import annotations

from collections.abc import Callable

from tools.kit import Gate

PACE = 120
"""Characters between two looks."""
BACK = 400
"""Characters before the new ones that are looked at again, for what has begun there."""

Watch = Callable[[str], str | None]


def watch_over(gate: Gate) -> Watch | None:
    """For one reply: told the text so far, it gives the sentence of the rule that is broken already. It looks at every
    character a few times at most. None where the gate has no such rules."""
    broken_already: Watch | None = getattr(gate, "broken_already", None)
    if broken_already is None:
        return None
    judge = broken_already
    looked = 0

    def watch(text: str) -> str | None:
        nonlocal looked
        if len(text) - looked < PACE:
            return None
        start = max(0, looked - BACK)
        start = 0 if start == 0 else text.find(" ", start) + 1  # a whole word begins there
        looked = len(text)
        return judge(text) if judge(text[start:]) else None

    return watch
