"""Pure: the hits of a search as a carousel of cards: each with its picture, where it is from, and what to do with it.

https://docs.slack.dev/reference/block-kit/blocks/carousel-block and card-block. Texts of cards are plain text, in which
Slack parses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.permalinks import is_ours
from bot.slack.replying import labels
from bot.slack.replying.hits import Clean, Search, also_posted, how_like, name_of

Block = dict[str, Any]

CARDS = 10
"""In one carousel."""
TITLE, SUBTITLE, BODY, ALT_TEXT, LABEL = 150, 150, 200, 1_000, 75
"""Characters that Slack takes; of an alternative text 2,000."""
OPEN, ASK, LIKE, MORE = "spyglass_hit_open", "spyglass_hit_ask", "spyglass_hit_like", "spyglass_hits_more"


@dataclass(frozen=True)
class Acts:
    """Action ids of what can be done with a hit: where it is done depends on who sees the hit."""

    open: str
    ask: str
    like: str


IN_THREAD = Acts(OPEN, ASK, LIKE)
ALONE = Acts("spyglass_aside_open", "spyglass_aside_ask", "spyglass_aside_like")
"""Of what one person alone is told: nothing that is done with it is seen by anybody else."""


@dataclass(frozen=True)
class Source:
    """What is known of a hit besides what its search says of it."""

    file: str | None = None
    """Id of a file in Slack that shows it."""
    posted: str = ""
    """By whom and when, in words. Names are their people's own choice."""


Sources = Mapping[str, Source]
"""By the hit's id."""


def carousels(
    search: Search, sources: Sources, clean: Clean, hosts: Sequence[str], acts: Acts = IN_THREAD
) -> Iterator[Block]:
    """As many as it takes."""
    cards = [_card(hit, search, sources.get(str(hit.get("id")), Source()), clean, hosts, acts) for hit in search.hits]
    for start in range(0, len(cards), CARDS):
        yield {"type": "carousel", "elements": cards[start : start + CARDS]}


def _card(hit: Block, search: Search, source: Source, clean: Clean, hosts: Sequence[str], acts: Acts) -> Block:
    name = name_of(hit)
    more = "".join(f", {said}" for said in (also_posted(hit), hit.get("note")) if said)
    card: Block = {
        "type": "card",
        "title": _text(f"{hit['rank']}. {name}", TITLE, clean),
        "body": _text(f"{how_like(hit, search.facts)}{more}", BODY, clean),
        "actions": list(actions(hit, clean, hosts, acts)),
    }
    if source.file:
        card["hero_image"] = picture(source.file, name, clean)
    posted = _text(source.posted, SUBTITLE, clean)
    if posted["text"]:  # Slack takes no empty one
        card["subtitle"] = posted
    return card if card["actions"] else {name: part for name, part in card.items() if name != "actions"}


def picture(file: str, name: str, clean: Clean) -> Block:
    """The image of a file in Slack, which is shown to those who may see that file."""
    alt_text = clean(_short(name, ALT_TEXT)) or labels.PICTURE
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt_text}


def actions(hit: Block, clean: Clean, hosts: Sequence[str], acts: Acts) -> Iterator[Block]:
    """What can be done with a hit: only what is in Slack can be opened there, and be asked about."""
    address, key, name = str(hit["path"]), str(hit.get("id") or ""), name_of(hit)
    if is_ours(address, hosts):
        yield {**_button(acts.open, labels.OPEN, name, clean), "url": address}
    if key:
        yield {**_button(acts.ask, labels.ASK_ABOUT_HIT, name, clean), "value": key}
        yield {**_button(acts.like, labels.SEARCH_LIKE_HIT, name, clean), "value": key}


def more_button(run: str, search: Search) -> Block:
    """Goes on with that search of a turn."""
    button = {
        "type": "button",
        "action_id": MORE,
        "text": {"type": "plain_text", "text": labels.MORE_RESULTS},
        "value": f"{run}:{search.number}",
    }
    return {"type": "actions", "elements": [button]}


def size_of(carousel: Block) -> int:
    """How much of a message's room it takes: what people read, and for each card what Slack counts for a block."""
    return sum(_words(card) + A_BLOCK for card in carousel["elements"])


A_BLOCK = 125


def _words(value: object) -> int:
    if isinstance(value, dict):
        own = sum(len(part) for name, part in value.items() if name in ("text", "alt_text") and isinstance(part, str))
        return own + sum(_words(part) for part in value.values())
    return sum(map(_words, value)) if isinstance(value, list) else 0


def _button(action: str, label: str, name: str, clean: Clean) -> Block:
    """All of its kind say the same on the screen: to a screen reader each says which hit it is for."""
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label},
        "accessibility_label": clean(_short(f"{label}: {name}", LABEL)),
    }


def _text(words: str, most: int, clean: Clean) -> Block:
    """The gate looks at what is left of it: a word cut short can be another one."""
    return {"type": "plain_text", "text": clean(_short(words, most))[:most], "emoji": False}


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
