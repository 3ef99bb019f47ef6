"""The final answer, made of what the tools said and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphs.local_planner.turn import Call, Exchange, Rejected, Turn

SPOKEN = 3
"""Values said in a sentence; more are easier to read as a list."""


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
    said = _in_a_sentence(call) or (call.evidence.said if call.evidence else call.said).strip() or "I cannot tell."
    if call.evidence and call.evidence.source == "model" and not re.search(r"\bseen by\b", said, re.I):
        said = f"Seen by the model: {said}"
    if several and len(call.handles) == 1 and call.handles[0] not in said.lower():
        handle = call.handles[0]
        return f"{handle[0].upper()}{handle[1:]}: {said}"
    return said


def _in_a_sentence(call: Call) -> str:
    """A few extracted values as a colleague would say them; empty for anything else."""
    values = call.evidence.facts.get("values") if call.evidence and call.tool == "extract" else None
    if not isinstance(values, list) or not 0 < len(values) <= SPOKEN or len(call.handles) != 1:
        return ""
    known = [one for one in values if one["value"] is not None]
    if not known or any(isinstance(one["value"], list | dict) for one in known):
        return ""
    absent = [f"no {one['name']}" for one in values if one["value"] is None]
    told = _listed([f"the {one['name']} {_are(one['name'])} {one['value']}" for one in known])
    return f"On {call.handles[0]} {told}." + (f" I found {_listed(absent, 'or')} there." if absent else "")


def _are(name: str) -> str:
    return "are" if re.search(r"[^s]s$", name) and not name.endswith("address") else "is"


def _listed(parts: Sequence[str], link: str = "and") -> str:
    return f"{', '.join(parts[:-1])} {link} {parts[-1]}" if len(parts) > 1 else parts[0]


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
    found = [call for call in last.calls if call.evidence] or list(last.calls)
    groups: dict[str, list[Call]] = {}
    for call in found:
        groups.setdefault(f"{call.tool} {call.evidence.source if call.evidence else ''}", []).append(call)
    return "\n".join(_reasons(calls) for calls in groups.values())


def _reasons(calls: Sequence[Call]) -> str:
    """Of calls of one tool."""
    handles = list(dict.fromkeys(handle for call in calls for handle in call.handles))
    first, about = calls[0], f" on {_listed(handles)}" if handles else ""
    if first.failed or first.evidence is None:
        return f"I tried {first.tool}{about}: {_failed(first)}"
    how = "this is what the vision model saw" if first.evidence.source == "model" else "this is what it measured"
    told = [_sentence(call, several=_several(calls)) for call in calls if call.evidence]
    sure = [_certainty(call.evidence.sure, said) for call, said in zip(calls, told, strict=False) if call.evidence]
    lines = [f"{said}{certain}" for said, certain in zip(told, sure, strict=True)]
    return f"I used {first.tool}{about}, and {how}:{' ' if len(lines) == 1 else chr(10)}" + "\n".join(lines)


def _certainty(sure: float | None, said: str) -> str:
    """How sure, unless the finding has said so itself."""
    if sure is None:
        return " I have no probability for it."
    return "" if "%" in said else f" I put its probability at {sure:.0%}."


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
