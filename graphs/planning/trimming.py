"""Which turns a model is told word for word: the latest whole turns that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.messages import AnyMessage

from graphs.memory import turns_of
from graphs.planning.counting import tokens_of
from graphs.planning.sending import as_told
from graphs.planning.summary import Summary

MOST = 24_000
"""Tokens of earlier turns that are told word for word, however large the context: they are paid for in every step."""
SHARE = 0.5
"""Of what fits, how much is left after trimming: so the summary is made again only now and then."""
AHEAD = 12
"""Messages of the running turn that will be remembered too."""

Turn = list[AnyMessage]


@dataclass(frozen=True)
class Trimmed:
    kept: list[AnyMessage]
    """Told word for word."""
    leaving: list[Turn]
    """To be summed up: whole turns that no longer fit, oldest first."""


def trimmed(history: Sequence[AnyMessage], summary: Summary | None, *, tokens: int, messages: int) -> Trimmed:
    """tokens, messages: how much of the history there is room for. Turns that the summary covers are left out."""
    covered = set(summary.turns) if summary else set()
    turns = [turn for turn in turns_of(history) if turn[0].id not in covered]
    sizes = [tokens_of(as_told(turn)) for turn in turns]
    lengths = [len(turn) for turn in turns]
    most = min(MOST, tokens)
    if sum(sizes) <= most and sum(lengths) <= max(1, messages - AHEAD):
        return Trimmed(_flat(turns), [])
    kept = min(_latest(sizes, most * SHARE), _latest(lengths, messages * SHARE))
    at = len(turns) - kept
    return Trimmed(_flat(turns[at:]), turns[:at])


def _latest(sizes: Sequence[int], most: float) -> int:
    """How many of the latest fit together."""
    total = 0
    for number, size in enumerate(reversed(sizes)):
        total += size
        if total > most:
            return number
    return len(sizes)


def _flat(turns: Sequence[Turn]) -> list[AnyMessage]:
    return [message for turn in turns for message in turn]
