"""Images as they go to a provider: as small as the task allows, pixels and nothing else, made once.

Copies lie beside the decoded image under a name that begins with its own, so that they go when it goes.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.chat_vision.tokens import shown_size
from tools.backends.common.whole_files import write_whole
from tools.kit import CannotDo, Image
from tools.kit.models import ImageRules
from tools.kit.seeing.task import SIDES, Size

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

QUALITY: dict[Size, int] = {"glance": 80, "classify": 80, "general": 85, "read": 90}
"""Of JPEG, as Pillow counts it."""
LOWER = (70, 55)
"""Qualities for a copy that has too many bytes otherwise; then it gets smaller."""
COLOURS = 1024
"""A picture with no more colours is drawn, not photographed: PNG keeps its edges."""
DEARER = 1.5
"""Bytes a PNG may have for one of a JPEG."""
MANY, MANY_SIDE = 20, 2000
"""Beyond so many images Anthropic refuses sides above this ("Vision", platform.claude.com, 2026)."""
LEAST_SIDE = 32
"""Shorter side in pixels below which an image is enlarged: some models refuse less (Qwen2-VL: 28)."""
LONG, PART = 2.0, 1.4
"""Sides' ratio beyond which a page is read in parts, and that of a part."""
PARTS = 6
OVERLAP = 0.06
"""Share of a part that the next one shows again, so that no line is cut in two."""
LET_GO = "The image was let go while it was being looked at: post it again to ask about it."

Shares = tuple[float, float, float, float]
"""left, top, right, bottom as shares of the upright image."""
WHOLE: Shares = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Plan:
    """One copy to make: which area, at which size in pixels."""

    area: Shares
    size: tuple[int, int]


@dataclass(frozen=True)
class Copy:
    """A copy of an image, or of a part of it."""

    data: bytes
    mime: str
    area: Shares
    size: tuple[int, int]


def planned(width: int, height: int, size: Size, rules: ImageRules, *, images: int = 1) -> list[Plan]:
    """The copies to make of an image of that size; `images`: how many go along."""
    side = min(SIDES[size], rules.longest, *([MANY_SIDE] if images > MANY else []))
    room = min(PARTS, max(1, rules.most // images))
    areas = _areas(width, height, room) if size == "read" and max(width, height) > side else [WHOLE]
    return [Plan(area, _size(width * (area[2] - area[0]), height * (area[3] - area[1]), side, rules)) for area in areas]


def prepare(image: Image, size: Size, rules: ImageRules, *, images: int = 1) -> list[Copy]:
    """The copies, from disk where they were made before. Blocks: call it from a thread.

    Raises: CannotDo when the image was let go meanwhile.
    """
    try:
        return _copies(image.path, size, rules, images)
    except FileNotFoundError:
        raise CannotDo(LET_GO) from None


def _copies(path: Path, size: Size, rules: ImageRules, images: int) -> list[Copy]:
    from PIL import Image as Pillow

    with Pillow.open(path) as file:
        made = []
        picture: Picture | None = None
        for plan in planned(*file.size, size, rules, images=images):
            stem = _stem(path, plan, QUALITY[size], rules)
            copy = _kept(stem, plan)
            if copy is None:
                picture = picture or file.convert("RGB")
                copy = _encoded(_reduced(picture, plan), plan, QUALITY[size], rules, drawn=_is_drawn(picture))
                _keep(stem, copy, path)
            made.append(copy)
    return made


def looks(copy: Copy) -> int:
    """64-bit perceptual hash (pHash, Zauner 2010) of a copy of the whole image. Blocks."""
    import numpy
    from PIL import Image as Pillow

    from tools.backends.opencv.objects import fingerprint

    with Pillow.open(io.BytesIO(copy.data)) as file:
        return fingerprint(numpy.asarray(file.convert("L")))


def _areas(width: int, height: int, room: int) -> list[Shares]:
    longer, shorter = max(width, height), min(width, height)
    count = min(room, ceil(longer / (shorter * PART))) if longer > shorter * LONG else 1
    more = OVERLAP / count
    spans = [(max(0.0, n / count - more), min(1.0, (n + 1) / count + more)) for n in range(count)]
    return [(0.0, start, 1.0, end) if height > width else (start, 0.0, end, 1.0) for start, end in spans]


def _size(width: float, height: float, side: int, rules: ImageRules) -> tuple[int, int]:
    factor = min(1.0, side / max(width, height))
    if min(width, height) < LEAST_SIDE:
        factor = min(LEAST_SIDE / min(width, height), side / max(width, height))
    return shown_size(max(1, round(width * factor)), max(1, round(height * factor)), rules)


def _reduced(picture: Picture, plan: Plan) -> Picture:
    from PIL import Image as Pillow

    left, top, right, bottom = plan.area
    box = (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
    return picture.resize(plan.size, Pillow.Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _is_drawn(picture: Picture) -> bool:
    return picture.getcolors(COLOURS) is not None


def _encoded(picture: Picture, plan: Plan, quality: int, rules: ImageRules, *, drawn: bool) -> Copy:
    jpeg = _jpeg(picture, quality)
    if drawn and "image/png" in rules.media:
        png = _png(picture)
        if len(png) <= min(DEARER * len(jpeg), rules.most_bytes):
            return Copy(png, "image/png", plan.area, picture.size)
    lower = iter(LOWER)
    while len(jpeg) > rules.most_bytes and max(picture.size) > LEAST_SIDE:
        quality = next(lower, 0) or quality
        if quality == LOWER[-1]:
            picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))
        jpeg = _jpeg(picture, quality)
    return Copy(jpeg, "image/jpeg", plan.area, picture.size)


def _jpeg(picture: Picture, quality: int) -> bytes:
    data = io.BytesIO()
    picture.info.clear()
    # full colour resolution where small print is to be read
    picture.save(data, "JPEG", quality=quality, subsampling=0 if quality >= QUALITY["read"] else 2)
    return data.getvalue()


def _png(picture: Picture) -> bytes:
    data = io.BytesIO()
    picture.info.clear()
    picture.save(data, "PNG")
    return data.getvalue()


def _stem(path: Path, plan: Plan, quality: int, rules: ImageRules) -> Path:
    made = hashlib.sha256(repr((plan, quality, rules.most_bytes, rules.media)).encode()).hexdigest()[:12]
    return path.with_name(f"{path.stem}.sent-{made}")


def _kept(stem: Path, plan: Plan) -> Copy | None:
    from PIL import Image as Pillow

    for suffix, mime in ((".jpg", "image/jpeg"), (".png", "image/png")):
        try:
            data = stem.with_name(stem.name + suffix).read_bytes()
        except FileNotFoundError:
            continue
        with Pillow.open(io.BytesIO(data)) as file:
            return Copy(data, mime, plan.area, file.size)
    return None


def _keep(stem: Path, copy: Copy, original: Path) -> None:
    """A disk that cannot take it costs another copy later; a copy of what was let go meanwhile does not stay."""
    path = stem.with_name(stem.name + (".jpg" if copy.mime == "image/jpeg" else ".png"))
    try:
        write_whole(path, copy.data)
    except OSError:
        return
    if not original.exists():
        path.unlink(missing_ok=True)
