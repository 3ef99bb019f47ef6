"""`python -m bot.local_slack --folder DIR --port N`: a workspace of its own process, until SIGTERM."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

import click

from bot.local_slack.local import LocalSlack


@click.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Keeps the workspace there.")
@click.option("--port", default=0, help="0: any free one.")
@click.option("--socket-mode", "socket_mode", is_flag=True, help="Deliver over websockets; so it does without a URL.")
@click.option("--event-url", help="Deliver over signed HTTP there.")
@click.option("--ack-timeout", default=3.0, help="Seconds in which the app must acknowledge.")
@click.option("--retries", default="0,60,300", help="Seconds before each further attempt at an event.")
@click.option("--stream-seconds", default=300.0, help="How long a stream lives.")
def main(
    folder: Path | None,
    port: int,
    socket_mode: bool,
    event_url: str | None,
    ack_timeout: float,
    retries: str,
    stream_seconds: float,
) -> None:
    """Runs a local Slack workspace and prints its address and tokens as one JSON line."""
    if socket_mode and event_url:
        raise click.UsageError("Give --socket-mode or --event-url, not both.")
    pauses = tuple(float(pause) for pause in retries.split(",") if pause)
    slack = LocalSlack(
        folder, event_url=event_url, port=port, ack_timeout=ack_timeout, retries=pauses, stream_seconds=stream_seconds
    )
    try:
        asyncio.run(_serve(slack))
    except OSError as error:
        click.echo(f"The local Slack cannot start: {error}.", err=True)
        raise SystemExit(3) from None


async def _serve(slack: LocalSlack) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with slack:
        click.echo(json.dumps(slack.summary() | slack.secrets()))
        await stop.wait()


if __name__ == "__main__":
    main()
