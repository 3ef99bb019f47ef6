"""The final answer, made of what the tools said and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphs.local_planner.answering import shapes
from graphs.local_planner.answering.values import SPOKEN, in_a_sentence, listed
from graphs.local_planner.calling import MOST
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.pointing import pages
from graphs.local_planner.pointing.pointers import FIRST_N
from graphs.local_planner.searches.reposted import SEVERAL, TOOL
from graphs.local_planner.turn import Call, Exchange, Rejected, Turn
from graphs.manners import translates
from tools.kit import Evidence, ImageRef
from tools.kit.seeing.claims import looked

FIGURES = ("reckoned", "items", "counts")
"""Facts of an analysis whose conclusion shows every figure: its steps would say them again."""

REST = 'That is as many as I look at for one message: ask about the others by their numbers, as in "{}".'


def answer(exchange: Exchange, images: Sequence[ImageRef] = ()) -> tuple[str, str]:
    """What to say, and the status: answered, or asked when all that came back is a question to the person."""
    found = _found([call for call in exchange.calls if not call.failed], exchange.text, images)
    blind = [call for call in exchange.calls if call.failed and call.tool == "look" and not call.asks]
    failed = [_failed(call) for call in exchange.calls if call.failed and not (found and call in blind)]
    if not found and not failed:
        return "I cannot tell.", "answered"
    counted = all(call.tool == "analyze" for call in exchange.calls if not call.failed)
    rest = [_left(blind[0])] if found and blind and not counted else []
    text = "\n".join(dict.fromkeys([*(_adopted(exchange) if found else ()), *found, *failed, *rest]))
    asks = not found and all(call.asks for call in exchange.calls)
    return text, "asked" if asks else "answered"


def beyond(turn: Turn) -> str:
    """A sentence for where there are more images than are looked at for one message; empty where all were, where only
    so many were asked about, and in JSON."""
    calls = turn.now.calls
    asked = {handle for call in calls for handle in call.handles}
    most = SEVERAL if all(call.tool == TOOL for call in calls) else MOST
    if len(asked) < most or FIRST_N.search(turn.now.text) or shapes.shape_of(plain(turn.now.text)) == "json":
        return ""
    own = [image.handle for image in turn.images if not image.hit]
    if asked.isdisjoint(own):
        there = len(turn.finding.hits) if turn.finding else 0
        last = f"hit {there}"
    else:
        there, last = len(own), own[-1]
    return REST.format(f"describe {last}") if there > len(asked) else ""


def _adopted(exchange: Exchange) -> list[str]:
    """Which images of the thread hits have become: so they are called from now on."""
    named = dict(pair for call in exchange.calls for pair in call.adopted)
    return [" ".join(f"{hit[0].upper()}{hit[1:]} is {handle} now." for hit, handle in named.items())] if named else []


def _found(done: Sequence[Call], question: str, images: Sequence[ImageRef]) -> list[str]:
    """The findings in the shape that was asked for; as sentences, the pages of a file together, when none was."""
    shape = shapes.shape_of(plain(question))
    if shape in ("table", "json", "list") and (shaped := shapes.shaped(pages.one_paper(done, images), shape)):
        return [shaped]
    said, rest = pages.together(done, images)
    return [*said, *(_sentence(call, several=_several(done)) for call in rest)]


def _left(call: Call) -> str:
    """What is still open, because nothing could look."""
    wanted = translates(str(call.arguments.get("question", "")))
    return f"{'I cannot translate it' if wanted else 'Beyond that I cannot tell'}: {_why(call)}."


def _why(call: Call) -> str:
    """Why nothing could look, in a few words: what follows from that is clear."""
    return _first_lower(_failed(call).split(", so")[0].rstrip("."))


def _several(calls: Sequence[Call]) -> bool:
    return len({handle for call in calls for handle in call.handles}) > 1


def _sentence(call: Call, *, several: bool) -> str:
    said = (
        _in_a_sentence(call)
        or _concluded(call)
        or (call.evidence.said if call.evidence else call.said).strip()
        or "I cannot tell."
    )
    if call.evidence and call.evidence.source == "model" and not re.search(r"\bseen by\b", said, re.I):
        said = f"Seen by the model: {said}"
    if several and len(call.handles) == 1 and call.handles[0] not in said.lower():
        handle = call.handles[0]
        return f"{handle[0].upper()}{handle[1:]}: {said}"
    return said


def _concluded(call: Call) -> str:
    """An analysis without its steps, when these say nothing that the conclusion does not show, or what a model saw."""
    facts = call.evidence.facts if call.evidence else {}
    if call.tool != "analyze" or call.evidence is None or not facts.get("conclusion"):
        return ""
    if looked(call.evidence):
        return " ".join([str(facts["conclusion"]), str((facts.get("confidence") or {}).get("said", ""))]).strip()
    return str(facts["conclusion"]) if any(name in facts for name in FIGURES) else ""


def _in_a_sentence(call: Call) -> str:
    """A few extracted values as a colleague would say them; empty for anything else."""
    values = call.evidence.facts.get("values") if call.evidence and call.tool == "extract" else None
    if not isinstance(values, list) or not 0 < len(values) <= SPOKEN or len(call.handles) != 1:
        return ""
    if call.evidence and looked(call.evidence):  # the finding tells what is only the model's
        return ""
    known = [one for one in values if one["value"] is not None]
    if not known:
        return f"I found no {listed([one['name'] for one in values], 'or')} on {call.handles[0]}."
    if any(isinstance(one["value"], list | dict) for one in known):
        return ""
    absent = [f"no {one['name']}" for one in values if one["value"] is None]
    return in_a_sentence(call.handles[0], known) + (f" I found {listed(absent, 'or')} there." if absent else "")


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
    first, about = calls[0], f" on {listed(handles)}" if handles else ""
    if first.failed or first.evidence is None:
        return f"I tried {first.tool}{about}: {_failed(first)}"
    how = "this is what it measured" + (" and what the vision model saw" if looked(first.evidence) else "")
    how = "this is what the vision model saw" if first.evidence.source == "model" else how
    told = [_sentence(call, several=_several(calls)) for call in calls if call.evidence]
    sure = [_certainty(call.evidence.sure, said) for call, said in zip(calls, told, strict=False) if call.evidence]
    lines = [f"{said}{certain}" for said, certain in zip(told, sure, strict=True)]
    lines += [_steps(call.evidence) for call in calls if call.evidence and looked(call.evidence)]
    lines = list(filter(None, lines))
    return f"I used {first.tool}{about}, and {how}:{' ' if len(lines) == 1 else chr(10)}" + "\n".join(lines)


def _steps(evidence: Evidence) -> str:
    """The steps of an analysis in which a model had a say: an answer tells its conclusion alone."""
    _, heading, steps = evidence.said.partition("Steps: ")
    return f"{heading}{steps}" if "steps" in evidence.facts else ""


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
