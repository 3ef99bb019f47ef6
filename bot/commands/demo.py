"""`spyglass demo`: a short conversation in a local Slack workspace, printed as it happens."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.settings import read_settings
from tools.kit.errors import CannotDo

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from bot.demo import Exchange


@click.command("demo")
def command() -> None:
    """Play a short conversation: classify, read, extract, compare, search, follow up, and a banned brand caught."""
    asyncio.run(_play())


async def _play() -> None:
    from bot.demo import SCRIPT, Demo
    from bot.edge import keep_to
    from bot.terminal.showing import console, say

    out, demo, started = console(), Demo(read_settings()), time.perf_counter()
    note = partial(say, out, style="dim")
    note("A local Slack workspace, and the bot in it (the first time this prepares the models) ...\n")
    async with demo.workspace() as conversation:
        keep_to(conversation.bot.settings.rules)
        played = []
        for message in SCRIPT:
            exchange = await conversation.say(message)
            _show(out, exchange, demo.pictures)
            played.append(exchange)
    note(f"Pictures of the demo: {demo.folder / 'pictures'}")
    note(f"{len(played)} messages in {time.perf_counter() - started:.0f} seconds. Now try your own:")
    note("  .venv/bin/spyglass ask PHOTO.jpg -q 'What is this?'")
    _insist(played)


def _show(out: Console, exchange: Exchange, pictures: dict[str, Path]) -> None:
    from rich.text import Text

    from bot.edge import shown

    message = exchange.message
    posted = "".join(f" [{pictures[name].name}]" for name in message.pictures)
    out.print(Text.assemble(("anna: ", "bold"), message.text, (posted, "cyan"), (f"   ({message.shows})", "dim")))
    out.print(Text("spyglass:", style="bold green"))
    for line in exchange.shown:
        out.print(Text(f"  {shown(line)}"))
    for picture in exchange.answer.pictures:
        out.print(Text(f"  picture: {shown(picture['path'])}", style="cyan"))
    out.print()


def _insist(played: list[Exchange]) -> None:
    """A demo in which a tool failed or a banned brand got out must not end as if all were well."""
    for exchange in played:
        message, answer = exchange.message, exchange.answer
        brought = {tool["name"] for tool in answer.tools if tool["evidence"]}
        if missing := set(message.tools) - brought:
            raise CannotDo(f"The demo went wrong: no evidence from {', '.join(missing)} for {message.text!r}.")
        if "acme" in f"{answer.model_dump_json()} {exchange.shown}".lower():
            raise CannotDo(f"The demo went wrong: a banned brand got out in the answer to {message.text!r}.")
