"""Channels in a request: "in #design", "from the design channel", "not in #random", "in this channel"."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.wordings import DONE, NOT

MARKED = r"(?:<#\w+(?:\|[^>]*)?>|#(?!\d+\b)(?![0-9a-f]{6}\b)[^\W_][\w-]*)"
LIST = rf"{MARKED}(?:(?:\s*,\s*|\s+)(?:(?:and|or|und|oder|et|ou) )?(?:in |from )?{MARKED}|\s*[&/|]\s*{MARKED})*"
INSIDE = (
    r"(?:(?:in|from|on|at|over in|within|inside|across|to|into|through|around|under|im|aus|auf|en|dans|na|nel|sul|uit|"
    r"zu|w)\s+)"
)
HERE = "here"
"""The channel of a question, where the planner is not told its id."""
WATER = r"(?:english|panama|suez|river|tv|television|youtube|colou?r|red|green|blue|alpha|audio|ship|sea|this|that)"
"""Channels that no workspace has: "boats in the English channel"."""


def channels(left: Narrowed, place: str) -> None:
    """Cut where it was posted out of a request. `place`: the channel it is asked in, if known."""

    def listed(match: re.Match[str]) -> None:
        left.put("channels", [_plain(one) for one in re.findall(MARKED, match["where"])], without=bool(match["not"]))

    def named(match: re.Match[str]) -> bool | None:
        if re.fullmatch(WATER, match["where"], re.IGNORECASE):
            return False
        left.put("channels", [_plain(match["where"])], without=bool(match["not"]))
        return None

    def here(match: re.Match[str]) -> bool | None:
        if not place and not re.search(r"\bchannel\b", match[0], re.IGNORECASE):
            return False  # "that people shared here"
        left.put("channels", [place or HERE], without=bool(match["not"]))
        return None

    elsewhere = r"(?:any|every|some)where (?:but|else than|other than|except(?: for)?)(?: in)?|outside(?: of)?"
    no = rf"(?P<not>{NOT}\s+|\b(?:{elsewhere})\s+)?"
    left.take(r"(?<!\S)(?P<not>-)?in:\s?(?P<where><#\w+(?:\|[^>]*)?>|#?[^\W_][\w-]*)", named)
    posted = r"(?:,\s*)?(?:\bit (?:was|is) )?"
    left.take(
        rf"{no}{posted}(?:\b(?:only |just |all |over |"
        rf"somewhere )*{INSIDE})?(?:\bthe )?(?:\bchannels? )?(?P<where>{LIST})"
        r"(?:'s\b)?(?: channels?\b)?(?: only\b)?",
        listed,
    )
    name = r"(?P<where>#?[^\W_][\w-]*)"
    left.take(rf"{no}{posted}\b{INSIDE}(?:the )?channels? (?:called |named )?(?!of\b|or\b|and\b){name}", named)
    left.take(rf"{no}{posted}\b(?:{INSIDE}|search |browse )(?:the |our )?{name} channel\b(?:'s)?", named)
    left.take(rf"(?P<not>)^(?:show |find |get )?the {name} channel's\b", named)
    left.take(
        rf"{no}{posted}\b(?:in|from|within) (?:this|the same|our) channel\b|{no.replace('not', 'nor')}\b{DONE} here\b",
        here,
    )


def _plain(said: str) -> str:
    """The id where Slack wrote one, else the name without "#"."""
    marked = re.fullmatch(r"<#(\w+)(?:\|[^>]*)?>", said)
    return marked[1] if marked else said.lstrip("#")
