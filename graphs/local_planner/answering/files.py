"""What the thread knows of its files without looking into them: format, size in pixels and bytes, shape, pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tools.kit import ImageRef

PICTURE = r"(?:images?|photos?|pictures?|pics?|scans?|screenshots?)"
THING = (
    rf"(?:(?:this|that|the|my|its?|these|those|they|them|each|both|is|are|of|has|have|does|do|in|here|{PICTURE}|files?|one"
    r"|documents?|docs?|pdf|invoice|receipt|first|second|third|last|\d+)\b\s*)*"
)
"""Whatever stands for an image at hand, and nothing else."""
ASKED = (
    r"^(?:(?:and|so|also|ok|tell me|say|do you know)\s+)*"
    r"(?:(?:(?:in )?(?:what|which)|what is|what are|is|are)\s+)?(?:(?:the|its)\s+)?"
)
FORMAT = re.compile(rf"{ASKED}(?:(?:file|image) )?(?:format|file ?type|mime(?: type)?|extension)s?\s*{THING}$")
PIXELS = re.compile(
    rf"{ASKED}(?:(?:image|pixel) )?(?:resolution|dimensions?|megapixels|size in pixels|width and height)\s*{THING}$"
    rf"|^(?:and )?how many (?:mega)?pixels\b\s*{THING}$"
    rf"|^(?:and )?how (?:wide|tall|high|large|big) (?:is|are) (?:{THING}in pixels|(?:the|this|that|my) {PICTURE})$"
)
BYTES = re.compile(
    rf"{ASKED}(?:file ?size|size of the file|size in (?:bytes|kb|mb))\s*{THING}$"
    r"|^(?:and )?how (?:big|large|heavy) (?:is|are) (?:the|this|that|these|my) (?:\w+ )?(?:files?|pdf)$"
    rf"|^(?:and )?how many (?:bytes|kb|kilobytes|mb|megabytes)\b\s*{THING}$"
)
SHAPE = re.compile(
    rf"^(?:and )?(?:is|are) {THING}(?:a )?(?:landscape|portrait|square|upright|horizontal|vertical)"
    rf"(?:[- ](?:format|mode|orientation|{PICTURE}))?(?: or (?:landscape|portrait|square)(?: format)?)?$"
    rf"|{ASKED}(?:orientation|aspect ratio)\s*{THING}$"
)
PAGES = re.compile(
    rf"^(?:and )?how many pages\b\s*{THING}(?:there|got)?$|{ASKED}(?:number of pages|page count)\s*{THING}$"
)
TAKEN = re.compile(
    rf"^(?:and )?(?:when|where) (?:was|were|is|are) {THING}(?:taken|shot|photographed|captured|made)$"
    rf"|^(?:with )?(?:what|which) (?:camera|phone|device) (?:was|is|took) {THING}(?:taken|shot|made)?(?: with| by)?$"
    rf"|^who (?:took|shot|made|photographed) {THING}$"
    r"|\b(?:exif|gps|geo(?:location|tag)s?|metadata)\b"
)
NOT_KEPT = (
    "I cannot tell: when, where, by whom and with which device a picture was taken is left behind when a file comes "
    "in. A date or place that is printed in it I can read."
)


def told(said: str, images: Sequence[ImageRef]) -> str:
    """The answer to a plain question about the files of `images`; empty for any other question."""
    said = said.strip(" ?!.")
    if images and TAKEN.search(said):
        return NOT_KEPT
    tell = next((tell for pattern, tell in TELLERS if pattern.search(said)), None)
    return " ".join(dict.fromkeys(tell(image) for image in images)) if tell else ""


def line(image: ImageRef) -> str:
    """One image of a list: "image 2 (bill.pdf, page 1 of 2, PDF, 1240 x 1754 pixels, 84 kB)"."""
    page = f"page {image.page} of {image.pages}, " if image.page else ""
    return f"{image.handle} ({image.name}, {page}{_kind(image)}, {_pixels(image)}{_weight(image)})"


def _format(image: ImageRef) -> str:
    frames = f" with {image.pages} frames" if image.pages > 1 and not image.page else ""
    return f"{_upper(_named(image))} is a {_kind(image)} file ({image.mime}){frames}."


def _size(image: ImageRef) -> str:
    mega = f", {image.megapixels} megapixels" if image.megapixels >= 1 else ""
    drawn = " as I drew the page" if image.page else ""
    return f"{_upper(image.handle)} has {_pixels(image)}{mega}{drawn}."


def _bytes(image: ImageRef) -> str:
    if not image.size:
        return f"I do not know the size of the file of {image.handle}; it has {_pixels(image)}."
    return f"The file of {_named(image)} has {image.size_said}."


def _shape(image: ImageRef) -> str:
    ratio = image.width / image.height
    shape = "square" if abs(ratio - 1) <= 0.03 else "in landscape format" if ratio > 1 else "in portrait format"
    return f"{_upper(image.handle)} is {shape}: {_pixels(image)}."


def _pages(image: ImageRef) -> str:
    if image.page:
        return f"{image.name} has {image.pages} page{'s' if image.pages > 1 else ''}."
    if image.pages > 1:
        return f"{_upper(image.handle)} is one picture with {image.pages} frames; I see the first."
    return f"{_upper(image.handle)} is a single picture."


TELLERS: tuple[tuple[re.Pattern[str], Callable[[ImageRef], str]], ...] = (
    (FORMAT, _format),
    (BYTES, _bytes),
    (PIXELS, _size),
    (SHAPE, _shape),
    (PAGES, _pages),
)


def _kind(image: ImageRef) -> str:
    return image.mime.rsplit("/", 1)[-1].removeprefix("x-").upper()


def _pixels(image: ImageRef) -> str:
    return f"{image.width} x {image.height} pixels"


def _weight(image: ImageRef) -> str:
    return f", {image.size_said}" if image.size else ""


def _named(image: ImageRef) -> str:
    """A page is part of its file, which is what has a format and a size."""
    return image.name if image.page else image.handle


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("image ") else text
