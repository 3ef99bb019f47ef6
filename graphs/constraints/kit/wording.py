"""Where a text says that a model has seen something, or that a model has translated it."""

from __future__ import annotations

import re

from graphs.constraints.kit.spans import Span

BY_MODEL = re.compile(
    r"\b(?:seen|read|found|described|counted|reported|said|claimed|estimated|spotted|noticed|translated)\s+by\s+"
    r"(?:the\s+|a\s+)?(?:vision\s+)?model\b"
    r"|\baccording to (?:the|a) (?:vision )?model\b|\bvision model\b"
    r"|\bthe model\s+(?:\w+ly\s+)?(?:sees?|saw|says?|said|reads?|reports?|reported|thinks?|thought|counts?|counted"
    r"|describes?|described|estimates?|estimated|claims?|claimed|finds?|found|believes?|tells?|told|suggests?|notices?"
    r"|spots?|translates?|translated)\b"
    r"|\b(?:vision|bild|seh)s?-?\s?modell\w*|\b(?:laut|gemäß|nach) (?:dem |einem )?modell\b|\bvom modell\b"
    r"|\bdas modell\s+(?:sieht|liest|sagt|meint|erkennt|beschreibt|zählt|schätzt)\b"
    r"|\bmodèle de vision\b|\b(?:selon|d'après|d’après) le modèle\b|\bpar le modèle\b"
    r"|\bmodelo de visi[oó]n\b|\bmodelo de visão\b|\b(?:según|por) el modelo\b|\b(?:segundo o|pelo) modelo\b"
    r"|\bmodello (?:di visione|visivo)\b|\b(?:secondo il|dal) modello\b|\bvisie-?model\b"
    r"|\b(?:volgens|door) het model\b",
    re.IGNORECASE,
)
"""In another language than these "(vision model)" says it."""
TRANSLATED = re.compile(
    r"\btranslated by (?:the|a) (?:\w+ )?model\b|\b(?:the )?model'?s (?:own )?translation\b"
    r"|\btranslation by the model\b"
    r"|\b(?:vom|durch das|von einem) (?:\w+)?modell übersetzt|\bübersetzt (?:vom|durch das) (?:\w+)?modell\b"
    r"|\bübersetzung (?:des|durch das) (?:\w+)?modells?\b"
    r"|\btradu\w+ (?:par le modèle|por el modelo|dal modello|pelo modelo)\b|\bvertaald door het model\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(
    r"\S.*?(?:(?<!\b[A-Za-z])(?<!\b(?:Dr|Mr|Ms|St|No|vs))(?<!\b(?:Mrs|e\.g|i\.e))[.!?…]+[\"'”’)*_]*(?=\s|$)|(?=\n)|$)",
    re.DOTALL,
)


def worded(text: str, form: re.Pattern[str]) -> list[Span]:
    """What is worded so: sentences that say it, and after "...:" the rest of the paragraph."""
    spans: list[Span] = []
    for match in form.finditer(text):
        start, end = _sentence_around(text, match.start())
        if re.match(r"[^\n]{0,80}?:", text[match.end() :]):
            stop = re.compile(r"\n\s*\n|$(?!\n)").search(text, match.end())
            end = stop.start() if stop else len(text)
        spans.append((start, end))
    return spans


def _sentence_around(text: str, at: int) -> Span:
    for match in SENTENCE.finditer(text):
        if match.start() <= at < match.end():
            return match.span()
    return (at, at)
