"""What an image is of, in one name, or honestly nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.kit.labelling.subjects import KIND_OF, KINDS, SUBJECTS, bare, with_article
from tools.kit.labelling.zero_shot import probabilities, prompts_of
from tools.kit.ports import Encoder, Namer
from tools.kit.types import Image

NAMED = 0.6
"""Of 250 photos of one thing each, the builtin encoder has a name at this or more for 219, and 98% of them are right;
of 469 photos of people and dogs doing things it has one for about 300, and 9 in 10 stand in the picture."""
MAYBE, KIND_MAYBE = 0.65, 0.85
"""Chances from which a subject, or only its kind, is said by an encoder that has no names of its own."""
DOCUMENT, DOCUMENT_LIKELY = "a document", 0.7
"""Every one of 16 scanned receipts is a document at 0.75 and more, but most look like the page of a book first."""
GUESSED, GUESS_HOLDS = 0.85, 0.7
"""Where an encoder has no name, a subject found by comparing with words is right in about 7 of 10 photos at a chance of
0.85 and more, and in under half of them below."""
MOST_SURE, COMPARED_SURE, KIND_SURE = 0.97, 0.9, 0.79
"""No more is claimed of a name, of a subject found by comparing, of a kind."""


@dataclass(frozen=True)
class Subject:
    """What an image is taken for."""

    name: str | None
    """With its article; None when nothing can be said."""
    chance: float
    kind: str | None
    closest: tuple[tuple[str, float], ...] = ()
    """Names without articles and their probabilities, narrow ones first: what it was chosen from."""


async def recognise(image: Image, encoder: Encoder) -> Subject:
    """The encoder's own name for it when that is likely, else the subject or kind it resembles, else nothing."""
    return (await recognise_all([image], encoder))[0]


async def recognise_all(images: Sequence[Image], encoder: Encoder) -> list[Subject]:
    """The same of several, one result an image, encoded together."""
    if not isinstance(encoder, Namer):
        return [_compared(chances) for chances in await _chances(images, encoder)]
    named = await encoder.name_things(images)
    found = [_named(names) for names in named]
    rest = [number for number, subject in enumerate(found) if subject is None]
    chances = dict(zip(rest, await _chances([images[number] for number in rest], encoder), strict=True))
    return [subject or _guess(chances[number], named[number]) for number, subject in enumerate(found)]


def _named(names: Sequence[tuple[str, float]]) -> Subject | None:
    for name, chance in names:
        if chance >= NAMED:
            return Subject(with_article(name), min(chance, MOST_SURE), _kind(names), tuple(names))
    return None


def _guess(chances: Mapping[str, float], named: Sequence[tuple[str, float]]) -> Subject:
    """What has no name in the encoder's own words: a document, or a subject it very much resembles."""
    document = _kinds(chances)[DOCUMENT]
    if document >= DOCUMENT_LIKELY:
        return Subject(DOCUMENT, min(document, COMPARED_SURE), DOCUMENT, _closest(chances))
    best = max(SUBJECTS, key=lambda subject: chances[subject])
    if chances[best] >= GUESSED:
        return Subject(best, chances[best] * GUESS_HOLDS, KIND_OF[best], _closest(chances))
    return Subject(None, 0.0, None, tuple(named) or _closest(chances))


def _kind(named: Sequence[tuple[str, float]]) -> str | None:
    for name, _ in named:
        kind = with_article(name)
        if kind in KINDS or kind in KIND_OF:
            return kind if kind in KINDS else KIND_OF[kind]
    return None


def _compared(chances: Mapping[str, float]) -> Subject:
    """The subject when it is likely, else its kind when that is, else nothing."""
    best = max(SUBJECTS, key=lambda subject: chances[subject])
    if chances[best] >= MAYBE:
        return Subject(best, min(chances[best], COMPARED_SURE), KIND_OF[best], _closest(chances))
    kinds = _kinds(chances)
    kind = max(kinds, key=kinds.__getitem__)
    if kinds[kind] >= KIND_MAYBE:
        return Subject(kind, min(kinds[kind], KIND_SURE), kind, _closest(chances))
    return Subject(None, 0.0, None, _closest(chances))


def _kinds(chances: Mapping[str, float]) -> dict[str, float]:
    return {kind: sum(chances[subject] for subject in subjects) for kind, subjects in KINDS.items()}


def _closest(chances: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    order = sorted(SUBJECTS, key=lambda subject: -chances[subject])
    return tuple((bare(subject), chances[subject]) for subject in order[:5])


async def _chances(images: Sequence[Image], encoder: Encoder) -> list[dict[str, float]]:
    """Per image the probability of every subject, beside "none of these"."""
    if not images:
        return []
    prompts = await encoder.texts(prompts_of([bare(subject) for subject in SUBJECTS], encoder.calibration))
    chances = probabilities(await encoder.images(images), prompts, encoder.calibration)
    return [dict(zip(SUBJECTS, row[:-1].tolist(), strict=True)) for row in chances]
