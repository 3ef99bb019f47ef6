"""A question taken apart into the steps it asks for."""

from __future__ import annotations

import re
from typing import Literal

from tools.kit.analysis.items import wanted_of

Aim = Literal[
    "arithmetic",
    "totals",
    "diagram",
    "chart",
    "count",
    "items",
    "compare",
    "damage",
    "document",
    "read",
    "fields",
    "kind",
    "describe",
    "open",
]

VERBS = (
    r"what|which|who|whose|where|when|why|how|is|are|was|were|does|do|did|can|could|should|will|would|tell|say|list|show"
    r"|name|count|compare|check|verify|read|find|solve|calculate|compute|work|add|describe|explain|extract|give|identify"
)
BREAK = re.compile(
    rf"[?;\n]+|(?<=[a-z])\.\s+|,?\s+(?:and\s+)?then\s+|,\s*(?:and\s+)?(?=(?:{VERBS})\b)|\s+and\s+(?=(?:{VERBS})\b)"
    rf"|\s*\b(?:first|second|third|finally|step\s*\d+|\d+[.)])\s*[,:]?\s+(?=(?:{VERBS})\b)",
    re.IGNORECASE,
)
AIMS: tuple[tuple[Aim, str], ...] = (
    ("count", r"how many|number of|\bcount\b|(?:has|have|are|with) (?:more|most|the most|fewer|fewest)\b"),
    (
        "diagram",
        r"diagram|flow\s*-?chart|arrow|connect|\bflow\b|lead(?:s|ing)? to|point(?:s|ing)? to|nodes?\b|org chart"
        r"|architecture|workflow|what (?:comes|happens) (?:after|before|next)|bottleneck|single points? of failure",
    ),
    (
        "chart",
        r"\b(?:bar|line|pie|column|area|scatter)?\s?charts?\b|\bgraph\b|\bhistogram|\bplot\b|\btrend|\b[xy]-?\s?axis\b",
    ),
    (
        "totals",
        r"totals?\b|add(?:s|ing)? up|sums? (?:right|correct|match|up)|subtotal|\btax\b|\bvat\b"
        r"|\bchange (?:right|correct)|(?:receipt|invoice|bill|table)\b.*\b(?:correct|right|consistent|check)"
        r"|(?:check|verify).*\b(?:receipt|invoice|bill)",
    ),
    (
        "arithmetic",
        r"calculat|comput|solve|equation|arithmetic|math|homework|exercise|worksheet|work(?:ed|ing)? out|result"
        r"|answers? (?:right|correct)|expression|formula|\bsums?\b|\d\s*[-+*/x×÷^]\s*\d",
    ),
    ("compare", r"compar|differ|same|similar|changed?\b|before and after|versus|\bvs\b|odd one out"),
    (
        "damage",
        r"damag|\bbroken?\b|crack|scratch|\bdent(?:s|ed)?\b|defect|\bsafe(?:ty)?\b|unsafe|danger|hazard|\brusty?\b|corro"
        r"|\bleak|\bcondition\b|\bworn\b",
    ),
    (
        "document",
        r"\bcontract\b|\bclauses?\b|\bletter\b|\bagreement\b|\bwhat does (?:the|this) (?:document|form|page)\b",
    ),
    ("kind", r"what kind|what type|classif|categor|what is (?:this|it|that)\b"),
    ("fields", r"extract|\bdate\b|invoice number|company|merchant|due\b|address|\bissuer"),
    ("read", r"\bread\b|\btext\b|\bwords?\b|written|says?\b|transcri|printed"),
    ("describe", r"describ|colou?r|caption|summar"),
)
"""What words ask for, the first that fits."""


def parts_of(question: str) -> list[str]:
    """The focused questions in a question, in order; itself when it is one."""
    parts = [part.strip(" ,.") for part in BREAK.split(question)]
    return [part for part in parts if len(part.split()) > 1 or _aim(part) != "open"] or [question.strip()]


def aims_of(question: str) -> list[tuple[str, Aim]]:
    """Each focused question with what it is after."""
    return [(part, _aim(part)) for part in parts_of(question)]


def things_counted(question: str) -> str | None:
    """What is to be counted: "how many red boxes are there" -> "red boxes"."""
    match = re.search(
        r"(?:how many|number of|count(?:\s+(?:the|all|of|how many))*|\b(?:more|most|fewer|fewest))\s+(.+?)"
        r"(?:\s+(?:are|is|do|does|can|in|on|of the|there|has|have|were|was|which|image)\b|[?.,]|$)",
        question,
        re.I,
    )
    return match[1].strip() if match else None


def _aim(part: str) -> Aim:
    if wanted_of(part):
        return "items"
    return next((aim for aim, words in AIMS if re.search(words, part, re.I)), "open")
