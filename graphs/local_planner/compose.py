"""The final answer, made of what the tools said and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphs.local_planner.turn import Call, Exchange, Rejected, Turn


def answer(calls: Sequence[Call]) -> tuple[str, str]:
    """What to say, and the status: answered, or asked when all that came back is a question to the person."""
    found = [_sentence(call, several=_several(calls)) for call in calls if not call.failed]
    failed = [_failed(call) for call in calls if call.failed]
    if not found and not failed:
        return "I cannot tell.", "answered"
    if found and any(call.failed and call.tool == "look" for call in calls):
        failed, found = [], [f"I cannot tell: {_first_lower(' '.join(failed))} What I can measure:", *found]
    text = "\n".join(dict.fromkeys([*found, *failed]))
    asks = not found and all(call.asks for call in calls)
    return text, "asked" if asks else "answered"


def _several(calls: Sequence[Call]) -> bool:
    return len({handle for call in calls for handle in call.handles}) > 1


def _sentence(call: Call, *, several: bool) -> str:
    said = (call.evidence.said if call.evidence else call.said).strip() or "I cannot tell."
    if call.evidence and call.evidence.source == "model" and not re.search(r"\bseen by\b", said, re.I):
        said = f"Seen by the model: {said}"
    if several and len(call.handles) == 1 and call.handles[0] not in said.lower():
        handle = call.handles[0]
        return f"{handle[0].upper()}{handle[1:]}: {said}"
    return said


def _failed(call: Call) -> str:
    """The sentence of an error; of what cannot be done, only that: how to set it up is for whoever runs this."""
    said = call.said.strip() or f"{call.tool} could not be done."
    if call.asks:
        return said
    first = re.split(r";|(?<=[.!?])\s", said)[0].rstrip(" .")
    return f"{first}."


def _first_lower(sentence: str) -> str:
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def explained(turn: Turn) -> str:
    """What the last answer rests on: tool, images, finding, how sure."""
    last = turn.last
    if last is None:
        return "There is no answer in this thread yet that I could explain."
    found = [call for call in last.calls if call.evidence]
    return "\n".join(_reason(call) for call in found or last.calls)


def _reason(call: Call) -> str:
    about = f" on {' and '.join(call.handles)}" if call.handles else ""
    if call.failed or call.evidence is None:
        return f"I tried {call.tool}{about}: {_failed(call)}"
    how = "The model saw it" if call.evidence.source == "model" else "It was measured"
    sure = call.evidence.sure
    certain = (
        f" The probability given for it is {sure:.0%}." if sure is not None else " No probability can be given for it."
    )
    return f"I used {call.tool}{about}. {how}: {_sentence(call, several=False)}{certain}"


def mended(rejected: Rejected) -> str:
    """A draft after a rule was broken: the mended text, or the draft without the sentences the rule quotes."""
    if rejected.mended:
        return rejected.mended
    offending = [quoted.lower() for quoted in re.findall(r"[\"“'`]([^\"”'`]+)[\"”'`]", rejected.broken)]
    offending += re.findall(r"\d[\d.,]*\d|\d", rejected.broken)
    sentences = re.split(r"(?<=[.!?])\s+|\n", rejected.draft)
    kept = [sentence for sentence in sentences if not any(bad in sentence.lower() for bad in offending)]
    text = " ".join(kept).strip()
    return text if offending and text and text != rejected.draft.strip() else "I cannot say that here."


def fallback(exchange: Exchange) -> list[tuple[str, dict[str, object]]]:
    """When no model can look: what measuring tools can tell instead."""
    calls: list[tuple[str, dict[str, object]]] = []
    done = {(call.tool, handle) for call in exchange.calls for handle in call.handles}
    for call in exchange.calls:
        if call.tool != "look" or not call.failed or call.asks:
            continue
        tool = "read_text" if re.search(READS, str(call.arguments.get("question", "")), re.I) else "describe"
        calls += [(tool, {"image": handle}) for handle in call.handles if (tool, handle) not in done]
    return calls


READS = (
    r"\b(?:translat\w+|hand-?writ\w+|written|read|text|sign|language|say|says|words?|label|scribbl\w+|"
    r"in (?:english|german|french|spanish))\b"
)
