"""`spyglass search TEXT`: the archive, without the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.commands._running import lines_of, print_json, run
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from bot.wiring import Wiring
    from tools.kit import Gate
    from tools.kit.ranking import Ranking


@click.command("search")
@click.argument("text", required=False)
@click.option("--limit", default=5, show_default=True, help="How many hits at most.")
@click.option("--batch", metavar="FILE", help="A query a line; - reads stdin.")
@click.option("--json", "as_json", is_flag=True, help="Print ranked paths and scores as JSON, a line a query.")
def command(text: str | None, limit: int, batch: str | None, as_json: bool) -> None:
    """Find images in the archive that show TEXT, best first, with scores."""
    if (text is None) == (batch is None):
        raise AskAgain("Say what to look for: spyglass search 'red bicycle', or --batch FILE.")
    queries = lines_of(batch) if batch is not None else [text or ""]
    run(lambda wiring: _search(wiring, queries, limit, as_json), quiet=as_json)


async def _search(wiring: Wiring, queries: list[str], limit: int, as_json: bool) -> None:
    """Every hit is listed, those under the cutoff marked: who asks for N ranked paths gets N."""
    from bot.wiring import OWNER
    from tools.kit import Archive, Encoder, Gate
    from tools.kit.ranking import rank

    gate = await wiring.lend(Gate)
    encoder, archive = await wiring.lend(Encoder), await wiring.lend(Archive)
    for query in queries:
        ranking = await rank(query, limit=limit, encoder=encoder, archive=archive, scope=OWNER)
        _show(query, ranking, gate, as_json)


def _show(query: str, ranking: Ranking, gate: Gate, as_json: bool) -> None:
    from graphs.constraints import redact

    facts = redact({**ranking.facts(), "query": query}, gate)
    if as_json:
        print_json(facts)
        return
    click.echo(f"{facts['query']}: {len(ranking.relevant)} relevant among {facts['total']}")
    for hit in facts["hits"]:
        click.echo(
            f"{hit['rank']:>3}. {hit['score']:.3f}  {hit['path']}{'' if hit['relevant'] else '  (under the cutoff)'}"
        )
