"""`spyglass alt-text PATHS --csv OUT`: alt text for folders of images, as a table that grows by a line an image."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands._running import all_named, print_json, run
from bot.counting import counted
from bot.edge import put
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from bot.alt_texts.table import Counts
    from bot.wiring import Wiring

READY = "getting ready"
WRITTEN = "alt text {done:,} of {total:,}"
BY_PROVIDER = "{done:,} of {total:,} done by the provider; usually within an hour"
STOPPED = "Stopped. What is written stays in {out}: run the same command again to go on from there."
COUNTED = {
    "done": "written",
    "kept": "written before",
    "withheld": "withheld by a rule",
    "unreadable": "could not be read",
}


@click.command("alt-text")
@click.argument("paths", nargs=-1, required=True)
@click.option("--csv", "out", metavar="OUT", required=True, type=click.Path(path_type=Path), help="The table.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(paths: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Write alt text for the images and PDFs at PATHS into the table OUT, with captions, keywords, and what was
    withheld or could not be read. Can be stopped at any time and run again: what is in OUT is not done again."""
    all_named(paths)
    try:
        counts = run(lambda wiring: _write(wiring, tuple(map(Path, paths)), out, as_json), quiet=as_json)
    except KeyboardInterrupt:
        click.echo(err=True)  # below the ^C of the terminal
        raise click.Abort(STOPPED.format(out=out)) from None
    _report(counts, out, as_json)
    if not counts.images:
        click.get_current_context().exit(2)  # nothing could be opened: the input must be changed


async def _write(wiring: Wiring, paths: tuple[Path, ...], out: Path, as_json: bool) -> Counts:
    from bot.alt_texts.table import Counts, alt_table
    from bot.terminal.bars import progress_bar

    counts = Counts()
    with progress_bar(quiet=as_json) as bar:
        task = bar.add_task(READY, total=None)
        async for counts in alt_table(wiring, paths, out):
            done, total = counts.by_provider or (counts.seen, counts.total)
            words = (BY_PROVIDER if counts.by_provider else WRITTEN).format(done=done, total=total)
            bar.update(task, completed=done, total=total, description=words)
    if not counts.total:
        raise AskAgain(f"There is no image or PDF in {', '.join(map(str, paths))}: check the path.")
    return counts


def _report(counts: Counts, out: Path, as_json: bool) -> None:
    if as_json:
        print_json({"files": counts.total, **counts.by_status, "csv": str(out)})
        return
    parts = [f"{counts.by_status[name]:,} {words}" for name, words in COUNTED.items() if counts.by_status[name]]
    put(f"{counted(counts.total, 'file')}: {', '.join(parts)}. The table is {out}.")
