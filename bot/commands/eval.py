"""`spyglass eval`: how good the answers are, on cases that belong to the project (and on shared data where it lies)."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands._running import print_json, run
from bot.edge import put
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from bot.evals.report import Figure
    from bot.wiring import Wiring


def suites() -> list[str]:
    """Every file in `bot/evals/` with an `evaluate` is a suite."""
    import bot.evals

    names = [module.name for module in pkgutil.iter_modules(bot.evals.__path__)]
    return [name for name in names if hasattr(importlib.import_module(f"bot.evals.{name}"), "evaluate")]


@click.command("eval")
@click.argument("only", nargs=-1)
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"), show_default=True,
              help="Folder of real photos and receipts; suites that need it are skipped without.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(only: tuple[str, ...], data: Path, as_json: bool) -> None:
    """Measure how good the answers are: all suites, or those named. Exit code 1 when a target is missed."""
    known = suites()
    if unknown := [name for name in only if name not in known]:
        raise AskAgain(f"There is no suite {unknown[0]}; there are {', '.join(known)}.")
    figures = run(lambda wiring: _measure(wiring, list(only) or known, data, as_json), quiet=as_json)
    if as_json:
        print_json([{**asdict(figure), "met": figure.met} for figure in figures])
    if not all(figure.met for figure in figures):
        click.get_current_context().exit(1)


async def _measure(wiring: Wiring, names: list[str], data: Path, as_json: bool) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        suite = importlib.import_module(f"bot.evals.{name}")
        found: list[Figure] = await suite.evaluate(wiring, data)
        figures += found
        if not as_json:
            _show(name, found)
    return figures


def _show(name: str, figures: list[Figure]) -> None:
    if not figures:
        put(f"  {name}: skipped, its data is not here")
    for figure in figures:
        mark = "·" if figure.target is None else "✓" if figure.met else "✗"
        bound = "" if figure.target is None else f" ({'at most' if figure.at_most else 'target'} {figure.target:g})"
        note = f"  {figure.note}" if figure.note else ""
        put(f"{mark} {name}: {figure.what} {figure.value:.3f}{bound}, {figure.cases} cases{note}")
