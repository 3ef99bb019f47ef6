"""`spyglass demo`: a short conversation about real images, printed as it happens."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.settings import read_settings
from tools.kit.errors import CannotDo

if TYPE_CHECKING:
    from rich.console import Console

    from bot.demo import Demo, Message
    from bot.turns import Answer


@click.command("demo")
def command() -> None:
    """Play a short conversation: classify, read, extract, compare, search, follow up, and a banned brand caught."""
    asyncio.run(_play())


async def _play() -> None:
    from bot.demo import DEMO, Demo
    from bot.edge import keep_to
    from bot.terminal import console, say
    from bot.wiring import Wiring

    out, demo, started = console(), Demo(read_settings()), time.perf_counter()
    settings = demo.prepared()
    keep_to(settings.rules)
    note = partial(say, out, style="dim")
    note("Getting ready (the first time this prepares the models) ...")
    async with Wiring(settings, say=note, workspace=DEMO.workspace, keep_encoder=False) as wiring:
        note(f"Archive: {await demo.fill_archive(wiring)}\n")
        played = []
        async for message, answer in demo.play(wiring):
            _show(out, message, answer, demo)
            played.append((message, answer))
    note(f"Pictures of the demo: {demo.folder / 'pictures'}")
    note(f"{len(played)} messages in {time.perf_counter() - started:.0f} seconds. Now try your own:")
    note("  .venv/bin/spyglass ask PHOTO.jpg -q 'What is this?'")
    _insist(played)


def _show(out: Console, message: Message, answer: Answer, demo: Demo) -> None:
    from rich.text import Text

    from bot.terminal import show_answer

    posted = "".join(f" [{demo.pictures[name].name}]" for name in message.pictures)
    out.print(Text.assemble(("you: ", "bold"), message.text, (posted, "cyan"), (f"   ({message.shows})", "dim")))
    out.print(Text("spyglass: ", style="bold green"), end="")
    show_answer(answer, out)
    out.print()


def _insist(played: list[tuple[Message, Answer]]) -> None:
    """A demo in which a tool failed or a banned brand got out must not end as if all were well."""
    for message, answer in played:
        brought = {tool["name"] for tool in answer.tools if tool["evidence"]}
        if missing := set(message.tools) - brought:
            raise CannotDo(f"The demo went wrong: no evidence from {', '.join(missing)} for {message.text!r}.")
        if "acme" in answer.model_dump_json().lower():
            raise CannotDo(f"The demo went wrong: a banned brand got out in the answer to {message.text!r}.")
