"""From a wish to calls: which images, which arguments; or a question back when something is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphs.clock import Clock
from graphs.local_planner import arguments, followups
from graphs.local_planner.choices import labels
from graphs.local_planner.filtering import narrow
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.papers import fields, reckons
from graphs.local_planner.pointing import pages
from graphs.local_planner.pointing.pointers import SEVERAL
from graphs.local_planner.pointing.references import focus, without
from graphs.local_planner.searches import refining
from graphs.local_planner.searches.naming import names_a_thing
from graphs.local_planner.turn import Turn
from graphs.local_planner.understanding.cues import heard, loudest
from graphs.local_planner.understanding.intents import Wish
from graphs.local_planner.understanding.wishes import shown
from tools.kit import Json

MOST = 10
"""Calls in one turn."""
TOLD = re.compile(
    r"\b(?:photo|picture|pic|image|shot|snap|one)s? (?:of|with|from|where|showing)\b(?! (?:this|that|"
    r"it|these)\b)"
)
"""Says what is in a picture, so that "that pic of the cranes" needs none in the thread."""
BARE_THIS = re.compile(r"\b(?:this|that|it)(?= (?:to|for|been|posted|already|before|anywhere|here|earlier)\b|\W*$)")
"""Said of an image just posted, it is what to search with: "use it to search"."""
LOOKS = ("classify", "read_text", "extract", "compare", "describe", "analyze", "look")
"""Tools that need an image of the thread."""
POINTS = re.compile(
    r"\b(?:this|that|it|its|these|those|them|they|he|she|his|her|the|my|here|attached|attachment|image|text|"
    r"differen\w+|same|both)\b"
)
"""Speaks of an image, even where there is none yet."""
SINGULAR = re.compile(r"\b(?:this|that|it|its|the (?:image|photo|picture|pic|receipt|invoice|document|card))\b")


@dataclass(frozen=True)
class Plan:
    """Calls to make; or, when there are none, what to say and with which status."""

    calls: tuple[tuple[str, dict[str, Json]], ...] = ()
    say: str = ""
    status: str = "answered"
    doubts: bool = False
    """The question is about the last answer itself."""


class Caller:
    """Makes calls of wishes."""

    def calls(self, wish: Wish, turn: Turn) -> list[tuple[str, dict[str, Json]]] | Plan:
        tool = wish.tool
        if tool == "search":
            return self._search(wish, turn)
        if not turn.handles:
            return asked_for(no_images())
        if tool == "compare":
            return self._compare(wish, turn)
        handles = wish.reference.handles or images_of(wish.text, turn)
        if tool == "analyze" and (question := reckons.question_of(wish.text, turn)):
            return [("analyze", {"images": reckons.images(wish.text, wish.reference, turn), "question": question})]
        if tool in ("look", "analyze"):
            return [(str(tool), {"images": list(handles), "question": wish.text})]
        said: dict[str, Any] = {}
        if tool == "classify" and (changed := followups.changed_labels(wish.text, turn, wish.reference)):
            said = {"labels": changed}
        elif tool == "classify":
            if len(turn.now.posted) > 1 and re.fullmatch(r"[\w ]+ (?:vs\.?|versus) [\w ]+", wish.text):
                return self._compare(wish, turn)
            said = arguments.classify(shown(wish.text, turn))
            if (
                not said
                and turn.last
                and turn.last.calls[-1].tool == "classify"
                and (label := followups.label(wish.text))
            ):
                said = {"labels": label}
        elif tool == "extract":
            handles = handles if wish.reference.said else pages.whole(handles, turn.images)
            bare = without(wish.text, wish.reference)
            said = arguments.extract(bare) or arguments.extract(without(wish.text, wish.reference, "this"))
            if not said and turn.last and turn.last.calls[-1].tool == "extract" and (more := fields.short(bare)):
                said = {"fields": more}
            if turn.last and turn.last.calls[-1].tool == "extract" and said and not turn.now.posted:
                return list(followups.with_fields(said["fields"], handles).calls)
        elif tool == "describe":
            said = arguments.describe(wish.text)
        elif tool == "read_text" and arguments.spelling(turn.now.text):
            said = {"spelling": True}
        return [(str(tool), {"image": handle, **said}) for handle in handles]

    def _compare(self, wish: Wish, turn: Turn) -> list[tuple[str, dict[str, Json]]] | Plan:
        images = pair(wish, turn)
        if len(images) > 1:
            return [("compare", {"images": images, "question": wish.text})]
        if arguments.by_image(wish.text) and heard(plain(wish.text)).get("search", 0.0) > 4:
            return self._search(wish, turn)
        if said := arguments.classify(wish.text):
            return [("classify", {"image": handle, **said}) for handle in images]
        return asked_for(only_one(turn))

    def _search(self, wish: Wish, turn: Turn) -> list[tuple[str, dict[str, Json]]] | Plan:
        handle = None
        told = not turn.handles and TOLD.search(plain(wish.text))
        meant = wish.reference.handles or (turn.now.posted and BARE_THIS.search(plain(wish.text)))
        if not told and (meant or arguments.by_image(wish.text)):
            handles = wish.reference.handles or (images_of(wish.text, turn) if turn.handles else ())
            if not handles:
                return asked_for(
                    "There is no image in this thread yet to search by. Could you post one, or say in words what to "
                    "look for?"
                )
            handle = handles[-1]
        said = arguments.search(without_reference(wish) if handle else wish.text, handle, turn.clock)
        if not said.get("query") and not said.get("image"):
            said = refining.narrowed_again(said, turn)
            # "... search the archive": what for was said in another clause
            return [("search", said)] if said.get("filters") or said.get("limit") else []
        return [("search", said)]

    def sought(self, wanted: Sequence[Wish], turn: Turn) -> Plan | None:
        """A search, when there is no image and nothing said points at one: "a plain background, maybe balloons"."""
        loud = any(loudest(plain(wish.text), LOOKS) >= 3.5 for wish in wanted)
        if loud or any(wish.tool == "search" for wish in wanted):
            return None
        if names_a_thing(turn.now.text):
            return self.search_whole(turn)
        if POINTS.search(plain(turn.now.text)):
            return None
        if any(labels.labels(wish.text) or fields.fields(wish.text) for wish in wanted):
            return None
        return self.search_whole(turn)

    def search_whole(self, turn: Turn) -> Plan:
        """A search whose own clause does not say what for: the whole message may."""
        said = arguments.search(turn.now.text, turn.now.posted[-1] if turn.now.posted else None, turn.clock)
        if not {"query", "image", "filters"} & said.keys():
            return asked_for("What should I look for in the archive?")
        return Plan((("search", said),))


def without_reference(wish: Wish) -> str:
    if not wish.reference.spans:
        return wish.text
    text = wish.text
    for start, end in sorted(wish.reference.spans, reverse=True):
        text = f"{text[:start]}this{text[end:]}"
    return text


def images_of(text: str, turn: Turn) -> tuple[str, ...]:
    """The images of a wish that names none."""
    handles = focus(text, turn)
    several = bool(SEVERAL.search(text))
    if not turn.now.posted and len(handles) > 1 and not several and SINGULAR.search(plain(text)):
        return handles[-1:]
    return handles


def pair(wish: Wish, turn: Turn) -> list[str]:
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


def merged(
    calls: Sequence[tuple[str, dict[str, Any]]], asides: Sequence[str], clock: Clock
) -> list[tuple[str, dict[str, Any]]]:
    """Calls of one tool on one image become one; remarks ("one is enough") narrow a search."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    calls = [(tool, dict(said)) for tool, said in calls]
    searches = [said for tool, said in calls if tool == "search" and (said.get("query") or said.get("image"))]
    for tool, said in calls:
        if tool == "search" and set(said) == {"limit"} and not searches:
            continue
        if tool == "search" and searches and said not in searches:
            # "... anyone? only from this year": no search of its own
            filters = {**searches[0].get("filters", {}), **said.get("filters", {})}
            searches[0].update({**said, **({"filters": filters} if filters else {})})
            continue
        key = (tool, str(said.get("image") or said.get("images") or said.get("query")))
        if key not in kept:
            kept[key] = said
        elif "fields" in said or "fields" in kept[key]:
            both = [*(kept[key].get("fields") or []), *(said.get("fields") or [])]
            kept[key]["fields"] = list(dict.fromkeys(both))
        else:
            kept[key].update({name: value for name, value in said.items() if name not in kept[key]})
    for (tool, _), said in kept.items():
        for aside in asides if tool == "search" else ():
            left = narrow(plain(aside), clock)
            if left.limit:
                said["limit"] = left.limit
            if left.filters:
                said["filters"] = {**said.get("filters", {}), **left.filters}
    return [(tool, said) for (tool, _), said in kept.items()]


def described(turn: Turn) -> Plan:
    """Of what was just posted."""
    return Plan(tuple(("describe", {"image": handle}) for handle in turn.now.posted[:MOST]))


def asked_for(say: str) -> Plan:
    return Plan(say=say, status="asked")


def no_images() -> str:
    return "There are no images in this thread yet. Could you post the one you mean?"


def only_one(turn: Turn) -> str:
    return f"There is only {turn.handles[0]} in this thread to compare. Could you post the other one?"


def no_such(missing: Sequence[str], turn: Turn) -> str:
    have = list(turn.handles)
    known = have[0] if len(have) == 1 else f"{', '.join(have[:-1])} and {have[-1]}"
    return f"There is no {missing[0]} in this thread; it has {known}. Which one do you mean?"
