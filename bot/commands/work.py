"""`spyglass work`: one more worker on the queue that `spyglass serve` fills."""

from __future__ import annotations

import click


@click.command("work")
def command() -> None:
    """Work on messages that `spyglass serve` heard, until stopped. The archive has to be a Qdrant server."""
    from bot.slack.running import run

    run(alone=False, listens=False)
