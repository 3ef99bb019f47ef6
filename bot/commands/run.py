"""`spyglass run`: a Slack workspace in the browser with the bot in it."""

from __future__ import annotations

import asyncio
import threading
import webbrowser

import click

from bot.edge import put_line, tell
from bot.settings import has_desktop, read_settings


@click.command("run")
@click.option("--port", type=click.IntRange(0, 65535), help="Where the page is; 0 is any free port.")
@click.option("--fresh", is_flag=True, help="Begin with a new workspace; the one before is kept beside it.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
def command(port: int | None, fresh: bool, no_open: bool) -> None:
    """Open a Slack workspace in the browser with Spyglass in it: no account, no key."""
    from bot.local_run import Place, run

    settings, quietly = read_settings(), no_open or not has_desktop()
    show = _nothing if quietly else _open
    try:
        asyncio.run(run(settings, port=port, fresh=fresh, say=put_line, show=show))
    except KeyboardInterrupt:
        tell(f"Stopped. Everything is kept in {Place(settings.home).workspace}: `spyglass run` goes on with it.")


def _open(url: str) -> None:
    # it may wait for seconds for the browser to say that it is there, and the browser waits for our page
    threading.Thread(target=webbrowser.open, args=[url], daemon=True).start()


def _nothing(url: str) -> None:
    """Nobody sees a browser here."""
