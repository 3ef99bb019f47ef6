"""Comparing: what differs is named and placed, what a camera changes is not a difference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from bot.evals.pairs import Pair, Shot, again, named, pairs
from tests.unit.stand_ins import ColourEncoder, FolderEasel, GivenOcr, Here, kept, line
from tools.backends.opencv_differ import OpenCvDiffer
from tools.compare import compare
from tools.kit import AskAgain, Evidence, Image, Line
from tools.kit.comparing.difference_map import ROW, Mark, difference_map
from tools.kit.comparing.quality import Quality, answered_quality
from tools.kit.comparing.text_changes import text_changes
from tools.kit.findings import Reading

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

PAIRS = {pair.name: pair for pair in pairs()}
PRICES = {
    "image 1": [line("$9.99", (318, 592, 398, 624))],
    "image 2": [line("$12.99", (280, 550, 390, 590))],
}


async def compared(
    pictures: Sequence[PillowImage], folder: Path, question: str = "", lines: dict[str, list[Line]] | None = None
) -> Evidence:
    images = [kept(picture, folder / f"{number}.png", number) for number, picture in enumerate(pictures, 1)]
    return await compare(images, question, **ports(folder, lines))


def ports(folder: Path, lines: dict[str, list[Line]] | None = None) -> dict[str, Any]:
    return {
        "encoder": ColourEncoder(),
        "differ": OpenCvDiffer(Here()),
        "ocr": GivenOcr(lines),
        "easel": FolderEasel(folder),
    }


def scene(seed: int = 0) -> PillowImage:
    """A picture with enough in it to be recognised."""
    import random

    rng = random.Random(seed)
    picture = Pillow.new("RGB", (640, 480), (214, 208, 200))
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, size = rng.randrange(640), rng.randrange(480), rng.randrange(10, 70)
        draw.ellipse(
            (x, y, x + size, y + size * 0.7), fill=(rng.randrange(256), rng.randrange(256), rng.randrange(256))
        )
        draw.line((x, y, rng.randrange(640), rng.randrange(480)), fill=(rng.randrange(120),) * 3, width=2)
    return picture


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
async def test_the_differences_of_a_product_pair_are_named(pair: Pair, tmp_path: Path) -> None:
    lines = PRICES if pair.name == "text and price" else None
    evidence = await compared([pair.first, pair.second], tmp_path, pair.question, lines)
    assert named(pair.expected, evidence.facts["differences"]), evidence.facts["differences"]
    assert evidence.facts["same_picture"] is not bool(pair.expected)
    assert bool(evidence.shows) is bool(pair.expected)


async def test_the_verdict_follows_from_the_differences(tmp_path: Path) -> None:
    pair = PAIRS["colour"]
    evidence = await compared([pair.first, pair.second], tmp_path, "Is the product as advertised?")
    assert evidence.said.startswith("Not as advertised: the colour is red instead of blue")
    assert evidence.sure is not None
    assert evidence.sure >= 0.9


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("Is the colour the same?", "No difference in colour is visible. Besides, a red part at the top is missing"),
        ("Is any part missing?", "There is a difference: a red part at the top is missing"),
        ("Is it genuine?", "Not as advertised: a red part"),
        ("What has changed?", "They differ: a red part"),
    ],
)
async def test_the_answer_is_to_the_question(question: str, beginning: str, tmp_path: Path) -> None:
    pair = PAIRS["part missing"]
    evidence = await compared([pair.first, pair.second], tmp_path, question)
    assert evidence.said.startswith(beginning)


async def test_that_it_is_genuine_is_never_claimed(tmp_path: Path) -> None:
    picture = scene()
    evidence = await compared([picture, again(picture, Shot(scale=0.9))], tmp_path, "Is this one genuine?")
    assert "Whether it is genuine cannot be measured" in evidence.said


async def test_a_question_about_sharpness_is_answered_by_measuring(tmp_path: Path) -> None:
    from PIL import ImageFilter

    picture = scene()
    blurred = picture.filter(ImageFilter.GaussianBlur(3))
    evidence = await compared([blurred, picture], tmp_path, "Which one is sharper?")
    assert evidence.said.startswith("Image 2 is sharper (sharpness ")


@pytest.mark.parametrize(
    "shot",
    [
        Shot(right=14, down=-10),
        Shot(turn=8),
        Shot(scale=0.5),
        Shot(scale=1.6),
        Shot(light=1.3),
        Shot(light=0.7),
        Shot(quality=40),
        Shot(9, 7, -3, 0.8, 0.9, 60),
    ],
    ids=str,
)
async def test_what_a_camera_changes_is_not_a_difference(shot: Shot, tmp_path: Path) -> None:
    picture = scene()
    evidence = await compared([picture, again(picture, shot)], tmp_path)
    assert evidence.facts["differences"] == []
    assert evidence.facts["same_picture"] is True
    assert evidence.shows == ()


async def test_unrelated_pictures_are_said_to_be_different_and_get_no_map(tmp_path: Path) -> None:
    evidence = await compared([scene(1), scene(2)], tmp_path, "Is the product as advertised?")
    assert evidence.facts["same_picture"] is False
    assert evidence.facts["changed_share"] is None
    assert evidence.shows == ()
    assert "cannot be laid over each other" in evidence.said


def before_backgrounds(second: PillowImage) -> list[PillowImage]:
    """A label, and `second`, each on a wall of its own."""
    noise = np.random.default_rng(0).normal(128, 60, (480, 640)).clip(0, 255).astype(np.uint8)
    walls = [Pillow.fromarray(noise).convert("RGB"), Pillow.new("RGB", (640, 480), (30, 60, 40))]
    for wall, label in zip(walls, (scene().resize((300, 225)), second.resize((300, 225))), strict=True):
        wall.paste(label, (160, 120))
    return walls


async def test_before_another_background_only_the_thing_is_compared(tmp_path: Path) -> None:
    evidence = await compared(before_backgrounds(scene()), tmp_path, "Is the product as advertised?")
    assert evidence.facts["differences"] == []
    assert evidence.facts["same_picture"] is False
    assert "the backgrounds differ and I cannot tell for all of it" in evidence.said
    assert evidence.sure is None


async def test_a_difference_is_found_before_another_background(tmp_path: Path) -> None:
    changed = scene()
    ImageDraw.Draw(changed).rectangle((260, 180, 400, 300), fill=(250, 240, 20))
    evidence = await compared(before_backgrounds(changed), tmp_path, "Is the product as advertised?")
    assert evidence.said.startswith("Not as advertised")
    assert "The backgrounds were left out" in evidence.said


async def test_a_squeezed_copy_has_other_proportions(tmp_path: Path) -> None:
    picture = scene()
    evidence = await compared([picture, picture.resize((480, 480))], tmp_path)
    assert "25% narrower for its height" in evidence.facts["differences"][0]


async def test_a_difference_is_placed_in_both_images(tmp_path: Path) -> None:
    picture = scene()
    changed = picture.copy()
    ImageDraw.Draw(changed).rectangle((500, 40, 580, 120), fill=(250, 240, 20))
    evidence = await compared([picture, changed.resize((1280, 960))], tmp_path)
    left, top, right, bottom = evidence.facts["regions"][0]
    assert (left, top, right, bottom) == pytest.approx((500, 40, 580, 120), abs=8)
    second = [region.box for region in evidence.about if region.handle == "image 2" and region.box]
    assert second[0] == pytest.approx((1000, 80, 1160, 240), abs=16)
    assert "at the top right" in evidence.facts["differences"][0]


async def test_the_same_file_twice_is_said_to_be_the_same_file(tmp_path: Path) -> None:
    picture = scene()
    evidence = await compared([picture, picture], tmp_path, "Is the product as advertised?")
    assert evidence.said.startswith("I cannot tell: both pictures are the same file")
    assert evidence.sure is None


DARK, LIGHT, MIDDLE = Quality(200, 150, 20.0, 9.0), Quality(400, 300, 90.0, 9.5), Quality(200, 150, 50.0, 9.0)


class Untouched:
    """A port nobody may use."""

    def __getattr__(self, name: str) -> Any:
        if name == "calibration":
            return ColourEncoder.calibration
        raise AssertionError(f"{name} was used")


async def test_the_same_file_is_neither_read_nor_encoded_nor_laid_over_itself(tmp_path: Path) -> None:
    images = [kept(scene(), tmp_path / f"{number}.png", number) for number in (1, 2)]
    idle = Untouched()
    evidence = await compare(images, encoder=idle, differ=idle, ocr=idle, easel=idle)
    assert evidence.said == "They are the same file, so nothing differs."
    assert evidence.facts["same_picture"] is True
    assert evidence.facts["embedding_similarity"] == 1.0
    assert evidence.sure == 1.0


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which one is darker?", "Image 1 is darker (lightness 20 against 90 of 100)."),
        ("which is the brightest?", "Image 2 is brighter (lightness 90 against 20 of 100)."),
        ("Which image is bigger?", "Image 2 is larger (400 x 300 against 200 x 150 pixels)."),
        ("Which one is smaller?", "Image 1 is smaller (200 x 150 against 400 x 300 pixels)."),
    ],
)
def test_which_is_darker_or_bigger_is_answered_with_numbers(question: str, said: str) -> None:
    assert answered_quality(question, (DARK, LIGHT), ("image 1", "image 2")) == said


def test_of_three_the_darkest_is_named() -> None:
    said = answered_quality("Which is the darkest?", (LIGHT, DARK, MIDDLE), ("image 1", "image 2", "image 3"))
    assert said == "Image 2 is the darkest (lightness 20 against 50 and 90 of 100)."


def test_pictures_that_measure_the_same_are_said_to() -> None:
    assert answered_quality("Which is sharper?", (DARK, LIGHT), ("image 1", "image 2")).startswith("Both are about the")


@pytest.mark.parametrize("question", ["Which mug is bigger?", "Is the dark spot new?", "Are there sharp dents?", ""])
def test_a_question_about_the_thing_is_not_one_about_the_picture(question: str) -> None:
    assert answered_quality(question, (DARK, LIGHT), ("image 1", "image 2")) == ""


def receipt(shop: str, total: str, *items: str) -> list[Line]:
    texts = [shop, "Date: 2024-03-05", *items, "Subtotal 1.00", "Thank you for shopping", "Please come again", "Total"]
    lines = [line(text, (20, 20 + 40 * place, 500, 50 + 40 * place)) for place, text in enumerate(texts)]
    top = 20 + 40 * (len(texts) - 1)
    return [*lines, line(total, (540, top, 620, top + 30))]


ONE_PAPER = receipt("Corner Bakery", "19.80", "Rye bread 4.50", "Two croissants 5.80", "Plum cake 9.50")
OTHER_PAPER = receipt("Harbour Books", "24.10", "A field guide to moths 14.10", "Wall calendar 10.00")


async def test_different_papers_are_compared_by_their_values_and_get_no_map(tmp_path: Path) -> None:
    lines = {"image 1": ONE_PAPER, "image 2": OTHER_PAPER}
    evidence = await compared([scene(1), scene(2)], tmp_path, "What is different?", lines)
    assert evidence.facts["differences"] == [
        "The total is 19.80 in image 1 and 24.10 in image 2.",
        'The heading is "Corner Bakery" in image 1 and "Harbour Books" in image 2.',
    ]
    assert evidence.said == "They are different papers. " + " ".join(evidence.facts["differences"])
    assert evidence.facts["changed_share"] is None
    assert evidence.facts["hash_distance"] is None
    assert evidence.shows == ()


async def test_of_different_papers_what_was_asked_for_is_said_alone(tmp_path: Path) -> None:
    lines = {"image 1": ONE_PAPER, "image 2": OTHER_PAPER}
    evidence = await compared([scene(1), scene(2)], tmp_path, "Is the total the same?", lines)
    assert evidence.said == "They are different papers. The total is 19.80 in image 1 and 24.10 in image 2."


async def test_the_same_paper_with_another_total_differs_in_that_alone(tmp_path: Path) -> None:
    changed = [*ONE_PAPER[:-1], line("91.80", ONE_PAPER[-1].box)]
    lines = {"image 1": ONE_PAPER, "image 2": changed}
    evidence = await compared([scene(1), scene(2)], tmp_path, "", lines)
    assert evidence.facts["text"]["changed"] == [["19.80", "91.80"]]
    assert len(evidence.facts["differences"]) == 1
    assert "cannot be laid over" not in evidence.said
    assert evidence.shows == ()


def test_a_label_stands_once_below_the_map_with_all_its_numbers() -> None:
    places = (((10.0, 10.0, 40.0, 30.0), (10.0, 10.0, 40.0, 30.0)),)
    alike = [Mark("the text differs", places) for _ in range(5)]
    short = difference_map(scene(), scene(), ("image 1", "image 2"), alike)
    long = difference_map(
        scene(), scene(), ("image 1", "image 2"), [Mark(f"difference {number}", places) for number in range(5)]
    )
    assert short.height == long.height - 4 * ROW


async def test_one_image_is_not_enough(tmp_path: Path) -> None:
    image = kept(scene(), tmp_path / "1.png")
    with pytest.raises(AskAgain, match="Comparing takes two images; this thread has one, image 1"):
        await compare([image], **ports(tmp_path))


async def test_an_image_is_not_compared_with_itself(tmp_path: Path) -> None:
    image: Image = kept(scene(), tmp_path / "1.png")
    with pytest.raises(AskAgain, match="image 1 twice"):
        await compare([image, image], **ports(tmp_path))


async def test_of_three_images_the_odd_one_is_found(tmp_path: Path) -> None:
    mug, red = PAIRS["colour"].first, PAIRS["colour"].second
    again_mug = again(mug, Shot(4, 3, 1, 0.95))
    evidence = await compared([mug, again_mug, red], tmp_path)
    assert evidence.facts["odd_one_out"] == "image 3"
    assert evidence.facts["pairs"]["image 2"]["same_picture"] is True


async def test_the_first_of_three_can_be_the_odd_one(tmp_path: Path) -> None:
    mug, red = PAIRS["colour"].first, PAIRS["colour"].second
    evidence = await compared([mug, red, again(red, Shot(3, 2, -1, 0.97))], tmp_path)
    assert evidence.facts["odd_one_out"] == "image 1"


async def test_text_read_differently_where_no_pixel_changed_is_not_a_difference(tmp_path: Path) -> None:
    picture = scene()
    lines = {"image 1": [line("ROOM 18", (100, 100, 300, 140))], "image 2": [line("ROOM 16", (100, 100, 300, 140))]}
    evidence = await compared([picture, again(picture, Shot(light=1.1))], tmp_path, "", lines)
    assert evidence.facts["text"] == {"added": [], "removed": [], "changed": []}


async def test_the_map_copies_no_print(tmp_path: Path) -> None:
    pair = PAIRS["text and price"]
    evidence = await compared([pair.first, pair.second], tmp_path, pair.question, PRICES)
    assert "9.99" not in evidence.shows[0].caption
    assert "9.99" in evidence.said


def reading(*texts: str, sure: float = 0.98) -> Reading:
    return Reading(lines=tuple(line(text, sure=sure) for text in texts), width=100, height=100)


def test_a_changed_price_is_a_changed_line() -> None:
    found = text_changes(reading("Coffee 2.50", "Total 9.99"), reading("Coffee 2.50", "Total 12.99"))
    assert [(one.text, other.text) for one, other in found.changed] == [("Total 9.99", "Total 12.99")]
    assert not found.added
    assert not found.removed


def test_lines_that_come_and_go_are_added_and_removed() -> None:
    found = text_changes(reading("Keep dry", "Made in Peru"), reading("Keep dry", "Handle with care"))
    assert [entry.text for entry in found.removed] == ["Made in Peru"]
    assert [entry.text for entry in found.added] == ["Handle with care"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["TOTAL 10.50"], ["T0TAL 1O.5O"]),
        (["extra virgin", "cold pressed"], ["extra virgin cold pressed"]),
        (["Second", "First"], ["First", "Second"]),
        (["Best before: May"], ["best before May"]),
    ],
)
def test_misread_letters_broken_lines_and_order_are_no_changes(first: list[str], second: list[str]) -> None:
    assert not text_changes(reading(*first), reading(*second))


def test_an_unsure_letter_is_a_misreading_and_a_sure_one_a_change() -> None:
    assert not text_changes(reading("Organic honey", sure=0.8), reading("0rganic h0nev", sure=0.8))
    assert text_changes(reading("Organic honey"), reading("Organic money"))


@pytest.mark.parametrize(
    ("first", "second"), [((20, 20, 20), (240, 240, 240)), ((200, 30, 30), (30, 30, 200)), ((0, 0, 0), (255, 255, 255))]
)
async def test_two_pictures_of_one_colour_each_are_compared_without_a_warning(
    first: tuple[int, int, int], second: tuple[int, int, int], tmp_path: Path
) -> None:
    evidence = await compared([Pillow.new("RGB", (300, 200), colour) for colour in (first, second)], tmp_path)
    assert evidence.facts["same_picture"] is False
