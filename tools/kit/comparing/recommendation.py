"""What follows from a comparison for the question that was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.kit.comparing.measured import Aspect, Compared, Finding
from tools.kit.toolbox import listed

ASPECTS: tuple[tuple[str, str, tuple[Aspect, ...]], ...] = (
    ("damage", r"damag|broke|crack|scratch|dent|defect|stain|torn|intact|condition|wear", ("mark", "part", "area")),
    ("colour", r"colou?r|shade|hue|paint", ("colour",)),
    ("text", r"price|cost|text|label|word|print|spell|writ|says?\b|number|amount|total|date", ("text",)),
    ("missing part", r"missing|parts?\b|pieces?\b|complete|accessor|includ|lid\b|cap\b|gone", ("part", "text")),
    ("size or shape", r"size|bigger|small|tall|short|wide|long|dimension|proportion|shape", ("proportions", "part")),
)
"""A name, the words that ask for it, and the findings that answer it."""

ADVERTISED = re.compile(
    r"advertis|describ|order|promis|expect|as shown|catalog|listing|genuin|authentic|fake|counterfeit|accept|return"
    r"|refund|(?:correct|right) (?:item|product)|quality control|\bqc\b",
    re.I,
)
GENUINE = re.compile(r"genuin|authentic|fake|counterfeit|original\b|real\b", re.I)
CERTAIN = 0.95
"""Of 240 photos edited in one place (a patch, a colour, a line, a text) and taken again, the edit was found in 234; of
60 only taken again, none was said to differ. Less is claimed, because real cameras differ in more ways."""
LIKELY = 0.8
SMALL = 0.001
"""Share of the picture below which a lone difference is only likely."""
PIXELS = "Post two photos taken from the same side, close up, to compare them."


@dataclass(frozen=True)
class Recommended:
    said: str
    sure: float | None
    aspect: str = ""
    """The side of it that the question is about, where that was measured."""


def recommend(question: str, compared: Compared, findings: Sequence[Finding], quality: str) -> Recommended:
    """`quality`: the answer to a question on sharpness, brightness or pixels; empty for other questions."""
    advertised = bool(ADVERTISED.search(question))
    if compared.identical:
        said = "I cannot tell: both pictures are the same file" if advertised else "They are the same file"
        return Recommended(f"{said}, so nothing differs.", None if advertised else 1.0)
    if quality and not advertised:
        return Recommended(quality, CERTAIN)
    if compared.paper == "other":
        return _of_papers(question, findings)
    if compared.paper == "same" and not compared.difference.aligned:
        return _overall(question, findings, advertised)
    if not compared.difference.aligned:
        return _not_laid_over(compared, findings, advertised)
    if compared.difference.partial:
        return _of_a_part(compared, findings, advertised)
    for name, words, aspects in ASPECTS:
        if re.search(words, question, re.I):
            fitting = [finding for finding in findings if finding.aspect in aspects]
            if not advertised:
                return _of_aspect(name, fitting, findings)
            findings = [*fitting, *(finding for finding in findings if finding not in fitting)]
    return _overall(question, findings, advertised)


def _of_papers(question: str, findings: Sequence[Finding]) -> Recommended:
    """What was asked for comes first."""
    asked = [finding for finding in findings if finding.said.split()[1] in question.casefold()]
    told = " ".join(finding.said for finding in (asked or findings))
    return Recommended(f"They are different papers. {told}".strip(), LIKELY)


def _not_laid_over(compared: Compared, findings: Sequence[Finding], advertised: bool) -> Recommended:
    if compared.similarity < compared.alike:
        verdict = "Not as advertised, as far as the pictures show" if advertised else "Not the same"
        return Recommended(f"{verdict}: they show different things.", LIKELY)
    text = [finding.brief for finding in findings if finding.aspect in ("text", "proportions")]
    seen = f" What was measured: {listed(text[:3])}." if text else ""
    return Recommended(f"I cannot tell from these pictures whether it is the same thing.{seen} {PIXELS}", None)


def _of_a_part(compared: Compared, findings: Sequence[Finding], advertised: bool) -> Recommended:
    """The backgrounds differ: a difference found counts, but what was not compared may hide another."""
    if findings:
        verdict = "Not as advertised" if advertised else "They differ"
        return Recommended(f"{verdict}: {_briefly(findings)}. The backgrounds were left out.", LIKELY)
    return Recommended(
        "What could be compared looks the same, but the backgrounds differ and I cannot tell for all of it. " + PIXELS,
        None,
    )


def _of_aspect(name: str, fitting: Sequence[Finding], findings: Sequence[Finding]) -> Recommended:
    """The answer to a question about one side of it, with what else differs."""
    others = [finding.brief for finding in findings if finding not in fitting]
    besides = f" Besides, {listed(others[:3])}." if others else ""
    if fitting:
        return Recommended(f"There is a difference: {_briefly(fitting)}.{besides}", _sure(fitting), name)
    nothing = "No damage is visible" if name == "damage" else f"No difference in {name} is visible"
    if name == "missing part":
        nothing = "Nothing is missing that the pictures show"
    return Recommended(f"{nothing}.{besides}", CERTAIN, name)


def _overall(question: str, findings: Sequence[Finding], advertised: bool) -> Recommended:
    unknown = " Whether it is genuine cannot be measured from pictures." if GENUINE.search(question) else ""
    if not findings:
        verdict = "As advertised, as far as the pictures show" if advertised else "They show the same thing"
        return Recommended(f"{verdict}: nothing visible differs.{unknown}", CERTAIN)
    verdict = "Not as advertised" if advertised else "They differ"
    return Recommended(f"{verdict}: {_briefly(findings)}.{unknown}", _sure(findings))


def _briefly(findings: Sequence[Finding]) -> str:
    said = [finding.brief for finding in findings[:4]]
    if len(findings) > 4:
        said.append(f"{len(findings) - 4} more")
    return listed(said)


def _sure(findings: Sequence[Finding]) -> float:
    lone_and_small = len(findings) == 1 and findings[0].aspect in ("area", "part", "mark") and findings[0].share < SMALL
    return LIKELY if lone_and_small else CERTAIN
