"""Compare images on what can be measured of them, and on what a vision model sees where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tools.kit import AskAgain, Differ, Easel, Encoder, Evidence, Image, Ocr, VisionModel, tool
from tools.kit.comparing.pairs import compared_with, drawn_map, looked_at, odd_one_out, one_file, same_file
from tools.kit.comparing.quality import answered_quality
from tools.kit.comparing.seen import measuring_tells, with_sight
from tools.kit.comparing.telling import evidence_of, evidence_of_many

MOST = 8


@tool(doing="Comparing")
async def compare(
    images: list[Image],
    question: str = "",
    *,
    encoder: Encoder,
    differ: Differ,
    ocr: Ocr,
    easel: Easel,
    vision: VisionModel | None = None,
) -> Evidence:
    """Compare two or more images: what differs and where, what is alike, and what follows for the question.

    Use it for before and after, same or not, is the product as advertised, what has changed. The others are compared
    with the first image. Small shifts, turns, scale, light and JPEG noise are not differences.
    Facts: `same_picture`, `embedding_similarity`, `hash_distance` (0 to 64; null for different papers),
    `changed_share` (0 to 1; null when the images cannot be laid over each other), `differences`, `similarities`,
    `recommendation`, `confidence`, `regions` (boxes in pixels of the first image), `text` (`added`, `removed`,
    `changed` pairs), `colours`, `sizes`; with three or more images `compared_with`, `pairs` (handle to the facts of
    that pair) and `odd_one_out` (a handle or null).
    """
    images = _checked(images)
    alike = encoder.calibration.alike
    if one_file(images):
        pairs = await asyncio.to_thread(same_file, images, question, alike)
        return evidence_of(pairs[0], ()) if len(pairs) == 1 else evidence_of_many(pairs, None, ())
    vectors, looked = await asyncio.gather(
        encoder.images(images), asyncio.gather(*(looked_at(image, ocr) for image in images))
    )
    pairs = [
        await compared_with(looked[0], other, float(vectors[0] @ vectors[index]), alike, question, differ)
        for index, other in enumerate(looked[1:], 1)
    ]
    shows = [picture for pair in pairs if (picture := await drawn_map(pair, easel))]
    if len(pairs) == 1:
        measured = evidence_of(pairs[0], shows)
    else:
        odd = await odd_one_out(pairs, vectors, differ)
        answer = answered_quality(question, [each.quality for each in looked], [image.handle for image in images])
        measured = evidence_of_many(pairs, odd, shows, answer)
    if vision is None or measuring_tells(pairs):
        return measured
    return await with_sight(measured, pairs, question, vision)


def _checked(images: Sequence[Image]) -> list[Image]:
    """Each image once."""
    once = list({image.handle: image for image in images}.values())
    if len(images) > 1 and len(once) == 1:
        raise AskAgain(f"That is {once[0].handle} twice: name two different images to compare.")
    if len(once) < 2:
        known = f"this thread has one, {once[0].handle}" if once else "there are none yet"
        raise AskAgain(f"Comparing takes two images; {known}. Post another one, or name two.")
    if len(once) > MOST:
        raise AskAgain(f"Comparing takes at most {MOST} images at a time; {len(once)} were given. Name fewer.")
    return once
