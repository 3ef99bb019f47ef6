"""Pure: what a search found, as cards or as a list beside its sheet; what narrows it; a button for more of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.slack.replying import rich
from bot.slack.replying.cards import Sources, carousels, more_button
from bot.slack.replying.chips import chips
from bot.slack.replying.hits import Clean, Search, hits_list, sheets
from bot.slack.replying.splitting import split
from bot.turns.running import Answer

TEXT_ROOM = 7_000
"""Characters of JSON that text takes in a message at most, so that the small print and the buttons still fit."""


def found(
    search: Search, run: str, cards: Sources | None, clean: Clean, hosts: Sequence[str]
) -> Iterable[dict[str, Any]]:
    """The blocks of its hits, and what narrows it even where it found none. cards: what is known of the hits; None:
    there are none here. run: of the answer."""
    if cards is None:
        yield from (rich.block(group) for group in split(hits_list(search, clean, hosts), TEXT_ROOM))
    else:
        yield from carousels(search, cards, clean, hosts)
    yield from chips(search, run, clean)
    if search.more:
        yield more_button(run, search)


def is_missing(answer: Answer, pictures: Mapping[str, str], cards: Sources | None) -> bool:
    """Whether a picture of the answer cannot be shown. What cards show needs no sheet."""
    needless = sheets(answer) if cards is not None else set()
    return any(picture["path"] not in {*pictures, *needless} for picture in answer.pictures)
