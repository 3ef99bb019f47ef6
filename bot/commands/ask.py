"""`spyglass ask [IMAGES] -q TEXT`: one question, or a file of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bot.commands._running import existing, json_lines, print_json, run
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from bot.intake import Posted
    from bot.turns import Answer, Turns
    from bot.wiring import Wiring


@click.command("ask")
@click.argument("images", nargs=-1)
@click.option("-q", "--question", help="What you want to know.")
@click.option("--thread", help="Go on with this thread, or start it under this name.")
@click.option(
    "--batch", metavar="FILE", help='JSON lines {"images": [...], "question": "...", "thread": "..."}; - reads stdin.'
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer, its evidence and its checks as JSON.")
def command(
    images: tuple[str, ...], question: str | None, thread: str | None, batch: str | None, as_json: bool
) -> None:
    """Ask about IMAGES (photos, screenshots, PDFs) and get an answer with its evidence."""
    if batch is not None:
        if images or question or thread:
            raise AskAgain("With --batch the file names images, questions and threads: leave the others out.")
        run(lambda wiring: _batch(wiring, batch, as_json), quiet=as_json)
        return
    if not images and not question:
        raise AskAgain("Ask something: spyglass ask photo.jpg -q 'What is this?'")
    posted = _posted(images)
    run(lambda wiring: _one(wiring, question or "", posted, thread, as_json), quiet=as_json)


async def _one(wiring: Wiring, question: str, posted: list[Posted], thread: str | None, as_json: bool) -> None:
    from bot.turns import Turns

    _show(await _ask(Turns(wiring), question, posted, thread), as_json)


async def _batch(wiring: Wiring, path: str, as_json: bool) -> None:
    """One line in, one line out, in order: later lines may go on with the thread of earlier ones."""
    from bot.turns import Turns

    turns = Turns(wiring)
    for row in json_lines(path):
        try:
            question, posted, thread = _row(row)
        except AskAgain as error:
            _show_problem(str(error), row, as_json)
            continue
        _show(await _ask(turns, question, posted, thread), as_json)


def _row(row: dict[str, Any]) -> tuple[str, list[Posted], str | None]:
    question, images, thread = row.get("question", ""), row.get("images") or [], row.get("thread")
    if not isinstance(question, str) or not isinstance(images, list) or not isinstance(thread, str | None):
        raise AskAgain('A batch line takes "images" as a list of paths, "question" and "thread" as text.')
    return question, _posted([str(image) for image in images]), thread


def _posted(images: Sequence[str]) -> list[Posted]:
    from bot.intake import Posted

    files = [existing(image) for image in images]
    return [Posted(file.name, file) for file in files]


async def _ask(turns: Turns, question: str, posted: list[Posted], thread: str | None) -> Answer:
    from bot.wiring import OWNER
    from graphs.memory import thread_key

    key = thread_key(OWNER.workspace, "terminal", thread or uuid.uuid4().hex[:12])
    answer = await turns.ask(question, posted, thread=key, scope=OWNER)
    return answer.model_copy(update={"thread": answer.thread.split(":", 2)[2]})


def _show(answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    from bot.terminal import show_answer

    show_answer(answer)


def _show_problem(sentence: str, row: dict[str, Any], as_json: bool) -> None:
    """A line that cannot be asked still gives a line out, so that both files stay in step."""
    if not as_json:
        click.echo(sentence)
        return
    empty: dict[str, Any] = {"tools": [], "checks": [], "images": [], "problems": [sentence], "pictures": []}
    print_json(
        {"thread": row.get("thread"), "answer": sentence, "status": "refused", **empty, "planner": None, "seconds": 0.0}
    )
