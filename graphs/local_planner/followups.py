"""Follow-ups: sentences that mean something only after what was said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graphs.local_planner import fields, labels
from graphs.local_planner.filters import narrow
from graphs.local_planner.phrases import plain, tidy
from graphs.local_planner.queries import query, twist
from graphs.local_planner.references import Reference, find, without
from graphs.local_planner.turn import Call, Exchange, Turn

FILLER = re.compile(
    r"\b(?:and|n|what|how|about|same|again|repeat|that|this|it|for|do|does|did|also|now|too|please|with|"
    r"the|a|is|here|there|one|ones|thing|no|not|nope|i|you|we|meant|mean|wrong|"
    r"sorry|oops|ops|whoops|actually|try|instead|ok|okay|then|next|as|well|on|in|of|to|from|at|image|"
    r"images|picture|photo|pic|photos|pictures|another|other|hmm|uh|but|or|can|could|"
    r"my|your|go|let|us|me|them|these|those|be|was|were|are|goes|posted|uploaded|attached|attach|"
    r"attachment|upload|include|forgot|take|"
    r"use|so|yes|yeah|just|only|been|both|all|each|rather|new|last|want|wanted|should|have|mine|give|"
    r"run|likewise|ditto|rest|question|check|look|see|card|receipt|invoice|document|page|file|"
    r"screenshot|bill|form|letter|scan|thanks)\b"
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
CORRECTION = re.compile(
    r"\b(?:no|nope|not (?:that|this)|wrong|i mean(?:t)?|sorry|oops|rather|instead|actually)\b", re.I
)
MORE_HITS = re.compile(
    r"^(?:(?:and|show|give|get|find|me|us|i want|some|a few|any|can i see|see|a bit|"
    r"please)\s+)*more(?: (?:results?|hits?|photos?|images?|pictures?|please|of (?:them|those|these)|"
    r"like that))*[?.!]*$"
)
COUNT = re.compile(r"(?:hm+ )?(?:others?|\d+|two|three|four|five|six)", re.I)
EXTRA_LABEL = re.compile(
    (
        r"^(?:(?:and|also|please|no wait|wait|can you|could you),?\s+)*(?:add|include|"
        r"plus)\s+[\"']?(?:an?\s+)?([\w -]{2,30}?)[\"']?(?:\s+(?:as|to|too|in|also)\b.*)?[.!?]*$"
    ),
    re.I,
)
DROPS = re.compile(
    r"\bany (?P<any>date|time|year|size|format|type|folder|orientation)\b|"
    r"\b(?:drop|remove|without|forget|ignore|clear|lift|no)\b (?:the |any |all )*(?:(?P<what>date|"
    r"time|year|size|format|type|folder|orientation|limit)\b ?)?(?:filters?|limits?|restrictions?)\b"
)
BACK = re.compile(
    (
        r"^(?:(?:and|ok|now|so|going|go|let us go)\s+)*back to (?:the |my |"
        r"our )?(?P<topic>[\w ]+?)(?: (?:search|photos?|pictures?|pics|images|ones))?\s*(?:[:,;-]|"
        r"$)\s*(?P<rest>.*)$"
    ),
    re.I,
)
REFINES = re.compile(
    (
        r"^(?:(?:and|but|ok|now|also|maybe|please|so|same)\s+)*(?:(?:but|with|without|in|at|on|only|just|from|"
        r"where|during|taken|no|make (?:it|them))\b|(?:blue|red|green|black|white|smaller|bigger|darker|"
        r"brighter|older|newer)\b)"
    ),
    re.I,
)
ABOUT_ONES = re.compile(
    (
        r"^(?:(?:what about|how about|and|or|maybe|show(?: me)?|find|just|only)\s+)*(?:the )?(?:ones?|"
        r"some|those|them|it)\s+(?=(?:with|without|in|at|on|from|of)\b)"
    ),
    re.I,
)
ADJECTIVE = re.compile(
    (
        r"^(?:(?:and|but|only|just|now|how about|what about|or|any|the|maybe|some|ok|make (?:it|"
        r"them))\s+)*(?P<word>[a-z]+) (?:ones?|versions?)\W*$"
    ),
    re.I,
)
NEW_TOPIC = re.compile(
    (
        r"^(?:(?:and|or|ok|now|also|what about|how about|then|maybe|try|rather|instead|no|sorry|i meant?|"
        r"make that|scrap that|forget that|change (?:that|it) to|switch to|narrow (?:it|that|"
        r"this)(?: down)? to|limit (?:it|that) to|(?:do )?(?:the )?same for|any|any of|some of|"
        r"actually)[\s,]+)+(?:(?:of|some|any|for|with|the|photos? of|pictures? of|pics of|"
        r"images of)\s+)*(?P<topic>[^?.!]+)"
    ),
    re.I,
)


@dataclass(frozen=True)
class Planned:
    """Calls a follow-up comes to: tool and arguments."""

    calls: tuple[tuple[str, dict[str, Any]], ...]


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


# --- refining a search ----------------------------------------------------------------------------


def refined(text: str, turn: Turn, today: date) -> Planned | None:
    """A change to an earlier search: "10 instead", "only from last year", "what about cats?", "but at night"."""
    earlier, said = _earlier(text, turn)
    if earlier is None:
        return None
    before = {name: value for name, value in earlier.arguments.items() if value not in (None, {}, [])}
    simple = plain(said)
    if MORE_HITS.match(simple):
        return _search({**before, "limit": 2 * int(before.get("limit") or 5)})
    if dropped := DROPS.search(simple):
        left = narrow(DROPS.sub(" ", simple), today)
        before = _dropped(before, dropped["what"] or dropped["any"])
        return _search({**before, **_narrowing(left.filters, left.limit, before)})
    left = narrow(simple, today)
    narrowed = bool(left.filters or left.limit)
    rest = re.sub(r"[^\w\s]", " ", left.text)
    rest = " ".join(
        FILLER.sub(
            " ",
            re.sub(
                (
                    r"\b(?:anything|images?|shots?|pics?|photos?|pictures?|slides?|cool|great|wide|wider|format|"
                    r"scanned|end|show|need|are|enough|results?|fine|give|ones|search|photos|newer|limit|them|those|"
                    r"find|get|"
                    r"filter|restrict|narrow|keep|down|only|maximum|taken|by|do)\b"
                ),
                " ",
                rest,
            ),
        ).split()
    )
    if narrowed and not rest:
        changed = {**before, **({"limit": left.limit} if left.limit else {})}
        if left.filters:
            changed["filters"] = {**before.get("filters", {}), **left.filters}
        return _search(changed)
    if said is not text and not rest:
        return _search(before)
    return _reworded(tidy(said), before, today)


def _earlier(text: str, turn: Turn) -> tuple[Call | None, str]:
    """The search a sentence goes back to, and the rest of the sentence."""
    if match := BACK.match(tidy(text)):
        topic = set(re.findall(r"\w{3,}", match["topic"].lower()))
        for exchange in reversed(turn.past):
            for call in exchange.calls:
                words = set(re.findall(r"\w{3,}", str(call.arguments.get("query", "")).lower()))
                if call.tool == "search" and topic & words:
                    return call, match["rest"]
    if (
        turn.last
        and turn.last is turn.past[-1 - _idle(turn)]
        and (calls := [c for c in turn.last.calls if c.tool == "search"])
    ):
        return calls[-1], text
    return None, text


def _idle(turn: Turn) -> int:
    """How many exchanges have gone by without a tool since the last one with."""
    return next((n for n, exchange in enumerate(reversed(turn.past)) if exchange.calls), 0)


def _reworded(said: str, before: dict[str, Any], today: date) -> Planned | None:
    if turns_on_likeness(said) and "image" not in before and before.get("query"):
        left = narrow(said, today)
        added = twist(left.text, whole=True)
        return _search(
            {**before, **_narrowing(left.filters, left.limit, before), "query": f"{before['query']} {added}".strip()}
        )
    if turns_on_likeness(said) and "image" in before:
        left = narrow(said, today)
        return _search(
            {
                **before,
                **_narrowing(left.filters, left.limit, before),
                "query": twist(left.text, whole=True) or before.get("query", ""),
            }
        )
    left = narrow(re.sub(ABOUT_ONES, "", said), today)
    if REFINES.match(plain(left.text)) and (added := twist(left.text, whole=True)):
        if "image" not in before and COLOURS.fullmatch(f"{added} "):
            added = _with_adjective(added, before)
        elif "image" not in before:
            added = f"{before.get('query', '')} {_linked(left.text, added)}{added}".strip()
        return _search({**before, **_narrowing(left.filters, left.limit, before), "query": added})
    if match := ADJECTIVE.match(left.text):
        added = match["word"] if "image" in before else _with_adjective(match["word"], before)
        return _search({**before, **_narrowing(left.filters, left.limit, before), "query": added})
    if (match := NEW_TOPIC.match(left.text)) and len(match["topic"].split()) <= 6:
        topic = query(match["topic"])
        # "no, green" is about the same picture, "what about cats?" is not
        gone = () if CORRECTION.match(said) and len(topic.split()) == 1 else ("image",)
        kept = {name: value for name, value in before.items() if name not in gone}
        return _search({**kept, **_narrowing(left.filters, left.limit, before), "query": topic}) if topic else None
    return None


def _dropped(before: dict[str, Any], what: str | None) -> dict[str, Any]:
    """The search without its limit, or without all or some of its filters."""
    if what and what.startswith("limit"):
        return {name: value for name, value in before.items() if name != "limit"}
    gone = (
        ("after", "before")
        if what in ("date", "time", "year")
        else ("orientation",)
        if what == "orientation"
        else tuple(before.get("filters", {}))
    )
    kept = {name: value for name, value in before.get("filters", {}).items() if name not in gone}
    return {**before, "filters": kept}


COLOURS = re.compile(
    r"\b(?:red|blue|green|yellow|black|white|brown|gr[ae]y|orange|pink|purple|silver|golden?|beige)\s+", re.I
)


def _with_adjective(word: str, before: dict[str, Any]) -> str:
    """The query with an adjective in front; one colour takes the place of another."""
    asked = str(before.get("query", ""))
    return f"{word} {COLOURS.sub('', asked) if COLOURS.match(f'{word} ') else asked}".strip()


def _linked(said: str, added: str) -> str:
    """The preposition before what is added, which belongs to a query in words: "with" snow, "in" winter."""
    match = re.search(rf"\b(with|without|in|at|on)\s+(?:an?\s+|the\s+)?{re.escape(added)}", said, re.I)
    return f"{match[1]} " if match else ""


def _narrowing(filters: dict[str, Any], limit: int | None, before: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {"limit": limit} if limit else {}
    if filters:
        changed["filters"] = {**before.get("filters", {}), **filters}
    return changed


def turns_on_likeness(said: str) -> bool:
    return bool(re.search(r"\b(?:like|similar to) (?:this|that|it|these|those)\b", plain(said)))


def narrowed_again(said: dict[str, Any], turn: Turn) -> dict[str, Any]:
    """Filters and a limit alone belong to the search before."""
    before = (
        next((call.arguments for call in reversed(turn.last.calls) if call.tool == "search"), {}) if turn.last else {}
    )
    kept = {name: value for name, value in before.items() if value not in (None, {}, [])}
    return {**kept, **said, "filters": {**kept.get("filters", {}), **said.get("filters", {})}} if kept else said


def _search(arguments_: dict[str, Any]) -> Planned:
    return Planned((("search", {name: value for name, value in arguments_.items() if value not in (None, "", {})}),))


# --- other fragments --------------------------------------------------------------------------------


def fragment(text: str, turn: Turn, handles: Sequence[str]) -> Planned | None:
    """A few words that continue the last tool: fields for `extract`, a label for `classify`, a question for `look`."""
    last = turn.last
    if last is None or not (handles or last.calls[-1].tool == "search"):
        return None
    tool = last.calls[-1].tool
    if tool == "extract" and (asked := fields.fields(text) or fields.short(text)):
        return with_fields(asked, handles)
    if tool == "classify" and (
        gone := re.match(
            r"^(?:and |now |but )?(?:without|drop|remove|minus)\s+(?:the\s+)?([\w -]+?)[.?!]*$", tidy(text), re.I
        )
    ):
        known = [label for label in last.calls[-1].arguments.get("labels") or [] if label.lower() != gone[1].lower()]
        return Planned(tuple(("classify", {"image": handle, "labels": known}) for handle in handles))
    if tool == "classify" and (extra := EXTRA_LABEL.match(tidy(text))):
        known = last.calls[-1].arguments.get("labels") or []
        return Planned(tuple(("classify", {"image": handle, "labels": [*known, extra[1]]}) for handle in handles))
    if tool == "classify" and (offered := labels.labels(text) or label(text)):
        return Planned(tuple(("classify", {"image": handle, "labels": offered}) for handle in handles))
    if tool == "search" and len(text.split()) <= 4 and (topic := query(tidy(text))):
        kept = {name: value for name, value in last.calls[-1].arguments.items() if name != "image"}
        return _search({**kept, "query": topic})
    if tool == "describe" and RESTYLED.match(plain(text)):
        return Planned(tuple(("describe", {"image": handle}) for handle in handles))
    if tool == "compare" and PROMPTS.match(plain(text)) and len(last.calls[-1].handles) > 1:
        return Planned((("compare", {"images": list(last.calls[-1].handles), "question": tidy(text)}),))
    if tool == "describe" and PROMPTS.match(plain(text)):
        return Planned((("look", {"images": list(handles), "question": tidy(text)}),))
    if tool in ("look", "analyze") and (PROMPTS.match(plain(text)) or len(text.split()) <= 5):
        question = f"{last.calls[-1].arguments.get('question', '')} {tidy(text)}".strip()
        return Planned(((tool, {"images": list(handles), "question": question}),))
    return None


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
