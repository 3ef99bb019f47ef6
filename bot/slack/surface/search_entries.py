"""Pure: what is filled in to search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.edge import plain
from bot.slack.surface import sentences
from bot.slack.surface.blocks import Block, entry, menu, small, typed, value_of, words
from bot.slack.surface.searching import Search
from tools.kit.pictures.colours import PROTOTYPES

QUERY, CHANNEL, KIND, BY, SINCE, UNTIL = "query", "channel", "kind", "by", "since", "until"
LOOKS, COLOUR, WRITTEN = "looks", "colour", "written"
COLOURS = tuple((name, name.capitalize()) for name in PROTOTYPES)
LONGEST = 300
EVERYWHERE = "everywhere"
"""Of the menu of places: no channel has such an id."""


def entries(search: Search, channels: Sequence[tuple[str, str]]) -> list[Block]:
    """The fields, filled with that search. channels: at least one (id, name), names clean by the gate."""
    wanted = search.channel or EVERYWHERE
    known = next((one for one in channels if one[0] == wanted), channels[0])
    places = [known, *(one for one in channels if one != known)]  # a menu shows only so many
    by = {"type": "users_select", "placeholder": words(sentences.ANYBODY)}
    what = typed(LONGEST, initial=search.query, example=sentences.WHAT_EXAMPLE)
    kind = menu(sentences.KINDS, initial=search.kind, example=sentences.ANY_KIND)
    looks = menu(sentences.LOOK, initial=search.looks, example=sentences.ANY_KIND)
    colour = menu(COLOURS, initial=search.colour, example=sentences.ANY_COLOUR)
    written = typed(LONGEST, initial=search.written, example=sentences.WRITTEN_EXAMPLE)
    return [
        entry(QUERY, sentences.WHAT, what, optional=True),
        entry(CHANNEL, sentences.WHERE, menu(places, initial=known[0])),
        entry(BY, sentences.POSTED_BY, by | ({"initial_user": search.by} if search.by else {}), optional=True),
        entry(SINCE, sentences.SINCE, _day(search.since), optional=True),
        entry(UNTIL, sentences.UNTIL, _day(search.until), optional=True),
        entry(LOOKS, sentences.LOOKS, looks, optional=True),
        entry(COLOUR, sentences.COLOUR, colour, optional=True),
        entry(WRITTEN, sentences.WRITTEN, written, optional=True),
        entry(KIND, sentences.KIND, kind, optional=True),
        small(sentences.YOUR_CHANNELS),
    ]


def filled_in(view: Mapping[str, Any]) -> Search:
    """The search that a submitted form asks for."""
    return Search(
        channel="" if value_of(view, CHANNEL) == EVERYWHERE else value_of(view, CHANNEL),
        query=query_of(value_of(view, QUERY)),
        kind=value_of(view, KIND),
        looks=value_of(view, LOOKS),
        colour=value_of(view, COLOUR),
        written=query_of(value_of(view, WRITTEN)),
        by=value_of(view, BY),
        since=value_of(view, SINCE),
        until=value_of(view, UNTIL),
    )


def query_of(typed_in: str) -> str:
    """Untrusted words as a query: on one line, and no longer than a form takes."""
    return " ".join(plain(typed_in).split())[:LONGEST]


def _day(initial: str) -> Block:
    chosen = {"initial_date": initial} if initial else {}
    return {"type": "datepicker", "placeholder": words(sentences.ANY_DAY), **chosen}
