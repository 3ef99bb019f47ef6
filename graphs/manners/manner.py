"""A manner of wording."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 200
"""Characters of a style that count."""


@dataclass(frozen=True)
class Manner:
    """A style in somebody's words and a language as a BCP 47 tag; None where nobody wished for one.

    Both are data somebody typed: they word a prompt's wish, and no rule ever hears of them.
    """

    style: str | None = None
    language: str | None = None

    def __bool__(self) -> bool:
        return bool(self.style or self.language)

    def over(self, other: Manner) -> Manner:
        """This one, and the other where this one wishes for nothing."""
        return Manner(self.style or other.style, self.language or other.language)

    def without(self, other: Manner) -> Manner:
        """What is left of this one where the other wishes for nothing."""
        return Manner(None if other.style else self.style, None if other.language else self.language)
