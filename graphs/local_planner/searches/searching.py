"""Plans with what people say of searches set aside first: who posted it and where, and which hits they mean."""

from __future__ import annotations

from dataclasses import replace

from graphs.local_planner import followups
from graphs.local_planner.calling import MOST, Caller, Plan, asked_for, no_images
from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.typed import typed
from graphs.local_planner.language.phrases import written_out
from graphs.local_planner.plan import Router
from graphs.local_planner.pointing.references import find
from graphs.local_planner.searches import counting, hit_images, in_thread, narrowing, reposted
from graphs.local_planner.searches.afresh import afresh
from graphs.local_planner.searches.several_hits import THIS, WHICH
from graphs.local_planner.turn import Turn
from graphs.local_planner.understanding import clauses
from tools.kit import Json


class Searches:
    """Before the router: it hears no names of people and channels, and hits of a search as images of the thread."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._caller = Caller()

    def expect(self, question: str) -> None:
        """It is soon asked."""
        self._router.expect(typed(clauses.one_line(question)))

    async def plan(self, turn: Turn) -> Plan:
        """What to do about a message. What narrows a search by people, channels and the like is set aside first."""
        turn = afresh(turn.saying(typed(clauses.one_line(turn.now.text))))
        if less := narrowing.dropped(turn):
            return less
        if here := await self._counted(turn) or await self._in_thread(turn):
            return here
        aside = narrowing.noticed(turn)
        hits = hit_images.standing(turn)
        posting = reposted.asks(turn.now.text, of_hits=True)
        if posting and (missing := hit_images.missing(turn)):
            return asked_for(missing)
        if again := self._reposted(turn, hits, aside or Narrowed(turn.now.text)):
            return hits.named(Plan(again)) if hits else Plan(again)
        if posting and not turn.handles and THIS.search(turn.now.text) and hit_images.any_hits(turn):
            return asked_for(WHICH)
        if again := reposted.narrowed(turn, aside or Narrowed(turn.now.text)):
            return Plan(again)
        plan = await self._narrowed(aside, turn) if aside else None
        plan = plan or await self._of_hits(turn)
        impossible = (
            narrow(written_out(turn.now.text), turn.clock).impossible
            if narrowing.searches(plan) or not turn.handles
            else ""
        )
        return asked_for(impossible) if impossible else plan

    async def _counted(self, turn: Turn) -> Plan | None:
        """A count of the archive's images; None for any other message, and for a count of what the thread shows."""
        if every := counting.all_of(turn):
            return every
        count = counting.asked(turn)
        if count is None or in_thread.IN_IT.search(turn.now.text):
            return None
        sought = turn.saying(count.sought)
        if not count.whole and turn.handles and not narrowing.noticed(sought):
            return None
        return counting.counted(count, await self.plan(replace(sought, past=(), images=(), handles=())))

    async def _in_thread(self, turn: Turn) -> Plan | None:
        """What to do about a message that asks for images of this thread: few are looked at one by one, more are
        searched for. None for any other."""
        rest = in_thread.without(turn)
        if rest is None:
            return None
        if turn.searched and in_thread.narrows(rest) and turn.place:
            return in_thread.searched(Plan((("search", dict(turn.searched.arguments)),)))
        plan = await self.plan(replace(rest, past=(), images=(), handles=()))
        narrowed = any("filters" in said or "order" in said for _, said in plan.calls)
        if not narrowed and (each := in_thread.one_by_one(rest)):
            return each
        if turn.place and narrowing.searches(plan):
            return in_thread.searched(plan)
        if turn.place and (label := in_thread.thing(rest)):
            return in_thread.searched(narrowing.search({"query": label}))
        if turn.place and not turn.handles and in_thread.lists(rest):
            return in_thread.searched()
        return asked_for(no_images()) if not turn.handles else None

    async def _narrowed(self, aside: Narrowed, turn: Turn) -> Plan | None:
        """A search with what was set aside; None when the message turns out to be something else."""
        if turn.handles and narrowing.only_mine(aside):
            said = await self._of_hits(turn)
            if not said.calls and said.status == "answered":
                return said  # "list what I posted" is about this thread
        if plan := narrowing.alone(aside, turn):
            return plan
        rest = turn.saying(aside.text)
        plan = await self._of_hits(rest)
        if not narrowing.searches(plan) and turn.searched and hit_images.standing(rest):
            plan = await self._router.plan(rest)  # what was searched for before, narrowed
        if not narrowing.searches(plan) and narrowing.only_searches(aside, turn):
            plan = self._caller.search_whole(rest)
        return narrowing.with_these(plan, aside, turn.now.text) if narrowing.searches(plan) else None

    def _reposted(
        self, turn: Turn, hits: hit_images.Standing | None, aside: Narrowed
    ) -> tuple[tuple[str, dict[str, Json]], ...]:
        """Calls about postings. Who was asked back which hit they mean may name it and nothing else."""
        turn = hits.turn if hits else turn
        reference, question = find(turn.now.text, turn), turn
        if hits and hits.only(reference) and (open_ := followups.carried(turn)):
            question, aside = open_, narrowing.noticed(open_) or aside
        return reposted.asked(question.now.text, turn, reference, aside)

    async def _of_hits(self, turn: Turn) -> Plan:
        """The plan of a message that may be about hits of a search."""
        if missing := hit_images.missing(turn):
            return asked_for(missing)
        if hits := hit_images.standing(turn):
            plan = hits.named(await self._router.plan(hits.turn))
            if plan.calls and not narrowing.searches(plan):
                return plan
            if handles := hits.only(find(hits.turn.now.text, hits.turn)):  # "the second one"
                return hits.named(Plan(tuple(("describe", {"image": handle}) for handle in handles[:MOST])))
        return hit_images.which(await self._router.plan(turn), turn)
