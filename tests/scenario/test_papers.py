"""A conversation over several papers and a photo, through the real command: every answer passes every rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scenario.conftest import Terminal

QUESTIONS = {
    "which one is cheaper?": "Image 1 has the lowest total: ",
    "what is the difference between the totals?": "144.00 (image 2) - 13.20 (image 1) = 130.80",
    "add up the two totals": "13.20 (image 1) + 144.00 (image 2) = 157.20",
    "list the items with prices": "image 1 lists",
    "what's the resolution?": "Image 1 has ",
    "how many pages does it have?": " has 1 page.",
    "list the images": "This thread has 2 images: image 1 (",
}


@pytest.fixture(scope="module")
def answers(pictures: dict[str, Path], home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said to each question of one thread, in a row."""
    papers = [str(pictures["receipt"]), str(pictures["invoice"])]
    rows = [
        {"images": papers if not number else [], "question": question, "thread": "papers"}
        for number, question in enumerate(QUESTIONS)
    ]
    batch = tmp_path_factory.mktemp("batch") / "papers.jsonl"
    batch.write_text("\n".join(map(json.dumps, rows)))
    told = Terminal(home)("ask", "--batch", batch, "--json").lines
    assert all(check["kept"] for answer in told for check in answer["checks"])
    return {answer_to: answer["answer"] for answer_to, answer in zip(QUESTIONS, told, strict=True)}


@pytest.mark.parametrize("question", QUESTIONS)
def test_papers_and_files_are_answered_without_a_model(question: str, answers: dict[str, str]) -> None:
    assert QUESTIONS[question].lower() in answers[question].lower()


def test_no_draft_was_withheld_or_cut(answers: dict[str, str]) -> None:
    assert not any("cannot" in answer.lower() for answer in answers.values())
