from __future__ import annotations

from collections.abc import Sequence

import pytest

from graphs.constraints.grounded import Settings, judge
from tools.kit import Evidence, ImageRef, Picture, Region, Verdict

IMAGES = [
    ImageRef(handle="image 1", sha256="a", mime="image/jpeg", width=1024, height=768, name="dogs at Brighton.jpg"),
    ImageRef(handle="image 2", sha256="b", mime="image/png", width=640, height=480, name="r.png"),
]
RECEIPT = Evidence(
    said="The text in image 2 reads:\nTESCO Express\n"
    "Date: 25/12/2018 8:13:39 PM\nTotal RM1,234.50\nTake care of Böb’s dog",
    facts={"lines": [{"text": "a", "sure": 0.98}, {"text": "b", "sure": 0.9}, {"text": "c", "sure": 0.7}]},
    about=(Region(handle="image 2"),),
    tool="read_text",
)
PHOTO = Evidence(
    said="Image 1 best fits dog (87%).",
    facts={"labels": {"dog": 0.873, "cat": 0.1, "none of these": 0.027}},
    sure=0.873,
    about=(Region(handle="image 1"),),
    shows=(Picture(path="sheet.png", caption="The 14 hits"),),
    tool="classify",
    arguments={"labels": ["dog", "cat", "Golden Retriever"]},
)
SEEN = Evidence(
    said="Seen by model gpt-4.1: There are 3 red cars in front of the Louvre.",
    facts={"seen": "There are 3 red cars in front of the Louvre.", "model": "gpt-4.1"},
    source="model",
    about=(Region(handle="image 1"),),
    tool="look",
)


def verdict(
    text: str,
    evidence: Sequence[Evidence] = (RECEIPT, PHOTO),
    question: str = "What is on the pictures?",
    surface: str = "answer",
    told: Sequence[str] = (),
) -> Verdict:
    context = {"question": question, "images": IMAGES, "surface": surface, "told": told}
    return judge(text, settings=Settings(), evidence=evidence, context=context)


@pytest.mark.parametrize(
    "text",
    [
        "I cannot tell.",
        "Both photos show a dog.",
        "The two images differ. The first is larger than the 2nd.",
        "Two things differ: the size and the colour.",
        "Image 1 is a dog (87%).",
        "I am 87.3 percent sure; roughly 90% at best.",
        "The total is 1234.5.",
        "The total is $1,234.50 on 2018-12-25.",
        "The total was 1 234,50, or about 1,200.",
        "It is dated December 25, 2018.",
        "25 Dec 2018, at 20:13.",
        "In December 2018, at 8:13 pm.",
        "That was in 2018.",
        "It reads “tesco   express” and 'Total'.",
        "It says “TESCO … take care”.",
        "Tesco Express sold it; Böb's dog is named.",
        "It may be taken in Brighton.",
        "It could be a Golden Retriever.",
        "1. dog\n2. cat\n3. none of these",
        "There are three lines; there are 3 lines.",
        "Image 1 is 1024x768, image 2 is 640 by 480 pixels.",
        "The sheet shows 14 hits; hit 3 is the best.",
        "No image 9 in this thread; it has images 1 and 2.",
        "Say “compare image 1 and image 2” to see more.",
        "**Total**: 1234.50\n- **Date**: 25/12/2018",
        "Hello! I am Spyglass. Post a photo or a PDF and ask away.",
        "Das ist ein Hund auf einer Wiese mit Blumen.",
    ],
)
def test_what_the_evidence_shows_may_be_said(text: str) -> None:
    assert verdict(text).broken is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Image 1 is a dog (91%).", "91"),
        ("The total is 1235.50.", "1235.50"),
        ("The total is 1,234.51.", "1,234.51"),
        ("It costs $99.", "99"),
        ("There are 17 lines.", "17"),
        ("There are five dogs.", "five"),
        ("It has 12 windows.", "12"),
        ("It reads “Sainsbury's”.", "Sainsbury's"),
        ("It was taken in London.", "London"),
        ("The Eiffel Tower is behind it.", "Eiffel"),
        ("The photo was taken by John Smith.", "John"),
        ("The date is 26 December 2018.", "26 December 2018"),
        ("It was on 2019-12-25.", "2019-12-25"),
        ("It was in 2017.", "2017"),
        ("It was at 21:13.", "21:13"),
        ("Image 7 shows a dog.", "7"),
        ("The best is IMG_2034.", "IMG_2034"),
    ],
)
def test_what_no_evidence_shows_is_named_and_pointed_at(text: str, named: str) -> None:
    found = verdict(text)
    assert named in str(found.broken)
    assert any(named in text[start:end] for start, end in found.where)


def test_what_the_question_says_may_be_repeated() -> None:
    question = "Is the Eiffel Tower from 1889 on it, with 'Bonjour'?"
    assert verdict("I cannot see “Bonjour”, the Eiffel Tower or 1889.", (), question)


def test_sentences_of_failed_tools_may_be_repeated() -> None:
    sentence = "The limit is 25 MB, says Pillow."
    assert not verdict(sentence, ())
    assert verdict(sentence, (), told=[sentence])


def test_nothing_but_answers_needs_evidence() -> None:
    assert verdict("There are 17 dogs in London.", surface="caption")


@pytest.mark.parametrize(
    "text",
    [
        "According to the vision model, there are 3 red cars in front of the Louvre.",
        "The model sees three red cars.",
        "There are 3 cars, as seen by the model.",
        "Seen by model gpt-4.1: There are 3 red cars in front of the Louvre.",
        "Seen by the vision model: red cars. There are 3.",
        "The model says “3 red cars”.",
        "I cannot tell how many cars there are.",
    ],
)
def test_what_a_model_claims_may_be_said_as_seen_by_the_model(text: str) -> None:
    assert verdict(text, [SEEN], "How many are there?").broken is None


@pytest.mark.parametrize(
    "text",
    [
        "There are 3 red cars.",
        "The cars are red.",
        "It is in front of the Louvre.",
        "The model sees cars. There are 3.",
        "This car model has 3 doors.",
        "The sign says “red cars”.",
    ],
)
def test_what_a_model_claims_is_not_said_as_a_fact(text: str) -> None:
    assert "as seen by the model" in str(verdict(text, [SEEN], "How many are there?").broken)


def test_what_not_even_the_model_claims_is_invented() -> None:
    assert "no evidence shows: 4" in str(verdict("The model sees 4 red cars.", [SEEN]).broken)


def test_what_was_measured_too_needs_no_model() -> None:
    assert verdict("Image 1 is a dog (87%).", [SEEN, PHOTO])


def test_a_unit_glued_to_its_number_is_no_name() -> None:
    pipe = Evidence(said="3 x 110MM X 5.8M PIPE: 270.30")
    assert verdict("It lists 3 x 110MM X 5.8M PIPE: 270.30.", [pipe])
    assert not verdict("It lists 3 x 111MM PIPE.", [pipe])
