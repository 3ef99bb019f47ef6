"""Making the running summary: by the model, checked like an answer; or by listing what was asked and answered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage

from graphs.memory import evidence_of, sight_of
from graphs.planning.marking import marked
from graphs.planning.planner import Request
from graphs.planning.summary import Summary
from graphs.planning.trimming import Turn
from graphs.prompts import SUMMARISE
from tools.kit import Evidence, ImageRef
from tools.kit.models import Ask, ChatModel, ProviderFailure

RESULT = 1_500
"""Characters of a tool's result that the summary may draw on."""
LINE = 240
"""Characters of a question or an answer in a summary that lists them."""
LONGEST = 6_000
"""Characters of a summary."""
TOKENS = 1_000
"""Of a summary that a model makes."""
HANDLE = re.compile(r"\bimage \d+\b")


async def summed_up(request: Request, leaving: Sequence[Turn], model: ChatModel) -> Summary:
    """The summary with these turns in it too. Whoever makes it, every rule holds for its text."""
    before = request.summary
    text = await _by_model(request, leaving, model) or _by_listing(request, leaving)
    hits = [hit for turn in leaving for one in evidence_of(turn) for hit in one.facts.get("hits") or ()]
    told = [handle for turn in leaving for handle in _handles(turn)]
    return Summary(
        text=text,
        turns=(*(before.turns if before else ()), *(str(turn[0].id) for turn in leaving)),
        handles=_once((*(before.handles if before else ()), *told)),
        originals=_once((*(before.originals if before else ()), *(str(hit.get("sha256", "")) for hit in hits))),
        sight=_once((*(before.sight if before else ()), *(seen for turn in leaving for seen in sight_of(turn)))),
        words=before.words if before else (),
        evidence=before.evidence if before else (),
    )


async def _by_model(request: Request, leaving: Sequence[Turn], model: ChatModel) -> str | None:
    """None when the model does not answer, or what it says cannot be made to hold."""
    earlier = [f"Summary so far:\n{request.summary.text}"] if request.summary else []
    told = "\n\n".join([*earlier, *(_transcript(turn) for turn in leaving)])
    messages = [SystemMessage(SUMMARISE), HumanMessage(marked(told))]
    try:
        reply = await model.reply(Ask(messages, most_tokens=TOKENS, purpose="summarise"))
    except ProviderFailure:
        return None
    text = reply.message.text.strip()[:LONGEST]
    return await asyncio.to_thread(_held, text, request) if text else None


def _held(text: str, request: Request) -> str | None:
    """The text if every rule holds for it, or what of it can be kept."""
    evidence: list[Evidence] = [*(request.summary.evidence if request.summary else ()), *evidence_of(request.history)]
    context: dict[str, Any] = {"surface": "answer", "question": _words(request), "images": _images(request)}
    verdicts = request.gate.judge(text, evidence, **context)
    if all(verdicts):
        return text
    mend = getattr(request.gate, "mend", None)
    mended: str | None = mend(text, verdicts, evidence, **context) if mend else None
    return mended


def _words(request: Request) -> str:
    """What people wrote, which may be said again, and what was answered: that has been checked."""
    said = [message.text for message in request.history if isinstance(message, HumanMessage | AIMessage)]
    before = request.summary
    return "\n".join([*((before.text, *before.words) if before else ()), *said])


def _images(request: Request) -> list[ImageRef]:
    return [ImageRef.model_validate(image) for image in request.system.additional_kwargs.get("images") or ()]


def _by_listing(request: Request, leaving: Sequence[Turn]) -> str:
    """What was asked and answered, a line each; of too many the latest."""
    before = request.summary.text.splitlines() if request.summary else []
    lines = [*before, *(f"- Asked: {_cut(turn[0].text)} Answered: {_cut(turn[-1].text)}" for turn in leaving)]
    while len(lines) > 1 and sum(map(len, lines)) + len(lines) > LONGEST:
        del lines[0]
    return request.gate.clean("\n".join(lines))


def _transcript(turn: Turn) -> str:
    return "\n".join(line for message in turn for line in _lines(message))


def _lines(message: AnyMessage) -> list[str]:
    if isinstance(message, HumanMessage):
        return [f"Question: {message.text}"]
    if isinstance(message, ToolMessage):
        return [f"Found by {message.name}: {message.text[:RESULT]}"]
    return [f"Answer: {message.text}"] if message.text else []


def _handles(turn: Turn) -> list[str]:
    """Images that the turn posted, looked at or spoke of."""
    posted = [str(image["handle"]) for image in turn[0].additional_kwargs.get("images") or ()]
    about = [region.handle for one in evidence_of(turn) for region in one.about]
    calls = [str(call["args"]) for message in turn if isinstance(message, AIMessage) for call in message.tool_calls]
    spoken = HANDLE.findall("\n".join([*(message.text for message in turn), *calls]))
    return [*posted, *about, *spoken]


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if name)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LINE else f"{line[: LINE - 3]}..."
