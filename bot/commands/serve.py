"""`spyglass serve`: the bot in a Slack workspace."""

from __future__ import annotations

import click


@click.command("serve")
@click.option("--several", is_flag=True, help="Other processes (serve, work) share the database and the archive.")
def command(several: bool) -> None:
    """Answer in Slack: hear of messages by Socket Mode or signed HTTP, and work on them, until stopped."""
    from bot.slack.running import run

    run(alone=not several, listens=True)
