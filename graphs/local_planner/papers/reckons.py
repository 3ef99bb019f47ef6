"""Questions that set several papers against each other, or ask what one lists: work for `analyze`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from graphs.local_planner.language.phrases import plain
from graphs.local_planner.pointing import pages
from graphs.local_planner.pointing.references import Reference, focus
from graphs.local_planner.turn import Turn
from tools.kit import Json
from tools.kit.analysis.asking import BY_TIME, FIELD, RANKED, reckoning_of
from tools.kit.analysis.items import name_in, wanted_of

Calls = tuple[tuple[str, dict[str, Json]], ...]

PAPERS = re.compile(r"\b(?:prices?|priced|bought|ordered|cost|receipts?|invoices?|bills?|expensive|cheap\w*)\b")
OF_ONE = re.compile(r"\b(?:on|off|from) the (?:newest|oldest|latest|earliest)\b")
"""Names one image, and is no question of which."""
BARE = re.compile(
    r"\b(?:which|what|and|now|ok|is|are|has|have|the|one|ones|of|them|these|those|it|two|three|then)\b|\W"
)
OPEN = re.compile(
    rf"{RANKED.pattern}|\b(?:add|sum)\b.*\b(?:them|up|these|those|both)\b|\baverage\b"
    r"|\b(?:over|under|above|below|(?:more|less) than)\s+\S*\d\S*",
    re.I,
)
"""Could be about anything: about the field that was taken off before, if one was."""


def question_of(text: str, turn: Turn) -> str:
    """The question, complete by itself, when it is such a one; empty for any other."""
    said = plain(text)
    if OF_ONE.search(said):
        return ""
    if of_items(text):
        known = _talk_of_papers(turn) or (PAPERS.search(said) and not name_in(said))
        return text if known and not re.search(r"\bline items?$", said) else ""
    if len(_papers(turn)) < 2:
        return ""
    return text if reckoning_of(said) else _completed(text, turn)


def of_items(text: str) -> bool:
    """Whether a question is about what a paper lists."""
    return wanted_of(plain(text)) is not None


def _completed(text: str, turn: Turn) -> str:
    """ "Which is the highest?" after the taxes is about the tax; "and the newest?" is about dates all the same."""
    said, field = plain(text), _field_before(turn)
    if not field or not OPEN.search(said) or BARE.sub("", OPEN.sub("", said)):
        return ""
    if bool(BY_TIME.search(said)) != field.endswith("date"):
        field = "date" if BY_TIME.search(said) else "total"
    return f"{text.rstrip(' ?.!')} ({field})?"


def going_on(text: str, turn: Turn) -> Calls:
    """ "And the newest?" after papers were set against each other: not the newest image. Empty for anything else."""
    again = turn.last is not None and turn.last.calls[-1].tool == "analyze" and not turn.now.posted
    question = _completed(text, turn) if again and len(_papers(turn)) > 1 else ""
    return (("analyze", {"images": list(_papers(turn)), "question": question}),) if question else ()


def raised(scores: Mapping[str, float], text: str, turn: Turn) -> dict[str, float]:
    """The scores of a clause with `analyze` before all others when it is such a question."""
    if not turn.handles or not question_of(text, turn):
        return dict(scores)
    return {**scores, "analyze": max(scores.values(), default=0.0) + 1.0}


def joined(parts: Sequence[str], text: str, turn: Turn) -> list[str]:
    """Clauses, or the whole sentence when only that is such a question: "sort them by total, highest first"."""
    whole = len(parts) > 1 and question_of(text, turn) and not any(question_of(part, turn) for part in parts[1:])
    return [text] if whole and all(len(part.split()) <= 3 for part in parts[1:]) else list(parts)


def images(text: str, reference: Reference, turn: Turn) -> list[str]:
    """The papers it is about: those named, else those just posted or talked about, else all of the thread."""
    if of_items(text):
        return list(pages.whole(reference.handles or focus(text, turn), turn.images))
    return list(reference.handles) if len(reference.handles) > 1 else list(_papers(turn))


def _papers(turn: Turn) -> tuple[str, ...]:
    recent = turn.last.handles if turn.last else ()
    pools = (turn.now.posted, recent, turn.handles)
    return next((pool for pool in pools if len(pool) > 1), turn.handles)


def _talk_of_papers(turn: Turn) -> bool:
    return turn.last is not None and turn.last.calls[-1].tool in ("extract", "analyze") and not turn.now.posted


def _field_before(turn: Turn) -> str:
    """The one field that was taken off or reckoned with last: "what is the tax on each? which is higher?"."""
    if not _talk_of_papers(turn) or turn.last is None:
        return ""
    call = turn.last.calls[-1]
    if call.tool == "analyze":
        asked = reckoning_of(str(call.arguments.get("question", "")))
        return asked.field if asked else ""
    named = call.arguments.get("fields")
    return str(named[0]) if isinstance(named, list) and len(named) == 1 and FIELD.fullmatch(str(named[0])) else ""
