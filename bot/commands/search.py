"""`spyglass search TEXT`: the archive, without the agent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from bot.commands._running import lines_of, print_json, run
from bot.commands._search_filters import filters_of, narrowed
from bot.edge import plain, put_line
from tools.kit.errors import AskAgain, Spoken

if TYPE_CHECKING:
    from bot.wiring import Wiring
    from tools.kit import Filters, Image
    from tools.kit.ranking import Ranked, Ranking


@dataclass(frozen=True)
class Asked:
    """What is searched for, beside the words."""

    filters: Filters | None
    limit: int
    like: str | None
    order: str | None
    nearest: bool

    @property
    def any(self) -> bool:
        return bool(self.filters or self.like or self.order in ("newest", "oldest"))


@click.command("search")
@click.argument("words", metavar="[TEXT]", nargs=-1)
@narrowed
@click.option("--like", metavar="FILE", help="Like this picture, or like a hit of an earlier search by its id.")
@click.option("--order", type=click.Choice(["best", "newest", "oldest"]), help="Of the hits; without TEXT the newest.")
@click.option("--limit", type=click.IntRange(min=1), default=5, show_default=True, help="How many hits at most.")
@click.option("--nearest", is_flag=True, help="Where nothing is relevant, the nearest miss alone.")
@click.option("--batch", metavar="FILE", help="A query a line; - reads stdin.")
@click.option("--json", "as_json", is_flag=True,
              help="Print ranked paths, scores, reasons and conditions as JSON, a line a query.")  # fmt: skip
def command(
    words: tuple[str, ...],
    like: str | None,
    order: str | None,
    limit: int,
    nearest: bool,
    batch: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Find images in the archive that show or say TEXT, best first, with scores and reasons.

    Without TEXT, those that the options leave, the newest first. TEXT needs no quotes, unless your shell reads
    something else into it.
    """
    text = " ".join(words) if words else None
    asked = Asked(filters_of(given), limit, plain(like) if like else None, order, nearest)
    if batch is not None:
        if text is not None:
            raise AskAgain("Say one query, or --batch FILE with several.")
        run(lambda wiring: _batch(wiring, batch, asked, as_json), quiet=as_json)
        return
    if text is None and not asked.any:
        raise AskAgain(
            "Say what to look for: spyglass search 'red bicycle', --from NAME, --like FILE, or --batch FILE."
        )
    run(lambda wiring: _one(wiring, text or "", asked, as_json), quiet=as_json)


async def _one(wiring: Wiring, query: str, asked: Asked, as_json: bool) -> None:
    _show(await _found(wiring, query, asked, await _image(wiring, asked)), as_json)


async def _batch(wiring: Wiring, path: str, asked: Asked, as_json: bool) -> None:
    """One line in, one line out."""
    image = await _image(wiring, asked)
    async for line in lines_of(path):
        query = ""
        try:
            query = line.text
            _show(await _found(wiring, query, asked, image), as_json)
        except Spoken as error:
            status = "refused" if isinstance(error, AskAgain) else "gave_up"
            _show({"query": query, "hits": [], "status": status, "problem": str(error)}, as_json)


async def _image(wiring: Wiring, asked: Asked) -> Image | None:
    """The picture to search with; None where there is none, or it is a hit. Raises: AskAgain for one that cannot be
    opened."""
    if not asked.like or _is_id(asked.like):
        return None
    from bot.commands._running import existing
    from bot.turns.intake import open_for_terminal

    refs, fetch = await open_for_terminal(wiring, [existing(Path(asked.like))])
    image: Image = await fetch(refs[0])
    return image


def _is_id(like: str) -> bool:
    try:
        UUID(like)
    except ValueError:
        return False
    return True


