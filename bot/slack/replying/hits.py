"""Pure: the hits of a search as a list: rank, name, why it is one, and by whom, where and when it was posted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.counting import day_of, more_times
from bot.slack.permalinks import is_ours
from bot.slack.replying.rich import Element, section, text_element
from bot.turns.running import Answer
from graphs.constraints.kit.gate import BLACKED
from graphs.memory import FINDING
from tools.kit.ranking.reasons import likeness
from tools.kit.ranking.snippets import MARK, unmarked

Clean = Callable[[str], str]
OPENING, CLOSING = MARK
PASSES = "passes the filters"


@dataclass(frozen=True)
class Search:
    """A search of an answer, or a look for earlier postings, that found something, or nothing."""

    number: int
    """Its place among the tools of the answer."""
    arguments: dict[str, Any]
    facts: dict[str, Any]
    """As the tool tells them."""
    tool: str = "search"

    @property
    def hits(self) -> list[dict[str, Any]]:
        """What it found; where a hit has no copies, that hit."""
        itself = self.facts.get("itself")
        return list(self.facts.get("hits") or ([itself] if itself else ()))

    @property
    def chips(self) -> list[dict[str, Any]]:
        """What it is narrowed by, a condition each; see `tools.kit.archive.chips`."""
        return list(self.facts.get("chips") or ())

    @property
    def widens(self) -> bool:
        """Whether it can be asked again without one of its conditions: something to go by is left, and may be said."""
        asks = any(self.arguments.get(name) for name in ("query", "image", "like", "within"))
        return (asks or len(self.chips) > 1) and BLACKED not in str(self.arguments)

    @property
    def more(self) -> bool:
        """Whether it can be gone on with: further images are over its cutoff, and all it was asked may be said."""
        return bool(self.facts.get("more")) and BLACKED not in str(self.arguments)

    @property
    def shown(self) -> list[str]:
        """Ids of all hits of this search that were shown by now, on earlier pages too."""
        return [*(self.arguments.get("without") or ()), *(str(hit["id"]) for hit in self.hits if hit.get("id"))]

    def kept(self) -> dict[str, Any]:
        """What going on with it needs, as JSON."""
        kept = {"tool": self.tool, "number": self.number, "arguments": self.arguments, "shown": self.shown}
        return {**kept, "chips": self.chips} if self.chips else kept


def searches(answer: Answer) -> list[Search]:
    """Those of an answer, in order."""
    return [
        Search(number, tool["arguments"], tool["evidence"]["facts"], tool["name"])
        for number, tool in enumerate(answer.tools)
        if tool["name"] in FINDING and tool["evidence"]
    ]


def sheets(answer: Answer) -> set[str]:
    """Paths of the pictures on which searches show all their hits."""
    found = (tool["evidence"] for tool in answer.tools if tool["name"] in FINDING and tool["evidence"])
    return {picture["path"] for evidence in found for picture in evidence.get("shows") or ()}


def hits_list(search: Search, clean: Clean, hosts: Sequence[str]) -> list[Element]:
    """One ordered list, when there are any hits. Names are linked where the hit's path is an address of a message or
    file at one of the `hosts`, such as ``slack.com``."""
    items = [hit_line(hit, search.facts, clean, hosts) for hit in search.hits]
    return [{"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": items}] if items else []


def hit_line(hit: dict[str, Any], facts: dict[str, Any], clean: Clean, hosts: Sequence[str]) -> Element:
    """One of them, without its rank."""
    name, address = clean(name_of(hit)), str(hit["path"])
    shown = {"type": "link", "url": address, "text": name} if is_ours(address, hosts) else text_element(name)
    after = "".join(f", {clean(str(part))}" for part in (posted(hit), hit.get("note")) if part)
    return section(
        shown, text_element(": "), *_marked(why(hit, facts), clean), *([text_element(after)] if after else [])
    )


def name_of(hit: dict[str, Any]) -> str:
    """What a hit is called, its page included."""
    page = f", page {hit['page']}" if hit.get("page") is not None else ""
    return f"{hit['name']}{page}"


def why(hit: dict[str, Any], facts: dict[str, Any]) -> str:
    """Why it is a hit, with words of the query marked as in ⟦this⟧."""
    if said := str(hit.get("why") or ""):
        return said
    if hit["score"] is None:
        return PASSES
    return f"{likeness(hit['score'], facts['cutoff'])} ({hit['score']:.2f})"


def how_like(hit: dict[str, Any], facts: dict[str, Any]) -> str:
    """As `why`, without the marks."""
    return unmarked(why(hit, facts))


def posted(hit: dict[str, Any]) -> str:
    """By whom (as they were called then), where and when it was posted, and how often besides; empty for a file that
    nobody did."""
    told = hit.get("posted") or {}
    who = f"by {told['name']}" if told.get("name") else ""
    where = f"in #{told['channel']}" if told.get("channel") else ""
    when = day_of(datetime.fromisoformat(told["at"])) if told.get("at") else ""
    return ", ".join(filter(None, (" ".join(filter(None, (who, where))), when, also_posted(hit))))


def also_posted(hit: dict[str, Any]) -> str:
    """How often the same picture lies elsewhere."""
    return more_times(len(hit.get("places") or ()))


def _marked(said: str, clean: Clean) -> list[Element]:
    """Marked words in bold; without marks where a rule catches what is said, which marks might hide from it."""
    bare = unmarked(said)
    if clean(bare) != bare:
        return [text_element(clean(bare))]
    parts = re.split(rf"({OPENING}[^{CLOSING}]*{CLOSING})", said)
    return [
        text_element(part.strip(OPENING + CLOSING), {"bold": True} if part.startswith(OPENING) else None)
        for part in parts
        if part.strip(OPENING + CLOSING)
    ]
