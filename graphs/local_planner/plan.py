"""From a turn to calls, or to a sentence that needs none."""

from __future__ import annotations

import re
from dataclasses import replace

from graphs.local_planner import arguments, followups
from graphs.local_planner.answering import direct, smalltalk
from graphs.local_planner.calling import MOST, Caller, Plan, asked_for, described, merged, no_images, no_such
from graphs.local_planner.choices import label_edits, labels
from graphs.local_planner.continuing import continued, told_again
from graphs.local_planner.filtering import narrow
from graphs.local_planner.guessing import answered
from graphs.local_planner.language.phrases import plain, written_out
from graphs.local_planner.language.saying import read
from graphs.local_planner.papers import reckons
from graphs.local_planner.pointing import pages
from graphs.local_planner.pointing.references import Reference, find, focus, without
from graphs.local_planner.searches import refining
from graphs.local_planner.turn import Turn
from graphs.local_planner.understanding import clauses
from graphs.local_planner.understanding.cues import heard
from graphs.local_planner.understanding.intents import Wish, embedded, weigh
from graphs.local_planner.understanding.meaning import Meaning
from graphs.local_planner.understanding.wishes import (
    each_its_own,
    named_before,
    only_points,
    only_shows,
    outputs,
    quiet,
    requests,
    settled,
    shown,
    structured,
)
from graphs.manners import read_in_a_language
from tools.kit import Json

SAME = re.compile(r"\b(?:same|again|too|as well|also|ditto|likewise|next)\b")
"""With a new image, these words ask for what was asked before."""


