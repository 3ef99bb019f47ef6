"""Messages that only make sense after what was said before, whatever tool their words would call by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphs.local_planner import followups
from graphs.local_planner.answering import smalltalk
from graphs.local_planner.around import turned_around
from graphs.local_planner.calling import MOST, Plan
from graphs.local_planner.choices import among, label_edits
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.papers import field_edits
from graphs.local_planner.pointing.references import Reference, find, focus
from graphs.local_planner.searches import hits
from graphs.local_planner.searches.refining import Planned
from graphs.local_planner.turn import Turn
from graphs.local_planner.understanding.wishes import quiet, structured

ALL_AGAIN = re.compile(
    r"\bsame (?:again|fields?|labels?|set|list|categories|options|questions?|details|info|data|treatment|drill|"
    r"as (?:before|above|last "
    r"time)|(?:\d+|two|three|four|five) \w+)\b|\b(?:all )?the same things?\b|\beverything (?:from|as) before\b|"
    r"\brepeat (?:all|that|it|everything|the lot)\b|\ball of (?:that|it|the above) (?:for|with|on)\b"
)
"""Asks for the last thing again, whatever else is said around it."""
ANOTHER = re.compile(
    r"^(?:(?:and|ok|now|so)\s+)*(?:(?:here|this|these) (?:is|are|comes?) )?(?:yet )?(?:another|one more|the next|"
    r"(?:\d|two|three|four|a few|some) more)\b[^?,.;:]*$"
)
"""Posts more of what was asked about."""
AT_START = re.compile(
    r"\b(?:same|first|original|initial|opening) (?:question|thing|request)\b.*\b(?:start|beginning|first|earlier|"
    r"began)\b|"
    r"\b(?:the )?(?:first|original|initial) question again\b"
)
THAN = re.compile(r"\b(?:\w+er|more|less|better|worse)(?: \w+){0,2} than\b", re.I)

LANGUAGE = re.compile(
    r"^(?:and |now |the |an? |in |also )*(?:english|german|french|spanish|italian|portuguese|japanese|chinese|dutch|"
    r"polish|"
    r"turkish|swedish|danish|arabic)(?: (?:version|translation|one|please|text))*\W*$"
)
"""Wants what was said in another language: only a model that looks can."""
WHAT_IF = re.compile(r"^(?:(?:and|but|so|ok)\s+)*(?:what )?if\b", re.I)


def continued(text: str, turn: Turn, reference: Reference) -> Plan | None:
    """What to do about a message that changes, repeats or turns round what was done before; None for any other."""
    if said := smalltalk.of_the_thread(plain(text), turn.images):
        return Plan(say=said)
    if label := among.sought(text):
        return _scored(label, text, turn, reference)
    if turn.last is None:
        return None
    if turn.last.calls[-1].tool in ("extract", "analyze") and field_edits.UNITS.match(plain(text)):
        return Plan(say=smalltalk.units(), status="refused")
    if planned := hits.like_a_hit(text, turn) or turned_around(text, turn) or _again(text, turn):
        return Plan(planned.calls)
    return _changed(text, turn, reference)


def _scored(label: Sequence[str], text: str, turn: Turn, reference: Reference) -> Plan | None:
    """One label on each of several images; one image alone is asked about in the usual way."""
    pool = turn.now.posted if len(turn.now.posted) > 1 else turn.handles
    handles = reference.handles if len(reference.handles) > 1 else focus(text, turn, several=True)
    handles = handles if len(handles) > 1 else pool
    return _classified(label, handles) if len(handles) > 1 else None


def _classified(label: Sequence[str], handles: Sequence[str]) -> Plan:
    return Plan(tuple(("classify", {"image": handle, "labels": list(label)}) for handle in handles[:MOST]))


def _again(text: str, turn: Turn) -> Planned | None:
    """What was asked before, of the images just posted; or what was asked first."""
    said, last, posted = plain(text), turn.last, turn.now.posted
    if last and posted and (ALL_AGAIN.search(said) or (ANOTHER.match(said) and not structured(text))):
        return followups.repeated(last, posted, turn)
    if AT_START.search(said) and (first := next((one for one in turn.past if one.calls), None)):
        return followups.repeated(first, posted or focus(text, turn), turn)
    return None


def _changed(text: str, turn: Turn, reference: Reference) -> Plan | None:
    """Other labels, other fields, or one more image to compare with."""
    if lent := label_edits.lent(text, turn):
        return _classified(lent[0], find(lent[1], turn).handles or focus(lent[1], turn))
    handles = (reference.handles or focus(text, turn))[:MOST]
    if changed := followups.changed_labels(text, turn, reference):
        return _classified(changed, handles)
    if named := field_edits.changed_fields(text, turn, reference):
        return Plan(followups.with_fields(named, handles).calls)
    call = turn.last.calls[-1] if turn.last else None
    if call and not turn.now.posted and LANGUAGE.match(plain(text)):
        return Plan((("look", {"images": list(handles), "question": text}),))
    if call and call.tool in ("look", "analyze") and WHAT_IF.match(text):
        question = f"{call.arguments.get('question', '')} {text}".strip()
        return Plan(((call.tool, {"images": list(handles), "question": question}),))
    if reference.said and THAN.search(text):
        both = list(dict.fromkeys([*reference.handles, *(focus(text, turn) if len(reference.handles) == 1 else ())]))
        return Plan((("compare", {"images": both, "question": text}),)) if len(both) == 2 else None
    return None


def told_again(parts: Sequence[str], turn: Turn) -> tuple[Planned, list[str]] | None:
    """ "Do it for these as well, and caption them": what to repeat, and the other parts of the message."""
    again = [part for part in parts if DO_AGAIN.match(plain(part)) and quiet(part) and not structured(part)]
    if not again or len(again) == len(parts) or not turn.last or not turn.now.posted:
        return None
    return followups.repeated(turn.last, turn.now.posted, turn), [part for part in parts if part not in again]


DO_AGAIN = re.compile(
    r"^(?:(?:and|also|please)\s+)*(?:do|run|try|repeat) (?:it|that|this|the same|so)\b|^(?:the )?same\b"
)