async def _found(wiring: Wiring, query: str, asked: Asked, image: Image | None) -> dict[str, Any]:
    """Every hit is listed, those under the cutoff marked: who asks for N ranked paths gets N."""
    from bot.wiring import OWNER
    from tools.kit import Archive, Directory, Encoder, TextEncoder
    from tools.kit.archive.resolving import resolve
    from tools.kit.ranking import rank

    lend = wiring.lend_within(OWNER)
    archive = await lend(Archive)
    resolved = await resolve(asked.filters, archive, OWNER, await lend(Directory))
    ranking = await rank(
        plain(query),
        image,
        resolved.filters,
        asked.limit,
        asked.like if image is None else None,
        order=asked.order,  # type: ignore[arg-type]
        encoder=await lend(Encoder),
        archive=archive,
        scope=OWNER,
        meaning=await lend(TextEncoder),
    )
    if not ranking.relevant:
        ranking = replace(ranking, ranked=_misses(ranking, asked))
    chips = [chip.fact for chip in resolved.chips]
    like = {"like": asked.like} if asked.like else {}
    return {**ranking.facts(), "query": query, **like, "chips": chips, **_told(ranking)}


def _misses(ranking: Ranking, asked: Asked) -> tuple[Ranked, ...]:
    """What is worth showing where nothing is relevant: misses that nobody could judge are none."""
    if asked.nearest:
        return ranking.ranked[:1]
    judged = ranking.by_picture or (ranking.understood and ranking.known)
    return ranking.ranked if judged else ()


def _told(ranking: Ranking) -> dict[str, Any]:
    """What the numbers leave out: why words alone were matched, what is not read yet, where the picture itself is."""
    from tools.kit.searching.telling import itself, not_judged, not_read

    notes = [said for said in (itself(ranking), not_judged(ranking), not_read(ranking)) if said]
    return {"note": " ".join(notes)} if notes else {}


def _show(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    if "problem" in found:
        put_line(f"{_short(found['query'])}: {found['problem']}")
        return
    put_line(_heading(found))
    for hit in found["hits"]:
        put_line(_line(hit, missed=bool(found.get("nearest_miss")) and len(found["hits"]) == 1))
        if posted := hit.get("posted"):
            put_line(
                f"            {hit['name']}, posted by {posted['name']} in #{posted['channel']}, {posted['at'][:10]}"
            )
        if hit["why"] and any(reason["kind"] != "picture" for reason in hit["reasons"]):
            put_line(f"            {_marked(hit['why'])}")
        for place in hit.get("places", ()):
            put_line(f"            also {_where(place)}")
    if found.get("note"):
        put_line(found["note"])


def _heading(found: dict[str, Any]) -> str:
    relevant = sum(hit["relevant"] for hit in found["hits"])
    shunned = f", {found['shunned']} like {' or '.join(found['unwanted'])} left out" if found.get("shunned") else ""
    narrowed_by = "".join(f", {_short(chip['label'])}" for chip in found["chips"])
    wanted = _wanted(found)
    if not found["total"]:
        return f"{f'{wanted}: ' if wanted else ''}no image passes{narrowed_by}"
    if not wanted:
        return f"{relevant} of {found['total']}{narrowed_by}, the {found['order']} first"
    more = f" and at least {found['more']} more" if found.get("more") else ""
    return f"{wanted}: {relevant} relevant{more} among {found['total']}{narrowed_by}{shunned}"


def _wanted(found: dict[str, Any]) -> str:
    """The words, and the picture they go with; empty for a list of what passes."""
    like = f"like {Path(found['like']).name}" if found.get("like") else ""
    return ", ".join(filter(None, (like, _short(found["query"]))))


def _short(query: str) -> str:
    from tools.kit.searching.telling import shortened

    return shortened(query)


def _line(hit: dict[str, Any], *, missed: bool) -> str:
    score = f"{hit['score']:.3f}" if hit["score"] is not None else "  -  "
    under = "" if hit["relevant"] else "  (the nearest miss)" if missed else "  (under the cutoff)"
    return f"{hit['rank']:>3}. {score}  {_where(hit)}{under}"


def _where(place: dict[str, Any]) -> str:
    """A file or a message, and which page where it is of a PDF."""
    return f"{place['path']}, page {place['page']}" if "page" in place else place["path"]


def _marked(why: str) -> str:
    return why.replace("⟦", "*").replace("⟧", "*")
