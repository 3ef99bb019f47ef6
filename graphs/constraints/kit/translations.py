"""Translations of what stands in an image: the model's own words, bound to the original they stand beside.

A quote called translated by the model counts when a quote that the evidence has stands near it. What a translation
cannot change must be in that original: numbers, dates, times, codes and names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from graphs.constraints.kit import claims
from graphs.constraints.kit.capitals import names_in
from graphs.constraints.kit.claims import Claim
from graphs.constraints.kit.dates import days_in, times_in
from graphs.constraints.kit.sources import Sources, supported
from graphs.constraints.kit.spans import Span, without
from graphs.constraints.kit.tongues import ABROAD
from graphs.constraints.kit.wording import TRANSLATED, worded

NEAR = 600
"""Characters between a translation and its original."""


def translations(text: str, known: Callable[[Claim], bool]) -> dict[Span, Claim]:
    """Where which original is translated. `known`: whether evidence has a quote."""
    spans = worded(text, TRANSLATED)
    quotes = claims.quotes(text) if spans else []
    originals = [quote for quote in quotes if known(quote)]
    found: dict[Span, Claim] = {}
    for quote in quotes:
        called = any(start <= quote.span[0] and quote.span[1] <= end for start, end in spans)
        if called and quote not in originals and (original := _beside(quote, originals)):
            found[quote.span] = original
    return found


def _beside(quote: Claim, originals: Sequence[Claim]) -> Claim | None:
    """The nearest original before it, or else after it."""
    before = [one for one in originals if 0 <= quote.span[0] - one.span[1] <= NEAR]
    after = [one for one in originals if 0 <= one.span[0] - quote.span[1] <= NEAR]
    return before[-1] if before else after[0] if after else None


def added(text: str, span: Span, original: Claim) -> Iterator[Claim]:
    """What the translation at that place says and its original does not."""
    source = Sources()
    source.add(original.text)
    for number in claims.spoken(original.text, ABROAD):
        source.numbers |= claims.values(number.text)
    translation = without(text, [(0, span[0]), (span[1], len(text))])
    for claim in _fixed(translation):
        if not supported(claim, translation, source):
            yield claim


def _fixed(translation: str) -> Iterator[Claim]:
    """What no translation changes."""
    taken = [span for span, _ in [*days_in(translation), *times_in(translation)]]
    yield from (Claim("date", translation[slice(*span)], span) for span in taken)
    rest = without(translation, taken)
    yield from (*claims.codes(rest), *claims.numbers(rest), *claims.spoken(rest), *names_in(rest))
