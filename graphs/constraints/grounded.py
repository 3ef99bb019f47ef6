"""Numbers, quotes and names in an answer come from the evidence or from what the people wrote.

Numbers may be written otherwise (1,234.50 and 1234.5), rounded, or turned into per cent (0.873 and 87%); counting what
is listed in the facts is fine, and so is numbering a list or naming a handle. Dates and times are the same in any form.
What only a vision model claims must be worded as seen by the model, a translation as the model's beside its original.

All of it holds in every language: digits, dates, times and quotes are read as they are written in each. Names are told
where capitals tell them, which German capitals do not; spoken numbers in the languages of `kit.tongues`.

What a tool was asked is no finding: of arguments, and of failures that quote them, the words may be said again, and the
numbers, dates and codes that a source has too.

Applies to answers. Uses from the context: ``question``, ``images``, ``told`` (sentences of tools that failed),
``asked`` (arguments of the turn's calls), and ``looked`` (whether the running turn has asked a vision model).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from graphs.constraints.kit import asking, claims
from graphs.constraints.kit.capitals import FAMILIAR, in_english, names_in
from graphs.constraints.kit.claims import Claim, plain
from graphs.constraints.kit.dates import days_in, times_in
from graphs.constraints.kit.sources import Sources, supported
from graphs.constraints.kit.spans import Span, inside, without
from graphs.constraints.kit.tongues import ABROAD, WORD, tongue_of
from graphs.constraints.kit.translations import added, translations
from graphs.constraints.kit.vocabulary import GLUE, ordinary, words
from graphs.constraints.kit.wording import BY_MODEL, SENTENCE, worded
from tools.kit.seeing.claims import claimed, looked, without_claims
from tools.kit.types import Evidence, ImageRef, Verdict

RULE = "grounded"

COUNTED = words("image images photo photos picture pictures page pages document documents file files pdf pdfs scans")
UNCOUNTED = words("""
    thing things way ways option options step steps reason reasons part parts sentence sentences question questions tool
    tools or of more other others
""")
"""Words after which a spoken number is a manner of speaking: "two ways"."""
COUNTED_ABROAD = frozenset().union(*(tongue.counted for tongue in ABROAD))
ASKING = re.compile(
    r"\b(?:name|give|post|pick|choose|needs?|takes?|send|least|most|another|up to|compare|these|those|all)\s+$", re.I
)
"""After these a spoken number says what is wanted or meant, not what is there: "give at least two"."""
LABELS = re.compile(
    r"(?:\b(?:step|option|point|example|hit|result|match|no\.|number|line|row|item|part|figure)s?\s+#?"
    r"|#|\b(?:rank|top)[\s-])$",
    re.IGNORECASE,
)
HANDLE = re.compile(r"\b(image|img|photo|picture|page|frame)s?\s+#?((?:\d+|,|\s|and|or|&|to|[-–])+)", re.IGNORECASE)
LISTING = re.compile(r"(?:^|\n)[ \t]*[*_]*(\d{1,3})[.):](?=\s)")
DENIED = re.compile(r"\b(?:no|not|without|only)\b[^.!?\n]*$", re.IGNORECASE)
UNSURE = re.compile(r"\b(?:cannot|can't|can’t|could not|couldn't|no vision model)\b", re.IGNORECASE)
SUGGESTION = re.compile(
    r"(?:(?:^|[.!?:;(,]\s*|\b(?:can|could|or|please|just|to|and|by|then|you)\s+)"
    r"(?:say|ask|type|try|write|reply|post|call)(?:ing)?\b"
    r"|\b(?:for example|such as|e\.g\.|for instance))[^.!?\n“”\"]{0,40}$",
    re.IGNORECASE,
)
TRANSLATION = (
    'A translation goes in quotes beside its original in quotes, called "translated by the model"; names, numbers and '
    "dates in it stay as printed."
)
BACKGROUND = words("""
    image images photo photos picture pictures page shows show shown showing see seen sees look looks there here appears
    seems model vision text reads read says answer question cannot tell know sure found find
