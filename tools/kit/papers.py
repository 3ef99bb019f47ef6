"""Which images are one paper: the pages of one file, as it was posted."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit.types import ImageRef


def papers(images: Sequence[ImageRef]) -> list[list[ImageRef]]:
    """The images by paper, in their order. A page that comes again begins another copy of its file."""
    found: list[list[ImageRef]] = []
    for image in images:
        paper = next((paper for paper in reversed(found) if _goes_on(paper[-1], image)), None)
        if paper is None:
            found.append([image])
        else:
            paper.append(image)
    return found


def _goes_on(last: ImageRef, image: ImageRef) -> bool:
    return bool(last.page and image.page and last.sha256 == image.sha256 and last.page < image.page)
