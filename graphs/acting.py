"""Running the tool calls of one step: all at once, each under its deadline, none twice."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Collection, Mapping, Sequence

from langchain_core.messages import AIMessage, AnyMessage, ToolCall, ToolMessage

from graphs.memory import REPEATED, is_repeated
from graphs.state import Step, Surroundings
from graphs.steps import title_of
from tools.kit import CannotDo, Evidence, Spoken
from tools.kit.toolbox import TurnToolbox

log = logging.getLogger(__name__)

CALLS = 16
"""Tool calls of one step that are run; a model that asks for more is told so."""
FACTS = 8_000
"""Characters of facts that the planner is told; longer ones are for the rules and for people alone."""
TOO_MANY = f"Not run: {CALLS} tool calls at once are the most. Ask for the rest in the next step."
AGAIN = "Not run again: this very call was made before, and its result is above. Use that, or answer."
FAILED_AGAIN = "Not run again: this very call failed before ({}). Change it, or answer without it."


async def results_of(turn: Sequence[AnyMessage], toolbox: TurnToolbox, around: Surroundings) -> list[ToolMessage]:
    """What comes of the calls that the last message of the turn makes, in their order: every call gets a result."""
    asking = turn[-1]
    calls = asking.tool_calls if isinstance(asking, AIMessage) else []
    malformed: Mapping[str, str] = asking.additional_kwargs.get("malformed") or {}
    done = _results(turn[:-1])
    settled: list[ToolMessage | None] = []
    running: set[str] = set()
    for call in calls:
        told = _without_running(call, malformed, done, running)
        settled.append(told)
        running |= set() if told else {_key(call)}
    ran = iter(
        await asyncio.gather(
            *(_run(call, toolbox, around) for call, told in zip(calls, settled, strict=True) if not told)
        )
    )
    return [told or next(ran) for told in settled]


def _without_running(
    call: ToolCall, malformed: Mapping[str, str], done: Mapping[str, ToolMessage], running: Collection[str]
) -> ToolMessage | None:
    """The result of a call that need not, or cannot, be run."""
    key = _key(call)
    if told := malformed.get(call["id"] or ""):
        return _error(call, told)
    if key in done:
        return _repeated(call, done[key])
    if key in running:
        return _error(call, AGAIN, REPEATED)
    return _error(call, TOO_MANY) if len(running) >= CALLS else None


def notes_of(results: Sequence[ToolMessage]) -> list[str]:
    """What tools say that people must hear whatever the answer is: another model stood in, an image was held back."""
    found = [result.artifact["facts"].get("notes") for result in results if result.artifact]
    return [str(note) for notes in found if isinstance(notes, list) for note in notes]


def _results(turn: Sequence[AnyMessage]) -> dict[str, ToolMessage]:
    """What calls have come to so far, by what they asked for."""
    told = {message.tool_call_id: message for message in turn if isinstance(message, ToolMessage)}
    calls = [call for message in turn if isinstance(message, AIMessage) for call in message.tool_calls]
    return {_key(call): result for call in calls if (result := told.get(call["id"] or "")) and not is_repeated(result)}


def _key(call: ToolCall) -> str:
    return json.dumps([call["name"], call["args"]], sort_keys=True, ensure_ascii=False, default=str)


def _repeated(call: ToolCall, before: ToolMessage) -> ToolMessage:
    failed = before.status == "error"
    return _error(call, FAILED_AGAIN.format(before.text.rstrip(".")) if failed else AGAIN, REPEATED)


async def _run(call: ToolCall, toolbox: TurnToolbox, around: Surroundings) -> ToolMessage:
    name = call["name"]
    title = around.gate.clean(title_of(call, around.tools.get(name)))
    await around.show(Step(title, "running", name))
    try:
        evidence = await toolbox.use(name, call["args"])
    except Spoken as error:
        await around.show(Step(title, "failed", name))
        told = _error(call, str(error), "cannot" if isinstance(error, CannotDo) else "ask")
        return _with_hits(told, call, toolbox)
    except Exception:
        log.exception("The tool %s failed.", name)
        await around.show(Step(title, "failed", name))
        sentence = f"{name} failed here with an error that is ours, not yours; it has been logged."
        return _error(call, sentence, "cannot")
    await around.show(Step(title, "done", name))
    told = ToolMessage(_told(evidence), tool_call_id=call["id"], name=name, artifact=evidence.model_dump(mode="json"))
    return _with_hits(told, call, toolbox)


def _with_hits(told: ToolMessage, call: ToolCall, toolbox: TurnToolbox) -> ToolMessage:
    """A result that says which images the hits in its call have become."""
    said = [call["args"].get("image"), *(call["args"].get("images") or ())]
    images = {hit: image for hit in said if isinstance(hit, str) and (image := toolbox.handle_of(hit))}
    if not images:
        return told
    now = " ".join(f"{hit} is now {image.handle}." for hit, image in images.items())
    adopted = {hit: image.model_dump(mode="json") for hit, image in images.items()}
    more = {**told.additional_kwargs, "adopted": adopted}
    return told.model_copy(update={"content": f"({now}) {told.content}", "additional_kwargs": more})


def _error(call: ToolCall, sentence: str, kind: str = "ask") -> ToolMessage:
    return ToolMessage(
        sentence, tool_call_id=call["id"], name=call["name"], status="error", additional_kwargs={"kind": kind}
    )


def _told(evidence: Evidence) -> str:
    """What the planner is told of a result: the sentence, and the facts as JSON."""
    facts = json.dumps(evidence.facts, ensure_ascii=False)
    told = evidence.said if len(facts) > FACTS else f"{evidence.said}\n{facts}"
    return f"Seen by the vision model: {told}" if evidence.source == "model" else told
