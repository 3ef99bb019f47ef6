from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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


@pytest.mark.parametrize("source", ["model", "measured"])
def test_what_a_vision_model_was_asked_is_no_finding(source: Any) -> None:
    """Whoever plans may guess in a question, and the answer need not confirm it."""
    cannot_tell = "Seen by model gpt-4.1: I cannot tell."
    asked = Evidence(
        said=cannot_tell,
        facts={"seen": {"source": "model", "answer": "I cannot tell."}},
        source=source,
        about=(Region(handle="image 1"),),
        tool="look",
        arguments={"images": ["image 1"], "question": "Is the plate ABC-123, and are there 47 people?"},
    )
    said = judge(
        "The plate is ABC-123, and there are 47 people.",
        settings=Settings(),
        evidence=[asked],
        context={"surface": "answer", "question": "What do you see?", "images": IMAGES},
    )
    assert said.broken is not None
    assert "ABC-123" in said.broken
    assert "47" in said.broken


def asked(said: str, facts: dict[str, Any] | None = None, **arguments: Any) -> Evidence:
    return Evidence(said=said, facts=facts or {}, tool="search", arguments=arguments)


GUESSES = "plate ABC-123, 47 people, twelve dogs, 14 May 2026"
LISTED = ["47 people", "twelve dogs", "plate ABC-123", "14 May 2026"]
FILTERS = {"after": "2026-05-14", "plate ABC-123": 47, "name": "twelve dogs"}
ECHOES = [
    pytest.param(asked("No image in the archive.", query=GUESSES), id="an argument"),
    pytest.param(asked(f'Nothing for "{GUESSES}".', query=GUESSES), id="quoted"),
    pytest.param(asked("Nothing.", {"query": GUESSES}, query=GUESSES), id="in the facts"),
    pytest.param(
        asked(
            "image 1 looks like 47 people (81% sure); it is not twelve dogs.",
            {"label": "47 people", "labels": dict.fromkeys(LISTED, 0.27)},
            labels=LISTED,
        ),
        id="labels",
    ),
    pytest.param(asked("Nothing.", filters=FILTERS), id="in a filter"),
]


@pytest.mark.parametrize("evidence", ECHOES)
def test_a_number_that_only_a_call_holds_is_no_finding(evidence: Evidence) -> None:
    for claim, named in [
        ("There are 47 people.", "47"),
        ("There are twelve dogs.", "twelve"),
        ("There are forty-seven people.", "forty-seven"),
        ("The plate is ABC-123.", "ABC-123"),
        ("It was taken on 14 May 2026.", "14 May 2026"),
    ]:
        said = judge(claim, settings=Settings(), evidence=[evidence], context={"surface": "answer", "question": "?"})
        assert said.broken is not None
        assert named in said.broken


@pytest.mark.parametrize("evidence", ECHOES)
def test_it_may_be_said_when_somebody_wrote_it(evidence: Evidence) -> None:
    question = "Find plate ABC-123 with 47 people and twelve dogs on 2026-05-14"
    context = {"surface": "answer", "question": question}
    text = "I looked for plate ABC-123, for forty-seven (47) people, twelve dogs and 14 May 2026."
    assert judge(text, settings=Settings(), evidence=[evidence], context=context)


def test_it_may_be_said_when_it_was_found() -> None:
    text = 'Nothing is there for "invoice 4711"; the invoice is number 4711.'
    read = Evidence(said="The text in image 1 reads:\nInvoice 4711", tool="read_text")
    nothing = asked('Nothing for "invoice 4711".', query="invoice 4711")
    context = {"surface": "answer", "question": "Is this invoice in the archive?"}
    assert judge(text, settings=Settings(), evidence=[read, nothing], context=context)
    assert not judge(text, settings=Settings(), evidence=[nothing], context=context)
    hit = asked('Found 1 image for "invoice 4711": 1. invoice 4711.pdf (0.31).', query="invoice 4711")
    assert judge("The invoice is number 4711.", settings=Settings(), evidence=[hit], context=context)


def test_words_of_a_call_may_be_said() -> None:
    nothing = asked('Nothing for "Golden Retriever".', query="Golden Retriever", labels=["Golden Retriever"])
    context = {"surface": "answer", "question": "Gibt es Bilder von so einem Hund?"}
    assert judge('Nothing is there for "Golden Retriever".', settings=Settings(), evidence=[nothing], context=context)


@pytest.mark.parametrize(
    ("told", "claim", "holds"),
    [
        ("There is no image 'plate ABC-123' here.", "The plate is ABC-123.", False),
        ("There is no image 'plate ABC-123' here.", "There is no such plate.", True),
        ("limit must be 1 to 50, not 470.", "There are 470 of them.", False),
        ("limit must be 1 to 50, not 470.", "I can show up to 50.", True),
        ("It took longer than 30 seconds.", "It took longer than 30 seconds.", True),
    ],
)
def test_a_failure_confirms_nothing_it_quotes(told: str, claim: str, holds: bool) -> None:
    calls = [{"search": {"query": "plate ABC-123", "limit": 470}}]
    context = {"surface": "answer", "question": "?", "told": [told], "asked": calls}
    assert bool(judge(claim, settings=Settings(), evidence=[], context=context)) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("It shows forty-seven bottles.", True),
        ("Forty-seven bottles are shown.", True),
        ("It shows forty-eight bottles.", False),
        ("It shows one hundred forty-eight bottles.", True),  # large numbers in words are not read
    ],
)
def test_numbers_of_two_words_are_checked(text: str, holds: bool) -> None:
    assert bool(verdict(text, [Evidence(said="There are 47 bottles.")])) is holds
