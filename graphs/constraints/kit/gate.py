"""The gate: every rule put to every text, and what is shown in place of what a rule catches."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from graphs.constraints.kit import claims
from graphs.constraints.kit.spans import Span, overlap
from graphs.constraints.kit.symbols import BARRIER
from tools.kit.ports import Gate
from tools.kit.types import Evidence, Json, Verdict

BLACKED = BARRIER * 3
ROUNDS = 4
"""How often a text is cleaned or mended again before it is blacked out or given up."""
OPEN = 60
"""Characters at the end of a text that still grows: longer than a word, and than most phrases with a brand in them."""
SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)*_]*(?=\s|$)|(?=\n)|$)", re.DOTALL)


@dataclass(frozen=True)
class Rule:
    """One rule with its settings."""

    name: str
    judge: Callable[..., Verdict]
    settings: BaseModel
    instead: str | None = None
    """Words that may stand in place of what breaks the rule."""
    early: bool = False
    """Whether no further text can mend what breaks it."""

    def with_settings(self, settings: BaseModel) -> Rule:
        return replace(self, settings=settings)


class RuleGate(Gate):
    """The `Gate` port over a list of rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = list(rules)

    def judge(self, text: str, evidence: Sequence[Evidence] = (), **context: Any) -> list[Verdict]:
        """One verdict a rule. `context`: see `graphs.constraints`; a text with evidence or a question is an answer
        unless another surface is named."""
        context.setdefault("surface", "answer" if evidence or context.get("question") else "text")
        return [rule.judge(text, settings=rule.settings, evidence=evidence, context=context) for rule in self.rules]

    def broken_already(self, text: str) -> str | None:
        """How to write it instead, when a text that still grows breaks a rule that no more text can mend.

        What stands at the end does not count yet: it may become another word, or a phrase that is allowed.
        """
        for rule in filter(lambda rule: rule.early, self.rules):
            verdict = rule.judge(text, settings=rule.settings, evidence=(), context={"surface": "answer"})
            if any(end <= len(text) - OPEN for _, end in verdict.where):
                return verdict.broken
        return None

    def clean(self, text: str) -> str:
        """The text as it may be shown: what a rule catches becomes ▇▇▇; all of it, where a rule cannot point."""
        for _ in range(ROUNDS):
            broken = [verdict for verdict in self.judge(text) if not verdict]
            if not broken:
                return text
            if not all(verdict.where for verdict in broken):
                return BLACKED
            text = _replaced(text, [(span, BLACKED) for verdict in broken for span in verdict.where])
        return BLACKED

    def mend(
        self, text: str, verdicts: Sequence[Verdict], evidence: Sequence[Evidence] = (), **context: Any
    ) -> str | None:
        """The text with what broke the rules put neutrally, or else without the sentences it stood in.

        None when nothing is left that holds. Without evidence and context, rules that need them are not asked again.
        """
        instead = {rule.name: rule.instead for rule in self.rules}
        for neutral in (True, False):
            mended = self._mended(text, verdicts, instead if neutral else {}, evidence, context)
            if mended is not None:
                return mended
        return None

    def _mended(
        self,
        text: str,
        verdicts: Sequence[Verdict],
        instead: dict[str, str | None],
        evidence: Sequence[Evidence],
        context: dict[str, Any],
    ) -> str | None:
        for _ in range(ROUNDS):
            broken = [verdict for verdict in verdicts if not verdict]
            if not broken:
                return text
            if not all(verdict.where for verdict in broken):
                return None
            put = [(span, instead.get(verdict.rule)) for verdict in broken for span in verdict.where]
            changes = [(span, words) if words else (_sentence_at(text, span), "") for span, words in put]
            changes += [(mark, "") for mark in _marks_around(text, [span for span, words in put if words])]
            text = _tidy(_replaced(text, changes))
            if not re.search(r"\w", text):
                return None
            verdicts = self.judge(text, evidence, **context)
        return None


def _replaced(text: str, changes: Sequence[tuple[Span, str]]) -> str:
    """The text with spans replaced; of spans that overlap, all is gone and the first one's words stand for it."""
    parts: list[str] = []
    at = 0
    for (start, end), words in sorted(changes):
        if start >= at:
            parts += [text[at:start], words]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _marks_around(text: str, spans: Sequence[Span]) -> list[Span]:
    """The marks of quotes in which a span stands: with other words in them they quote nothing."""
    around = [quote.span for quote in claims.quotes(text) if any(overlap(quote.span, span) for span in spans)]
    return [mark for start, end in around for mark in ((start, start + 1), (end - 1, end))]


def _sentence_at(text: str, span: Span) -> Span:
    """The sentences a span touches."""
    touched = [match.span() for match in SENTENCE.finditer(text) if match.start() < span[1] and span[0] < match.end()]
    return (touched[0][0], touched[-1][1]) if touched else span


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"\n\s*(?:[-*•]|\d+\.)\s*(?=\n|$)", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def check_text(text: str, gate: RuleGate) -> dict[str, Json]:
    """`{"kept": bool, "checks": [{"rule", "kept", "broken"}]}` for one text, with no evidence to go by.

    What a rule caught is blacked out in its reason too: the reason is displayed.
    """
    verdicts = gate.judge(text)
    checks = [
        {"rule": verdict.rule, "kept": bool(verdict), "broken": verdict.broken and gate.clean(verdict.broken)}
        for verdict in verdicts
    ]
    return {"kept": all(verdicts), "checks": checks}


def redact(value: Json, gate: Gate) -> Json:
    """A JSON value with every string cleaned, keys included. Keys that become alike are numbered."""
    if isinstance(value, str):
        return gate.clean(value)
    if isinstance(value, dict):
        redacted: dict[str, Json] = {}
        for key, item in value.items():
            redacted[_free(gate.clean(str(key)), redacted)] = redact(item, gate)
        return redacted
    if isinstance(value, list | tuple):
        return [redact(item, gate) for item in value]
    return value


def _free(key: str, taken: dict[str, Json]) -> str:
    if key not in taken:
        return key
    return next(f"{key} ({number})" for number in range(2, len(taken) + 3) if f"{key} ({number})" not in taken)
