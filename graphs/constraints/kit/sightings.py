"""Where a spelling matches: what is written there, piece by piece and gap by gap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from graphs.constraints.kit.lookalikes import Folded
from graphs.constraints.kit.spellings import Spelling
from graphs.constraints.kit.symbols import symbols
from graphs.constraints.kit.vocabulary import words

PIECE = re.compile(r"[^ &+]+")
DECORATION = re.compile(r"[*~`]+")
SIGN_WORDS = {"&": words("and n et und y"), "+": words("plus")}


@dataclass(frozen=True)
class Sighting:
    """A match of a spelling: symbols `start` to `end` of the folded text."""

    spelling: Spelling
    original: str
    folded: Folded
    start: int
    end: int
    tagged: bool = False
    """Found in a hashtag or handle, where words run together."""

    @property
    def span(self) -> tuple[int, int]:
        """In the original text."""
        # the least and the greatest, because an override can turn the order round
        return min(self.folded.starts[self.start : self.end]), max(self.folded.ends[self.start : self.end])

    @cached_property
    def written(self) -> str:
        start, end = self.span
        return self.original[start:end]

    @cached_property
    def pieces(self) -> list[tuple[int, int]]:
        """(start, end) in the folded text of what is written in one piece; markdown does not part what it decorates."""
        pieces: list[tuple[int, int]] = []
        for match in PIECE.finditer(self.folded.text, self.start, self.end):
            if pieces and DECORATION.fullmatch(self._gap(pieces[-1][1], match.start())):
                pieces[-1] = (pieces[-1][0], match.end())
            else:
                pieces.append(match.span())
        letters = sum(len(self.folded.text[start:end].replace(" ", "")) for start, end in pieces)
        return pieces if letters == len(self.spelling.letters) else self._without_signs(pieces)

    def _without_signs(self, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The pieces but for words that stand for a sign in the name: H and M, Disney Plus."""
        words = [word for sign, said in SIGN_WORDS.items() if sign in self.spelling.name for word in said]
        return [pieces[0], *(piece for piece in pieces[1:] if self.folded.text[slice(*piece)] not in words)]

    @cached_property
    def gaps(self) -> list[str]:
        """What stands between the pieces, as written."""
        return [self._gap(left[1], right[0]) for left, right in zip(self.pieces[:-1], self.pieces[1:], strict=True)]

    def _gap(self, left: int, right: int) -> str:
        gap = self.original[self.folded.ends[left - 1] : self.folded.starts[right]]
        return "".join(char for char in gap if symbols(char))

    @cached_property
    def symbols(self) -> str:
        return "".join(self.folded.text[start:end].replace(" ", "") for start, end in self.pieces)

    def words(self) -> list[str]:
        """The pieces as written."""
        return [self.original[self.folded.starts[start] : self.folded.ends[end - 1]] for start, end in self.pieces]

    def as_read(self) -> str:
        """As written, in the order of reading."""
        origins = zip(self.folded.starts[self.start : self.end], self.folded.ends[self.start : self.end], strict=True)
        return "".join(self.original[start:end] for start, end in dict.fromkeys(origins))

    def inner_gaps(self) -> list[int]:
        """Indices of the gaps that are not the name's own."""
        if len(self.symbols) != len(self.spelling.letters):
            return list(range(len(self.gaps))) if len(self.gaps) > len(self.spelling.joints) else []
        inner, letters = [], 0
        for index, (start, end) in enumerate(self.pieces[:-1]):
            letters += sum(1 for symbol in self.folded.text[start:end] if symbol != " ")
            if letters not in self.spelling.joints:
                inner.append(index)
        return inner

    def as_named(self) -> bool:
        """Whether the letters have exactly the case they have in the name, beginning with a capital."""
        plain = "".join(char for char in self.written if char.isalnum())
        return plain == self.spelling.letters and not plain.islower()
