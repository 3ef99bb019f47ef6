"""What the local planner says of files without a tool: only what intake measured, and nothing that was left behind."""

from __future__ import annotations

import pytest

from graphs.constraints import grounded
from graphs.local_planner.answering import files
from graphs.local_planner.language.phrases import plain
from tools.kit import ImageRef

PHOTO = ImageRef(
    handle="image 1", sha256="a" * 64, mime="image/jpeg", width=4000, height=3000, name="cat.jpg", size=1_234_567
)
PAGES = tuple(
    ImageRef(
        handle=f"image {number}",
        sha256="b" * 64,
        mime="application/pdf",
        width=1240,
        height=1754,
        name="bill.pdf",
        page=number - 1,
        pages=2,
        size=84_321,
    )
    for number in (2, 3)
)
ANSWERS = [
    ("What format is this?", "Image 1 is a JPEG file (image/jpeg)."),
    ("what's the resolution?", "Image 1 has 4000 x 3000 pixels, 12.0 megapixels."),
    ("how large is this image in pixels?", "Image 1 has 4000 x 3000 pixels, 12.0 megapixels."),
    ("is it landscape?", "Image 1 is in landscape format: 4000 x 3000 pixels."),
    ("how big is the file?", "The file of image 1 has 1.2 MB."),
    ("how many pages does it have?", "Image 1 is a single picture."),
]


def told(question: str, *images: ImageRef) -> str:
    return files.told(plain(question), images)


@pytest.mark.parametrize(("question", "answer"), ANSWERS)
def test_plain_questions_about_a_file_are_answered(question: str, answer: str) -> None:
    assert told(question, PHOTO) == answer


@pytest.mark.parametrize("answer", [answer for _, answer in ANSWERS])
def test_what_is_said_of_a_file_is_grounded_in_its_reference(answer: str) -> None:
    context = {"surface": "answer", "images": (PHOTO,), "question": ""}
    assert grounded.judge(answer, settings=grounded.Settings(), evidence=(), context=context)


def test_pages_of_one_file_are_counted_once() -> None:
    assert told("how many pages does it have?", *PAGES) == "bill.pdf has 2 pages."
    assert told("what's the file size?", *PAGES) == "The file of bill.pdf has 84 kB."


@pytest.mark.parametrize(
    "question", ["when was it taken?", "where was this photo taken?", "which camera was it taken with"]
)
def test_when_where_and_with_what_a_photo_was_taken_is_never_told(question: str) -> None:
    assert told(question, PHOTO) == files.NOT_KEPT


@pytest.mark.parametrize(
    "question",
    [
        "how big is the dog?",
        "what size is the shirt?",
        "how wide is the river?",
        "is this a portrait of a king?",
        "how big is it?",
    ],
)
def test_questions_about_what_a_picture_shows_are_not_answered_from_its_file(question: str) -> None:
    assert told(question, PHOTO) == ""
