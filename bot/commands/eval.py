"""`spyglass eval`: how good the answers are, on cases that belong to the project (and on shared data where it lies)."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
@click.option("--encoder", "encoders", multiple=True, metavar="ENCODER",
              help="For the suite encoders: as SPYGLASS_ENCODER, repeatable. Default: all that are here.")  # fmt: skip
@click.option("--failures", is_flag=True, help="Say which cases fail, and why.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON, with the failing cases.")
def command(only: tuple[str, ...], data: Path, encoders: tuple[str, ...], failures: bool, as_json: bool) -> None:
    """Measure how good the answers are: all suites, or those named. Exit code 1 when a target is missed.

    A table a suite: the share that is right with its 95% interval, what models cost, and how long a case takes.
    Models are asked anew, whatever they have answered before.
    """
    known = suites()
    if unknown := [name for name in only if name not in known]:
        raise AskAgain(f"There is no suite {unknown[0]}; there are {', '.join(known)}.")
    names = list(only) or (["encoders"] if encoders else known)
    figures = run(lambda wiring: _measure(wiring, names, data, encoders, failures, as_json), quiet=as_json)
    if as_json:
        print_json([as_data(figure) for figure in figures])
    if not all(figure.met for figure in figures):
        click.get_current_context().exit(1)


async def _measure(
    wiring: Wiring, names: list[str], data: Path, encoders: tuple[str, ...], failures: bool, as_json: bool
) -> list[Figure]:
    from bot.evals.report import Skipped

    wiring.settings = wiring.settings.model_copy(update={"answers_days": 0})
    figures: list[Figure] = []
    for name in names:
        suite = importlib.import_module(f"bot.evals.{name}")
        try:
            more = {"encoders": encoders} if name == "encoders" else {}
            found: list[Figure] = await suite.evaluate(wiring, data, **more)
            why = "its data is not here"
        except Skipped as skipped:
            found, why = [], str(skipped)
        figures += found
        if not as_json:
            _show(name, found, why, failures)
    return figures


def _show(name: str, figures: list[Figure], why: str, failures: bool) -> None:
    from bot.evals.report import failing, table

    if not figures:
        put(f"  {name}: skipped, {why}")
        return
    for line in [*table(figures), *(failing(figures) if failures else ()), ""]:
        put(line)


def as_data(figure: Figure) -> dict[str, Any]:
    """A figure as JSON: with its interval, and p50 and p95 in place of every case's seconds."""
    told = asdict(figure)
    told.pop("seconds")
    return {**told, "met": figure.met, "interval": figure.interval, "latency": figure.latency}
