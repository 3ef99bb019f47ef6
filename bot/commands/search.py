"""`spyglass search TEXT`: the archive, without the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.commands._running import lines_of, print_json, run
from bot.edge import plain, put_line
from tools.kit.errors import AskAgain, Spoken

if TYPE_CHECKING:
    from bot.wiring import Wiring
    from tools.kit import Archive, Encoder


@click.command("search")
@click.argument("text", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=5, show_default=True, help="How many hits at most.")
@click.option("--batch", metavar="FILE", help="A query a line; - reads stdin.")
@click.option("--json", "as_json", is_flag=True, help="Print ranked paths and scores as JSON, a line a query.")
def command(text: str | None, limit: int, batch: str | None, as_json: bool) -> None:
    """Find images in the archive that show TEXT, best first, with scores."""
    if (text is None) == (batch is None):
        raise AskAgain("Say what to look for: spyglass search 'red bicycle', or --batch FILE.")
    if batch is not None:
        run(lambda wiring: _batch(wiring, batch, limit, as_json), quiet=as_json)
    else:
        run(lambda wiring: _one(wiring, text or "", limit, as_json), quiet=as_json)


async def _one(wiring: Wiring, query: str, limit: int, as_json: bool) -> None:
    from tools.kit import Archive, Encoder

    _show(await _found(query, limit, await wiring.lend(Encoder), await wiring.lend(Archive)), as_json)


async def _batch(wiring: Wiring, path: str, limit: int, as_json: bool) -> None:
    """One line in, one line out."""
    from tools.kit import Archive, Encoder

    encoder, archive = await wiring.lend(Encoder), await wiring.lend(Archive)
    async for line in lines_of(path):
        query = ""
        try:
            query = line.text
            _show(await _found(query, limit, encoder, archive), as_json)
        except Spoken as error:
            status = "refused" if isinstance(error, AskAgain) else "gave_up"
            _show({"query": query, "hits": [], "status": status, "problem": str(error)}, as_json)


async def _found(query: str, limit: int, encoder: Encoder, archive: Archive) -> dict[str, Any]:
    """Every hit is listed, those under the cutoff marked: who asks for N ranked paths gets N."""
    from bot.wiring import OWNER
    from tools.kit.ranking import rank

    ranking = await rank(plain(query), limit=limit, encoder=encoder, archive=archive, scope=OWNER)
    return {**ranking.facts(), "query": query}


def _show(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    if "problem" in found:
        put_line(f"{found['query']}: {found['problem']}")
        return
    relevant = sum(hit["relevant"] for hit in found["hits"])
    shunned = f", {found['shunned']} like {' or '.join(found['unwanted'])} left out" if found.get("shunned") else ""
    put_line(f"{found['query']}: {relevant} relevant among {found['total']}{shunned}")
    for hit in found["hits"]:
        put_line(
            f"{hit['rank']:>3}. {hit['score']:.3f}  {hit['path']}{'' if hit['relevant'] else '  (under the cutoff)'}"
        )
