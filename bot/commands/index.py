"""`spyglass index PATH...`: folders of images into the archive."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands._running import print_json, run
from bot.edge import put, put_line
from tools.kit.errors import Spoken

if TYPE_CHECKING:
    from bot.indexing.index import Progress
    from bot.wiring import Wiring

SHOWN = 20
"""Unreadable files listed one by one on a terminal; all of them are in the JSON."""
READY = "getting the encoder ready"
STOPPED = "Stopped. What is in the archive stays: run the same command again to go on from there."


@click.command("index")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="Also drop entries below PATHS whose file is gone.")
@click.option("--fresh", is_flag=True, help="Forget the whole archive first: needed to change its encoder.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts and what could not be read as JSON.")
def command(paths: tuple[Path, ...], prune: bool, fresh: bool, as_json: bool) -> None:
    """Bring the archive up to date with the images and PDFs at PATHS. Can be stopped at any time and run again."""
    try:
        run(lambda wiring: _index(wiring, list(paths), prune, fresh, as_json), quiet=as_json, keep_encoder=not fresh)
    except KeyboardInterrupt:
        click.echo(err=True)  # below the ^C of the terminal
        raise click.Abort(STOPPED) from None


async def _index(wiring: Wiring, paths: list[Path], prune: bool, fresh: bool, as_json: bool) -> None:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.indexing.index import Progress as Counts
    from bot.terminal.showing import console

    problems: list[dict[str, str]] = []
    counts = Counts()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console(), disable=as_json, transient=True) as bar:
            task = bar.add_task(READY, total=None)
            async for event in wiring.index(paths, prune=prune, fresh=fresh):
                if isinstance(event, Counts):
                    counts = event
                    bar.update(task, completed=event.seen, total=event.total, description=_under_way(event))
                else:
                    problems.append({"path": event.path, "reason": event.why})
    except Spoken:
        # what was done until then, and why the rest was not, is worth as much as the sentence that follows
        if counts.seen or problems:
            _report(counts, problems, as_json)
        raise
    _report(counts, problems, as_json)


def _under_way(counts: Progress) -> str:
    """The first files are told when models are loaded, and the sum once it is known."""
    return f"indexing {counts.seen:,}{f' of {counts.total:,}' if counts.total else ''}" if counts.seen else READY


def _report(counts: Progress, problems: list[dict[str, str]], as_json: bool) -> None:
    if as_json:
        print_json({**asdict(counts), "problems": problems})
        return
    for problem in problems[:SHOWN]:
        put_line(f"not indexed: {problem['reason']} ({problem['path']})")
    if len(problems) > SHOWN:
        put(f"... and {len(problems) - SHOWN} more (see --json)")
    parts = [
        (counts.added, "added"), (counts.replaced, "replaced"), (counts.unchanged, "unchanged"),
        (counts.removed, "removed"), (counts.unreadable, "could not be read"), (counts.other, "not images"),
        (counts.hidden, "hidden"),
    ]  # fmt: skip
    put(f"{counts.seen} files: " + ", ".join(f"{n} {what}" for n, what in parts if n) + ".")
