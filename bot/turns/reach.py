"""Whether a turn could find images in the archive: then what it says may not be told to everybody for ever."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from bot.turns.answers import with_sight
from graphs.forgetting import draws_on_memory
from graphs.memory import turns_of
from graphs.state import ThreadState, seen
from tools.kit import AT_TERMINAL, Archive, Image, ImageRef, Scope
from tools.kit.toolbox import Fetch, Lend


@dataclass
class Reach:
    """Of one turn."""

    scope: Scope
    used: bool = False

    def lend(self, lend: Lend) -> Lend:
        """As before, but it is noted when the archive is lent."""

        def lent(port: type) -> Any:
            self.used |= port is Archive
            return lend(port)

        return lent

    def fetch(self, fetch: Fetch) -> Fetch:
        """As before, but it is noted when the image is one of the archive."""

        async def fetched(ref: ImageRef) -> Image:
            self.used |= bool(ref.hit)
            found = fetch(ref)
            return await found if isinstance(found, Awaitable) else found

        return fetched

    def noted(self, ran: ThreadState, before: ThreadState) -> ThreadState:
        """The state after the turn, which says what it may tell of: what it could find, and where it draws on memory
        all that was found before, for the turns that found it are forgotten first. At the terminal there is one person
        only."""
        if AT_TERMINAL in self.scope.audiences:
            return ran
        found = set(self.scope.audiences) if self.used else set()
        repeated = seen(before) if draws_on_memory(turns_of(ran["history"])[-1]) else set()
        return with_sight(ran, sorted(found | repeated)) if found | repeated else ran
