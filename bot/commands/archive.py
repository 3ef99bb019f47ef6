"""`spyglass archive ...`: the archive itself, for whoever keeps it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands import _archive
from bot.commands._running import run

if TYPE_CHECKING:
    from bot.wiring import Wiring

STOPPED = "Stopped. What was done stays: run the same command again to go on from there."
whose = click.option("--workspace", metavar="ID", help="Slack team, or `local` for this terminal's. Default: all.")
one = click.option("--workspace", metavar="ID", default="local", show_default=True, help="Slack team, or `local`.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group("archive")
def command() -> None:
    """Look after the archive: what is in it, move it, keep a copy, and check it."""


@command.command("status")
@whose
@as_json
def status(workspace: str | None, as_json: bool) -> None:
    """Say what is in the archive: workspaces, images, channels, encoders, bytes."""
    run(lambda wiring: _archive.status(wiring, workspace, as_json), quiet=as_json)


@command.command("move")
@click.option("--to", "to", metavar="ARCHIVE", required=True, help="qdrant_server:http://HOST:6333 or qdrant_edge.")
@whose
@click.option("--replace", is_flag=True, help="Remove images there that are not in the archive that is moved.")
@click.option("--drop", is_flag=True, help="Delete the source once both were compared and agree.")
@as_json
def move(to: str, workspace: str | None, replace: bool, drop: bool, as_json: bool) -> None:
    """Carry the archive to another engine, compare both, and keep the source unless told otherwise.

    Can be stopped at any time and run again. Searches go to the new one when SPYGLASS_ARCHIVE names it.
    """
    _stoppable(lambda wiring: _archive.move(wiring, to, workspace, replace, drop, as_json), as_json)


@command.command("snapshot")
@click.argument("file", type=click.Path(path_type=Path))
@one
@as_json
def snapshot(file: Path, workspace: str, as_json: bool) -> None:
    """Write one workspace's archive to FILE."""
    run(lambda wiring: _archive.snapshot(wiring, file, workspace, as_json), quiet=as_json)


@command.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_json
def restore(file: Path, as_json: bool) -> None:
    """Put what FILE holds in place of that workspace's archive, and answer searches from it."""
    run(lambda wiring: _archive.restore(wiring, file, as_json), quiet=as_json)


@command.command("reencode")
@click.option("--to", "to", metavar="ENCODER", help="As SPYGLASS_ENCODER. Default: the one that is set.")
@whose
@as_json
def reencode(to: str | None, workspace: str | None, as_json: bool) -> None:
    """Have every image encoded by another encoder, while the one before goes on answering; then switch over.

    Can be stopped at any time and run again. `spyglass serve` does the same by itself when SPYGLASS_ENCODER changes.
    """
    _stoppable(lambda wiring: _archive.reencode(wiring, to, workspace, as_json), as_json)


@command.command("verify")
@whose
@click.option("--repair", is_flag=True, help="Put right what can be: read and encode again, or drop what is gone.")
@as_json
def verify(workspace: str | None, repair: bool, as_json: bool) -> None:
    """Check every image against its original, its vectors, and (with a Slack token) what Slack has now.

    Exit code 1 when something is wrong and was not put right.
    """
    if _stoppable(lambda wiring: _archive.verify(wiring, workspace, repair, as_json), as_json):
        click.get_current_context().exit(1)


def _stoppable(work: Callable[[Wiring], Coroutine[Any, Any, Any]], quiet: bool) -> Any:
    try:
        return run(work, quiet=quiet)
    except KeyboardInterrupt:
        click.echo(err=True)  # below the ^C of the terminal
        raise click.Abort(STOPPED) from None
