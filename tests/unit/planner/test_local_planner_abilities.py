"""What the local planner makes of evidence: papers set against each other, parts, pages, other shapes, half answers."""

from __future__ import annotations

from typing import Any

import pytest

from graphs.local_planner.answering import compose, shapes
from graphs.local_planner.turn import Call, Exchange
from tests.unit.planner.planner_thread import Made, MiniLmHere, Thread
from tools.kit import CannotDo, Evidence, ImageRef

ONE, TWO = {"image": "image 1"}, {"image": "image 2"}
BOTH = {"images": ["image 1", "image 2"]}
BLIND = CannotDo("No vision model is configured, so I cannot look at the picture itself; set X to have one.")


# --- papers and what they list --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "which receipt is the highest?",
        "which one is cheaper?",
        "add up the two totals",
        "what is the difference between the totals?",
        "sort them by date",
        "sort them by total, highest first",
        "what's the average total?",
        "which is from February?",
        "what do these come to altogether?",
    ],
)
async def test_papers_are_set_against_each_other_by_analyze(text: str, thread: Thread) -> None:
    assert await thread.say(text, post=2) == [("analyze", BOTH)]


async def test_what_was_asked_of_papers_before_is_what_is_compared(thread: Thread) -> None:
    await thread.say("what is the tax on each?", post=2)
    assert await thread.say("which is the highest?") == [("analyze", BOTH)]
    assert thread.asked[-1] == "which is the highest (tax)?"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("and the newest?", "and the newest (date)?"),
        ("which ones are under 100?", "which ones are under 100 (total)?"),
        ("and the cheapest one?", "and the cheapest one (total)?"),
    ],
)
async def test_a_reckoning_goes_on_with_the_field_that_fits(text: str, question: str, thread: Thread) -> None:
    await thread.say("which receipt is the highest?", post=2)
    assert await thread.say(text) == [("analyze", BOTH)]
    assert thread.asked[-1] == question


async def test_the_papers_are_those_of_the_talk_though_the_last_word_was_on_one(thread: Thread) -> None:
    await thread.say("read both", post=2)
    await thread.say("what is the total on the second one?")
    assert await thread.say("which receipt is the cheapest?") == [("analyze", BOTH)]


@pytest.mark.parametrize(
    "text",
    ["which item is the most expensive?", "list the items with prices", "what is the cheapest item on the receipt?"],
)
async def test_what_a_receipt_lists_is_work_for_analyze(text: str, thread: Thread) -> None:
    assert await thread.say(text, post=1) == [("analyze", {"images": ["image 1"]})]


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("what's the difference between these two photos?", "compare"),
        ("what is the total on each?", "extract"),
        ("how many more people are in the second?", "look"),
    ],
)
async def test_other_questions_about_two_images_stay_where_they_belong(text: str, tool: str, thread: Thread) -> None:
    assert {name for name, _ in await thread.say(text, post=2)} == {tool}


async def test_after_its_items_the_price_of_one_is_asked_of_them(thread: Thread) -> None:
    await thread.say("what did they buy?", post=1)
    assert await thread.say("how much was the belt?") == [("analyze", {"images": ["image 1"]})]


async def test_the_items_of_one_named_receipt_are_asked_of_that_one(thread: Thread) -> None:
    await thread.say("what is the total on each?", post=2)
    assert await thread.say("which item on the second one is the cheapest?") == [("analyze", {"images": ["image 2"]})]


# --- parts of a description -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("alt text please", ["alt_text"]),
        ("keywords", ["keywords"]),
        ("caption only", ["caption"]),
        ("a detailed description", ["description"]),
        ("tags + caption + long description", ["caption", "description", "keywords"]),
    ],
)
async def test_only_the_part_asked_for_is_described(text: str, parts: list[str], thread: Thread) -> None:
    assert await thread.say(text, post=1) == [("describe", {**ONE, "parts": parts})]


async def test_a_plain_description_names_no_part(thread: Thread) -> None:
    assert await thread.say("describe this photo", post=1) == [("describe", ONE)]