""")


SHORT = 4
"""So few words may lack those that tell their language."""


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def judge(text: str, *, settings: Settings, evidence: Sequence[Evidence], context: Mapping[str, Any]) -> Verdict:
    """Holds when every number, date, quote and name of an answer has a source."""
    if context.get("surface") != "answer":
        return Verdict(rule=RULE)
    measured, model = _sources(evidence, context)
    attributed = _attributed(text, evidence)
    translated = translations(text, lambda quote: supported(quote, text, measured) or supported(quote, text, model))
    invented: list[Claim] = []
    unworded: list[Claim] = []
    for claim in _claims(text, context):
        if supported(claim, text, measured):
            continue
        if claim.span in translated:
            invented += added(text, claim.span, translated[claim.span])
            continue
        if inside(claim.span, attributed) and supported(claim, text, model):
            continue
        (unworded if supported(claim, text, model) else invented).append(claim)
    unworded += _unworded_sentences(text, measured, model, attributed)
    if context.get("looked") and not attributed and _is_foreign(text):
        unworded.append(Claim("quote", text, (0, len(text))))
    broken = _sentence(invented, unworded)
    where = tuple(sorted({claim.span for claim in [*invented, *unworded]})) if broken else ()
    return Verdict(rule=RULE, broken=broken, where=where)


def _is_foreign(text: str) -> bool:
    """Whether its words cannot be compared with what the model said: they are of another language than English."""
    if tongue_of(text) is not None:
        return True
    said = WORD.findall(text.lower())
    if len(said) <= SHORT or in_english(text):
        return False
    return sum(not ordinary(word) for word in said) * 2 > len(said)


def _sentence(invented: Sequence[Claim], unworded: Sequence[Claim]) -> str | None:
    parts = []
    if invented:
        parts.append(
            f"Leave out or correct what no evidence shows: {_listed(invented)}; "
            "if it cannot be known, say that you cannot tell."
        )
        if any(claim.kind == "quote" for claim in invented):
            parts.append(TRANSLATION)
    if unworded:
        parts.append(f'Word it as seen by the model ("according to the vision model, ..."): {_listed(unworded)}.')
    return " ".join(parts) or None


def _listed(found: Sequence[Claim]) -> str:
    texts = list(dict.fromkeys(claim.text if len(claim.text) <= 80 else f"{claim.text[:77]}..." for claim in found))
    return ", ".join(texts[:6]) + (" and more" if len(texts) > 6 else "")


# --- sources ------------------------------------------------------------------------------------


def _sources(evidence: Sequence[Evidence], context: Mapping[str, Any]) -> tuple[Sources, Sources]:
    """What was measured or written by people, and what a model claims."""
    measured, model = Sources(), Sources()
    images: Sequence[ImageRef] = context.get("images") or ()
    measured.add(context.get("question"))
    measured.counts |= {len(images), len(evidence)}
    for ref in images:
        measured.add_all(ref.handle, ref.name, ref.mime, ref.width, ref.height, ref.page, ref.pages, *ref.notes)
        measured.add_all(ref.size, ref.size_said, ref.megapixels)
    for each in evidence:
        into = measured if each.source == "measured" else model
        said, facts, captions = each.said, each.facts, [picture.caption for picture in each.shows]
        if not looked(each) and (echo := asking.echoes(each.arguments)):
            said, facts, captions = asking.without_echoes([said, facts, captions], echo, each.arguments)
        if each.source == "measured" and looked(each):  # measured, with a model's claims beside
            spans = worded(said, BY_MODEL)
            model.add_all(*(said[slice(*span)] for span in spans), *claimed(facts))
            said, facts = _unworded(said), without_claims(facts, _unworded)
        into.add_all(said, facts, each.sure, *captions)
        into.counts |= {len(each.shows), len(each.about)}
        measured.add_all(each.tool, *(region.handle for region in each.about))
    words: list[str] = []
    for each in evidence:
        if not looked(each):  # what a vision model was asked may be a guess, which its answer does not confirm
            words += asking.words_of(each.arguments, measured)
    words += [asking.unconfirmed(text, context.get("asked") or (), measured) for text in context.get("told") or ()]
    measured.add_all(*words)
    return measured, model


def _unworded(text: str) -> str:
    """Without what it says a model sees."""
    return without(text, worded(text, BY_MODEL))


# --- claims -------------------------------------------------------------------------------------


def _claims(text: str, context: Mapping[str, Any]) -> Iterator[Claim]:
    """Every claim that needs a source. Inside a quote only the quote is one; inside a date only the date."""
    taken: list[Span] = []
    for quote in claims.quotes(text):
        taken.append(quote.span)
        if plain(quote.text).strip() and not SUGGESTION.search(text[max(0, quote.span[0] - 60) : quote.span[0]]):
            yield quote
    for span, _ in [*days_in(text), *times_in(text)]:
        if not inside(span, taken):
            taken.append(span)
            yield Claim("date", text[slice(*span)], span)
    free = [*_labels(text, context), *taken]
    for claim in [*_codes(text), *_numbers(text), *_spoken(text), *names_in(text)]:
        if not inside(claim.span, free):
            yield claim


def _codes(text: str) -> Iterator[Claim]:
    for claim in claims.codes(text):
        if claim.text.lower() not in FAMILIAR and not HANDLE.fullmatch(claim.text.replace("-", " ")):
            yield claim


def _numbers(text: str) -> Iterator[Claim]:
    yield from claims.numbers(text)
    for match in re.finditer(r"(?<!\w)(\d+)x(\d+)(?!\d)", text):
        yield from (Claim("number", match[at], match.span(at)) for at in (1, 2))


def _spoken(text: str) -> Iterator[Claim]:
    for claim in claims.spoken(text):
        if ASKING.search(text[: claim.span[0]][-24:]):
            continue
        after = re.match(r"(?:[\s-]+\w+)?[\s-]+(\w+)", text[claim.span[1] :])
        following = set(re.findall(r"\w+", text[claim.span[1] :][: after.end() if after else 0].lower()))
        if not following & (COUNTED | UNCOUNTED | COUNTED_ABROAD):
            yield claim


def _labels(text: str, context: Mapping[str, Any]) -> list[Span]:
    """Digits that name or number something and claim nothing: handles that exist, list items, "hit 3", ordinals."""
    spans = [match.span(1) for match in LISTING.finditer(text)]
    known = {ref.number for ref in context.get("images") or ()} | {ref.page for ref in context.get("images") or ()}
    for match in HANDLE.finditer(text):
        denied = DENIED.search(text[max(0, match.start() - 60) : match.start()])
        spans += [
            (match.start(2) + number.start(), match.start(2) + number.end())
            for number in re.finditer(r"\d+", match[2])
            if not known or denied or int(number[0]) in known or match[1].lower() == "frame"
        ]
    spans += [
        match.span()
        for match in re.finditer(r"\d+", text)
        if LABELS.search(text[max(0, match.start() - 12) : match.start()])
    ]
    return spans


# --- what a model claims ------------------------------------------------------------------------


def _attributed(text: str, evidence: Sequence[Evidence]) -> list[Span]:
    """What is worded as the model's, and its own words repeated whole."""
    spans = worded(text, BY_MODEL)
    for each in evidence:
        if each.source == "model" and BY_MODEL.search(each.said[:80]) and each.said in text:
            at = text.index(each.said)
            spans.append((at, at + len(each.said)))
    return spans


def _unworded_sentences(text: str, measured: Sources, model: Sources, attributed: Sequence[Span]) -> Iterable[Claim]:
    """Sentences with a word that only the model has said, and that do not say so."""
    if model.text == " ":
        return
    known = set(measured.text.split())
    claimed = set(model.text.split()) - known - GLUE - BACKGROUND
    for match in SENTENCE.finditer(text):
        if inside(match.span(), attributed) or UNSURE.search(match[0]):
            continue
        if any(len(word) > 2 and word in claimed for word in plain(match[0]).split()):
            yield Claim("quote", match[0], match.span())
