"""A model that declines says so by a mark or in plain words; one that cannot tell has answered."""

from __future__ import annotations

import pytest

from graphs.planning.declining import declines, unmarked


@pytest.mark.parametrize("found", [False, True])
@pytest.mark.parametrize(
    "draft", ["[declined] I do not edit images.", "[Declined]: Das tue ich nicht.", "I do not do that.\n[declined]"]
)
def test_the_mark_tells_and_is_taken_off(draft: str, *, found: bool) -> None:
    assert declines(draft, found=found)
    assert "declined" not in unmarked(draft).lower()
    assert unmarked(draft)[0].isalpha()


@pytest.mark.parametrize(
    "draft",
    [
        "I cannot identify people.",
        "I'm sorry, but I can’t identify people in images. I can describe what they wear.",
        "I am unable to recognise individual faces.",
        "I can't create images, but I can describe them.",
        "I won't identify the person in image 1.",
        "Sorry, I can't help with that.",
        "I cannot browse the web.",
    ],
)
def test_what_spyglass_does_not_do_tells_where_nothing_was_found(draft: str) -> None:
    assert declines(draft, found=False)
    assert not declines(draft, found=True)  # it may be about a part of the question
    assert unmarked(draft) == draft


@pytest.mark.parametrize(
    "draft",
    [
        "I cannot tell.",
        "I cannot tell who is in it.",
        "I cannot identify the text.",
        "I can't find any images of people.",
        "The sign reads “I cannot edit images”.",
        "It is stamped [declined] in red.",
        "Which image do you mean?",
        "",
    ],
)
def test_an_answer_declines_nothing(draft: str) -> None:
    assert not declines(draft, found=False)
    assert unmarked(draft) == draft
