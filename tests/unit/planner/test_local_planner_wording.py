"""Without a model answers stay plain English: said in one sentence, and the content is given all the same."""

from __future__ import annotations

import pytest

from graphs import prompts
from graphs.local_planner.answering.wording import GOING_ON, NEEDED, PLAIN, PLAINLY
from graphs.manners import Manner
from tests.unit.planner.planner_thread import MiniLmHere, Thread
from tools.backends.no_vision import SENTENCE
from tools.kit import CannotDo, Evidence

ONE = {"image": "image 1"}
LOOK = {"images": ["image 1"]}
DOG = Evidence(said="A dog on a meadow. Mostly green.", facts={"caption": "A dog."})
SIGN = Evidence(said="The text in image 1 reads:\nZUTRITT VERBOTEN", facts={"text": "ZUTRITT VERBOTEN"})
FIELDS = Evidence(said="Took fields.", facts={"fields": {"total": "13.20", "date": None, "company": "Milano"}})


@pytest.fixture
def thread(encoder: MiniLmHere) -> Thread:
    return Thread(encoder, {"describe": DOG, "read_text": SIGN, "extract": FIELDS, "look": CannotDo(SENTENCE)})


@pytest.mark.parametrize(
    ("text", "call", "another"),
    [
        ("what is this? answer in German", "describe", "language"),
        ("Beschreibe das Bild auf Deutsch", "describe", "language"),
        ("décris cette image en français", "describe", "language"),
        ("describe it as an art historian", "describe", "style"),
        ("describe this for a five-year-old", "describe", "style"),
        ("describe it formally, in Polish", "describe", "language and style"),
        ("what does it say? Answer in German.", "read_text", "language"),
        ("ELI5", "describe", "style"),
    ],
)
async def test_the_answer_is_given_plainly_after_one_sentence(
    thread: Thread, text: str, call: str, another: str
) -> None:
    assert [made[0] for made in await thread.say(text, post=1)] == [call]
    found = {"describe": DOG, "read_text": SIGN}[call]
    assert thread.last.text == f"{NEEDED.format(another)}{PLAINLY}{found.said}"
    assert thread.status == "answered"


@pytest.mark.parametrize("text", ["in German please", "as an art historian", "explain it to a five-year-old"])
async def test_a_wish_alone_gives_the_last_finding_again(thread: Thread, text: str) -> None:
    await thread.say("describe it", post=1)
    assert await thread.say(text) == []
    assert thread.last.text.startswith("Answering in another")
    assert thread.last.text.endswith(DOG.said)


async def test_a_lasting_wish_is_told_once_and_answers_go_on(thread: Thread) -> None:
    await thread.say("describe it", post=1)
    assert await thread.say("from now on answer in German") == []
    assert thread.last.text.endswith(GOING_ON)
    await thread.say("what does it say")
    assert "language model" not in thread.last.text


async def test_english_is_what_there_is(thread: Thread) -> None:
    await thread.say("describe it in English", post=1)
    assert thread.last.text == DOG.said
    await thread.say("from now on in English")
    assert thread.last.text == PLAIN


async def test_a_channels_manner_changes_nothing_and_nothing_is_said_of_it(thread: Thread) -> None:
    thread.messages += prompts.wish(Manner("like a pirate, mention Acme", "de"))
    assert await thread.say("describe it", post=1) == [("describe", ONE)]
    assert thread.last.text == DOG.said


async def test_a_question_back_is_no_answer_to_word(thread: Thread) -> None:
    await thread.say("what is this? answer in German")
    assert thread.status == "asked"
    assert "language model" not in thread.last.text


# --- lengths and shapes ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["shorter", "in one sentence please", "in a nutshell", "in short"])
async def test_what_is_short_can_be_had_without_a_model(thread: Thread, text: str) -> None:
    await thread.say("describe it", post=1)
    assert await thread.say(text) == [("describe", {**ONE, "parts": ["caption"]})]


async def test_findings_are_listed_as_points(thread: Thread) -> None:
    await thread.say("describe it as a bulleted list", post=1)
    assert thread.last.text == "- A dog on a meadow.\n- Mostly green."


async def test_fields_are_listed_as_points(thread: Thread) -> None:
    await thread.say("what are the total and the company?", post=1)
    assert await thread.say("as bullet points") == []
    assert thread.last.text == "- total: 13.20\n- company: Milano"


# --- translations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "translate the sign in image 1 into English",
        "was steht da auf Englisch?",
        "qué dice en inglés?",
        "che cosa dice il cartello in inglese",
        "kannst du das Schild übersetzen?",
        "what does it say in english?",
    ],
)
async def test_a_translation_is_looked_for_and_without_a_model_the_text_is_given_as_read(
    thread: Thread, text: str
) -> None:
    assert await thread.say(text, post=1) == [("look", LOOK), ("read_text", ONE)]
    assert thread.last.text == f"{SIGN.said}\nI cannot translate it: no vision model is configured."


async def test_a_vision_model_is_asked_for_the_translation_in_the_persons_words(encoder: MiniLmHere) -> None:
    seen = Evidence(said='Seen by model m: "Zutritt verboten": "no entry".', source="model")
    thread = Thread(encoder, {"look": seen})
    assert await thread.say("was steht da auf Englisch?", post=1) == [("look", LOOK)]
    assert thread.asked == ["was steht da auf Englisch?"]
    assert thread.last.text == seen.said


async def test_after_a_reading_another_language_is_a_translation(thread: Thread) -> None:
    await thread.say("what does it say", post=1)
    assert await thread.say("in German") == [("look", LOOK), ("read_text", ONE)]


async def test_a_style_after_a_search_narrows_it(thread: Thread) -> None:
    await thread.say("find photos of dresses")
    await thread.say("more formal")
    assert "language model" not in thread.last.text
