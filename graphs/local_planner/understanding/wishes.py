"""Wishes sorted: which clauses ask for something, which only say where or why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graphs.local_planner import arguments, followups
from graphs.local_planner.choices import labels
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.papers import field_words, fields
from graphs.local_planner.pointing.references import Reference, find, without
from graphs.local_planner.turn import Turn
from graphs.local_planner.understanding import clauses
from graphs.local_planner.understanding.cues import heard
from graphs.local_planner.understanding.intents import TOOLS, Wish
from tools.kit.analysis.asking import reckoning_of
from tools.kit.analysis.items import wanted_of

REQUEST = re.compile(
    (
        rf"(?:{clauses.ASKS})\b|(?:please|just|also|then|now|need|want|{clauses.VERBS})\b|(?:caption|alt|"
        rf"text|total|keywords|ocr|date|same|similar|more)\b"
    ),
    re.I,
)
WHICH = re.compile(
    r"^(?:so )?(?:what|which)(?: \w+)? (?:is|are|would|fits?|do)(?: \w+){0,6}$|^(?:choose|pick|"
    r"decide|assign)\b"
)
"""Asks for one of the labels that another clause lists."""
SEARCHES = re.compile(
    r"\b(?:find|search|show|look|any|anything|have|similar|like|more|archive|library|get|same|seen|"
    r"posted|where|need|want|but|only)\b"
)


def requests(wanted: Sequence[Wish], turn: Turn) -> list[Wish]:
    """Of several wishes those put as one; what is merely told beside them is not asked for."""
    if any(wish.tool == "look" and re.search(r"handwrit|translat", plain(wish.text)) for wish in wanted):
        wanted = [wish for wish in wanted if wish.tool != "read_text" or "read" in plain(wish.text)]
    listed = [wish for wish in wanted if wish.tool == "classify" and labels.offered(wish.text)[1]]
    open_ = [wish for wish in wanted if wish not in listed and wish.tool in ("classify", "describe", "look")]
    if listed:
        # "possible values: a, b. What is it?"
        wanted = [wish for wish in wanted if wish not in open_ or not WHICH.match(plain(wish.text))]
    chosen = [wish for wish in wanted if wish.tool == "classify" and re.search(r"\bor\b", wish.text)]
    wanted = [wish for wish in wanted if wish.tool != "classify" or not chosen or wish in chosen]
    asked = [wish for wish in wanted if REQUEST.match(plain(wish.text)) or wish in chosen]
    tools = {wish.tool for wish in asked}
    told = [
        wish for wish in wanted if wish.tool not in tools and (len(wish.text.split()) > 3 or wish.tool == "classify")
    ]
    if turn.now.posted:
        told += [wish for wish in wanted if wish.tool == "search" and not SEARCHES.search(plain(wish.text))]
    left = [wish for wish in wanted if wish not in told]
    return left if asked and left else list(wanted)


def only_shows(wish: Wish) -> bool:
    """Whether what sounds like a search says what a posted image shows: "photo of the parcel"."""
    return wish.tool == "search" and not SEARCHES.search(plain(wish.text)) and not arguments.by_image(wish.text)


def asks(text: str) -> bool:
    """Whether a clause is a question about something: "what", "is it ..." and more than a word or two."""
    said = plain(text)
    return len(said.split()) > 2 and bool(re.match(rf"(?:{clauses.ASKS})\b", said))


def shown(part: str, turn: Turn) -> str:
    """A clause with "this" for the images it names, when it names one: "is the third a moth or a butterfly"."""
    found = find(part, turn)
    return without(part, found, "this") if len(found.spans) == 1 and len(found.handles) == 1 else part


def named_before(found: Reference, named: Reference | None) -> Reference:
    """ "The newest one, please. Describe it": the image named in a clause of its own."""
    return replace(named, spans=()) if named and not found.said else found


def each_its_own(part: str, turn: Turn) -> list[str]:
    """ "The total of the first, the date of the second": pieces that each name an image of their own."""
    pieces = [piece.strip() for piece in re.split(r",|\band\b", part) if piece.strip()]
    found = [find(piece, turn) for piece in pieces]
    own = len(pieces) > 1 and all(len(one.handles) == 1 for one in found) and len({one.handles for one in found}) > 1
    full = own and all(followups.residue(piece, one) for piece, one in zip(pieces, found, strict=True))
    return pieces if full else [part]


def structured(text: str) -> bool:
    """Whether labels or fields are named, papers set against each other, or the items of one."""
    said = plain(text)
    named = labels.labels(text) or labels.single(text) or fields.fields(text)
    return bool(named or reckoning_of(said) or wanted_of(said)) or heard(said).get("chat", 0) > 4


def quiet(text: str) -> bool:
    """Whether no cue for a tool is heard clearly."""
    said = heard(plain(text))
    return max((said.get(tool, 0.0) for tool in TOOLS), default=0.0) < 4.0


def outputs(part: str) -> list[str]:
    """ "ocr + keywords" as two wishes, when each of a few short pieces names the work of some tool."""
    pieces = [piece for piece in re.split(r"\s*(?:\+|&|,|\band\b|\bplus\b)\s*", part) if piece]
    if "=" in part or not 2 <= len(pieces) <= 5 or any(len(piece.split()) > 4 for piece in pieces):
        return [part]
    scores = [{**heard(plain(piece)), **_as_field(piece)} for piece in pieces]
    named = [max(TOOLS, key=lambda tool: score.get(tool, 0.0)) for score in scores]
    loud = all(score.get(tool, 0.0) >= 3.5 for score, tool in zip(scores, named, strict=True))
    return pieces if loud and len(set(named)) > 1 else [part]


def _as_field(piece: str) -> dict[str, float]:
    return {"extract": 4.0} if field_words.FIELD.fullmatch(piece) else {}


def only_points(text: str, reference: Reference) -> bool:
    """Whether a sentence says nothing but which images: "and the second one?"."""
    if followups.residue(text, reference):
        return False
    return quiet(without(text, reference, "this"))


def settled(wanted: Sequence[Wish], asides: Sequence[Wish], turn: Turn, whole: Reference) -> list[Wish]:
    """Clauses of one wish brought together: the same tool twice is one, and a lone wish takes every image named."""
    tools = {wish.tool for wish in wanted}
    if len(tools) == 1:
        if wanted[0].tool in ("look", "analyze", "compare", "describe"):
            return [replace(max(wanted, key=lambda wish: wish.score), text=turn.now.text, reference=whole)]
        wanted = [wish if wish.reference.handles else replace(wish, reference=whole) for wish in wanted]
    if tools == {"extract"}:
        more = [wish.text for wish in asides if re.match(r"(?:when|where|who|what|how much)\b", plain(wish.text))]
        wanted = [*wanted[:-1], replace(wanted[-1], text=", ".join([wanted[-1].text, *more]))]
    return list(wanted)
