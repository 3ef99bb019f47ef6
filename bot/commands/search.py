"""`spyglass search TEXT`: the archive, without the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.commands._running import lines_of, print_json, run
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from bot.wiring import Wiring
    from tools.kit import Evidence, Gate


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
    from bot.wiring import OWNER
    from tools.kit import Gate, discover
    from tools.kit.toolbox import TurnToolbox

    gate = await wiring.lend(Gate)
    toolbox = TurnToolbox(discover(), wiring.lend_within(OWNER), fetch=_no_images)
    for query in queries:
        evidence = await toolbox.use("search", {"query": query, "limit": limit})
        _show(query, evidence, gate, as_json)


async def _no_images(ref: Any) -> Any:
    raise AskAgain(f"There is no {ref.handle} here.")


def _show(query: str, evidence: Evidence, gate: Gate, as_json: bool) -> None:
    from graphs.constraints import redact

    facts = redact(evidence.facts, gate)
    if as_json:
        print_json({"query": gate.clean(query), **{k: v for k, v in facts.items() if k != "query"}})
        return
    for hit in facts["hits"]:
        click.echo(f"{hit['rank']:>3}. {hit['score']:.3f}  {hit['path']}")
    if not facts["hits"]:
        click.echo(gate.clean(evidence.said))
    for picture in evidence.shows:
        click.echo(f"picture: {picture.path}")
