"""Which of many names a text may hold from one place on, without a pattern for each: the names' letters, as a tree.

The tree passes over the gaps between letters, so it may offer a name that its pattern then refuses, never fewer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from graphs.constraints.kit.spellings import GAPS, Letter, Spelling

GAPS_GONE = {ord(char): None for char in GAPS}


@dataclass(eq=False, slots=True)
class Node:
    """A beginning of names: how they go on, and which (by number) are known by this much."""

    steps: dict[Letter, Node] = field(default_factory=dict)
    ended: list[int] = field(default_factory=list)


class Index:
    """Spellings by their letters."""

    def __init__(self, spellings: Sequence[Spelling]) -> None:
        self._spellings = spellings
        self._root = Node()
        for number, spelling in enumerate(spellings):
            node = self._root
            for letter in spelling.steps():
                node = node.steps.setdefault(letter, Node())
            node.ended.append(number)

    def over(self, text: str) -> Beginnings:
        return Beginnings(self._spellings, self._root, text)


class Beginnings:
    """Which spellings may begin where in a folded text."""

    def __init__(self, spellings: Sequence[Spelling], root: Node, text: str) -> None:
        self._spellings = spellings
        self._root = root
        self._letters = text.translate(GAPS_GONE)
        self._gaps_before = list(accumulate((char in GAPS for char in text), initial=0))

    def at(self, start: int) -> list[Spelling]:
        """The spellings, in their order, that may begin at a symbol, which is no gap."""
        found: set[int] = set()
        reached = {(self._root, start - self._gaps_before[start])}
        while reached:
            reached = set(self._further(reached))
            found.update(number for node, _ in reached for number in node.ended)
        return [self._spellings[number] for number in sorted(found)]

    def _further(self, reached: Iterable[tuple[Node, int]]) -> Iterator[tuple[Node, int]]:
        for before, at in reached:
            for letter, node in before.steps.items():
                for length in letter.lengths_at(self._letters, at):
                    yield node, at + length
