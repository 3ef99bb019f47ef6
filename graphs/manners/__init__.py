"""How answers are worded: the style and the language people wish for. Never what is true, nor what may be said."""

from __future__ import annotations

from graphs.manners.asking import Asked, asked
from graphs.manners.languages import LANGUAGES, language_name
from graphs.manners.manner import LONGEST, Manner
from graphs.manners.translating import read_in_a_language, translates
from graphs.manners.wished import wished

__all__ = [
    "LANGUAGES",
    "LONGEST",
    "Asked",
    "Manner",
    "asked",
    "language_name",
    "read_in_a_language",
    "translates",
    "wished",
]
