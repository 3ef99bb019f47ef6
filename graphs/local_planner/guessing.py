"""Turns in which nothing a tool could do was asked for clearly: small talk, or the likeliest guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graphs.local_planner import followups
from graphs.local_planner.answering import smalltalk
from graphs.local_planner.calling import MOST, Caller, Plan, asked_for, described
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.pointing.references import Reference, focus
from graphs.local_planner.turn import Turn
from graphs.local_planner.understanding import clauses
from graphs.local_planner.understanding.intents import CLEAR, Wish
from graphs.local_planner.understanding.wishes import asks, only_points

LIKELY = 1.3
"""What a question about an image at hand must be like a tool's work, when nothing is clear."""
GUESSED = ("look", "read_text", "extract", "analyze", "compare", "describe")
SET_APART = re.compile(
    r"\b(?:first|second|left|other|before|after|vs|versus|ordered|paid|received|arrived|advertised|supposed|ours|theirs)\b"
)
"""Of two images just posted, what is told of one is told against the other."""
ORDERS = re.compile(rf"(?:{clauses.VERBS})\b")
THINGS = re.compile(r"[A-Za-z]{2,}[^\Ws]s\W*")
""" "Lighthouses"."""
GENERAL = re.compile(
    r"^(?:how|who|when|where|why|what|which|convert|write|tell me|give me|recommend|explain|is|are|do|does|can)\b"
)
"""Without images, a question that no tool answers is one about the world."""


def answered(turn: Turn, wishes: Sequence[Wish], reference: Reference, caller: Caller) -> Plan:
    """wishes: what the clauses of the turn may ask for, one at least; reference: the images it names."""
    handles = reference.handles or focus(turn.now.text, turn)
    wish = max(wishes, key=lambda wish: wish.score)
    if not wish.clear and not turn.now.posted and (more := followups.fragment(turn.now.text, turn, handles)):
        return Plan(more.calls)
    if not wish.clear and reference.said and reference.handles and turn.last and not asks(turn.now.text):
        return Plan(followups.repeated(turn.last, reference.handles, turn).calls)
    if not wish.clear and len(reference.handles) == 2 and not only_points(turn.now.text, reference):
        # two images set beside each other in words: "we got the second but were shown the first. ripped off?"
        return Plan((("compare", {"images": list(reference.handles), "question": turn.now.text}),))
    if not wish.clear and reference.handles and not turn.last:
        return Plan(tuple(("describe", {"image": handle}) for handle in reference.handles[:MOST]))
    if wish.intent == "doubt" and wish.clear and turn.last:
        return Plan(doubts=True)
    if wish.intent == "help" and wish.clear:
        return Plan(say=smalltalk.help_())
    if wish.intent == "outside" and wish.clear:
        return Plan(say=smalltalk.outside(plain(wish.text)), status="refused")
    if not wish.clear and handles and (guessed := _guessed(wishes, turn, caller)):
        return guessed
    if turn.now.posted and turn.last and not (wish.clear and wish.intent in ("chat", "help")):
        return Plan(followups.repeated(turn.last, turn.now.posted, turn).calls)
    if len(turn.now.posted) == 2 and not wish.clear and SET_APART.search(plain(turn.now.text)):
        return Plan((("compare", {"images": list(turn.now.posted), "question": turn.now.text}),))
    if turn.now.posted and wish.intent not in ("chat", "help"):
        return described(turn)
    if turn.now.posted and turn.last is None:
        return described(turn)
    if wish.intent in ("chat", "doubt") and wish.clear:
        return Plan(say=smalltalk.chat(turn.now.text))
    if not turn.handles and GENERAL.search(plain(turn.now.text)):
        return Plan(say=smalltalk.outside(""), status="refused")
    if wish.intent in ("chat", "doubt") and wish.score > 1.5:
        return Plan(say=smalltalk.chat(turn.now.text))
    if not turn.handles and (len(turn.now.text.split()) > 1 or THINGS.fullmatch(turn.now.text)):
        # words alone, and nothing to look at: they can only be something to find
        return caller.search_whole(turn)
    return asked_for(smalltalk.unclear())


def _guessed(wishes: Sequence[Wish], turn: Turn, caller: Caller) -> Plan | None:
    """A question about images at hand is not turned away: it goes to the tool whose work it is most like."""
    asked = [wish for wish in wishes if asks(wish.text) or ORDERS.match(plain(wish.text))] or (
        list(wishes) if "?" in turn.now.text else []
    )
    several = len(turn.handles) > 1
    ranked = [
        (wish.scores.get(tool, 0.0), tool, wish) for wish in asked for tool in GUESSED if several or tool != "compare"
    ]
    score, tool, wish = max(ranked, key=lambda one: one[0], default=(0.0, "", Wish("")))
    if score < LIKELY:
        return None
    made = caller.calls(replace(wish, scores={tool: CLEAR}), turn)
    return made if isinstance(made, Plan) else Plan(tuple(made[:MOST]))
