"""The planner that needs no model: which tools, which arguments, which follow-ups, which answers."""

from __future__ import annotations

import random
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from graphs.local_planner.understanding import meaning
from tests.unit.planner.planner_thread import NAMES, MiniLmHere, Thread, schemas
from tools.kit import AskAgain, CannotDo, Evidence

WORDS = "the show me photos of and or is a from last year 2023 image 2 first total , . ? : / these png at px but 'x' ("
ONE, TWO = {"image": "image 1"}, {"image": "image 2"}
BOTH = {"images": ["image 1", "image 2"]}


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("is this a hawk or a falcon?", [("classify", {**ONE, "labels": ["hawk", "falcon"]})]),
        ("read this please", [("read_text", ONE)]),
        ("transcribe it and correct the spelling", [("read_text", {**ONE, "spelling": True})]),
        ("what's the total and who is the seller?", [("extract", {**ONE, "fields": ["total", "seller"]})]),
        ("describe this photo", [("describe", ONE)]),
        ("does the bill add up?", [("analyze", {"images": ["image 1"]})]),
        ("more like this but blue", [("search", {**ONE, "query": "blue"})]),
        ("do we already have this in the archive?", [("search", ONE)]),
        ("", [("describe", ONE)]),
        ("Ist das ein Hund oder eine Katze?", [("classify", {**ONE, "labels": ["Hund", "Katze"]})]),
        ("qu'est-ce qui est écrit ?", [("read_text", ONE)]),
        (
            "read it and tell me if it's a receipt or an invoice",
            [("read_text", ONE), ("classify", {**ONE, "labels": ["receipt", "invoice"]})],
        ),
        ("ocr + keywords", [("read_text", ONE), ("describe", {**ONE, "parts": ["keywords"]})]),
    ],
)
async def test_one_image_and_a_wish_become_the_right_calls(thread: Thread, text: str, calls: Any) -> None:
    assert await thread.say(text, post=1) == calls


@pytest.mark.parametrize("expected", ["", "is this a hawk or a falcon?", "read this please"])
async def test_what_is_expected_is_embedded_once_and_plans_nothing_else(encoder: MiniLmHere, expected: str) -> None:
    asked_before, thread = Thread(encoder), Thread(encoder)
    await asked_before.say("describe this photo", post=1)
    await thread.say("describe this photo", post=1)
    encoder.asked.clear()
    calls = await asked_before.say("is this a hawk or a falcon?", post=1)
    without = len(encoder.asked)
    thread.planner.expect(expected)
    assert await thread.say("is this a hawk or a falcon?", post=1) == calls
    assert len(encoder.asked) - without == without + (expected == "read this please")


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("compare them", [("compare", BOTH)]),
        ("is the product as advertised?", [("compare", BOTH)]),
        ("read each of them", [("read_text", ONE), ("read_text", TWO)]),
        ("what does the second one say?", [("read_text", TWO)]),
        ("skip the first, read the other one", [("read_text", TWO)]),
        ("describe image 1 and read image 2", [("describe", ONE), ("read_text", TWO)]),
        ("the total off #2", [("extract", {**TWO, "fields": ["total"]})]),
    ],
)
async def test_of_two_images_the_named_ones_are_meant(thread: Thread, text: str, calls: Any) -> None:
    assert await thread.say(text, post=2) == calls


async def test_an_image_may_be_called_by_its_file_name(thread: Thread) -> None:
    await thread.say("describe this", post=1, name="harbour.jpg")
    await thread.say("describe this", post=1)
    assert await thread.say("read harbour.jpg") == [("read_text", ONE)]


async def test_a_search_needs_no_image(thread: Thread) -> None:
    calls = await thread.say("find me three landscape photos of boats from last year")
    filters = {"orientation": "landscape", "after": "2025-01-01T00:00:00", "before": "2026-01-01T00:00:00"}
    assert calls == [("search", {"query": "boats", "limit": 3, "filters": filters})]


