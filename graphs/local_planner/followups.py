"""Follow-ups: sentences that mean something only after what was said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from graphs.local_planner import arguments
from graphs.local_planner.choices import label_edits, label_items, labels
from graphs.local_planner.language.filler import without_filler
from graphs.local_planner.language.phrases import plain, tidy
from graphs.local_planner.papers import field_edits, field_words, fields
from graphs.local_planner.pointing.references import Reference, find, without
from graphs.local_planner.searches.queries import query
from graphs.local_planner.searches.refining import Planned, search_for
from graphs.local_planner.turn import Call, Exchange, Turn
from graphs.local_planner.understanding.cues import loudest

PROMPTS = re.compile(r"^(?:and|or|what about|how about|also|plus|what of|same for|but|now)\b", re.I)
REST = re.compile(r"\b(?:the )?(?:remaining|rest(?: of them)?|the others|others)\b", re.I)
ONCE_MORE = re.compile(r"\b(?:again|once more|one more time|repeat|retry|redo)\b", re.I)
RESTYLED = re.compile(
    (
        r"^(?:(?:and|a|bit|much|little|even|now|make it|can you make it|in|but|something|too|less|"
        r"more)\s+)*(?:short(?:er)?|longer|briefer|brief|detail(?:ed|s)?|wordy|long|verbose|fewer|simpler|simple|formal|"
        r"one (?:sentence|line)|(?:few|fewer|\d+) words|in brief|more|two sentences|rephrased?|fun(?:ny|nier)?|"
        r"catchier|"
        r"concise)\b.*$"
    ),
    re.I,
)
EVERYTHING = re.compile(r"\b(?:same|everything|repeat|that|likewise|ditto|again)\b")
"""Asks for all that was asked before of the images it names, not only for the latest thing."""
ALL_OF_IT = re.compile(
    r"\b(?:all of (?:that|it|this|the above)|all that|everything|the (?:whole|entire) lot|all the same(?: things?)?|"
    r"same (?:drill|treatment)|repeat all)\b"
)
WHERE = re.compile(r"(?:where|which (?:part|side|bit|corner)s?|how so|in what way)(?: exactly)?\W*$")
COUNT = re.compile(r"(?:hm+ )?(?:others?|\d+|two|three|four|five|six)", re.I)
LINES = re.compile(
    r"^(?:and |now |just |only )*(?:the )?(?:first|second|third|last|top|bottom|middle) (?:\w+ )?(?:lines?|words?|"
    r"sentences?|"
    r"paragraphs?|half|part|bit)\W*$"
)
"""A part of the text that was read."""
ONLY = re.compile(r"^(?:just |only )?(?:the )?([\w' -]+?)(?: only| alone)?[.!]*$", re.I)
WITH_LABELS = re.compile(
    r"^(?:(?:and|now|ok|please)\s+)*(?:(?:do|try|run|sort|classify|label|repeat|redo|rerun)\b|.*\b(?:again|"
    r"once more)\b).*?\b(?:but with|with|using|but)\s*:?\s+(?:(?:only|just|the labels?)"
    r"\s+)*([^.?!]+?)(?: (?:instead|this time|please))?[.?!]*$",
    re.I,
)


def residue(text: str, reference: Reference) -> str:
    """What a sentence says besides naming images: empty for "and the second one?"."""
    return without_filler(REST.sub(" ", plain(without(text, reference))))


def rest_of(turn: Turn) -> tuple[str, ...]:
    """Images that the tools of the latest exchanges have not been used on."""
    last = turn.last
    if not last:
        return ()
    tool = last.calls[0].tool
    done: set[str] = set()
    for exchange in reversed(turn.past):
        if exchange.calls and exchange.calls[0].tool != tool:
            break
        done.update(exchange.handles)
    done = done if done != set(turn.handles) else set(last.handles)
    return tuple(handle for handle in turn.handles if handle not in done)


def repeated(last: Exchange, handles: Sequence[str], turn: Turn) -> Planned:
    """The tools of an exchange again, on other images; all that was asked of its images, for "all of that"."""
    last = _all_asked(last, turn) if ALL_OF_IT.search(plain(turn.now.text)) else last
    whole = bool(turn.now.posted or EVERYTHING.search(plain(turn.now.text)))
    calls = [_with_all_fields(call, turn.past) if whole else call for call in _one_a_tool(last.calls)]
    made = [(call.tool, said) for call in calls for said in _moved(call, handles, turn)]
    return Planned(tuple(one for place, one in enumerate(made) if one not in made[:place]))


def _all_asked(last: Exchange, turn: Turn) -> Exchange:
    """An exchange with the calls of those before it, as far back as they were about images of its own."""
    asked = [exchange for exchange in reversed(turn.past) if exchange.calls]
    about = list(takewhile(lambda one: bool(set(one.handles) & set(last.handles)), asked[asked.index(last) :]))
    return replace(last, calls=tuple(call for exchange in reversed(about) for call in exchange.calls))


def _with_all_fields(call: Call, past: Sequence[Exchange]) -> Call:
    """ "Same for this one" after field by field means all of them."""
    if call.tool != "extract" or not call.arguments.get("fields"):
        return call
    return replace(
        call, arguments={**call.arguments, "fields": field_edits.asked_before(past) or call.arguments["fields"]}
    )


def _one_a_tool(calls: Sequence[Call]) -> list[Call]:
    """Calls that differ in more than their image: reading three images is one thing to repeat."""
    kept: dict[str, Call] = {}
    for call in calls:
        rest = {name: value for name, value in call.arguments.items() if name not in ("image", "images")}
        kept.setdefault(f"{call.tool} {rest}", call)
    return list(kept.values())


def _moved(call: Call, handles: Sequence[str], turn: Turn) -> list[dict[str, Any]]:
    if call.tool == "compare" and len(handles) == 1:
        anchor = [handle for handle in call.handles if handle not in handles][:1] or [
            handle for handle in turn.handles if handle not in handles
        ][:1]
        return [{**call.arguments, "images": [*anchor, *handles]}]
    if call.tool in ("compare", "analyze", "look"):
        return [{**call.arguments, "images": list(handles)}]
    if call.tool == "search" and "image" not in call.arguments:
        kept = {name: value for name, value in call.arguments.items() if name == "limit"}
        return [{**kept, "image": handles[-1]}]
    return [{**call.arguments, "image": handle} for handle in handles]


def only_continues(text: str, turn: Turn) -> bool:
    """Whether a word or two say nothing but how to go on: "and brighter?", "fewer"."""
    said = plain(text)
    if turn.last is None or turn.now.posted or len(said.split()) > 3:
        return False
    loud = loudest(said, ("classify", "read_text", "extract", "look")) >= 4
    return not loud and bool(RESTYLED.match(said) or (PROMPTS.match(said) and "?" in text))


def fragment(text: str, turn: Turn, handles: Sequence[str]) -> Planned | None:
    """A few words that continue the last tool: fields for `extract`, a label for `classify`, a question for `look`."""
    last = turn.last
    if last is None or not (handles or last.calls[-1].tool == "search"):
        return None
    tool = last.calls[-1].tool
    if tool == "extract" and (asked := fields.fields(text) or fields.short(re.sub(r" only\W*$", "", text))):
        return with_fields(asked, handles)
    if tool == "classify" and (offered := labels.labels(text) or label(text)):
        return Planned(tuple(("classify", {"image": handle, "labels": offered}) for handle in handles))
    if tool == "search" and len(text.split()) <= 4 and (topic := query(tidy(text))):
        kept = {name: value for name, value in last.calls[-1].arguments.items() if name != "image"}
        return search_for({**kept, "query": topic})
    if tool == "read_text" and LINES.match(plain(text)):
        return Planned(tuple((call.tool, dict(call.arguments)) for call in last.calls))
    if tool == "compare" and RESTYLED.match(plain(text)):
        return Planned(tuple((call.tool, dict(call.arguments)) for call in last.calls))
    if tool in ("read_text", "describe") and (only := ONLY.match(text)) and field_words.HEADED.fullmatch(only[1]):
        return with_fields([only[1]], handles)
    if tool == "describe" and RESTYLED.match(plain(residue(text, find(text, turn)) or text)):
        return Planned(tuple(("describe", {"image": handle, **arguments.describe(text)}) for handle in handles))
    if (
        tool == "compare"
        and (PROMPTS.match(plain(text)) or WHERE.match(plain(text)))
        and len(last.calls[-1].handles) > 1
    ):
        return Planned((("compare", {"images": list(last.calls[-1].handles), "question": tidy(text)}),))
    if tool == "describe" and PROMPTS.match(plain(text)):
        return Planned((("look", {"images": list(handles), "question": tidy(text)}),))
    if tool in ("look", "analyze") and (PROMPTS.match(plain(text)) or len(text.split()) <= 5):
        question = f"{last.calls[-1].arguments.get('question', '')} {tidy(text)}".strip()
        return Planned(((tool, {"images": list(handles), "question": question}),))
    return None


def changed_labels(text: str, turn: Turn, reference: Reference) -> list[str]:
    """The labels of the latest choice as `text` changes them: "add rabbit", "with only cat and dog"; empty if not."""
    last = turn.last
    if last and last.calls[-1].tool == "classify" and (again := WITH_LABELS.match(tidy(text))):
        named = [label_items.ARTICLE.sub("", part).strip() for part in re.split(r",\s*|\s+(?:and|or)\s+", again[1])]
        if len(named) > 1 and all(0 < len(name.split()) <= 4 for name in named):
            return named
    # with one image, "just the first two" is about labels
    whole = label_edits.changed_labels(text, turn) if len(reference.handles) < 2 else []
    return whole or (label_edits.changed_labels(without(text, reference), turn) if reference.said else [])


def with_fields(asked: Sequence[str], handles: Sequence[str]) -> Planned:
    """Fields asked for after others: only those, for what was found before has been said."""
    return Planned(tuple(("extract", {"image": handle, "fields": list(asked)}) for handle in handles))


def label(text: str) -> list[str]:
    match = re.match(
        (
            r"^(?:(?:and|or|so|ok|okay|now|hmm|then|maybe|perhaps|possibly|probably|what about|how about|is it|"
            r"could it be|rather|"
            r"no|not|but|more|just|an?)[\s,]+)+(?:an?\s+|the\s+)?([\w' -]{2,30}?)(?:\s+(?:then|maybe|instead|"
            r"perhaps))?[?.!]*$"
        ),
        tidy(text),
        re.I,
    )
    match = match or re.match(r"([\w' -]{3,30})\?+$", tidy(text))
    match = re.match(r"([\w' -]{2,30}?) (?:maybe|perhaps|possibly)\W*$", tidy(text), re.I) or match
    good = (
        match
        and len(match[1].split()) <= 3
        and not (label_items.NOT_LABELS.search(match[1]) or COUNT.fullmatch(match[1]))
    )
    return [match[1]] if match and good else []


def carried(turn: Turn) -> Turn | None:
    """The turn, as if the latest question that could not be acted on were asked now."""
    open_ = []
    for exchange in reversed(turn.past):
        if exchange.calls:
            break
        open_.append(exchange)
    for index, exchange in enumerate(open_, start=1):
        reference = find(exchange.text, turn)
        if exchange.text and residue(exchange.text, reference):
            # "the second picture?" that is there by now is the one meant
            text = without(exchange.text, reference) if reference.said and reference.missing else exchange.text
            return replace(turn.saying(text), past=turn.past[:-index])
    return None
