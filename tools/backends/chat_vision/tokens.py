"""How large an image a provider really shows its model, and how many tokens it counts for it.

Whatever is sent beyond that size costs bytes and time and shows the model nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, sqrt

from tools.kit.models import ImageRules

Size = tuple[int, int]
"""Width and height in pixels."""

TILES = 2048, 768
"""OpenAI's tiles: the square an image is fitted into, then its shorter side."""
SMALL, LEAST, MOST = 384, 256, 768
"""Gemini: sides up to which an image is one tile; the least and largest side of a tile."""


def shown_size(width: int, height: int, rules: ImageRules) -> Size:
    """The size at which the model sees the image: never larger than it is."""
    longer = max(width, height)
    size = _times(width, height, min(1.0, rules.longest / longer))
    if rules.counting == "tiles_512":
        return _tiles_512_size(*size)
    if rules.counting == "patches_32":
        return _patches_32_size(*size, rules.budget)
    if rules.counting in ("patches_28", "area_750"):
        return _largest(width, height, max(size), lambda size: _plain(size, rules) <= rules.budget)
    return size


def image_tokens(width: int, height: int, rules: ImageRules) -> int:
    """Input tokens of an image of that size. For unknown providers as Qwen2-VL counts, without a limit.

    Sources: "Vision" (patches_28, 2026; area_750, 2024) at platform.claude.com; "Images and vision" (tiles_512,
    patches_32, 2026) at developers.openai.com; "Understand and count tokens" (tiles_768, 2025) and "Media resolution"
    (flat, 2026) at ai.google.dev; Wang et al. 2024, "Qwen2-VL", section 2.1.
    """
    size = shown_size(width, height, rules)
    match rules.counting:
        case "tiles_512":
            return rules.base + rules.tile * ceil(size[0] / 512) * ceil(size[1] / 512)
        case "patches_32":
            return ceil(_patches(size, 32) * rules.factor)
        case "tiles_768":
            return rules.tile * _tiles_768(*size)
        case "flat":
            return rules.base
        case _:
            return _plain(size, rules)


def _plain(size: Size, rules: ImageRules) -> int:
    return ceil(size[0] * size[1] / 750) if rules.counting == "area_750" else _patches(size, 28)


def _patches(size: Size, side: int) -> int:
    return ceil(size[0] / side) * ceil(size[1] / side)


def _tiles_768(width: int, height: int) -> int:
    if max(width, height) <= SMALL:
        return 1
    side = min(MOST, max(LEAST, floor(min(width, height) / 1.5)))
    return ceil(width / side) * ceil(height / side)


def _tiles_512_size(width: int, height: int) -> Size:
    square, shorter = TILES
    width, height = _times(width, height, min(1.0, square / max(width, height)))
    return _times(width, height, min(1.0, shorter / min(width, height)))


def _patches_32_size(width: int, height: int, budget: int) -> Size:
    if _patches((width, height), 32) <= budget:
        return width, height
    shrink = sqrt(32**2 * budget / (width * height))
    across, down = width * shrink / 32, height * shrink / 32
    return _times(width, height, shrink * min(max(1, floor(across)) / across, max(1, floor(down)) / down))


def _largest(width: int, height: int, longer: int, fits: Callable[[Size], bool]) -> Size:
    """The largest size of that shape whose longer side is at most `longer` and that fits."""
    low, high = 1, longer
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_times(width, height, middle / max(width, height))):
            low = middle
        else:
            high = middle - 1
    return _times(width, height, low / max(width, height))


def _times(width: int, height: int, factor: float) -> Size:
    return max(1, round(width * factor)), max(1, round(height * factor))
