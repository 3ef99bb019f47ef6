"""Follow-ups: sentences that mean something only after what was said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from graphs.local_planner import fields, labels
from graphs.local_planner.phrases import plain, tidy
from graphs.local_planner.queries import query
from graphs.local_planner.references import Reference, find, without
from graphs.local_planner.refining import FILLER, Planned, search_for
from graphs.local_planner.turn import Call, Exchange, Turn

NOT_THERE = re.compile(
    (
        r"\b(?:the |that )?(?P<gone>[\w -]{3,30}?) (?:is|are)(?: not|n't) (?:there|on it|on there|given|"
        r"printed)\b[.,;]?\s*"
    ),
    re.I,
)
PROMPTS = re.compile(r"^(?:and|or|what about|how about|also|plus|what of|same for|but|now)\b", re.I)
REST = re.compile(r"\b(?:the )?(?:remaining|rest(?: of them)?|the others|others)\b", re.I)
ONCE_MORE = re.compile(r"\b(?:again|once more|one more time|repeat|retry|redo)\b", re.I)
RESTYLED = re.compile(
    (
        r"^(?:(?:and|a|bit|much|little|even|now|make it|can you make it|in|but|something|too|less|"
        r"more)\s+)*(?:short(?:er)?|longer|briefer|brief|detail(?:ed|s)?|simpler|simple|formal|"
        r"one (?:sentence|line)|two sentences|rephrased?|fun(?:ny|nier)?|catchier|concise)\b.*$"
    ),
    re.I,
)
COUNT = re.compile(r"(?:hm+ )?(?:others?|\d+|two|three|four|five|six)", re.I)
LABEL_GONE = re.compile(r"^(?:and |now |but )?(?:without|drop|remove|minus)\s+(?:the\s+)?([\w -]+?)[.?!]*$", re.I)
WITH_LABELS = re.compile(
    r"^(?:(?:and|now|ok|please)\s+)*(?:(?:do|try|run|sort|classify|label|repeat)\b|.*\b(?:again|"
    r"once more)\b).*?\bwith\s+(?:(?:only|just|the labels?)"
    r"\s+)*([^.?!]+?)(?: (?:instead|this time|please))?[.?!]*$",
    re.I,
)
EXTRA_LABEL = re.compile(
    (
        r"^(?:(?:and|also|please|no wait|wait|can you|could you),?\s+)*(?:add|include|"
        r"plus)\s+[\"']?(?:an?\s+)?([\w -]{2,30}?)[\"']?(?:\s+(?:as|to|too|in|also)\b.*)?[.!?]*$"
    ),
    re.I,
)


def residue(text: str, reference: Reference) -> str:
    """What a sentence says besides naming images: empty for "and the second one?"."""
    left = re.sub(r"[^\w\s]", " ", REST.sub(" ", plain(without(text, reference))))
    return " ".join(FILLER.sub(" ", left).split())


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
    return tuple(handle for handle in turn.handles if handle not in done)


def repeated(last: Exchange, handles: Sequence[str], turn: Turn) -> Planned:
    """The tools of an exchange again, on other images."""
    calls = [_with_all_fields(call, turn.past) for call in _one_a_tool(last.calls)]
    return Planned(tuple((call.tool, said) for call in calls for said in _moved(call, handles, turn)))


def _with_all_fields(call: Call, past: Sequence[Exchange]) -> Call:
    """ "Same for this one" after field by field means all of them."""
    if call.tool != "extract" or not call.arguments.get("fields"):
        return call
    return replace(call, arguments={**call.arguments, "fields": asked_before(past)})


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


def fragment(text: str, turn: Turn, handles: Sequence[str]) -> Planned | None:
    """A few words that continue the last tool: fields for `extract`, a label for `classify`, a question for `look`."""
    last = turn.last
    if last is None or not (handles or last.calls[-1].tool == "search"):
        return None
    tool = last.calls[-1].tool
    if tool == "extract" and (asked := fields.fields(text) or fields.short(re.sub(r" only\W*$", "", text))):
        return with_fields(asked, handles)
    if tool == "classify" and (offered := changed_labels(text, turn) or labels.labels(text) or label(text)):
        return Planned(tuple(("classify", {"image": handle, "labels": offered}) for handle in handles))
    if tool == "search" and len(text.split()) <= 4 and (topic := query(tidy(text))):
        kept = {name: value for name, value in last.calls[-1].arguments.items() if name != "image"}
        return search_for({**kept, "query": topic})
    if tool == "describe" and RESTYLED.match(plain(residue(text, find(text, turn)) or text)):
        return Planned(tuple(("describe", {"image": handle}) for handle in handles))
    if tool == "compare" and PROMPTS.match(plain(text)) and len(last.calls[-1].handles) > 1:
        return Planned((("compare", {"images": list(last.calls[-1].handles), "question": tidy(text)}),))
    if tool == "describe" and PROMPTS.match(plain(text)):
        return Planned((("look", {"images": list(handles), "question": tidy(text)}),))
    if tool in ("look", "analyze") and (PROMPTS.match(plain(text)) or len(text.split()) <= 5):
        question = f"{last.calls[-1].arguments.get('question', '')} {tidy(text)}".strip()
        return Planned(((tool, {"images": list(handles), "question": question}),))
    return None


def changed_labels(text: str, turn: Turn) -> list[str]:
    """The labels before, with one more or one less: "add rabbit", "without the cat"; empty for anything else."""
    last = turn.last
    if last is None or last.calls[-1].tool != "classify":
        return []
    known = last.calls[-1].arguments.get("labels")
    known = list(known) if isinstance(known, list) else []
    gone = LABEL_GONE.match(tidy(text))
    if gone and gone[1].lower() in [label.lower() for label in known]:
        return [label for label in known if label.lower() != gone[1].lower()]
    if extra := EXTRA_LABEL.match(tidy(text)):
        return [*known, extra[1]]
    if again := WITH_LABELS.match(tidy(text)):
        named = [labels.ARTICLE.sub("", part).strip() for part in re.split(r",\s*|\s+(?:and|or)\s+", again[1])]
        return named if len(named) > 1 and all(0 < len(name.split()) <= 4 for name in named) else []
    return []


def asked_before(past: Sequence[Exchange]) -> list[str]:
    """Every field asked for since the talk turned to fields."""
    names: list[str] = []
    for exchange in reversed(past):
        extracted = [call for call in exchange.calls if call.tool == "extract"]
        if exchange.calls and not extracted:
            break
        names = [*(name for call in extracted for name in call.arguments.get("fields") or []), *names]
    return list(dict.fromkeys(names))


def with_fields(asked: Sequence[str], handles: Sequence[str]) -> Planned:
    """Fields asked for after others: only those, for what was found before has been said."""
    return Planned(tuple(("extract", {"image": handle, "fields": list(asked)}) for handle in handles))


def label(text: str) -> list[str]:
    match = re.match(
        (
            r"^(?:(?:and|or|so|ok|okay|now|hmm|then|maybe|perhaps|what about|how about|is it|could it be|rather|"
            r"no|not|but|more|just|an?)[\s,]+)+(?:an?\s+|the\s+)?([\w' -]{2,30}?)(?:\s+(?:then|maybe|instead|"
            r"perhaps))?[?.!]*$"
        ),
        tidy(text),
        re.I,
    )
    good = (
        match and len(match[1].split()) <= 3 and not (labels.NOT_LABELS.search(match[1]) or COUNT.fullmatch(match[1]))
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
            text = without(exchange.text, reference) if reference.said else exchange.text
            return replace(turn.saying(text), past=turn.past[:-index])
    return None
