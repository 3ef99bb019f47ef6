"""Pure: what a search found for one person alone: as cards with pictures, as lines with them, as lines, as words.

Nobody else sees the message, and what its buttons do is seen by nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.slack.replying import labels, rich
from bot.slack.replying.cards import ALONE, Sources, actions, carousels, picture
from bot.slack.replying.hits import Clean, Search, hit_line, hits_list, name_of

Block = dict[str, Any]

MOST = 6
"""Hits that are told in one message; a form finds the rest."""
FORM = "spyglass_aside_form"
VALUE = 2_000
"""Characters that a button holds."""


@dataclass(frozen=True)
class Told:
    """A search, with those of its hits that are told."""

    search: Search
    form: str
    """What the form for the others is filled with."""
    left: int
    """How many others there are, at least."""


def bounded(found: Iterable[tuple[Search, str]]) -> list[Told]:
    """The first hits of them all, MOST at most. found: each search, and what its form is filled with."""
    told: list[Told] = []
    room = MOST
    for search, form in found:
        shown = search.hits[:room]
        room -= len(shown)
        left = len(search.hits) - len(shown) + int(search.facts.get("more") or 0)
        told.append(Told(replace(search, facts={**search.facts, "hits": shown}), form, left))
    return told


def forms(found: Sequence[Told], sources: Sources, clean: Clean, hosts: Sequence[str]) -> Iterator[list[Block]]:
    """The blocks of it all, in ways of which each asks less of Slack than the one before. sources: what is known of the
    hits, by id."""
    ways: Sequence[Callable[[Told], Iterable[Block]]] = (
        lambda told: carousels(told.search, sources, clean, hosts, ALONE),
        lambda told: _lines(told.search, sources, clean, hosts),
        lambda told: _lines(told.search, {}, clean, hosts),
        lambda told: _words(told.search, clean, hosts),
    )
    for way in ways:
        blocks = [block for told in found for block in (*way(told), *_more(told))]
        yield [rich.block(rich.from_plain(labels.FOR_YOU_ALONE)), *blocks]


def _lines(search: Search, sources: Sources, clean: Clean, hosts: Sequence[str]) -> Iterator[Block]:
    """A hit after the other: its line, its picture, and what can be done with it."""
    for place, hit in enumerate(search.hits):
        item = hit_line(hit, search.facts, clean, hosts)
        begins = {"offset": place} if place else {}
        yield rich.block([{"type": "rich_text_list", "style": "ordered", **begins, "indent": 0, "elements": [item]}])
        source = sources.get(str(hit.get("id")))
        if source and source.file:
            yield picture(source.file, name_of(hit), clean)
        if elements := list(actions(hit, clean, hosts, ALONE)):
            yield {"type": "actions", "elements": elements}


def _words(search: Search, clean: Clean, hosts: Sequence[str]) -> Iterator[Block]:
    if listed := hits_list(search, clean, hosts):
        yield rich.block(listed)


def _more(told: Told) -> Iterator[Block]:
    if told.left > 0:
        value = {"value": told.form} if 0 < len(told.form) <= VALUE else {}
        label = {"type": "plain_text", "text": labels.SEARCH_IN_FORM.format(n=told.left)}
        yield {"type": "actions", "elements": [{"type": "button", "action_id": FORM, "text": label, **value}]}
