"""`spyglass index WHAT...`: folders, exports of Slack and buckets into the archive."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bot.commands._running import all_named, print_json, run
from bot.edge import put, put_line
from tools.kit.archive import AT_TERMINAL, Scope
from tools.kit.errors import AskAgain, Spoken

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from bot.indexing.progress import Progress
    from bot.wiring import Wiring

SHOWN = 20
"""Unreadable files listed one by one on a terminal; all of them are in the JSON."""
READY = "getting the encoder ready"
LOOKING = "reading and naming"
STOPPED = "Stopped. What is in the archive stays: run the same command again to go on from there."


@click.command("index")
@click.argument("named", metavar="PATH...", nargs=-1, required=True)
@click.option("--prune", is_flag=True, help="Also drop entries below each PATH whose original is gone.")
@click.option("--fresh", is_flag=True, help="Forget the whole archive first.")
@click.option(
    "--enrich/--no-enrich",
    default=None,
    help="Find out what is in each image (text, tags, colours, kind): SPYGLASS_ARCHIVE_ENRICH says which if neither.",
)
@click.option("--captions", is_flag=True, help="SPYGLASS_VISION writes captions (a call an image), for this once.")
@click.option(
    "--workspace",
    metavar="TEAM",
    help="Put an export into the archive of this Slack workspace (T...), each image for the members of its channel.",
)
@click.option("--download", is_flag=True, help="Fetch what an export only links to from Slack, with SLACK_BOT_TOKEN.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts and what could not be read as JSON.")
def command(named: tuple[str, ...], enrich: bool | None, workspace: str | None, as_json: bool, **wanted: bool) -> None:
    """Bring the archive up to date with images and PDFs. Can be stopped at any time and run again.

    Each PATH is a folder, a file, an export of a Slack workspace (a zip, or the folder it was unpacked to), or
    s3://BUCKET/PREFIX.
    """
    scope = scope_of(workspace)
    all_named(named)

    async def work(wiring: Wiring) -> None:
        captions = wanted["captions"] or wiring.settings.archive_captions
        chosen = wiring.settings.archive_enrich if enrich is None else enrich
        more = {**wanted, "enrich": chosen or wanted["captions"], "captions": captions}
        await _index(wiring, named, as_json, {**more, "scope": scope, "by_channel": workspace is not None})

    try:
        run(work, quiet=as_json, keep_encoder=not wanted["fresh"])
    except KeyboardInterrupt:
        click.echo(err=True)  # below the ^C of the terminal
        raise click.Abort(STOPPED) from None


def scope_of(workspace: str | None) -> Scope:
    """Raises: AskAgain for what is no id of a workspace."""
    if workspace is None:
        return Scope(workspace="local", audiences=(AT_TERMINAL,))
    if not re.fullmatch(r"[TE][A-Z0-9]{2,20}", workspace):
        raise AskAgain(
            f"{workspace} is no id of a Slack workspace: one begins with T, as in https://app.slack.com/client/T..."
        )
    return Scope(workspace=workspace, audiences=(workspace,))


async def _index(wiring: Wiring, named: Sequence[str], as_json: bool, wanted: Mapping[str, Any]) -> None:
    from bot.indexing.progress import Progress
    from bot.terminal.bars import progress_bar

    problems: list[dict[str, str]] = []
    counts = Progress()
    try:
        with progress_bar(quiet=as_json) as bar:
            first, second = bar.add_task(READY, total=None), bar.add_task(LOOKING, visible=False)
            async for event in wiring.index(named, **wanted):
                if isinstance(event, Progress):
                    counts = event
                    bar.update(first, completed=event.seen, total=event.total, description=_under_way(event))
                    _look_again(bar, second, event)
                else:
                    problems.append({"path": event.path, "reason": event.why})
    except Spoken:
        # what was done until then, and why the rest was not, is worth as much as the sentence that follows
        if counts.seen or problems:
            _report(counts, problems, as_json)
        raise
    _report(counts, problems, as_json)


def _look_again(bar: Bar, task: TaskID, counts: Progress) -> None:
    """How far the second look at images is, once there is one."""
    if counts.enriched:
        every = counts.enriched + counts.unfinished
        said = f"{LOOKING} {counts.enriched:,} of {every:,}"
        bar.update(task, completed=counts.enriched, total=every, description=said, visible=True)


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
        (counts.hidden, "hidden"), (counts.enriched, "read and named"), (counts.unfinished, "yet to be read and named"),
    ]  # fmt: skip
    put(
        f"{counts.seen} file{'' if counts.seen == 1 else 's'}: "
        + ", ".join(f"{n} {what}" for n, what in parts if n)
        + "."
    )
