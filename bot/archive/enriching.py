"""What is found out about an image for the archive besides its vector, in two stages.

At once: colours, perceptual hash, a coarse copy and kind, from the pixels alone (milliseconds). Later: the text on it,
what it shows and a caption, which takes networks or models (tenths of a second and more). `Contents.done` says what was
looked for; what could not be found out this time is left out of it, for a later run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from bot.archive.captions import composed
from tools.kit import (
    Absent,
    Contents,
    Encoder,
    Glance,
    Glancer,
    Image,
    Ocr,
    Reading,
    Spoken,
    VisionModel,
)
from tools.kit.describing.seen import QUESTION
from tools.kit.describing.wording import CAPTION_WORDS, cut_words
from tools.kit.labelling.recognising import Subject, recognise_all
from tools.kit.labelling.subjects import bare
from tools.kit.models.account import charged_to
from tools.kit.seeing.tasks import tasks

log = logging.getLogger(__name__)

AT_ONCE = ("colours", "kind", "phash", "detail")
LATER = ("text", "tags", "caption")
"""Fields of `Contents` by the stage in which they are found out."""
LETTERED = 0.21
"""Probability of a word on it from which an image is read: `Glancer`s err on both sides."""
READ = 0.6
"""Confidence from which a line counts as text."""
MOST_READ = 8_000
"""Characters of text that are kept of one image."""
TAGGED, TAGS = 0.6, 8
"""Chance from which a name is a tag (`labelling.recognising` says how often such names are right), and how many are."""
SMALL = 64
"""Pixels of the shorter side below which too little is left of a thing to name it."""
Lend = Callable[[type], Awaitable[Any]]


async def enriching(lend: Lend) -> Enriching:
    """With the ports of whoever lends them."""
    return Enriching(glancer=await lend(Glancer), encoder=await lend(Encoder), ocr=await lend(Ocr))


def whole(contents: Contents) -> bool:
    """Whether everything was looked for."""
    return set(AT_ONCE + LATER) <= set(contents.done)


class Enriching:
    """Looks at images for the archive. What fails for one image never costs another anything."""

    def __init__(self, *, glancer: Glancer, encoder: Encoder, ocr: Ocr) -> None:
        self._glancer = glancer
        self._encoder = encoder
        self._ocr = ocr

    async def glance(self, files: Sequence[Path], pages: Sequence[int | None] = ()) -> list[Contents]:
        """The first stage, one result a file (an image that was opened, or an original), in order.

        pages: which pages of PDFs they are, where some are: each such is a document, whatever it looks like.
        """
        found = await self._glancer.glance(files)
        numbers = pages or [None] * len(files)
        return [_glanced(Contents(), glance, page) for glance, page in zip(found, numbers, strict=True)]

    async def study(
        self, images: Sequence[Image], known: Sequence[Contents], *, vision: VisionModel | None = None
    ) -> list[Contents]:
        """The second stage for what is not done yet (and the first, where it was left out), one result an image.

        vision: writes the captions; None where no model may (a channel that is local only, or nobody wants it).
        What a budget or a provider refuses is composed from what was measured, and left to be done.
        """
        glances = await self._glancer.glance([image.path for image in images])
        found = [
            _glanced(each, glance, image.ref.page) for image, each, glance in zip(images, known, glances, strict=True)
        ]
        tagged = await self._tagged(images, found)
        read = await asyncio.gather(
            *(self._read(image, each, glance) for image, each, glance in zip(images, tagged, glances, strict=True))
        )
        return await asyncio.gather(
            *(self._captioned(image, each, vision) for image, each in zip(images, read, strict=True))
        )

    async def _tagged(self, images: Sequence[Image], known: Sequence[Contents]) -> list[Contents]:
        wanted = [number for number, each in enumerate(known) if "tags" not in each.done]
        large = [number for number in wanted if min(images[number].ref.width, images[number].ref.height) >= SMALL]
        try:
            subjects = await recognise_all([images[number] for number in large], self._encoder)
        except Spoken as error:
            log.warning("Images are not tagged yet: %s", error)
            return list(known)
        tags = dict(zip(large, map(_tags, subjects), strict=True))
        return [
            with_found(each, tags=tags.get(number, ())) if number in wanted else each
            for number, each in enumerate(known)
        ]

    async def _read(self, image: Image, known: Contents, glance: Glance | None) -> Contents:
        if "text" in known.done:
            return known
        if glance and glance.lettered < LETTERED and not image.words_path.exists():
            return with_found(known, text="")
        try:
            reading = await self._ocr.read(image)
        except Spoken as error:
            log.warning("An image of the archive is not read yet: %s", error)
            return known
        text = _text(reading)
        # what looked like a page and has no word on it is none
        kind = "photo" if known.kind == "document" and not text and not image.ref.page else known.kind
        return with_found(known, text=text).model_copy(update={"kind": kind})

    async def _captioned(self, image: Image, known: Contents, vision: VisionModel | None) -> Contents:
        if "caption" in known.done:
            return known
        measured = composed(known.kind, known.tags)
        if vision is None or isinstance(vision, Absent):
            return with_found(known, caption=measured)
        try:
            with charged_to(workspace=image.workspace, tool="archive"):
                seen = await vision.look([image], QUESTION, task=tasks()["caption"])
        except Spoken as error:
            log.warning("An image of the archive has no caption by a model yet: %s", error)
            return known.model_copy(update={"caption": measured})
        if seen.cannot_determine:
            return with_found(known, caption=measured)
        said = cut_words(" ".join(str(seen.found.get("caption") or seen.text).split()), CAPTION_WORDS)
        return with_found(known, caption=said or measured)


def with_found(known: Contents, **found: Any) -> Contents:
    """With these fields, which are done."""
    return known.model_copy(update={**found, "done": tuple(dict.fromkeys((*known.done, *found)))})


def _glanced(known: Contents, glance: Glance | None, page: int | None) -> Contents:
    """With what is not done yet: a kind that was found to be another by then stays."""
    if glance is None:
        return known
    kind = "document" if page else glance.kind
    seen = {"colours": glance.colours, "kind": kind, "phash": glance.phash, "detail": glance.detail}
    return with_found(known, **{name: value for name, value in seen.items() if name not in known.done})


def _tags(subject: Subject) -> tuple[str, ...]:
    """The likeliest first. Its kind comes last: the broadest."""
    names = {name: chance for name, chance in subject.closest if chance >= TAGGED}
    said = [bare(subject.name)] if subject.name else []
    kind = [bare(subject.kind)] if subject.kind else []
    return tuple(dict.fromkeys([*said, *sorted(names, key=lambda name: -names[name]), *kind]))[:TAGS]


def _text(reading: Reading) -> str:
    lines = (" ".join(line.text.split()) for line in reading.lines if line.sure >= READ)
    return "\n".join(line for line in lines if line)[:MOST_READ]
