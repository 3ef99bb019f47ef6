"""A thread in short: what was asked and found in it, from its own record."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.turns.running import Turns
from bot.wiring import OWNER, Wiring
from graphs.local_planner.answering.recap import LONGEST, MOST, asked, told
from graphs.local_planner.turn import Call, Exchange, Turn
from tests.unit.test_turns import THREAD, png
from tools.kit import ImageRef


@pytest.mark.parametrize(
    "text",
    [
        "summarise this thread",
        "Can you summarize the thread, please?",
        "Please sum up our conversation so far.",
        "give me a short summary of this thread",
        "a recap so far?",
        "What have we found so far?",
        "what did you find out so far",
        "What's been found so far?",
        "What has been found in this thread?",
        "what do we know so far?",
        "summarise what we found",
    ],
)
def test_a_summary_is_asked_for_in_many_ways(text: str) -> None:
    assert asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "summarise this image",
        "summarise the meeting from this morning",
        "give me a summary of the receipt",
        "summarise this thread and compare the first two images",
        "find a thread",
        "what do we know about image 2?",
        "what did you find on image 1?",
        "i do not need a summary. i just want the exact wording on it.",
    ],
)
def test_other_wishes_are_none(text: str) -> None:
    assert not asked(text)


def image(number: int, name: str) -> ImageRef:
    return ImageRef(handle=f"image {number}", sha256="0" * 64, mime="image/png", width=9, height=9, name=name)


def exchange(text: str, answer: str, *, used: bool = True) -> Exchange:
    return Exchange(text, calls=(Call("describe", {"image": "image 1"}),) if used else (), answer=answer)


def test_images_questions_and_findings_are_listed() -> None:
    past = (
        exchange("What is this?", "A red square.\nNo text could be read in it."),
        exchange("thanks!", "You are welcome.", used=False),
        exchange("", "A blue square."),
    )
    turn = Turn(past=past, images=(image(1, "red.png"), image(2, "blue.png")))
    assert told("summarise this thread", turn).split("\n") == [
        "In this thread: image 1 (red.png) and image 2 (blue.png).",
        "• What is this? → A red square. No text could be read in it.",
        "• Without words → A blue square.",
    ]


def test_a_thread_in_which_nothing_was_found_says_so() -> None:
    assert told("summarise this thread", Turn()) == "There is no image in this thread yet."
    only = Turn(images=(image(1, "red.png"),))
    assert told("recap so far", only).endswith("Nothing was found out about them yet.")


def test_long_answers_end_with_a_whole_sentence_and_old_ones_are_counted() -> None:
    long = exchange("What does it say?", "It says a lot. " * 40)
    turn = Turn(past=(long,) * (MOST + 2), images=(image(1, "red.png"),))
    lines = told("summarise this thread", turn).split("\n")
    assert lines[1] == f"Of {MOST + 2} questions the last {MOST}:"
    assert len(lines) == MOST + 2
    assert lines[-1].endswith("It says a lot. …")
    assert len(lines[-1]) < LONGEST + 40


async def test_the_summary_holds_up_to_the_checks(tmp_path: Path, database_url: str) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "home", encoder="builtin_encoder", database_url=database_url)
    async with Wiring(settings) as wiring:
        turns = Turns(wiring)
        await turns.ask("What is this?", [png("red"), png("blue")], thread=THREAD, scope=OWNER)
        await turns.ask("How large is image 2?", thread=THREAD, scope=OWNER)
        await turns.ask("Is image 1 a photo or a drawing?", thread=THREAD, scope=OWNER)
        answer = await turns.ask("Summarise this thread", thread=THREAD, scope=OWNER)
    assert answer.status == "answered"
    assert answer.answer.startswith("In this thread: image 1 (red.png) and image 2 (blue.png).")
    assert "• What is this? → " in answer.answer
    assert "• Is image 1 a photo or a drawing? → " in answer.answer