async def test_a_part_is_asked_of_the_next_image_as_well(thread: Thread) -> None:
    await thread.say("alt text please", post=1)
    assert await thread.say("and this one?", post=1) == [("describe", {**TWO, "parts": ["alt_text"]})]


@pytest.mark.parametrize("text", ["shorter please", "tl;dr"])
async def test_a_description_has_a_shorter_form(text: str, thread: Thread) -> None:
    await thread.say("a detailed description", post=1)
    assert await thread.say(text) == [("describe", {**ONE, "parts": ["caption"]})]


# --- pages of one file ----------------------------------------------------------------------------


def extracted(**fields: Any) -> Evidence:
    values = [{"name": name, "value": value} for name, value in fields.items()]
    return Evidence(said=f"{fields}", facts={"fields": fields, "values": values}, tool="extract")


def page(number: int) -> ImageRef:
    return ImageRef(
        handle=f"image {number + 1}",
        sha256="b" * 64,
        mime="application/pdf",
        width=1240,
        height=1754,
        name="bill.pdf",
        page=number,
        pages=2,
    )


PAGES = (page(1), page(2))


def taken(*found: Evidence, text: str = "total?") -> Exchange:
    return Exchange(
        text, calls=tuple(Call("extract", {"image": f"image {n}"}, evidence=e) for n, e in enumerate(found, 2))
    )


def test_a_value_is_said_with_the_page_that_shows_it() -> None:
    said, _ = compose.answer(taken(extracted(total=None), extracted(total="34.73")), PAGES)
    assert said == "On page 2 (image 3) the total is 34.73."


def test_a_value_on_no_page_is_said_to_be_missing_once() -> None:
    said, _ = compose.answer(
        taken(extracted(total=None, date="2014-05-07"), extracted(total=None, date="2014-05-07")), PAGES
    )
    assert said == "On page 1 (image 2) the date is 2014-05-07.\nI found no total on any of the 2 pages."


def test_pages_make_one_table_of_one_paper() -> None:
    said, _ = compose.answer(
        taken(extracted(total=None, iban="DE30"), extracted(total="34.73", iban=None), text="as a table"), PAGES
    )
    assert said == "field | value\ntotal | 34.73\niban  | DE30"


async def test_page_two_of_a_file_is_the_image_it_is_in_the_thread(thread: Thread) -> None:
    await thread.say("describe this photo", post=1)
    await thread.say("what is the total?", post=2, pages=True)
    assert await thread.say("read page 2") == [("read_text", {"image": "image 3"})]
    assert await thread.say("what is on page 1?") == [("read_text", TWO)]


async def test_a_field_is_looked_for_on_every_page(thread: Thread) -> None:
    await thread.say("read page 1", post=2, pages=True)
    assert await thread.say("what is the total?") == [
        ("extract", {**ONE, "fields": ["total"]}),
        ("extract", {**TWO, "fields": ["total"]}),
    ]


# --- what needs no tool ---------------------------------------------------------------------------


async def test_how_many_pages_a_file_has_takes_no_tool(thread: Thread) -> None:
    assert await thread.say("how many pages does it have?", post=2, name="bill.pdf", pages=True) == []
    assert thread.last.text == "bill.pdf has 2 pages."


@pytest.mark.parametrize(
    "asked",
    [
        "list the images",
        "how many images are in this thread?",
        "how many photos do you know so far",
        "which images are in this thread",
    ],
)
async def test_the_images_of_a_thread_are_listed_with_kind_and_size(thread: Thread, asked: str) -> None:
    await thread.say("describe this photo", post=1)
    assert await thread.say(asked) == []
    assert "image 1 (IMG_1.png, PNG, 640 x 480 pixels)" in thread.last.text


# --- other shapes ---------------------------------------------------------------------------------


async def shaped_after(encoder: MiniLmHere, found: Evidence, text: str, *, post: int = 1) -> tuple[Made, str]:
    thread = Thread(encoder, {"extract": found})
    await thread.say("what are the total and the date?", post=post)
    return await thread.say(text), thread.last.text


