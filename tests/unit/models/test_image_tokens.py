"""What an image costs, by the examples the providers publish."""

from __future__ import annotations

import pytest

from tools.backends.chat_vision.tokens import image_tokens, shown_size
from tools.kit.models import ImageRules

STANDARD = ImageRules(counting="patches_28", longest=1568, budget=1568)
HIGH = ImageRules(counting="patches_28", longest=2576, budget=4784)
AREA = ImageRules(counting="area_750", longest=1568, budget=1600)
GPT_4O = ImageRules(counting="tiles_512", longest=2048, base=85, tile=170)
GPT_5 = ImageRules(counting="tiles_512", longest=2048, base=70, tile=140)
PATCHES = ImageRules(counting="patches_32", longest=2048, budget=1536)
MINI = ImageRules(counting="patches_32", longest=2048, budget=1536, factor=1.62)
GEMINI = ImageRules(counting="tiles_768", longest=3072, tile=258)
GEMINI_3 = ImageRules(counting="flat", base=1120)


@pytest.mark.parametrize(
    ("size", "rules", "tokens"),
    [
        ((200, 200), STANDARD, 64),
        ((1000, 1000), STANDARD, 1296),
        ((1092, 1092), STANDARD, 1521),
        ((1920, 1080), STANDARD, 1560),
        ((1920, 1080), HIGH, 2691),
        ((3840, 2160), HIGH, 4784),
        ((200, 200), AREA, 54),
        ((1000, 1000), AREA, 1334),
        ((1092, 1092), AREA, 1590),
        ((1024, 1024), GPT_4O, 765),
        ((2048, 4096), GPT_4O, 1105),
        ((1024, 1024), GPT_5, 630),
        ((1024, 1024), PATCHES, 1024),
        ((1800, 2400), PATCHES, 1452),
        ((1024, 1024), MINI, 1659),
        ((384, 384), GEMINI, 258),
        ((960, 540), GEMINI, 1548),
        ((4032, 3024), GEMINI_3, 1120),
    ],
)
def test_tokens_are_counted_as_published(size: tuple[int, int], rules: ImageRules, tokens: int) -> None:
    assert image_tokens(*size, rules) == tokens


@pytest.mark.parametrize(
    ("size", "rules", "shown"),
    [
        ((1920, 1080), STANDARD, (1456, 819)),
        ((1075, 1520), STANDARD, (924, 1307)),
        ((1920, 1080), HIGH, (1920, 1080)),
        ((3840, 2160), HIGH, (2576, 1449)),
        ((1800, 2400), PATCHES, (1056, 1408)),
        ((2048, 4096), GPT_4O, (768, 1536)),
    ],
)
def test_the_model_sees_the_size_that_is_published(
    size: tuple[int, int], rules: ImageRules, shown: tuple[int, int]
) -> None:
    assert shown_size(*size, rules) == shown


@pytest.mark.parametrize("rules", [STANDARD, HIGH, AREA, GPT_4O, PATCHES, GEMINI, ImageRules()])
@pytest.mark.parametrize("size", [(1, 1), (1, 9000), (9000, 1), (4000, 3000), (31, 33)])
def test_what_is_shown_is_never_larger_than_the_image_nor_empty(size: tuple[int, int], rules: ImageRules) -> None:
    shown = shown_size(*size, rules)
    assert 1 <= shown[0] <= size[0]
    assert 1 <= shown[1] <= size[1]
    assert shown_size(*shown, rules) == shown
    assert image_tokens(*shown, rules) == image_tokens(*size, rules)
