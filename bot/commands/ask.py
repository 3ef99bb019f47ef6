"""`spyglass ask [IMAGES] -q TEXT`: one question, or a file of them."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import click

from bot.commands._running import Line, existing, lines_of, print_json, run
from bot.edge import plain
from tools.kit.errors import AskAgain, Spoken

if TYPE_CHECKING:
    from bot.turns.intake import Posted
    from bot.turns.running import Answer, Turns
    from bot.wiring import Wiring

log = logging.getLogger(__name__)

EXAMPLE = '{"question": "..."}'
OURS = "Something broke here that is ours, not yours; it has been logged. The lines after this one are not affected."


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
    from bot.turns.running import Turns

    answer = await _ask(Turns(wiring), question, posted, thread)
    _show(answer, as_json)
    if answer.problems and not answer.images:
        click.get_current_context().exit(2)  # nothing could be opened: the input must be changed


async def _batch(wiring: Wiring, path: str, as_json: bool) -> None:
    """One line in, one line out, in order: later lines may go on with the thread of earlier ones.

    Raises: AskAgain or CannotDo before the first line, when the file or the settings are wrong.
    """
    from bot.turns.running import Turns
    from bot.wiring import OWNER

    turns, ready = Turns(wiring), False
    async with aclosing(lines_of(path)) as lines:
        async for line in lines:
            if not ready:
                # what is wrong for every line is said once, in place of an answer to each
                await asyncio.gather(wiring.surroundings(OWNER), wiring.checkpoints())
                ready = True
            _show(await _line(turns, line), as_json)


async def _line(turns: Turns, line: Line) -> Answer:
    """The answer to a line, whatever happens: both files stay in step."""
    thread = ""
    try:
        row = line.row(EXAMPLE)
        thread = row["thread"] if isinstance(row.get("thread"), str) else ""
        question, posted = _row(row)
    except AskAgain as error:
        return _unanswered(str(error), "refused", thread)
    try:
        return await _ask(turns, question, posted, thread or None)
    except Spoken as error:
        return _unanswered(str(error), "refused" if isinstance(error, AskAgain) else "gave_up", thread)
    except Exception:
        log.exception("Line %d of a batch failed.", line.number)
        return _unanswered(OURS, "gave_up", thread)


def _row(row: dict[str, Any]) -> tuple[str, list[Posted]]:
    question, images = row.get("question") or "", row.get("images") or []
    if not isinstance(question, str) or not isinstance(images, list) or not isinstance(row.get("thread"), str | None):
        raise AskAgain('A batch line takes "images" as a list of paths, "question" and "thread" as text.')
    if not question and not images:
        raise AskAgain(f"A batch line needs a question or images, such as {EXAMPLE}.")
    return question, _posted([str(image) for image in images])


def _unanswered(sentence: str, status: str, thread: str) -> Answer:
    from bot.turns.running import Answer

    nothing: dict[str, Any] = {name: [] for name in ("tools", "checks", "images", "pictures")}
    return Answer(
        thread=thread, answer=sentence, status=status, problems=[sentence], planner="", seconds=0.0, **nothing
    )


def _posted(images: Sequence[str]) -> list[Posted]:
    from bot.turns.intake import Posted

    files = [existing(image) for image in images]
    return [Posted(file.name, file) for file in files]


async def _ask(turns: Turns, question: str, posted: list[Posted], thread: str | None) -> Answer:
    from bot.wiring import OWNER
    from graphs.memory import thread_key

    # plain: the database can keep neither NUL nor halves of characters
    key = thread_key(OWNER.workspace, "terminal", plain(thread or "") or uuid.uuid4().hex[:12])
    answer = await turns.ask(plain(question), posted, thread=key, scope=OWNER)
    return answer.model_copy(update={"thread": answer.thread.split(":", 2)[2]})


def _show(answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    from bot.terminal.showing import show_answer

    show_answer(answer)
