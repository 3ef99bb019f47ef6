"""Describing: within its limits, and nothing that was not measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from tests.unit.stand_ins import ColourEncoder, GivenOcr, kept, line
from tools.describe import Part, describe
from tools.kit import Evidence, Image, Line
from tools.kit.labelling.subjects import KIND_OF, KINDS, SUBJECTS, bare
from tools.kit.pictures.colours import apart, brightness, dominant, named

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage


def grass() -> PillowImage:
    picture = Pillow.new("RGB", (640, 400), (120, 180, 230))
    ImageDraw.Draw(picture).rectangle((0, 150, 640, 400), fill=(40, 140, 60))
    return picture


async def described(
    picture: PillowImage,
    folder: Path,
    lines: list[Line] | None = None,
    meaning: dict[str, float] | None = None,
    parts: list[Part] | None = None,
) -> Evidence:
    """`meaning`: how much like each label the picture is, as a cosine."""
    encoder = ColourEncoder()
    seen = encoder.of(picture)
    away = np.roll(seen, 1) - (np.roll(seen, 1) @ seen) * seen
    away /= np.linalg.norm(away)
    encoder.meanings = {
        label: (cosine * seen + np.sqrt(1 - cosine**2) * away).astype(np.float32)
        for label, cosine in (meaning or {}).items()
    }
    image = kept(picture, folder / "1.png")
    return await describe(image, parts, encoder=encoder, ocr=GivenOcr({"image 1": lines or []}))


LABEL = [line("Mountain Dairy whole milk, pasteurised and homogenised, keep refrigerated after opening")]


@pytest.mark.parametrize("meaning", [{"dog": 0.95}, {"dog": 0.7, "cat": 0.7}, {}], ids=["dog", "animal", "nothing"])
@pytest.mark.parametrize("lines", [[], LABEL, [line(f"Line {n} of it", (0, 0, 600, 60)) for n in range(9)]])
async def test_every_part_keeps_its_limits(lines: list[Line], meaning: dict[str, float], tmp_path: Path) -> None:
    facts = (await described(grass(), tmp_path, lines, meaning)).facts
    assert len(facts["caption"].split()) <= 15
    assert len(facts["alt_text"]) <= 125
    assert 5 <= len(facts["keywords"]) <= 10
    assert len(set(facts["keywords"])) == len(facts["keywords"])
    assert len(facts["description"]) > len(facts["caption"])


async def test_a_likely_subject_is_named_with_its_doubt(tmp_path: Path) -> None:
    evidence = await described(grass(), tmp_path, meaning={"dog": 0.95})
    assert evidence.facts["caption"].startswith("Probably a dog, mainly green")
    assert evidence.facts["measured"]["subject"] == "dog"
    assert "dog" in evidence.facts["keywords"]
    assert evidence.sure is not None
    assert evidence.sure <= 0.9


class Naming(ColourEncoder):
    """One with a name of its own for everything."""

    async def name_things(self, images: Sequence[Image]) -> list[list[tuple[str, float]]]:
        return [[("banjo", 0.88), ("stringed instrument", 0.93), ("musical instrument", 0.95)] for _ in images]


async def test_the_encoders_own_name_is_the_subject(tmp_path: Path) -> None:
    image = kept(grass(), tmp_path / "1.png")
    evidence = await describe(image, encoder=Naming(), ocr=GivenOcr({"image 1": []}))
    assert evidence.said == "Probably a banjo, mainly green and light blue. No text could be read in it."
    assert evidence.facts["keywords"][:2] == ["banjo", "musical instrument"]
    assert evidence.facts["measured"]["kind"] == "musical instrument"
    assert evidence.sure == 0.88


async def test_of_a_tiny_picture_no_subject_is_claimed(tmp_path: Path) -> None:
    image = kept(grass().resize((48, 30)), tmp_path / "1.png")
    evidence = await describe(image, encoder=Naming(), ocr=GivenOcr({"image 1": []}))
    assert evidence.facts["measured"]["subject"] is None
    assert "I cannot tell what it shows." in evidence.said


@pytest.mark.parametrize(
    ("grey", "tone"), [(5, "very dark"), (60, "dark"), (130, "medium-bright"), (250, "very bright")]
)
async def test_brightness_is_said_in_words(grey: int, tone: str, tmp_path: Path) -> None:
    evidence = await described(Pillow.new("RGB", (300, 300), (grey, grey, grey)), tmp_path)
    assert f"It is {tone} overall" in evidence.facts["description"]
    assert "of 100" not in evidence.facts["description"]


async def test_what_is_said_is_the_caption_and_the_text_in_short(tmp_path: Path) -> None:
    evidence = await described(grass(), tmp_path, LABEL, {"dog": 0.95})
    assert evidence.said.startswith(evidence.facts["caption"])
    assert len(evidence.said) < len(evidence.facts["description"])


@pytest.mark.parametrize("part", ["caption", "description", "alt_text"])
async def test_one_part_is_said_alone(part: Part, tmp_path: Path) -> None:
    evidence = await described(grass(), tmp_path, LABEL, parts=[part])
    assert evidence.said == evidence.facts[part]


async def test_several_parts_are_said_under_their_names(tmp_path: Path) -> None:
    evidence = await described(grass(), tmp_path, parts=["alt_text", "keywords", "colours"])
    alt, keywords, colours = evidence.said.splitlines()
    assert alt == f"Alt text: {evidence.facts['alt_text']}"
    assert keywords == f"Keywords: {', '.join(evidence.facts['keywords'])}"
    assert colours.startswith("Colours: Its main colours are ")


async def test_between_two_of_a_kind_only_the_kind_is_named(tmp_path: Path) -> None:
    evidence = await described(grass(), tmp_path, meaning={"dog": 0.8, "cat": 0.8, "fox": 0.8})
    assert evidence.facts["caption"].startswith("Perhaps an animal")
    assert evidence.facts["measured"]["subject"] == "animal"


async def test_what_cannot_be_told_is_not_said(tmp_path: Path) -> None:
    evidence = await described(grass(), tmp_path)
    assert evidence.facts["measured"]["subject"] is None
    assert evidence.facts["measured"]["probability"] is None
    assert "could not be told" in evidence.facts["description"]
    assert evidence.sure is None
    assert not any(bare(subject) in evidence.facts["keywords"] for subject in SUBJECTS)


async def test_colours_light_and_format_are_measured(tmp_path: Path) -> None:
    measured = (await described(grass(), tmp_path)).facts["measured"]
    assert [colour["name"] for colour in measured["colours"]] == ["green", "light blue"]
    assert measured["colours"][0]["share"] == pytest.approx(0.63, abs=0.02)
    assert measured["orientation"] == "landscape"
    assert (measured["width"], measured["height"]) == (640, 400)


async def test_text_is_quoted_from_its_beginning(tmp_path: Path) -> None:
    evidence = await described(grass(), tmp_path, [line("Mountain Dairy"), line("Whole milk")])
    assert 'It has 2 lines of text, the first reading "Mountain Dairy".' in evidence.facts["description"]
    assert 'Text: "Mountain Dairy Whole milk"' in evidence.facts["alt_text"]
    assert evidence.facts["measured"]["first_words"] == "Mountain Dairy"


async def test_a_page_of_text_is_no_animal(tmp_path: Path) -> None:
    lines = [line(f"Paragraph {n}", (20, 30 * n, 600, 30 * n + 24)) for n in range(10)]
    evidence = await described(Pillow.new("RGB", (640, 400), "white"), tmp_path, lines, {"dog": 0.95})
    assert evidence.facts["caption"] == "A page of text with 10 lines, mainly white."
    assert "dog" not in evidence.said


async def test_a_picture_without_colour_is_said_to_have_hardly_any(tmp_path: Path) -> None:
    evidence = await described(Pillow.new("RGB", (300, 300), (40, 40, 40)), tmp_path)
    assert "hardly any colour" in evidence.facts["description"]
    assert "square picture" in evidence.facts["description"]
    assert {"black and white", "square", "dark"} <= set(evidence.facts["keywords"])


def test_every_subject_has_one_kind() -> None:
    assert len(SUBJECTS) == len(set(SUBJECTS)) == len(KIND_OF)
    assert not set(KINDS) & set(SUBJECTS) - {"a toy"}


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((255, 255, 255), "white"),
        ((0, 0, 0), "black"),
        ((128, 128, 128), "grey"),
        ((200, 30, 40), "red"),
        ((240, 130, 30), "orange"),
        ((250, 220, 40), "yellow"),
        ((40, 150, 60), "green"),
        ((40, 90, 200), "blue"),
        ((20, 30, 80), "dark blue"),
        ((140, 60, 180), "purple"),
        ((250, 150, 180), "pink"),
        ((120, 75, 35), "brown"),
        ((232, 220, 192), "beige"),
        ((50, 200, 190), "turquoise"),
    ],
)
def test_a_colour_has_the_name_people_give_it(rgb: tuple[int, int, int], name: str) -> None:
    assert named(rgb) == name


def test_dominant_colours_come_with_their_share() -> None:
    pixels = np.zeros((100, 100, 3), np.uint8)
    pixels[:70] = (200, 30, 40)
    assert [(colour.name, colour.share) for colour in dominant(pixels)] == [("red", 0.7), ("black", 0.3)]


def test_lightness_and_distance_are_those_of_cielab() -> None:
    assert brightness(np.full((4, 4, 3), 255, np.uint8)) == pytest.approx(100, abs=0.1)
    assert brightness(np.full((4, 4, 3), 119, np.uint8)) == pytest.approx(50, abs=0.5)
    assert apart((255, 0, 0), (255, 0, 0)) == 0
    assert apart((0, 0, 0), (255, 255, 255)) == pytest.approx(100, abs=0.1)
