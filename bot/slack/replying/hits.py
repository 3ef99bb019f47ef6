"""Pure: the hits of a search as a list: rank, name, how like, and where it was posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.permalinks import is_ours
from bot.slack.replying.rich import Element, section, text_element
from bot.turns import Answer
from graphs.constraints.kit.gate import BLACKED
from tools.kit.ranking.reasons import likeness
from tools.kit.ranking.snippets import unmarked

Clean = Callable[[str], str]


@dataclass(frozen=True)
class Search:
    """A search of an answer that found something, or nothing."""

    number: int
    """Its place among the tools of the answer."""
    arguments: dict[str, Any]
    facts: dict[str, Any]
    """As the search tool tells them."""

    @property
    def hits(self) -> list[dict[str, Any]]:
        return list(self.facts.get("hits") or ())

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
        return {"number": self.number, "arguments": self.arguments, "shown": self.shown}


def searches(answer: Answer) -> list[Search]:
    """Those of an answer, in order."""
    return [
        Search(number, tool["arguments"], tool["evidence"]["facts"])
        for number, tool in enumerate(answer.tools)
        if tool["name"] == "search" and tool["evidence"]
    ]


def sheets(answer: Answer) -> set[str]:
    """Paths of the pictures on which searches show all their hits."""
    found = (tool["evidence"] for tool in answer.tools if tool["name"] == "search" and tool["evidence"])
    return {picture["path"] for evidence in found for picture in evidence.get("shows") or ()}


def hits_list(search: Search, clean: Clean, hosts: Sequence[str]) -> list[Element]:
    """One ordered list, when there are any hits. Names are linked where the hit's path is an address of a message or
    file at one of the `hosts`, such as ``slack.com``."""
    items = [_hit(hit, search.facts, clean, hosts) for hit in search.hits]
    return [{"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": items}] if items else []


def _hit(hit: dict[str, Any], facts: dict[str, Any], clean: Clean, hosts: Sequence[str]) -> Element:
    name, address = clean(name_of(hit)), str(hit["path"])
    shown = {"type": "link", "url": address, "text": name} if is_ours(address, hosts) else text_element(name)
    note = f", {clean(str(hit['note']))}" if hit.get("note") else ""
    return section(shown, text_element(f": {how_like(hit, facts)}{note}"))


def name_of(hit: dict[str, Any]) -> str:
    """What a hit is called, its page included."""
    page = f", page {hit['page']}" if hit.get("page") is not None else ""
    return f"{hit['name']}{page}"


def how_like(hit: dict[str, Any], facts: dict[str, Any]) -> str:
    """In words, and as the cosine; where none was taken, what else makes it a hit."""
    if hit["score"] is None:
        return unmarked(str(hit.get("why") or "passes the filters"))
    return f"{likeness(hit['score'], facts['cutoff'])} ({hit['score']:.2f})"
