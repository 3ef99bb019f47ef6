"""From a turn to calls, or to a sentence that needs none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graphs.local_planner import arguments, clauses, fields, followups, labels, smalltalk
from graphs.local_planner.cues import heard
from graphs.local_planner.filters import narrow
from graphs.local_planner.glossary import in_english
from graphs.local_planner.intents import TOOLS, Wish, embedded, weigh
from graphs.local_planner.meaning import Meaning
from graphs.local_planner.phrases import plain, written_out
from graphs.local_planner.references import SEVERAL, Reference, find, focus, without
from graphs.local_planner.turn import Turn
from tools.kit import Json

MOST = 10
"""Calls in one turn."""
REQUEST = re.compile(
    (
        rf"(?:{clauses.ASKS})\b|(?:please|just|also|then|now|need|want|{clauses.VERBS})\b|(?:caption|alt|"
        rf"text|total|keywords|ocr|date|same|similar|more)\b"
    ),
    re.I,
)
SAME = re.compile(r"\b(?:same|again|too|as well|also|ditto|likewise|next)\b")
"""With a new image, these words ask for what was asked before."""
SEARCHES = re.compile(
    r"\b(?:find|search|show|look|any|anything|have|similar|like|more|archive|library|get|same|seen|"
    r"posted|where|need|want)\b"
)
GENERAL = re.compile(
    r"^(?:how|who|when|where|why|what|which|convert|write|tell me|give me|recommend|explain|is|are|do|does|can)\b"
)
"""Without images, a question that no tool answers is one about the world."""
SINGULAR = re.compile(r"\b(?:this|that|it|its|the (?:image|photo|picture|pic|receipt|invoice|document|card))\b")


@dataclass(frozen=True)
class Plan:
    """Calls to make; or, when there are none, what to say and with which status."""

    calls: tuple[tuple[str, dict[str, Json]], ...] = ()
    say: str = ""
    status: str = "answered"
    doubts: bool = False
    """The question is about the last answer itself."""


class Router:
    """Plans turns by rules and meaning."""

    def __init__(self, meaning: Meaning, today: Callable[[], date]) -> None:
        self._meaning = meaning
        self._today = today

    async def plan(self, turn: Turn) -> Plan:
        text = written_out(in_english(clauses.one_line(turn.now.text)))
        turn = turn.saying(text)
        if not re.search(r"\w", text):
            return await self._wordless(turn)
        reference = find(text, turn)
        if reference.missing and not (heard(plain(text)).get("search", 0) > 4 and not arguments.by_image(text)):
            return _asked(_no_such(reference.missing, turn)) if turn.handles else _asked(_no_images())
        if _only_points(text, reference) and (plan := await self._again(turn, reference)):
            return plan
        search = None if turn.now.posted else followups.refined(text, turn, self._today())
        if search and not await self._something_else(text, turn):
            return Plan(search.calls)
        if turn.now.posted and turn.last and _quiet(text) and (SAME.search(plain(text)) or not _structured(text)):
            return Plan(followups.repeated(turn.last, reference.handles or turn.now.posted, turn).calls)
        return await self._wishes(turn, reference)

    # --- without words, or with none of its own ---------------------------------------------------

    async def _wordless(self, turn: Turn) -> Plan:
        """Only images, or only an emoji."""
        if not turn.now.posted:
            return Plan(say=smalltalk.chat(""))
        return await self._again(turn, Reference()) or _described(turn)

    async def _again(self, turn: Turn, reference: Reference) -> Plan | None:
        """ "And this one?": what was asked before, of other images. None when nothing was."""
        pointed = turn.now.posted or reference.handles
        if pointed and (carried := followups.carried(turn)):
            plan = await self.plan(replace(carried, now=replace(carried.now, posted=pointed)))
            if plan.calls or plan.status == "asked":
                return plan
        last = turn.last
        handles = reference.handles or turn.now.posted
        if last and last.calls[-1].tool == "compare" and reference.handles and turn.now.posted:
            handles = tuple(dict.fromkeys([*reference.handles, *turn.now.posted]))
        if last and not handles and followups.ONCE_MORE.search(turn.now.text):
            return Plan(tuple((call.tool, dict(call.arguments)) for call in last.calls))
        if last and followups.REST.search(turn.now.text) and not turn.now.posted:
            handles = followups.rest_of(turn) or handles
        if not last or not handles:
            return None
        if not turn.now.text and all(call.tool == "search" and "image" not in call.arguments for call in last.calls):
            return _described(turn)
        return Plan(followups.repeated(last, handles, turn).calls)

    async def _something_else(self, text: str, turn: Turn) -> bool:
        """Whether what looks like a change to a search is rather a wish of another kind."""
        likeness = (await self._meaning.likeness([embedded(text)]))[0]
        wish = Wish(text, scores=weigh(text, likeness, "search"))
        others = {intent: score for intent, score in wish.scores.items() if intent != "search"}
        return max(others.values()) > max(7.0, wish.scores["search"])

    # --- wishes -----------------------------------------------------------------------------------

    async def _wishes(self, turn: Turn, reference: Reference) -> Plan:
        wishes = await self._read(turn)
        if not any(wish.clear for wish in wishes):
            wishes = [wish.told for wish in wishes]
        wanted = _requests([wish for wish in wishes if wish.tool], turn)
        asides = [wish for wish in wishes if wish not in wanted]
        refused = [wish for wish in wishes if wish.intent == "outside" and wish.clear]
        if refused and (not wanted or max(wish.score for wish in refused) > max(wish.score for wish in wanted)):
            return Plan(say=smalltalk.outside(plain(refused[0].text)), status="refused")
        if not wanted:
            return self._talk(turn, wishes, reference)
        if not turn.handles and any(wish.tool == "search" for wish in wanted):
            asides += [wish for wish in wanted if wish.tool != "search"]
            wanted = [wish for wish in wanted if wish.tool == "search"]
        wanted = _settled(wanted, asides, turn, reference)
        calls: list[tuple[str, dict[str, Json]]] = []
        lacking: Plan | None = None
        for wish in wanted:
            made = self._calls(wish, turn)
            if isinstance(made, Plan):
                # "apple or pear? which one": one image is enough for what else is asked
                lacking = lacking or made
            else:
                calls += made
        if not calls:
            return lacking or self._search_whole(turn)
        return Plan(tuple(_merged(calls, [wish.text for wish in asides], self._today())[:MOST]))

    async def _read(self, turn: Turn) -> list[Wish]:
        last = turn.last.calls[-1].tool if turn.last else None
        parts = clauses.split(turn.now.text) or [turn.now.text]
        whole = weigh(turn.now.text, {}, last, images=bool(turn.handles))
        if (
            len(parts) > 1
            and whole.get("classify", 0) >= 6
            and all(max(weigh(part, {}, last).values()) < 3 for part in parts)
        ):
            parts = [turn.now.text]
        parts = [piece for part in parts for piece in _outputs(part)]
        parts = [piece for part in parts for piece in _each_its_own(part, turn)]
        pointing = [part for part in parts if len(parts) > 1 and _only_points(part, find(part, turn))]
        named = next((found for part in pointing if (found := find(part, turn)).said), None)
        parts = [part for part in parts if part not in pointing] or parts
        likeness = await self._meaning.likeness([embedded(part) for part in parts])
        return [
            Wish(
                part,
                _named_before(find(part, turn), named),
                weigh(_shown(part, turn), like, last, images=bool(turn.handles)),
            )
            for part, like in zip(parts, likeness, strict=True)
        ]

    def _talk(self, turn: Turn, wishes: Sequence[Wish], reference: Reference) -> Plan:
        """Nothing a tool could do was asked for clearly."""
        handles = reference.handles or focus(turn.now.text, turn)
        wish = max(wishes, key=lambda wish: wish.score)
        if not wish.clear and not turn.now.posted and (more := followups.fragment(turn.now.text, turn, handles)):
            return Plan(more.calls)
        if not wish.clear and reference.handles and not turn.last:
            return Plan(tuple(("describe", {"image": handle}) for handle in reference.handles[:MOST]))
        if wish.intent == "doubt" and wish.clear and turn.last:
            return Plan(doubts=True)
        if wish.intent == "help" and wish.clear:
            return Plan(say=smalltalk.help_())
        if wish.intent == "outside" and wish.clear:
            return Plan(say=smalltalk.outside(plain(wish.text)), status="refused")
        if turn.now.posted and turn.last and not (wish.clear and wish.intent in ("chat", "help")):
            return Plan(followups.repeated(turn.last, turn.now.posted, turn).calls)
        if turn.now.posted and wish.intent not in ("chat", "help"):
            return _described(turn)
        if turn.now.posted and turn.last is None:
            return _described(turn)
        if wish.intent in ("chat", "doubt") and wish.clear:
            return Plan(say=smalltalk.chat(turn.now.text))
        if not turn.handles and GENERAL.search(plain(turn.now.text)):
            return Plan(say=smalltalk.outside(""), status="refused")
        if wish.intent in ("chat", "doubt") and wish.score > 1.5:
            return Plan(say=smalltalk.chat(turn.now.text))
        if not turn.handles and len(turn.now.text.split()) > 1:
            # words alone, and nothing to look at: they can only be something to find
            return self._search_whole(turn)
        return _asked(smalltalk.unclear())

    # --- calls ------------------------------------------------------------------------------------

    def _calls(self, wish: Wish, turn: Turn) -> list[tuple[str, dict[str, Json]]] | Plan:
        tool = wish.tool
        if tool == "search":
            return self._search(wish, turn)
        if not turn.handles:
            return _asked(_no_images())
        if tool == "compare":
            return self._compare(wish, turn)
        handles = wish.reference.handles or _about(wish.text, turn)
        if tool in ("look", "analyze"):
            return [(str(tool), {"images": list(handles), "question": wish.text})]
        said: dict[str, Any] = {}
        if tool == "classify":
            if len(turn.now.posted) > 1 and re.fullmatch(r"[\w ]+ (?:vs\.?|versus) [\w ]+", wish.text):
                return self._compare(wish, turn)
            said = arguments.classify(_shown(wish.text, turn))
            if (
                not said
                and turn.last
                and turn.last.calls[-1].tool == "classify"
                and (label := followups.label(wish.text))
            ):
                said = {"labels": label}
        elif tool == "extract":
            said = arguments.extract(without(wish.text, wish.reference) if wish.reference.spans else wish.text)
            if not said and turn.last and turn.last.calls[-1].tool == "extract" and (more := fields.short(wish.text)):
                said = {"fields": more}
            if turn.last and turn.last.calls[-1].tool == "extract" and said and not turn.now.posted:
                return list(followups.with_fields(said["fields"], handles).calls)
        elif tool == "read_text" and arguments.spelling(turn.now.text):
            said = {"spelling": True}
        return [(str(tool), {"image": handle, **said}) for handle in handles]

    def _compare(self, wish: Wish, turn: Turn) -> list[tuple[str, dict[str, Json]]] | Plan:
        images = _pair(wish, turn)
        if len(images) > 1:
            return [("compare", {"images": images, "question": wish.text})]
        if arguments.by_image(wish.text) and heard(plain(wish.text)).get("search", 0.0) > 4:
            return self._search(wish, turn)
        if said := arguments.classify(wish.text):
            return [("classify", {"image": handle, **said}) for handle in images]
        return _asked(_only_one(turn))

    def _search(self, wish: Wish, turn: Turn) -> list[tuple[str, dict[str, Json]]] | Plan:
        handle = None
        if wish.reference.handles or arguments.by_image(wish.text):
            handles = wish.reference.handles or (_about(wish.text, turn) if turn.handles else ())
            if not handles:
                return _asked(
                    "There is no image in this thread yet to search by. Could you post one, or say in words what to "
                    "look for?"
                )
            handle = handles[-1]
        said = arguments.search(_without_reference(wish) if handle else wish.text, handle, self._today())
        if not said.get("query") and not said.get("image"):
            said = followups.narrowed_again(said, turn)
            # "... search the archive": what for was said in another clause
            return [("search", said)] if said.get("filters") else []
        return [("search", said)]

    def _search_whole(self, turn: Turn) -> Plan:
        """A search whose own clause does not say what for: the whole message may."""
        said = arguments.search(turn.now.text, turn.now.posted[-1] if turn.now.posted else None, self._today())
        if not said.get("query") and not said.get("image"):
            return _asked("What should I look for in the archive?")
        return Plan((("search", said),))


def _requests(wanted: Sequence[Wish], turn: Turn) -> list[Wish]:
    """Of several wishes those put as one; what is merely told beside them is not asked for."""
    if any(wish.tool == "look" and re.search(r"handwrit|translat", plain(wish.text)) for wish in wanted):
        wanted = [wish for wish in wanted if wish.tool != "read_text" or "read" in plain(wish.text)]
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


def _shown(part: str, turn: Turn) -> str:
    """A clause with "this" for the images it names, when it names one: "is the third a moth or a butterfly"."""
    found = find(part, turn)
    return without(part, found, "this") if len(found.spans) == 1 and len(found.handles) == 1 else part


def _named_before(found: Reference, named: Reference | None) -> Reference:
    """ "The newest one, please. Describe it": the image named in a clause of its own."""
    return replace(named, spans=()) if named and not found.said else found


def _each_its_own(part: str, turn: Turn) -> list[str]:
    """ "The total of the first, the date of the second": pieces that each name an image of their own."""
    pieces = [piece.strip() for piece in re.split(r",|\band\b", part) if piece.strip()]
    found = [find(piece, turn) for piece in pieces]
    own = len(pieces) > 1 and all(len(one.handles) == 1 for one in found) and len({one.handles for one in found}) > 1
    full = own and all(followups.residue(piece, one) for piece, one in zip(pieces, found, strict=True))
    return pieces if full else [part]


def _structured(text: str) -> bool:
    """Whether labels or fields are named."""
    return (
        bool(labels.labels(text) or labels.single(text) or fields.fields(text)) or heard(plain(text)).get("chat", 0) > 4
    )


def _quiet(text: str) -> bool:
    """Whether no cue for a tool is heard clearly."""
    said = heard(plain(text))
    return max((said.get(tool, 0.0) for tool in TOOLS), default=0.0) < 4.0


def _outputs(part: str) -> list[str]:
    """ "ocr + keywords" as two wishes, when each of a few short pieces names the work of some tool."""
    pieces = [piece for piece in re.split(r"\s*(?:\+|&|,|\band\b|\bplus\b)\s*", part) if piece]
    if not 2 <= len(pieces) <= 5 or any(len(piece.split()) > 4 for piece in pieces):
        return [part]
    named = [max(TOOLS, key=lambda tool: heard(plain(piece)).get(tool, 0.0)) for piece in pieces]
    loud = all(heard(plain(piece)).get(tool, 0.0) >= 3.5 for piece, tool in zip(pieces, named, strict=True))
    return pieces if loud and len(set(named)) > 1 else [part]


def _only_points(text: str, reference: Reference) -> bool:
    """Whether a sentence says nothing but which images: "and the second one?"."""
    if followups.residue(text, reference):
        return False
    return _quiet(without(text, reference, "this"))


def _without_reference(wish: Wish) -> str:
    if not wish.reference.spans:
        return wish.text
    text = wish.text
    for start, end in sorted(wish.reference.spans, reverse=True):
        text = f"{text[:start]}this{text[end:]}"
    return text


def _about(text: str, turn: Turn) -> tuple[str, ...]:
    """The images of a wish that names none."""
    handles = focus(text, turn)
    several = bool(SEVERAL.search(text))
    if not turn.now.posted and len(handles) > 1 and not several and SINGULAR.search(plain(text)):
        return handles[-1:]
    return handles


def _pair(wish: Wish, turn: Turn) -> list[str]:
    """The images to compare."""
    named = list(wish.reference.handles)
    if len(named) > 1:
        return named
    recent = [*turn.now.posted] or [*focus(wish.text, turn)]
    if named:
        others = [handle for handle in recent if handle not in named] or [h for h in turn.handles if h not in named]
        return [*named, *others[-1:]]
    if len(recent) > 1:
        return recent
    others = [handle for handle in turn.handles if handle not in recent]
    if not others or len(others) == 1 or turn.now.posted:
        before = [handle for handle in (turn.last.handles if turn.last else ()) if handle in others]
        return [*(before[-1:] or others[-1:]), *recent]
    return list(turn.handles)


def _settled(wanted: Sequence[Wish], asides: Sequence[Wish], turn: Turn, whole: Reference) -> list[Wish]:
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


def _merged(
    calls: Sequence[tuple[str, dict[str, Any]]], asides: Sequence[str], today: date
) -> list[tuple[str, dict[str, Any]]]:
    """Calls of one tool on one image become one; remarks ("one is enough") narrow a search."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for tool, said in calls:
        key = (tool, str(said.get("image") or said.get("images") or said.get("query")))
        if key not in kept:
            kept[key] = dict(said)
        elif "fields" in said or "fields" in kept[key]:
            both = [*(kept[key].get("fields") or []), *(said.get("fields") or [])]
            kept[key]["fields"] = list(dict.fromkeys(both))
        else:
            kept[key].update({name: value for name, value in said.items() if name not in kept[key]})
    for (tool, _), said in kept.items():
        for aside in asides if tool == "search" else ():
            left = narrow(plain(aside), today)
            if left.limit:
                said["limit"] = left.limit
            if left.filters:
                said["filters"] = {**said.get("filters", {}), **left.filters}
    return [(tool, said) for (tool, _), said in kept.items()]


def _described(turn: Turn) -> Plan:
    return Plan(tuple(("describe", {"image": handle}) for handle in turn.now.posted[:MOST]))


def _asked(say: str) -> Plan:
    return Plan(say=say, status="asked")


def _no_images() -> str:
    return "There are no images in this thread yet. Could you post the one you mean?"


def _only_one(turn: Turn) -> str:
    return f"There is only {turn.handles[0]} in this thread to compare. Could you post the other one?"


def _no_such(missing: Sequence[str], turn: Turn) -> str:
    have = list(turn.handles)
    known = have[0] if len(have) == 1 else f"{', '.join(have[:-1])} and {have[-1]}"
    return f"There is no {missing[0]} in this thread; it has {known}. Which one do you mean?"
