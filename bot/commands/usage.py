"""`spyglass usage`: what models took and cost, as tables and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from bot.commands._running import print_json, run
from bot.edge import put_line

if TYPE_CHECKING:
    from bot.ledger.usage import By, Sum
    from bot.settings import Settings
    from bot.wiring import Wiring

USUAL: tuple[By, ...] = ("day", "model", "tool")
HEADINGS = {
    "day": "Day (UTC)",
    "model": "Model",
    "tool": "Tool",
    "channel": "Channel",
    "user": "Person",
    "workspace": "Workspace",
}
NONE = "–"
NUMBERS = ("Calls", "In", "Out", "Images", "Again", "Cost")
"""Headings: in and out are tokens, again are answers that were there already."""
CHART, BESIDE = 40, 12
"""Cells of the longest bar, of a day and beside a table, where there is room: a terminal of 80 columns has it."""


@click.command("usage")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How many, today included.")
@click.option("--by", type=click.Choice(list(HEADINGS)), help="One table by this alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the sums as JSON.")
def command(days: int, by: By | None, as_json: bool) -> None:
    """Say what models took and cost: calls, tokens, images, money, and answers that were there already."""
    run(lambda wiring: _usage(wiring, days, (by,) if by else USUAL, as_json), quiet=as_json)


async def _usage(wiring: Wiring, days: int, wanted: Sequence[By], as_json: bool) -> None:
    from bot.ledger.usage import sums

    db = await (await wiring.model_tables()).db()
    total = next(iter(await sums(db, None, days=days)), None)
    found = {by: await sums(db, by, days=days) for by in wanted}
    if as_json:
        rows = {by: [one.model_dump() for one in each] for by, each in found.items()}
        print_json({"days": days, "total": total.model_dump() if total else None, "by": rows})
    elif total:
        _show(total, found, days, wiring.settings)
    else:
        put_line(f"No model was asked {_last(days)}.")


def _show(total: Sum, found: Mapping[By, list[Sum]], days: int, settings: Settings) -> None:
    from bot.ledger.usage import every_day
    from bot.ledger.words import in_all, savings, unpriced
    from bot.terminal.showing import console

    put_line(f"{_last(days).capitalize()}: {in_all(total)}")
    for sentence in (savings(total), unpriced(total), _budgets(settings)):
        if sentence:
            put_line(sentence)
    out = console()
    for by, each in found.items():
        out.print()
        cells = out.width - 80
        if by == "day":
            out.print(_chart(every_day(each, days), CHART + min(max(cells, -30), 40)))
        else:
            out.print(_table(by, each, BESIDE if cells >= 0 else 0))


def _chart(found: Sequence[Sum], cells: int) -> Any:
    """Days by day, from the first on which something was asked."""
    from bot.ledger.words import bars, cost

    busy = [number for number, one in enumerate(found) if one.calls or one.again]
    days = found[busy[0] :]
    rows = [[one.name, f"{one.calls:,}", cost(one), bar] for one, bar in zip(days, bars(days, cells), strict=True)]
    return _grid([HEADINGS["day"], "Calls", "Cost", ""], rows)


def _table(by: By, found: Sequence[Sum], cells: int) -> Any:
    from bot.ledger.words import bars, cost, short

    rows = []
    for one, bar in zip(found, bars(found, cells), strict=True):
        numbers = (one.calls, one.tokens_in, one.tokens_out, one.images, one.again)
        rows.append([one.name or NONE, *map(short, numbers), cost(one), bar])
    return _grid([HEADINGS[by], *NUMBERS, ""], rows)


def _grid(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
    """Names on the left, numbers to the right, bars at the end."""
    from rich.table import Table
    from rich.text import Text

    from bot.edge import shown

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(headings[0], overflow="fold", min_width=10)
    for heading in headings[1:-1]:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(headings[-1], no_wrap=True, style="cyan")
    for row in rows:
        table.add_row(*(Text(shown(cell)) for cell in row))  # as text: names may hold what looks like markup
    return table


def _budgets(settings: Settings) -> str:
    from bot.ledger.words import money

    limits = {
        "workspace": settings.budget_workspace,
        "channel": settings.budget_channel,
        "person": settings.budget_user,
    }
    said = [f"{money(limit)} for a {whose}" for whose, limit in limits.items() if limit is not None]
    return f"Budgets a day: {', '.join(said)}." if said else ""


def _last(days: int) -> str:
    return "today (UTC)" if days == 1 else f"in the last {days} days"
