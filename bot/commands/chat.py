"""`spyglass chat [IMAGES]`: a conversation in the terminal."""

from __future__ import annotations

import contextlib
import logging
import shlex
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands._running import existing, raw_lines, run
from bot.edge import plain, shown
from bot.keyboard import aside
from tools.kit.errors import Spoken

if TYPE_CHECKING:
    from rich.console import Console

    from bot.intake import Posted
    from bot.turns import Turns
    from bot.wiring import Wiring

log = logging.getLogger(__name__)

OURS = "Something broke here that is ours, not yours; it has been logged. Try again, or ask something else."
HELP = """\
Type a question. Name image files anywhere in it (or drag them in) to post them.
/images  the images of this thread     /quit  leave     /help  this text"""


@click.command("chat")
@click.argument("images", nargs=-1)
@click.option("--thread", help="Go on with this thread, or start it under this name.")
def command(images: tuple[str, ...], thread: str | None) -> None:
    """Talk about IMAGES: each line is a message, the thread is remembered."""
    from bot.intake import Posted

    posted = [Posted(file.name, file) for file in map(existing, images)]
    run(lambda wiring: _chat(wiring, posted, plain(thread or "") or uuid.uuid4().hex[:12]))


async def _chat(wiring: Wiring, posted: list[Posted], thread: str) -> None:
    from bot.terminal import console, say
    from bot.turns import Turns

    out, turns = console(), Turns(wiring)
    say(out, f"Thread {thread}. /help for help, /quit to leave.", "dim")
    for file in posted:
        await _thumbnail(wiring, out, file)
    async for line in _typed(out):
        if line in ("/quit", "/exit", "/q"):
            return
        if line == "/help":
            say(out, HELP, "dim")
            continue
        question, named = split_files(line)
        for file in named:
            await _thumbnail(wiring, out, file)
        files, posted = [*posted, *named], []
        if question == "/images":
            await _images(turns, out, thread)
        elif question or files:
            await _turn(turns, out, question, files, thread)


async def _typed(out: Console) -> AsyncIterator[str]:
    """What the person types, line by line, until Ctrl-D."""
    from bot.terminal import say

    lines = raw_lines(0)
    while True:
        say(out, "> ", "bold", end="")
        line = await aside(lambda: next(lines, None))
        if line is None:
            out.print()
            return
        yield plain(line.decode("utf-8", errors="replace")).strip()


async def _thumbnail(wiring: Wiring, out: Console, file: Posted) -> None:
    """Show what was posted. What does not open is said in the answer, so it is passed over here."""
    from bot.terminal import show_thumbnail
    from bot.wiring import OWNER
    from tools.kit import Decoder

    with contextlib.suppress(Spoken):
        decoder = await wiring.lend(Decoder)
        pages = await decoder.open(file.original, name=file.name, workspace=OWNER.workspace)
        show_thumbnail(out, pages[0].path)


async def _turn(turns: Turns, out: Console, question: str, files: list[Posted], thread: str) -> None:
    from rich.text import Text

    from bot.terminal import say, show_answer, show_step
    from bot.wiring import OWNER
    from graphs.memory import thread_key
    from graphs.state import Step

    with out.status("looking ...") as status:

        async def step(now: Step) -> None:
            status.update(Text(shown(f"{now.title} ..."))) if now.state == "running" else show_step(out, now)

        key = thread_key(OWNER.workspace, "terminal", thread)
        try:
            answer = await turns.ask(question, files, thread=key, scope=OWNER, step=step)
        except Spoken as error:
            say(out, str(error), "yellow")
            return
        except Exception:  # one message failed; the conversation has not
            log.exception("A message of the chat failed.")
            say(out, OURS, "yellow")
            return
    show_answer(answer, out)


async def _images(turns: Turns, out: Console, thread: str) -> None:
    from bot.terminal import say
    from bot.wiring import OWNER
    from graphs.memory import thread_key

    refs = await turns.images(thread_key(OWNER.workspace, "terminal", thread))
    for ref in refs:
        say(out, f"{ref.handle}: {ref.name}, {ref.mime}, {ref.width} x {ref.height}", "dim")
    if not refs:
        say(out, "No images in this thread yet.", "dim")


def split_files(line: str) -> tuple[str, list[Posted]]:
    """The words of a line, and the files named in it."""
    from bot.intake import Posted

    try:
        words = shlex.split(line)
    except ValueError:  # an apostrophe is not an open quote here
        words = line.split()
    files = [Path(word).expanduser() for word in words if _is_file(word)]
    if not files:
        return line, []
    question = " ".join(word for word in words if not _is_file(word))
    return question, [Posted(file.name, file) for file in files]


def _is_file(word: str) -> bool:
    try:
        return ("/" in word or "." in word) and Path(word).expanduser().is_file()
    except OSError:  # longer than a path can be
        return False
