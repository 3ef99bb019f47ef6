"""What a clause wants: rules and meaning together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from graphs.clock import Clock
from graphs.local_planner.choices import labels
from graphs.local_planner.filtering import narrow
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.papers import field_words, fields
from graphs.local_planner.pointing.references import Reference
from graphs.local_planner.understanding.cues import heard

TOOLS = ("classify", "search", "read_text", "extract", "compare", "describe", "analyze", "look")
MEANING = 5.0
"""What a clear likeness weighs, in the units of the cues."""
CLEAR = 2.6
"""A best score below this is no wish at all."""
PLAIN = ("read_text", "extract", "outside", "chat", "help", "compare", "analyze", "describe")
ANY_DAY = Clock(datetime(2000, 1, 1))
"""Any day: only whether a date is named matters."""
HALF = 0.45
"""What a statement weighs of a wish: "I took this yesterday. What breed is it?"."""
SURE = 7.0
"""What a mere statement must reach to count as a wish all the same."""
STATEMENT = re.compile(
    r"^(?:(?:i|we|he|she|they)\b(?! (?:need|want|would|can not|am looking|are looking|could use|"
    r"am searching|am after|wonder|have to|require|like to))"
    r"|my\b|our\b|this is|(?:this|that) (?:looks|seems)|love this|that is|here (?:is|are|comes)|it is|"
    r"these are|found|got|took|saw|"
    r"the (?:first|second|last|left|right|other|top|bottom)\b[^?]* is\b|for (?:my|our|the)\b)"
)


@dataclass(frozen=True)
class Wish:
    """A clause and what it most likely wants."""

    text: str
    """As written, in one line."""
    reference: Reference = field(default_factory=Reference)
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def intent(self) -> str:
        return max(self.scores, key=lambda intent: self.scores[intent]) if self.scores else "none"

    @property
    def score(self) -> float:
        return max(self.scores.values(), default=0.0)

    @property
    def clear(self) -> bool:
        return self.score >= CLEAR

    @property
    def told(self) -> Wish:
        """For a message of statements only: this one at full weight, if it is sure enough."""
        if not STATEMENT.match(plain(self.text)):
            return self
        full = {intent: score / HALF for intent, score in self.scores.items()}
        return replace(self, scores=full) if max(full.values(), default=0.0) >= SURE else self

    @property
    def tool(self) -> str | None:
        return self.intent if self.clear and self.intent in TOOLS else None


def embedded(text: str) -> str:
    """The form in which a clause is compared with the examples."""
    return re.sub(
        r"\b(?:image|picture|photo|pic) #?\d+\b|\bthe (?:first|second|third|last|other) one\b",
        "this image",
        plain(text),
    )


def weigh(clause: str, likeness: Mapping[str, float], last: str | None, *, images: bool = True) -> dict[str, float]:
    """Scores by intent; `last` is the tool used before, which a short follow-up probably means again.

    Without `images` in the thread, words that would narrow a search are one: "dogs, 2020".
    """
    simple = plain(clause)
    scores = {intent: MEANING * likeness.get(intent, 0.0) for intent in (*TOOLS, "outside", "chat", "help", "doubt")}
    said = heard(simple)
    for intent, gain in said.items():
        scores[intent] += gain
    if STATEMENT.match(simple):
        # without images, "our customer asks for photos of pumps" can only be a search
        scores = {
            intent: score if intent == "search" and not images else score * HALF for intent, score in scores.items()
        }
    for intent, gain in _structure(clause, simple, scores, last).items():
        # without images "dogs, cats, 5 of them" is no choice between labels
        scores[intent] += gain if images or intent != "classify" or re.search(r"\bor\b|[:/|]", simple) else 0.0
    narrowed = None if images else narrow(simple, ANY_DAY)
    if narrowed and (narrowed.filters or narrowed.limit) and not any(said.get(intent, 0) >= 4 for intent in PLAIN):
        scores["search"] = max(scores.values()) + 1.0
    return scores


def _structure(clause: str, simple: str, scores: Mapping[str, float], last: str | None) -> dict[str, float]:
    """What the build of the clause says: a list of labels, of fields, a yes-or-no question with one label."""
    gains: dict[str, float] = {}
    offered, sure = ([], False) if scores["chat"] >= 6 else labels.offered(clause)
    as_fields = fields.listed(clause) or fields.headed(simple)
    named = sum(bool(field_words.HEADED.fullmatch(label) or field_words.FIELD.fullmatch(label)) for label in offered)
    if named > 1 and 2 * named >= len(offered) and not re.search(r"\bor\b", simple):
        gains["extract"] = 10.0
    elif as_fields and (not sure or fields.headed(simple)):
        gains["extract"] = 10.0 if fields.headed(simple) else 6.0
    elif offered and not all(field_words.FIELD.fullmatch(label) for label in offered):
        rivals = ("describe", "read_text", "extract", "search", "compare", "outside", "analyze")
        gains["classify"] = 8.0 if sure else 6.0 if max(scores[intent] for intent in rivals) < 7.0 else 1.0
    elif label := labels.single(clause):
        gains["outside" if labels.is_person(label[0]) else "classify"] = 6.0 if labels.is_person(label[0]) else 4.0
    if fields.strong(clause):
        gains["extract"] = gains.get("extract", 0.0) / 2 + 4.5
    elif "extract" not in gains and fields.weak(clause):
        gains["extract"] = 3.0 if last == "extract" or len(simple.split()) <= 5 else 1.5
    return gains
