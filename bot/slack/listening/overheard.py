"""What people lately said to each other in threads: for minutes, in memory only, and never stored.

Events overtake each other, and the question that begins a conversation may only come with one of Slack's retries. What
was said after it was then judged without knowing of it, and is judged once more.

Each process knows what it heard itself. That is enough where one hears (`serve`; more workers are `work`). Where
several do, an unmentioned reply is missed if it overtakes its question and comes to another of them: rather that than
people's talk in the database.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.slack.events import Key, Message

KEPT = 330.0
"""Seconds: Slack's last retry comes after five minutes."""
MOST = 2_000


class Overheard:
    """Replies without a mention, newest last."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, Message]] = OrderedDict()

    def keep(self, message: Message) -> None:
        self._kept[message.key] = (self._clock(), message)
        self._kept.move_to_end(message.key)
        self._tidy()

    def change(self, message: Message) -> None:
        """It says something else now."""
        if message.key in self._kept:
            self._kept[message.key] = (self._kept[message.key][0], message)

    def drop(self, key: Key) -> None:
        """It is gone."""
        self._kept.pop(key, None)

    def after(self, question: Message) -> list[Message]:
        """What was said in its thread after a question, oldest first."""
        self._tidy()
        later = (one for _, one in self._kept.values() if one.thread == question.thread and one.ts > question.ts)
        return sorted(later, key=lambda message: message.ts)

    def _tidy(self) -> None:
        old = self._clock() - KEPT
        while self._kept and (len(self._kept) > MOST or next(iter(self._kept.values()))[0] < old):
            self._kept.popitem(last=False)
