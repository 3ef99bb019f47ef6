"""What is left of the turns that a model is no longer told word for word."""

from __future__ import annotations

import json
from collections.abc import Sequence

from langchain_core.messages import AnyMessage

from graphs.memory import evidence_of, turns_of
from tools.kit import Evidence
from tools.kit.types import Frozen

KEPT = 60
"""Questions, and findings, of turns that are no longer in the history: the latest."""
FACTS = 4_000
"""Characters of a finding's facts; of longer ones only the sentence is kept."""


class Summary(Frozen):
    """A running summary of a thread's oldest turns. Every rule held when it was made.

    It names what it draws on, so that it can be dropped when any of that is to be forgotten.
    """

    text: str
    turns: tuple[str, ...]
    """Ids of the turns it covers, oldest first."""
    handles: tuple[str, ...] = ()
    """Images those turns were about."""
    originals: tuple[str, ...] = ()
    """SHA-256 of what their searches found."""
    sight: tuple[str, ...] = ()
    """The audiences whose images those turns may tell of."""
    words: tuple[str, ...] = ()
    """What people asked in those of the turns that are no longer in the history."""
    evidence: tuple[Evidence, ...] = ()
    """What tools found in these: it still supports what an answer says."""

    def with_gone(self, messages: Sequence[AnyMessage]) -> Summary:
        """The summary after these turns left the history: of those it covers it keeps what supports its words."""
        gone = [turn for turn in turns_of(messages) if turn[0].id in self.turns]
        words = [*self.words, *(turn[0].text for turn in gone)]
        found = [_short(one) for turn in gone for one in evidence_of(turn)]
        evidence = (*self.evidence, *found)
        return self.model_copy(update={"words": tuple(words[-KEPT:]), "evidence": evidence[-KEPT:]})


def _short(found: Evidence) -> Evidence:
    long = len(json.dumps(found.facts, ensure_ascii=False)) > FACTS
    return found.model_copy(update={"shows": (), "facts": {} if long else found.facts})
