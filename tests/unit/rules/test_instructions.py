"""The rule against reciting what a model was told."""

from __future__ import annotations

import pytest

from graphs import prompts
from graphs.constraints import open_gate

GATE = open_gate(None)
WORDS = prompts.SYSTEM.split()


def broken(text: str, surface: str = "answer") -> bool:
    return any(verdict.rule == "instructions" and not verdict for verdict in GATE.judge(text, surface=surface))


@pytest.mark.parametrize(
    "text",
    [
        prompts.SYSTEM,
        f"Sure! {' '.join(WORDS[10:40])}",
        " ".join(WORDS[30:50]).upper(),
        "**" + "** **".join(WORDS[20:36]) + "**",
        " ".join(prompts.SUMMARISE.split()[:30]),
        "It ends with </data-0a1b2c3d4e5f>.",
    ],
    ids=["all", "a passage", "in capitals", "in bold", "of the summary", "a mark"],
)
def test_what_a_model_was_told_is_not_recited(text: str) -> None:
    assert broken(text)


@pytest.mark.parametrize(
    "text",
    [
        "I cannot tell from the image what the label says; a sharper photo would help.",
        "I answer questions about images people posted in this thread.",
        "The vision model sees a red bicycle. The page is marked <data>.",
        "",
    ],
)
def test_an_answer_in_words_of_its_own_is_said(text: str) -> None:
    assert not broken(text)


def test_only_answers_are_held_to_it() -> None:
    assert not broken(prompts.SYSTEM, surface="text")


def test_what_was_recited_is_taken_out_and_the_rest_stays() -> None:
    text = f"It is a harbour. {' '.join(WORDS[15:40])}. I cannot tell more."
    verdicts = GATE.judge(text, surface="answer")
    assert GATE.mend(text, verdicts, surface="answer") == "It is a harbour. I cannot tell more."
