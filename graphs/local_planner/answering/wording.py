"""A language or a style somebody wishes for: only a model can word an answer so; here it stays plain, and says so."""

from __future__ import annotations

import re
from dataclasses import replace

from graphs.local_planner.answering import compose
from graphs.local_planner.turn import Turn
from graphs.manners import Asked, Manner, asked

NEEDED = "Answering in another {} needs a language model, and none is set up here, so "
PLAINLY = "this is the plain answer:\n"
GOING_ON = "I go on in plain English."
SAY_IT = re.compile(
    r"(?:(?:now|and|then|can you|please)\s+)*(?:explain|rephrase|rewrite|reword|phrase|repeat|put|say|tell)"
    r"(?:\s+(?:it|that|this|me|us|again))*\W*",
    re.IGNORECASE,
)
""" "Explain it to a child": what was said, in another way."""
PLAIN = "I answer in plain English."


def wish_of(turn: Turn) -> Asked | None:
    """The wish of the running message; None when there is none, or one that is the router's to read."""
    found = asked(turn.now.text)
    if found and _is_followup(turn) and SAY_IT.fullmatch(found.rest):
        found = replace(found, rest="")
    if found is None or (not found.rest and _is_followup(turn) and _is_for_a_tool(found.manner, turn)):
        return None
    english = found.manner.language == "en"
    return replace(found, manner=replace(found.manner, language=None)) if english else found


def _is_followup(turn: Turn) -> bool:
    return turn.last is not None and not turn.now.posted


def _is_for_a_tool(manner: Manner, turn: Turn) -> bool:
    """After a reading another language asks for a translation, and "more formal" narrows a search."""
    tool = turn.last.calls[-1].tool if turn.last else ""
    return tool in ("read_text", "look") if manner.language else tool == "search"


def without_question(turn: Turn, wish: Asked) -> tuple[str, str] | None:
    """Answer and status where a manner is all that is wished for: the last finding again, if there is one.

    None when there is something else to answer.
    """
    if wish.rest or turn.now.posted:
        return None
    if not wish.manner:
        return PLAIN, "answered"
    if wish.lasting or turn.last is None:
        return f"{_needed(wish.manner)}{GOING_ON}", "answered"
    said, status = compose.answer(turn.last, turn.images)
    return worded(said, wish), status


def worded(said: str, wish: Asked) -> str:
    """An answer, and that it is not worded as was wished."""
    return f"{_needed(wish.manner)}{PLAINLY}{said}" if wish.manner else said


def _needed(manner: Manner) -> str:
    wished = [name for name, given in (("language", manner.language), ("style", manner.style)) if given]
    return NEEDED.format(" and ".join(wished))
