"""What a vision model adds to a description, set against what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.kit.describing.measured import LIKELY, Measured
from tools.kit.describing.wording import ALT_CHARACTERS, CAPTION_WORDS, cut_characters, cut_words
from tools.kit.errors import CannotDo
from tools.kit.findings import Seen
from tools.kit.labelling.subjects import bare
from tools.kit.ports import VisionModel
from tools.kit.seeing.agreeing import colour_disagreement, text_disagreements
from tools.kit.seeing.tasks import tasks
from tools.kit.types import Image, Json

QUESTION = "Describe this image: caption, description, keywords, alt text, its text and its main colours."
CERTAIN = 0.6
"""Chance from which a measured name counts."""


@dataclass(frozen=True)
class Described:
    """The model's description."""

    model: str
    parts: dict[str, Json]
    """caption, description, keywords, alt_text, as far as it gave them."""
    facts: dict[str, Json]
    """All of it as a claim of the model's."""
    disagreements: tuple[str, ...]
    notes: tuple[str, ...]


async def described(image: Image, measured: Measured, vision: VisionModel) -> Described | str:
    """The model's description, or why there is none: then what was measured stands alone."""
    try:
        seen = await vision.look([image], QUESTION, task=tasks()["caption"])
    except CannotDo as error:
        return str(error)
    parts = _parts(seen)
    disagreements = () if seen.cannot_determine else tuple(_disagreements(image, seen, measured))
    facts = {
        "source": "model",
        "model": seen.model,
        **parts,
        "text": _texts(seen.found.get("text")),
        "colours": _texts(seen.found.get("colours")),
        "confidence": seen.sure,
        "cannot_determine": seen.cannot_determine,
        "disagreements": list(disagreements),
    }
    return Described(seen.model, parts, facts, disagreements, seen.notes)


def _parts(seen: Seen) -> dict[str, Json]:
    """A model without structure gives only a sentence or two: that is caption, description and alt text."""
    text = " ".join(seen.text.split())
    told = {name: str(seen.found.get(name) or text).strip() for name in ("caption", "description", "alt_text")}
    return {
        "caption": cut_words(told["caption"], CAPTION_WORDS),
        "description": text if seen.cannot_determine else told["description"],
        "keywords": _texts(seen.found.get("keywords"))[:10],
        "alt_text": cut_characters(told["alt_text"], ALT_CHARACTERS),
    }


def _texts(value: Json) -> list[str]:
    return [" ".join(str(each).split()) for each in value if str(each).strip()] if isinstance(value, list) else []


def _disagreements(image: Image, seen: Seen, measured: Measured) -> Iterator[str]:
    if "text" in seen.found:
        texts = _texts(seen.found["text"])
        if texts and measured.sure_lines:
            yield from text_disagreements(texts, measured.sure_lines, image.handle)
        elif measured.sure_lines and not texts:
            yield f'The vision model reports no text, but I read "{measured.sure_lines[0]}" in {image.handle}.'
    if colours := colour_disagreement(_texts(seen.found.get("colours")), [colour.name for colour in measured.colours]):
        yield colours
    if named := _unseen_subject(seen, measured):
        yield f"By resemblance it is probably {named}, which the vision model does not mention."


def _unseen_subject(seen: Seen, measured: Measured) -> str | None:
    """A subject that was recognised with little doubt and that no word of the model's names, not even its kind."""
    subject = measured.subject
    if subject.name is None or subject.chance < LIKELY:
        return None
    names = [bare(subject.name), *([bare(subject.kind)] if subject.kind else [])]
    names += [name for name, chance in subject.closest if chance >= CERTAIN]
    words = _words([seen.text, *map(str, seen.found.values())])
    return None if any(word in words for name in names for word in _words([name])) else subject.name


def _words(texts: Sequence[str]) -> set[str]:
    found = {"".join(filter(str.isalpha, word)) for text in texts for word in text.casefold().split()}
    return {word.removesuffix("s") for word in found if len(word) > 2}
