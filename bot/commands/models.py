"""`spyglass models`: the models that are known, what they can and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bot.edge import print_json, shown

if TYPE_CHECKING:
    from tools.kit.models import ModelCard

LISTED = ("anthropic", "openai", "google")
HEADINGS = ("model", "reads", "writes", "sees", "by schema", "thinks", "$ in", "$ cached", "$ out", "price of")
UNKNOWN = "unknown"


@click.command("models")
@click.argument("provider", required=False, type=click.Choice(LISTED))
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(provider: str | None, as_json: bool) -> None:
    """List the models that are known, as SPYGLASS_MODEL and SPYGLASS_VISION name them.

    Sizes are in tokens, prices in US dollars for a million tokens on the day they were published. A model that is not
    listed works too, with cautious defaults.
    """
    from bot.wiring import Wiring

    catalogue = Wiring.imported("catalogue")
    cards = [card for one in ([provider] if provider else LISTED) for card in catalogue.cards_of(one)]
    if as_json:
        print_json([card.model_dump(mode="json") for card in cards])
        return
    _print(cards)


def _print(cards: Sequence[ModelCard]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if heading.startswith(("reads", "writes", "$")) else "left")
        table.columns[number].no_wrap = True
    for card in cards:
        table.add_row(*_row(card))
    Console(width=140 if not Console().is_terminal else None).print(table)


def _row(card: ModelCard) -> list[str]:
    told = [UNKNOWN, "", "", ""]
    if card.price:
        told = [*map(_money, (card.price.input, card.price.cached, card.price.output)), str(card.price.on)]
    able = ["yes" if can else "" for can in (card.vision, card.structured, card.thinking)]
    return [shown(card.spec), f"{card.context:,}", f"{card.output:,}", *able, *told]


def _money(dollars: float | None) -> str:
    return UNKNOWN if dollars is None else f"{dollars:g}"
