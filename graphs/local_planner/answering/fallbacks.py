"""When no model can look: which measuring tools can tell part of what was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphs.local_planner.language.phrases import plain
from graphs.local_planner.turn import Call, Exchange
from graphs.manners import translates
from tools.kit import ImageRef, Json
from tools.kit.analysis.counting import countable
from tools.kit.analysis.questions import things_counted

READS = re.compile(
    r"\b(?:hand-?writ\w+|written|read|text|sign|language|say|says|words?|label|scribbl\w+|"
    r"in (?:english|german|french|spanish))\b"
)
COLOURS = re.compile(
    r"\bcolou?r\w*\b|\bblack and white\b|\bmonochrome\b|\b(?:red|blue|green|yellow|black|white|bright|dark) or \w+\b"
)
PRESENT = re.compile(
    r"\b(?:is there|are there|(?:do|can) you see|does (?:it|this|that|the \w+) (?:show|have|contain)|(?:has|have) got)"
    r" (?:an?|any|some|the) (?P<thing>[a-z][a-z -]{1,30}?)"
    r"(?: (?:in|on|at|here|there|visible|anywhere|behind|near|next|under|with|to|standing|sitting)\b.*)?$"
)
"""Asks whether something is there, which a label can be tried for."""


def instead(exchange: Exchange, images: Sequence[ImageRef]) -> list[tuple[str, dict[str, Json]]]:
    """Calls of measuring tools for every look that failed, each only once."""
    done = {(call.tool, handle) for call in exchange.calls for handle in call.handles}
    blind = [call for call in exchange.calls if call.tool == "look" and call.failed and not call.asks]
    pages = {image.handle for image in images if image.page}
    return [(tool, said) for call in blind for tool, said in _for(call, pages) if not _known(tool, said, done)]


def _known(tool: str, said: dict[str, Json], done: set[tuple[str, str]]) -> bool:
    return (tool, str(said.get("image"))) in done


def _for(call: Call, pages: set[str]) -> list[tuple[str, dict[str, Json]]]:
    asked = str(call.arguments.get("question", ""))
    if translates(asked):
        return [("read_text", {"image": handle}) for handle in call.handles]
    question = plain(asked).strip(" ?!.")
    things = things_counted(question)
    if things and countable(things):
        return [("analyze", {"images": list(call.handles), "question": question})]
    return [_one(question, handle, paper=handle in pages) for handle in call.handles]


def _one(question: str, handle: str, *, paper: bool) -> tuple[str, dict[str, Json]]:
    if READS.search(question):
        return "read_text", {"image": handle}
    if COLOURS.search(question):
        return "describe", {"image": handle, "parts": ["colours"]}
    if present := PRESENT.search(question):
        return "classify", {"image": handle, "labels": [present["thing"]]}
    return ("read_text" if paper else "describe"), {"image": handle}