async def test_a_remark_narrows_the_search_it_follows(thread: Thread) -> None:
    assert await thread.say("Find a kite. One is enough.") == [("search", {"query": "kite", "limit": 1})]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("read it", "asked"),
        ("what is the total?", "asked"),
        ("compare these two", "asked"),
        ("find more like this", "asked"),
        ("hello!", "answered"),
        ("what can you do?", "answered"),
        ("will it rain tomorrow?", "refused"),
        ("write me a poem", "refused"),
        ("how do I cook rice?", "refused"),
    ],
)
async def test_without_images_it_asks_answers_or_refuses(thread: Thread, text: str, status: str) -> None:
    assert await thread.say(text) == []
    assert thread.status == status


@pytest.mark.parametrize(
    "text", ["remove the background", "who is this woman?", "make it brighter", "is this Ada Lovelace?"]
)
async def test_what_it_cannot_do_with_an_image_is_refused_with_what_it_can(thread: Thread, text: str) -> None:
    assert await thread.say(text, post=1) == []
    assert thread.status == "refused"
    assert "I can classify images" in thread.last.text


async def test_one_image_is_not_enough_to_compare(thread: Thread) -> None:
    assert await thread.say("spot the differences", post=1) == []
    assert thread.status == "asked"
    assert thread.last.text == "There is only image 1 in this thread to compare. Could you post the other one?"


async def test_an_image_that_is_not_there_is_asked_about(thread: Thread) -> None:
    assert await thread.say("what does image 9 say?", post=2) == []
    assert thread.status == "asked"
    assert thread.last.text == "There is no image 9 in this thread; it has image 1 and image 2. Which one do you mean?"


# --- follow-ups ---------------------------------------------------------------------------------


async def test_and_the_second_one_repeats_the_tool(thread: Thread) -> None:
    await thread.say("cat or dog in the first one?", post=2)
    assert await thread.say("and the second one?") == [("classify", {**TWO, "labels": ["cat", "dog"]})]


@pytest.mark.parametrize("text", ["", "and this one?", "same for this one", "this one too please"])
async def test_a_new_image_gets_the_tool_of_the_last(thread: Thread, text: str) -> None:
    await thread.say("what's the total?", post=1)
    assert await thread.say(text, post=1) == [("extract", {**TWO, "fields": ["total"]})]


async def test_another_field_is_taken_from_the_same_image(thread: Thread) -> None:
    await thread.say("read the first", post=2)
    await thread.say("total of the second?")
    assert await thread.say("what about the date?") == [("extract", {**TWO, "fields": ["date"]})]
    assert await thread.say("the vendor as well") == [("extract", {**TWO, "fields": ["vendor"]})]
    everything = {"image": "image 3", "fields": ["total", "date", "vendor"]}
    assert await thread.say("same for this one", post=1) == [("extract", everything)]


async def test_a_search_is_refined_step_by_step(thread: Thread) -> None:
    await thread.say("find photos of dogs")
    assert await thread.say("10 instead") == [("search", {"query": "dogs", "limit": 10})]
    assert await thread.say("on the beach") == [("search", {"query": "dogs on beach", "limit": 10})]
    filters = {"after": "2023-01-01T00:00:00", "before": "2024-01-01T00:00:00"}
    narrowed = {"query": "dogs on beach", "limit": 10, "filters": filters}
    assert await thread.say("only from 2023") == [("search", narrowed)]
    assert await thread.say("what about cats?") == [("search", {**narrowed, "query": "cats"})]


async def test_a_search_by_image_keeps_its_image(thread: Thread) -> None:
    await thread.say("more like this", post=1)
    assert await thread.say("more like that but at night") == [("search", {**ONE, "query": "night"})]
    assert await thread.say("just 3 please") == [("search", {**ONE, "query": "night", "limit": 3})]


async def test_an_earlier_search_can_be_gone_back_to(thread: Thread) -> None:
    await thread.say("find old trams")
    await thread.say("read this", post=1)
    calls = await thread.say("back to the trams: only square ones")
    assert calls == [("search", {"query": "old trams", "filters": {"orientation": "square"}})]


async def test_a_correction_names_the_image_meant(thread: Thread) -> None:
    await thread.say("describe the second", post=2)
    assert await thread.say("no, I meant the first") == [("describe", ONE)]


