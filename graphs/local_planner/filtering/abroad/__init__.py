"""What narrows a search, in German, French and Spanish, said in English: "nur die von Lena", "avant le 15 mars"."""

from __future__ import annotations

from graphs.local_planner.filtering.abroad.dates import dates
from graphs.local_planner.filtering.abroad.looks import looks, quoting
from graphs.local_planner.filtering.abroad.onwards import onwards, without_rather
from graphs.local_planner.filtering.abroad.people import people

__all__ = ["quoting", "said_in_english"]


def said_in_english(text: str) -> str:
    """The request with what is sure to narrow a search in one of these languages in English; all else as it is."""
    text = without_rather(text)
    return onwards(text) or dates(looks(people(text)))
