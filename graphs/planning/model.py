"""Planning with a model behind a provider, and with rules of our own when that fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from graphs.planning.counting import Correction, tokens_of, tokens_of_tools
from graphs.planning.mending import BY, ids_in, mended, without_mistakes
from graphs.planning.planner import Planned, Planner, Request
from graphs.planning.sending import LEAST, shortened, told
from graphs.planning.summarising import summed_up
from graphs.planning.summary import Summary
from graphs.planning.telling import fallen_back
from graphs.planning.trimming import Trimmed, trimmed
from graphs.planning.watching import watch_over
from tools.kit.models import Ask, ChatModel, ProviderFailure, Reply
from tools.kit.models.failures import Kind

OUTPUT = 16_000
"""Tokens of the context that are kept free for a reply, where it is large enough."""
SPARE = 0.95
"""Of the context that is used: how tokens are counted is known about."""
REDUCED = 0.4
"""Of the room, after the provider said that it was too much all the same."""
UNREADABLE = "Your reply was empty, or nobody can read the call in it. Answer the question, or call a tool."
SHORTER = "Your reply grew too long and was cut off. Write it again in 150 words at most."
AGAIN: dict[Kind, str] = {"invalid": UNREADABLE, "cut_off": SHORTER}


class ModelPlanner:
    """Asks the model; when no answer comes, the planner after it, and people are told."""

    slow = True

    def __init__(self, model: ChatModel, otherwise: Planner) -> None:
        self._model = model
        self._otherwise = otherwise
        self._correction = Correction()

    @property
    def name(self) -> str:
        return self._model.card.spec

    def expect(self, question: str) -> None:
        """A model is asked about all of a turn at once."""

    async def plan(self, request: Request) -> Planned:
        if request.fallen:  # it would cost another deadline
            return await self._by_rules(request)
        try:
            return await self._planned(request)
        except ProviderFailure as failure:
            planned = await self._by_rules(request)
            return replace(planned, degraded=(fallen_back(failure.who or self.name, failure), *planned.degraded))

    async def _by_rules(self, request: Request) -> Planned:
        # rules end by themselves: with the tools withdrawn from them they would say that a tool is not to be had
        return await self._otherwise.plan(replace(request, turn=without_mistakes(request.turn), may_call=True))

    async def _planned(self, request: Request) -> Planned:
        room = self._room(request)
        summary, history = await self._fitting(request, room)
        try:
            reply = await self._whole(self._ask(request, history, summary, room))
        except ProviderFailure as failure:
            if failure.kind != "too_long":
                raise
            reply = await self._whole(self._ask(request, [], summary, int(room * REDUCED)))
        return Planned(
            _as_reply(reply, request),
            reply.model,
            degraded=reply.degraded,
            summary=summary if summary is not request.summary else None,
        )

    # --- what fits --------------------------------------------------------------------------------

    def _room(self, request: Request) -> int:
        """Tokens, as we count them, for everything that is told besides the tools."""
        card = self._model.card
        reply = min(card.output, OUTPUT, card.context // 4)
        context = (card.context - reply) * SPARE / self._correction.factor
        return max(0, int(context) - tokens_of_tools(request.tools))

    async def _fitting(self, request: Request, room: int) -> tuple[Summary | None, list[AnyMessage]]:
        """The summary, and the turns after it that are told word for word."""
        left = room - tokens_of(told(request, [], request.summary))
        fit: Trimmed = trimmed(request.history, request.summary, tokens=left, messages=request.keep)
        if not fit.leaving:
            return request.summary, fit.kept
        return await summed_up(request, fit.leaving, self._model), fit.kept

    def _ask(self, request: Request, history: Sequence[AnyMessage], summary: Summary | None, room: int) -> Ask:
        messages = told(request, history, summary)
        most = max((len(message.text) for message in request.turn), default=0)
        while tokens_of(messages) > room and most > LEAST:  # long results of tools: what was read on thirty pages
            most //= 2
            shorter = replace(request, turn=shortened(request.turn, most))
            messages = told(shorter, history, summary)
        return Ask(
            messages,
            tools=request.tools,
            tool_choice="auto" if request.may_call else "none",
            watch=watch_over(request.gate),
        )

    # --- asking -----------------------------------------------------------------------------------

    async def _whole(self, ask: Ask) -> Reply:
        """A reply that says something. One that is empty, or too long to end, is asked for once more.

        Raises: ProviderFailure.
        """
        try:
            return await self._said(ask)
        except ProviderFailure as failure:
            if failure.kind not in AGAIN:
                raise
            again = HumanMessage(AGAIN[failure.kind], name="check")
            return await self._said(replace(ask, messages=[*ask.messages, again]))

    async def _said(self, ask: Ask) -> Reply:
        reply = await self._model.reply(ask)
        if reply.usage.calls <= 1:
            counted = tokens_of(list(ask.messages)) + tokens_of_tools(ask.tools)
            self._correction.learn(counted, reply.usage.input)
        message = reply.message
        if not (message.text.strip() or message.tool_calls or message.invalid_tool_calls):
            raise ProviderFailure(f"{reply.model} gave an empty answer: ask again.", "invalid", who=reply.model)
        return reply


def _as_reply(reply: Reply, request: Request) -> AIMessage:
    message = mended(reply.message, ids_in([*request.history, *request.turn]))
    told = {**message.additional_kwargs, BY: reply.model}
    if reply.stopped is None:
        return message.model_copy(update={"additional_kwargs": told})
    return AIMessage(message.text, additional_kwargs={**told, "stopped": reply.stopped})
