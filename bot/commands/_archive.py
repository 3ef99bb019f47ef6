"""What `spyglass archive ...` does, and how it is told on a terminal or as JSON."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands._running import print_json
from bot.counting import counted
from bot.edge import put, put_line
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from bot.archive.drift import Drift
    from bot.archive.moving import Moved
    from bot.wiring import Wiring

NOT_ASKED = (
    "Slack was not asked what it has: that needs SLACK_BOT_TOKEN of this workspace, or the settings it was added with."
)
SHOWN = 20
"""Findings listed one by one on a terminal; all of them are in the JSON."""


# --- status ---------------------------------------------------------------------------------------


async def status(wiring: Wiring, workspace: str | None, as_json: bool) -> None:
    from bot.archive.following import unread_of
    from bot.archive.standing import standing

    spec = wiring.settings.archive
    found = await standing(wiring, spec, workspace)
    if as_json:
        print_json({"archive": spec, "workspaces": [asdict(each) for each in found]})
        return
    put_line(f"Archive: {spec}")
    if not found:
        put("Nothing is in it yet: spyglass index FOLDER")
    for each in found:
        for line in each.lines():
            put_line(line)
        if unread := unread_of(wiring.settings.home, each.workspace):
            put_line(f"  of {len(unread):,} the original could not be had when they were encoded anew:")
            for lost in unread[:SHOWN]:
                put_line(f"    {lost.name}: {lost.why} ({lost.path})")


# --- move -----------------------------------------------------------------------------------------


async def move(wiring: Wiring, to: str, asked: str | None, replace: bool, drop: bool, as_json: bool) -> None:
    from bot.archive import engines

    spec = wiring.settings.archive
    if to.rstrip("/") == spec.rstrip("/"):
        raise AskAgain(f"The archive is there already ({spec}): name another place with --to.")
    await _check_named(wiring, to)
    done = []
    for workspace in await engines.workspaces(wiring, spec, asked):
        moved = await _moved(wiring, spec, to, workspace, replace, drop, as_json)
        done.append(moved)
        if not as_json:
            put_line(_move_said(moved, drop))
    if as_json:
        print_json({"from": spec, "to": to, "dropped": drop, "workspaces": [asdict(each) for each in done]})
    elif done:
        put_line(f"Set SPYGLASS_ARCHIVE={to} to have searches answered from there.")
    else:
        put("There is nothing to move: the archive is empty.")


async def _check_named(wiring: Wiring, to: str) -> None:
    """Raises: AskAgain when it names no archive."""
    from bot.archive import engines

    try:
        async with engines.looked_into(wiring, to):
            pass
    except AskAgain:
        raise AskAgain(f"--to {to} names no archive: say {engines.PLACES}.") from None


async def _moved(wiring: Wiring, spec: str, to: str, workspace: str, replace: bool, drop: bool, quiet: bool) -> Moved:
    from bot.archive import engines
    from bot.archive.moving import move
    from bot.terminal.bars import progress_bar

    found = await engines.current(wiring, spec, workspace)
    with progress_bar(quiet=quiet) as bar:
        task = bar.add_task(f"moving {workspace}", total=found.points)
        async with (
            engines.opened(wiring, spec, found) as source,
            engines.opened(wiring, to, found) as target,
            aclosing(move(source, target, workspace, replace=replace, drop=drop)) as events,
        ):
            async for event in events:
                bar.update(task, completed=event.seen, total=max(event.points, event.seen))
    return event


def _move_said(moved: Moved, dropped: bool) -> str:
    agreed = f", {moved.agreed:.1%} of the hits of {moved.searches} searches agree" if moved.agreed is not None else ""
    gone = f", {moved.removed:,} removed" if moved.removed else ""
    source = "deleted" if dropped else "kept"
    seen = counted(moved.seen, "image")
    return f"{moved.workspace}: {seen}, {moved.written:,} written{gone}{agreed}; the source is {source}."


# --- another encoder ------------------------------------------------------------------------------


async def reencode(wiring: Wiring, to: str | None, workspace: str | None, as_json: bool) -> None:
    from bot.archive.following import SETTLE, bring_all, told
    from bot.terminal.bars import progress_bar

    chosen = wiring.settings.encoder
    if to is None and chosen.partition(":")[0] == "auto":
        raise AskAgain("Name the encoder: --to clip:HUB_NAME_OR_FOLDER, for example, or set SPYGLASS_ENCODER to it.")
    if to and to != chosen and chosen.partition(":")[0] != "auto":
        raise AskAgain(f"SPYGLASS_ENCODER={chosen} would bring the archive back: set it to {to} instead.")
    done = []
    with progress_bar(quiet=as_json) as bar:
        task = bar.add_task("encoding", total=None)
        async for event in bring_all(wiring, to=to or "", workspace=workspace, settle=SETTLE):
            bar.update(task, completed=event.seen, total=event.points, description=f"encoding {event.workspace}")
            if event.finished:
                done.append(event)
    if as_json:
        print_json({"workspaces": [asdict(each) for each in done]})
        return
    for each in done:
        put_line(told(each))
        for unread in each.unread[:SHOWN]:
            put_line(f"  {unread.name}: {unread.why} ({unread.path})")
        if len(each.unread) > SHOWN:
            put(f"  ... and {len(each.unread) - SHOWN:,} more (see --json)")
    if not done:
        put("There is nothing to do: every archive is by that encoder already.")


# --- copies ---------------------------------------------------------------------------------------


async def snapshot(wiring: Wiring, file: Path, workspace: str, as_json: bool) -> None:
    from bot.archive import engines

    spec = wiring.settings.archive
    found = await engines.current(wiring, spec, workspace)
    async with engines.opened(wiring, spec, found) as archive:
        await archive.snapshot(workspace, file)
    size = (await asyncio.to_thread(file.stat)).st_size
    if as_json:
        print_json({"file": str(file), "workspace": workspace, "bytes": size, **asdict(found)})
    else:
        put_line(f"{file}: {counted(found.points, 'image')} of {workspace}, {size / 1e6:,.1f} MB.")


async def restore(wiring: Wiring, file: Path, as_json: bool) -> None:
    from bot.archive import engines
    from tools.kit.archive import Collected, snapshots

    about = snapshots.about(file)
    found = Collected(about.encoder, about.dim, about.points, current=True)
    async with engines.opened(wiring, wiring.settings.archive, found) as archive:
        await archive.restore(about.workspace, file)
        await archive.make_current(about.workspace)
    if as_json:
        print_json({"file": str(file), **asdict(about)})
    else:
        put_line(f"{about.workspace}: {counted(about.points, 'image')} by {about.encoder}, as of {about.made}.")


# --- verify ---------------------------------------------------------------------------------------


async def verify(wiring: Wiring, asked: str | None, repair: bool, as_json: bool) -> bool:
    """Whether anything is wrong still."""
    from bot.archive import engines
    from bot.archive.standing import TERMINAL

    done: dict[str, dict[str, Any]] = {}
    for workspace in await engines.workspaces(wiring, wiring.settings.archive, asked):
        seen, found, asked_slack = await _verified(wiring, workspace, repair, as_json)
        done[workspace] = {"images": seen, "drift": [asdict(drift) for drift in found], "slack": asked_slack}
        if not as_json:
            _drift_said(workspace, seen, found)
            if not asked_slack and workspace != TERMINAL:
                put(f"  {NOT_ASKED}")
    if as_json:
        print_json({"archive": wiring.settings.archive, "repair": repair, "workspaces": done})
    elif not done:
        put("There is nothing to verify: the archive is empty.")
    return any(not drift["mended"] for each in done.values() for drift in each["drift"])


async def _verified(wiring: Wiring, workspace: str, repair: bool, quiet: bool) -> tuple[int, list[Drift], bool]:
    """Images that were looked at, what is off, and whether Slack was asked what it has."""
    from bot.archive.auditing import audit
    from bot.archive.verifying import Checked
    from bot.slack.archiving.verifying.asking_slack import slack_of
    from bot.terminal.bars import progress_bar

    drifts: list[Drift] = []
    seen = 0
    with progress_bar(quiet=quiet) as bar:
        task = bar.add_task(f"verifying {workspace}", total=None)
        async with slack_of(wiring, workspace) as slack:
            async for event in audit(wiring, workspace, repair=repair, source=slack):
                if isinstance(event, Checked):
                    seen = event.seen
                    bar.update(task, completed=event.seen, total=event.total)
                else:
                    drifts.append(event)
            if slack and repair:
                await slack.tidy()
    return seen, drifts, slack is not None


def _drift_said(workspace: str, seen: int, found: list[Drift]) -> None:
    from bot.archive.drift import SAID

    off = f"{len(found):,} {'is' if len(found) == 1 else 'are'} off" if found else "nothing is wrong"
    put_line(f"{workspace}: {counted(seen, 'image')} checked, {off}.")
    numbers, mended = Counter(each.kind for each in found), Counter(each.kind for each in found if each.mended)
    for kind, number in numbers.items():
        put_line(f"  {number:,} {SAID[kind]}" + (f" ({mended[kind]:,} put right)" if mended[kind] else ""))
    for drift in found[:SHOWN]:
        put_line(f"    {drift.kind}: {drift.where}")
    if len(found) > SHOWN:
        put(f"    ... and {len(found) - SHOWN:,} more (see --json)")
    if found and not any(mended.values()):
        put("  With --repair what can be is put right.")
