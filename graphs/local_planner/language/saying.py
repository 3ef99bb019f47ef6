"""A message as the planner reads it: one line of plain English, without what is only said around a request."""

from __future__ import annotations

from graphs.local_planner.answering import shapes
from graphs.local_planner.language.glossary import in_english
from graphs.local_planner.language.phrases import written_out
from graphs.local_planner.understanding import clauses


def read(text: str) -> str:
    """The request in one line: contractions written out, known foreign words in English, sighs and thanks dropped."""
    asked = clauses.undenied(clauses.without_sighs(clauses.one_line(text)))
    return shapes.unshaped(written_out(in_english(clauses.without_tail(asked))))