async def test_the_question_waits_for_its_image(thread: Thread) -> None:
    await thread.say("is this a cat?")
    assert await thread.say("oops, here it is", post=1) == [("classify", {**ONE, "labels": ["cat"]})]


async def test_a_comparison_waits_for_its_second_image(thread: Thread) -> None:
    await thread.say("compare these", post=1)
    assert await thread.say("here's the other", post=1) == [("compare", BOTH)]


async def test_the_rest_are_the_images_not_yet_done(thread: Thread) -> None:
    await thread.say("read image 2", post=3)
    calls = await thread.say("and the remaining ones")
    assert calls == [("read_text", ONE), ("read_text", {"image": "image 3"})]


async def test_why_is_answered_from_the_evidence(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, {"classify": Evidence(said="Image 1 shows a cat.", sure=0.91)})
    await thread.say("cat or dog?", post=1)
    assert await thread.say("are you sure?") == []
    assert thread.last.text == (
        "I used classify on image 1, and this is what it measured: Image 1 shows a cat. I put its probability at 91%."
    )


async def test_an_analysis_that_was_looked_at_is_answered_by_its_conclusion_and_its_steps_are_told_when_asked_for(
    encoder: MiniLmHere,
) -> None:
    steps = [
        {"step": "Check the amounts of image 1", "tool": "totals", "finding": "It adds up."},
        {"step": "Look at image 1", "tool": "look", "finding": "Seen by model m: A stamp.", "source": "model"},
    ]
    conclusion = "Image 1 adds up.\n\nSeen by model m: A stamp."
    confidence = {"source": "model", "level": "high", "said": "Confidence: high."}
    said = f"{conclusion} {confidence['said']}\n\nSteps: 1. Check: It adds up. 2. Look: Seen by model m: A stamp."
    facts = {"steps": steps, "conclusion": conclusion, "confidence": confidence}
    thread = Thread(encoder, {"analyze": Evidence(said=said, facts=facts)})
    await thread.say("analyse this receipt and check whether it adds up", post=1)
    assert thread.last.text == f"{conclusion} Confidence: high."
    await thread.say("why?")
    assert "this is what it measured and what the vision model saw" in thread.last.text
    assert "Steps: 1. Check: It adds up. 2. Look: Seen by model m: A stamp." in thread.last.text


async def test_thanks_calls_no_tool(thread: Thread) -> None:
    await thread.say("read this", post=1)
    assert await thread.say("thank you so much!") == []
    assert thread.last.text == "You're welcome."


# --- answers ------------------------------------------------------------------------------------


async def test_the_answer_is_what_the_tools_said_by_image(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, {"read_text": Evidence(said="It reads “OPEN”.")})
    await thread.say("read both", post=2)
    assert thread.last.text == "Image 1: It reads “OPEN”.\nImage 2: It reads “OPEN”."


async def test_what_a_model_sees_is_said_as_seen_by_the_model(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, {"look": Evidence(said="Three people.", source="model")})
    await thread.say("how many people are there?", post=1)
    assert thread.last.text == "Seen by the model: Three people."


async def test_when_no_model_can_look_it_measures_instead(encoder: MiniLmHere) -> None:
    cannot = CannotDo("No vision model is configured, so I cannot look; set X to y. Without one I can read.")
    thread = Thread(encoder, {"look": cannot, "describe": Evidence(said="The picture is mainly red.")})
    calls = await thread.say("what colour is the car?", post=1)
    assert [tool for tool, _ in calls] == ["look", "describe"]
    assert thread.last.text == "The picture is mainly red.\nBeyond that I cannot tell: no vision model is configured."


async def test_when_no_model_can_translate_the_text_is_read(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, {"look": CannotDo("No vision model is configured.")})
    assert [tool for tool, _ in await thread.say("translate the sign", post=1)] == ["look", "read_text"]


async def test_an_error_the_person_can_mend_is_passed_on_as_a_question(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, {"classify": AskAgain("Give at least two labels.")})
    await thread.say("is it a cat?", post=1)
    assert (thread.last.text, thread.status) == ("Give at least two labels.", "asked")