async def test_what_was_extracted_is_shown_again_as_a_table_or_as_json(encoder: MiniLmHere) -> None:
    found = extracted(total="9.00", date=None)
    table = "field | value\ntotal | 9.00\ndate  | -"
    assert await shaped_after(encoder, found, "as a table please") == ([], table)
    assert await shaped_after(encoder, found, "as JSON") == ([], '{\n  "total": "9.00",\n  "date": null\n}')


async def test_several_papers_make_a_row_each(encoder: MiniLmHere) -> None:
    _, said = await shaped_after(encoder, extracted(total="9.00", date=None), "can you put that in a table?", post=2)
    assert said == "image   | total | date\nimage 1 | 9.00  | -\nimage 2 | 9.00  | -"


async def test_a_shape_named_with_the_question_is_kept(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, {"extract": extracted(total="9.00")})
    await thread.say("get me the details of this receipt as json", post=1)
    assert thread.last.text == '{\n  "total": "9.00"\n}'


async def test_the_shape_is_no_field_and_no_part_of_the_question(thread: Thread) -> None:
    fields = ["company", "date", "total"]
    assert await thread.say("give me a table of company, date and total", post=1) == [
        ("extract", {**ONE, "fields": fields})
    ]
    assert await thread.say("what is the tax as a table?") == [("extract", {**ONE, "fields": ["tax"]})]


async def test_an_answer_is_said_again_in_short(encoder: MiniLmHere) -> None:
    lines = [{"text": "Mountain Dairy"}, {"text": "whole milk"}]
    thread = Thread(encoder, {"read_text": Evidence(said="The text reads: ...", facts={"lines": lines})})
    await thread.say("read this", post=1)
    assert await thread.say("shorter please") == []
    assert thread.last.text == '2 lines of text, beginning "Mountain Dairy".'


@pytest.mark.parametrize(
    "text", ["is the table made of oak?", "to dog or not to dog", "the total in short", "read the json file name"]
)
def test_a_sentence_that_asks_for_more_is_no_mere_shape(text: str) -> None:
    assert shapes.only_shape(text) is None


def test_line_items_have_a_table_of_their_own() -> None:
    rows = [
        {"description": "Soup", "quantity": None, "amount": "9.00"},
        {"description": "Tea", "quantity": None, "amount": "1.50"},
    ]
    said, _ = compose.answer(
        Exchange("as a table", calls=(Call("extract", ONE, evidence=extracted(total="10.50", items=rows)),))
    )
    assert said == (
        "field | value\ntotal | 10.50\n\n"
        "items of image 1:\ndescription | amount\nSoup        | 9.00\nTea         | 1.50"
    )


def test_an_analysis_that_shows_its_figures_leaves_its_steps_to_the_evidence() -> None:
    facts = {"conclusion": "1.00 + 2.00 = 3.00.", "reckoned": {"what": "sum"}}
    found = Evidence(said="1.00 + 2.00 = 3.00.\nSteps: 1. ...", facts=facts)
    said, _ = compose.answer(Exchange("sum?", calls=(Call("analyze", BOTH, evidence=found),)))
    assert said == "1.00 + 2.00 = 3.00."


# --- half answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("what colour is the car?", ("describe", {**ONE, "parts": ["colours"]})),
        ("is there a dog in it?", ("classify", {**ONE, "labels": ["dog"]})),
        ("how many lines of text are there?", ("analyze", {"images": ["image 1"]})),
        ("translate the sign", ("read_text", ONE)),
        ("is it black and white?", ("describe", {**ONE, "parts": ["colours"]})),
        ("what is the man doing?", ("describe", ONE)),
    ],
)
async def test_where_nobody_can_look_the_tool_that_tells_most_is_used(
    text: str, call: tuple[str, dict[str, Any]], encoder: MiniLmHere
) -> None:
    thread = Thread(encoder, {"look": BLIND})
    assert (await thread.say(text, post=1))[-1] == call
    assert thread.last.text.startswith(f"The {call[0]} finding.")


async def test_what_needs_a_vision_model_is_said_last_and_shortly(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, {"look": BLIND})
    await thread.say("what is the man doing?", post=1)
    assert thread.last.text == "The describe finding.\nBeyond that I cannot tell: no vision model is configured."
