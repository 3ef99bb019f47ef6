"""Pure: what a search found -> a modal with the pictures, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot import counting
from bot.slack.fetching.thumbnails import is_shown_by_slack
from bot.slack.permalinks import is_ours
from bot.slack.replying.hits import also_posted, how_like, name_of
from bot.slack.replying.mrkdwn import escape
from bot.slack.storage.origins import Origin
from bot.slack.surface import sentences
from bot.slack.surface.blocks import DIVIDER, OPTION, Block, button, buttons, mention, outside, small, text, words
from bot.slack.surface.searching import MOST, Found, Search
from tools.kit import Item
from tools.kit.ranking import Ranked, Ranking
from tools.kit.searching.telling import not_judged, not_read

Clean = Callable[[str], str]

MORE, CHANGE, LIKE, ASK, OPEN = (f"spyglass_search_{name}" for name in ("more", "change", "like", "ask", "open"))
CHIP = "spyglass_search_without"
"""Action ids of the buttons that take away what narrows a search begin so; each one's value says what."""


def results(
    search: Search, found: Found, *, clean: Clean, hosts: Sequence[str], by: str = "", pictures: bool = True
) -> list[Block]:
    """Every hit, best first, up to as many as are wanted. by: what the person is called whose images are searched.
    pictures: False shows their names alone."""
    ranking = found.ranking
    shown = ranking.relevant[: search.shown]
    facts = ranking.facts(shown)
    hits = [
        block
        for each, fact in zip(shown, facts["hits"], strict=True)
        for block in _hit(each, fact, facts, found, clean, hosts, pictures=pictures)
    ]
    more = len(ranking.relevant) > search.shown and search.shown < MOST
    ending = [button(MORE, sentences.MORE)] if more else []
    return [
        text(f"*{escape(clean(ranking.query or sentences.EVERYTHING))}*"),
        small(narrowed_to(search, clean)),
        *chips(search, by, clean),
        text(counted(ranking, len(shown))),
        *hits,
        DIVIDER,
        buttons(*ending, button(CHANGE, sentences.CHANGE)),
    ]


def narrowed_to(search: Search, clean: Clean) -> str:
    """Where was searched and among what, in mrkdwn."""
    named = sentences.DIRECT if search.channel.startswith("D") else f"<#{escape(search.channel)}>"
    where = named if search.channel else sentences.EVERYWHERE
    by = f"posted by {mention(search.by)}" if search.by else ""
    others = (escape(clean(_said(name, value))) for name, value in search.narrowed.items() if name != "by")
    return " · ".join(filter(None, (where, by, *others)))


def chips(search: Search, by: str, clean: Clean) -> list[Block]:
    """Buttons that take away what narrows it, as long as something to go by is left."""
    offered = [
        button(f"{CHIP}_{name}", clean(_chip(name, by if name == "by" else value)), name)
        for name, value in search.narrowed.items()
        if search.without(name).goes_by_something
    ]
    return [buttons(*offered)] if offered else []


def _chip(name: str, value: str) -> str:
    """As short as a button's label is, before the gate looks at it: a word cut short can be another one."""
    return sentences.CHIP.format(chip=_said(name, value))[:OPTION]


def _said(name: str, value: str) -> str:
    """What narrows a search, in words."""
    menus = dict((*sentences.KINDS, *sentences.LOOK))
    worded = {"by": "from {}", "since": "since {}", "until": "until {}", "written": "with the words “{}”"}
    return worded.get(name, "{}").format(menus.get(value, value))


def counted(ranking: Ranking, shown: int) -> str:
    """How much was found, shown, left out and not read yet: no more is claimed than was seen."""
    return " ".join(filter(None, (_counted(ranking, shown), not_read(ranking))))


def _counted(ranking: Ranking, shown: int) -> str:
    total = counting.counted(ranking.total, "image")
    why = not_judged(ranking)
    if not ranking.ranked or (why and not shown):
        return " ".join(filter(None, (sentences.NO_HIT.format(total=total), why)))
    if not shown:
        best = sentences.BEST.format(score=ranking.ranked[0].hit.score, cutoff=ranking.cutoff)
        return f"{sentences.NO_HIT.format(total=total)} {best}"
    first = f", the {ranking.order if ranking.order != 'best' else 'most similar'} first" if shown > 1 else ""
    said = f"{shown} of {total}{first}."
    below = len(ranking.ranked) - len(ranking.relevant)
    if not below or why:
        return " ".join(filter(None, (said, why)))
    left_out = sentences.CUT_OFF.format(below=below, cutoff=ranking.cutoff, are="is" if below == 1 else "are")
    return f"{said} {left_out}"


def _hit(
    ranked: Ranked,
    fact: Any,
    facts: Any,
    found: Found,
    clean: Clean,
    hosts: Sequence[str],
    *,
    pictures: bool,
) -> list[Block]:
    item = ranked.hit.item
    origin = found.origins.get(item.id)
    caption = clean(f"{fact['rank']}. {name_of(fact)}: {how_like(fact, facts)}")
    shown = _picture(origin, caption) if origin and pictures and is_shown_by_slack(item) else outside(caption)
    ask = [button(ASK, sentences.ASK_ABOUT, item.id)] if origin else []
    link = [button(OPEN, sentences.OPEN, url=item.path)] if is_ours(item.path, hosts) else []
    below = [small(_posted(origin, item, fact))] if origin else []
    return [shown, *below, buttons(*ask, button(LIKE, sentences.LIKE, item.id), *link)]


def _picture(origin: Origin, caption: str) -> Block:
    return {"type": "image", "slack_file": {"id": origin.file}, "alt_text": caption, "title": words(caption, 2_000)}


def _posted(origin: Origin, item: Item, fact: Any) -> str:
    """By whom, where and when, each reader's own way of writing a day; and how often besides.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    seconds = int(float(origin.ts))
    day = datetime.fromtimestamp(seconds, UTC).date().isoformat()
    where = "" if item.audience.startswith("D") else f" in <#{escape(item.audience)}>"
    also = f", {said}" if (said := also_posted(fact)) else ""
    return f"posted by {mention(origin.user)}{where} <!date^{seconds}^{{date_short_pretty}}|{day}>{also}"