async def test_a_tool_that_failed_is_named_beside_what_was_found(encoder: MiniLmHere) -> None:
    thread = Thread(encoder, {"read_text": CannotDo("The reader is not installed.")})
    await thread.say("describe and read this", post=1)
    assert thread.last.text == "The describe finding.\nThe reader is not installed."
    assert thread.status == "answered"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"draft": "It is Acme. It is red.", "mended": "It is ▇▇▇. It is red."}, "It is ▇▇▇. It is red."),
        ({"draft": "It is Acme. It is red.", "mended": None}, "It is red."),
        ({"draft": "It is Acme.", "mended": None}, "I cannot say that here."),
    ],
)
async def test_a_rejected_draft_is_mended_or_withheld(thread: Thread, kept: dict[str, Any], said: str) -> None:
    await thread.say("describe this", post=1)
    check = HumanMessage('Do not name "Acme".', name="check", additional_kwargs=kept)
    reply = await thread.planner.bind_tools(schemas(*NAMES)).ainvoke([*thread.messages[:-1], check])
    assert reply.text == said


async def test_without_tools_it_answers_all_the_same(thread: Thread) -> None:
    reply = await thread.planner.ainvoke(
        [HumanMessage("describe this", additional_kwargs={"images": [thread._image(1, "")]})]
    )
    assert isinstance(reply, AIMessage)
    assert not reply.tool_calls
    assert reply.text == "I cannot do that here: describe is not available."


async def test_handles_outlive_the_messages_that_brought_their_images(thread: Thread) -> None:
    await thread.say("describe this", post=1)
    await thread.say("describe this", post=1)
    del thread.messages[:4]
    assert await thread.say("read image 1") == [("read_text", ONE)]


# --- meaning ------------------------------------------------------------------------------------


async def test_the_kept_embeddings_are_those_of_the_bank(encoder: MiniLmHere) -> None:
    with meaning.KEPT.open("rb"):
        first, last = meaning.bank()[0][1], meaning.bank()[-1][1]
    rows = await encoder.texts([first, last])
    kept = meaning._kept(rows[0])
    assert kept is not None, "exemplars.txt has changed: run graphs.local_planner.understanding.meaning.keep"
    assert float(kept[-1] @ rows[1]) > 0.99


async def test_a_question_costs_one_short_embedding(encoder: MiniLmHere) -> None:
    thread = Thread(encoder)
    encoder.asked.clear()
    await thread.say("describe this", post=1)
    assert sum(encoder.asked) <= 4


async def test_any_words_at_all_get_a_reply_soon(thread: Thread) -> None:
    chance = random.Random(4)
    words = WORDS.split()
    for _ in range(15):
        text = " ".join(chance.choice(words) for _ in range(chance.randint(1, 250)))
        thread.messages.clear()
        thread.images = 0
        await thread.say(text, post=chance.randint(0, 2))
        assert thread.last.text


async def test_a_question_that_fits_no_tool_clearly_still_goes_to_one(thread: Thread) -> None:
    assert await thread.say("does anything get cut off at the edge?", post=1) == [("look", {"images": ["image 1"]})]


async def test_labels_can_be_added_and_changed_later(thread: Thread) -> None:
    await thread.say("classify as ok or faulty", post=1)
    assert await thread.say("add scratched") == [("classify", {**ONE, "labels": ["ok", "faulty", "scratched"]})]
    said = "do it again but with only urgent and not urgent"
    assert await thread.say(said) == [("classify", {**ONE, "labels": ["urgent", "not urgent"]})]


async def test_an_image_is_meant_by_what_was_said_when_it_came(thread: Thread) -> None:
    await thread.say("the sofa. describe it", post=1)
    await thread.say("and here is the rug", post=1)
    calls = await thread.say("what is the sofa made of, wool or linen?")
    assert calls == [("classify", {**ONE, "labels": ["wool", "linen"]})]


async def test_a_search_without_a_filter_any_more_and_a_year_earlier(thread: Thread) -> None:
    await thread.say("find photos of boats from 2025")
    assert (await thread.say("and the year before?"))[0][1]["filters"] == {
        "after": "2024-01-01T00:00:00",
        "before": "2025-01-01T00:00:00",
    }
    assert await thread.say("drop the date") == [("search", {"query": "boats"})]