class Router:
    """Plans turns by rules and meaning."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self._caller = Caller()

    def expect(self, question: str) -> None:
        """The clauses of a question are embedded ahead, as they are read where nothing came before it."""
        text = read(question)
        if re.search(r"\w", text):
            self._meaning.expect([embedded(part) for part in clauses.split(text) or [text]])

    async def plan(self, turn: Turn) -> Plan:
        text = read(turn.now.text)
        if read_in_a_language(turn.now.text) and (handles := find(text, turn).handles or focus(text, turn)):
            return Plan((("look", {"images": list(handles[:MOST]), "question": turn.now.text}),))
        if page := pages.content(text, turn.images, focus(text, turn)):
            return Plan((("read_text", {"image": page}),))
        text = pages.as_images(text, turn.images, focus(text, turn))
        turn = turn.saying(text)
        if not re.search(r"\w", text):
            return await self._wordless(turn)
        reference = find(text, turn)
        if said := direct.said_at_once(text, turn, reference):
            return Plan(say=said)
        if again := reckons.going_on(text, turn) or direct.in_short(text, turn):
            return Plan(again)
        if plan := continued(text, turn, reference):
            return plan
        if (
            reference.missing
            and not _dated(text, turn)
            and not (heard(plain(text)).get("search", 0) > 4 and not arguments.by_image(text))
        ):
            return asked_for(no_such(reference.missing, turn)) if turn.handles else asked_for(no_images())
        if only_points(text, reference) and (plan := await self._again(turn, reference)):
            return plan
        by_image = bool(reference.handles) and arguments.by_image(without(text, reference, "this"))
        search = None if turn.now.posted or by_image else refining.refined(text, turn)
        if search and (search.sure or not await self._something_else(text, turn)):
            return Plan(search.calls)
        if turn.now.posted and turn.last and quiet(text) and (SAME.search(plain(text)) or not structured(text)):
            return Plan(followups.repeated(turn.last, reference.handles or turn.now.posted, turn).calls)
        if (
            not turn.handles
            and max(heard(plain(text)).values(), default=0.0) < 4
            and (more := followups.fragment(text, turn, ()))
        ):
            return Plan(more.calls)
        if followups.only_continues(text, turn) and (
            more := followups.fragment(text, turn, reference.handles or focus(text, turn))
        ):
            return Plan(more.calls)
        return await self._wishes(turn, reference)

    # --- without words, or with none of its own ---------------------------------------------------

    async def _wordless(self, turn: Turn) -> Plan:
        """Only images, or only an emoji."""
        if not turn.now.posted:
            return Plan(say=smalltalk.chat(""))
        if turn.last and any(len(call.arguments.get("images") or ()) > 1 for call in turn.last.calls):
            return described(turn)  # what was asked of several together is not asked of another one
        return await self._again(turn, Reference()) or described(turn)

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
            return described(turn)
        return Plan(followups.repeated(last, handles, turn).calls)

    async def _something_else(self, text: str, turn: Turn) -> bool:
        """Whether what looks like a change to a search is rather a wish of another kind."""
        likeness = (await self._meaning.likeness([embedded(text)]))[0]
        wish = Wish(text, scores=weigh(text, likeness, "search"))
        others = {intent: score for intent, score in wish.scores.items() if intent != "search"}
        return max(others.values()) > max(8.0, wish.scores["search"])

    # --- wishes -----------------------------------------------------------------------------------

    async def _wishes(self, turn: Turn, reference: Reference) -> Plan:
        if again := told_again(clauses.split(turn.now.text), turn):
            more = await self._wishes(turn.saying(". ".join(again[1])), find(". ".join(again[1]), turn))
            return Plan((*again[0].calls, *more.calls)[:MOST])
        wishes = await self._read(turn)
        if not any(wish.clear for wish in wishes):
            wishes = [wish.told for wish in wishes]
        wanted = requests([wish for wish in wishes if wish.tool], turn)
        wanted = [] if turn.now.posted and all(only_shows(wish) for wish in wanted) else wanted
        asides = [wish for wish in wishes if wish not in wanted]
        refused = [wish for wish in wishes if wish.intent == "outside" and wish.clear]
        if refused and (not wanted or max(wish.score for wish in refused) > max(wish.score for wish in wanted)):
            return Plan(say=smalltalk.outside(plain(refused[0].text)), status="refused")
        if not wanted:
            return answered(turn, wishes, reference, self._caller)
        if not turn.handles and (sought := self._caller.sought(wanted, turn)):
            return sought
        if not turn.handles and any(wish.tool == "search" for wish in wanted):
            asides += [wish for wish in wanted if wish.tool != "search"]
            wanted = [wish for wish in wanted if wish.tool == "search"]
        wanted = settled(wanted, asides, turn, reference)
        calls: list[tuple[str, dict[str, Json]]] = []
        lacking: Plan | None = None
        for wish in wanted:
            made = self._caller.calls(wish, turn)
            if isinstance(made, Plan):
                # "apple or pear? which one": one image is enough for what else is asked
                lacking = lacking or made
            else:
                calls += made
        calls = merged(calls, [wish.text for wish in asides], turn.clock)
        if any(tool == "search" and not {"query", "image", "like"} & said.keys() for tool, said in calls):
            # "snow at night? prior to 2018 please": what for was said in another clause
            whole = self._caller.search_whole(turn)
            return whole if whole.calls else Plan(tuple(calls[:MOST]))
        return Plan(tuple(calls[:MOST])) if calls else lacking or self._caller.search_whole(turn)

    async def _read(self, turn: Turn) -> list[Wish]:
        last = turn.last.calls[-1].tool if turn.last else None
        declared = bool(labels.BRACKETED.search(turn.now.text) and label_edits.LISTED.search(turn.now.text))
        parts = [turn.now.text] if declared else clauses.split(turn.now.text) or [turn.now.text]
        whole = weigh(turn.now.text, {}, last, images=bool(turn.handles))
        if (
            len(parts) > 1
            and whole.get("classify", 0) >= 6
            and all(max(weigh(part, {}, last).values()) < 3 for part in parts)
        ):
            parts = [turn.now.text]
        parts = [piece for part in parts for piece in outputs(part)]
        parts = [piece for part in parts for piece in each_its_own(part, turn)]
        pointing = [part for part in parts if len(parts) > 1 and only_points(part, find(part, turn))]
        named = next((found for part in pointing if (found := find(part, turn)).said), None)
        parts = [part for part in parts if part not in pointing] or parts
        parts = reckons.joined(parts, turn.now.text, turn)
        likeness = await self._meaning.likeness([embedded(part) for part in parts])
        return [
            Wish(
                part,
                named_before(find(part, turn), named),
                reckons.raised(weigh(shown(part, turn), like, last, images=bool(turn.handles)), part, turn),
            )
            for part, like in zip(parts, likeness, strict=True)
        ]


def _dated(text: str, turn: Turn) -> bool:
    """Whether "the 5th" of a thread without images is a day."""
    return not turn.handles and "after" in narrow(written_out(text), turn.clock).filters
