"""Pure: the hits of a search as a list: rank, name, how like, and where it was posted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.slack.replying.rich import Element, section, text_element
from bot.turns import Answer


def hits_list(answer: Answer, clean: Callable[[str], str], hosts: Sequence[str]) -> list[Element]:
    """One ordered list for each search. Names are linked where the hit's path is an address of a message or file at
    one of the `hosts`, such as ``slack.com``."""
    searches = [tool["evidence"]["facts"] for tool in answer.tools if tool["name"] == "search" and tool["evidence"]]
    lists = [[_hit(hit, facts, clean, hosts) for hit in facts.get("hits", ())] for facts in searches]
    return [{"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": items} for items in lists if items]


def _hit(hit: dict[str, Any], facts: dict[str, Any], clean: Callable[[str], str], hosts: Sequence[str]) -> Element:
    page = f", page {hit['page']}" if hit.get("page") is not None else ""
    name, address = clean(f"{hit['name']}{page}"), str(hit["path"])
    linked = _is_ours(address, hosts)
    shown = {"type": "link", "url": address, "text": name} if linked else text_element(name)
    note = f", {clean(str(hit['note']))}" if hit.get("note") else ""
    return section(shown, text_element(f": {likeness(hit['score'], facts['cutoff'])} ({hit['score']:.2f}){note}"))


def likeness(score: float, cutoff: float) -> str:
    """A cosine in words, by how far it is over what is worth showing: cosines of two encoders mean different things."""
    if score >= 1 - (1 - cutoff) / 5:
        return "all but the same"
    if score >= cutoff * 1.25:
        return "a good match"
    return "a fair match" if score >= cutoff * 1.08 else "only just a match"


def _is_ours(address: str, hosts: Sequence[str]) -> bool:
    """A link is made only to where Slack keeps messages and files; a path that says something else stays text."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018  raises when it is none
    except ValueError:
        return False
    known = any(host == each or host.endswith(f".{each}") for each in hosts)
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in ("127.0.0.1", "localhost"))
    # one in which the gate has hidden a word, such as a brand in the name of a file, leads nowhere: that is not ASCII
    whole = parts.path.startswith(("/archives/", "/files/")) and re.fullmatch(r"[!-;=?-{}~]+", address)
    return known and safe and whole is not None and not parts.username
