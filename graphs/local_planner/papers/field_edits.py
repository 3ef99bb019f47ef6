"""Changes to the fields asked for before: "skip the net", "no, the date I meant", "scrap the email, add the site"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphs.local_planner.language.phrases import plain, written_out
from graphs.local_planner.papers import field_words, fields
from graphs.local_planner.pointing.references import Reference, without
from graphs.local_planner.turn import Exchange, Turn
from graphs.local_planner.understanding.cues import heard

DROP = re.compile(
    r"^(?:(?:ok|okay|now|and|but|no|hm+|actually|please)[\s,]+)*(?:drop|remove|without|minus|omit|exclude|"
    r"(?:leave|leaving|take) out|get rid of|scrap|skip|lose|forget(?: about)?|ignore|never mind|"
    r"(?:i )?(?:do not|don't) (?:need|want)|no)\s+"
    r"(?P<gone>[\w .,&'-]+?)(?:[\s,;.]+(?:and |but |then )?"
    r"(?:plus|add|give me|get|show|include|i (?:want|need)|just|only|put|want|need|use|take)\b\s*(?P<more>.+))?[.!?]*$",
    re.I,
)
ADD = re.compile(r"^(?:(?:and|also|plus|now|ok|please)[\s,]+)*(?:add|include|append)\s+(?P<more>.+)$", re.I)
WRONG = re.compile(
    r"^(?:(?:no|nope|nah|sorry|sry|oops|wait|actually|rather|i meant?|i mean|meant|hm+)\b[\s,.!:-]*)+|"
    r"[\s,]*\b(?:i meant?|i mean|instead|rather|actually|i wanted)\W*$",
    re.I,
)
"""Says that something else was meant than was understood."""
ALL_OF = re.compile(
    r"^(?:(?:no|wait|actually|sorry|and|ok|hm+|then|give me|i want|i need)[\s,]+)*"
    r"(?:both|all (?:three|of (?:them|those|it)))(?: (?:then|actually|please|of them))*\W*$",
    re.I,
)
UNITS = re.compile(
    r"^(?:(?:and|so|ok|now|then|what is (?:it|that|this)|how much is (?:it|that)|what about|how about|convert (?:it|"
    r"that)|"
    r"same)\s+)*(?:in|into|to)\s+(?:us |swiss |british )?(?:euros?|dollars?|pounds?|sterling|francs?|yen|yuan|rupees?|"
    r"krone[rn]?|eur|usd|gbp|chf|jpy|inches|feet|cm|mm|met(?:er|re)s|miles|km|kilos?|kg|lbs|ounces|fahrenheit|celsius)"
    r"\W*$",
    re.I,
)
"""Asks for what was found in another currency or unit."""

BARE = re.compile(
    r"^(?:(?:oh|ok|and|also|the|its|give me|tell me|show me|what is|what was|what are|which is)\s+)+|"
    r"\s*(?:\b(?:on|for|of|from|in))?\W*$",
    re.I,
)
"""What stands around a field that is named on an image: "and what is the ... on image 1?"."""
MORE = re.compile(r"\b(?:also|too|as well|add|plus|besides|both|all)\b", re.I)
TAKEN_BACK = re.compile(r"^(?:(?:hm+|no|ok|oh)[\s,]+)*not (?:the |that |this )?\w+", re.I)
NOT_THERE = re.compile(
    r"^(?:(?:sorry|oh|ok|hm+)[\s,]+)*(?:the |that )?[\w -]{3,30}? (?:is|are) not (?:there|on it|on there|given|"
    r"printed)\b"
    r"[\s.,;-]*(?P<more>.+)$",
    re.I,
)


def asked(exchange: Exchange | None) -> list[str]:
    """The fields an exchange looked for, each once."""
    calls = [call for call in exchange.calls if call.tool == "extract"] if exchange else []
    return list(dict.fromkeys(str(name) for call in calls for name in call.arguments.get("fields") or []))


def changed_fields(text: str, turn: Turn, reference: Reference) -> list[str]:
    """What to extract instead of, or besides, the fields before; empty when `text` changes none."""
    before = asked(turn.last)
    if not before:
        return []
    said = written_out(text)
    if ALL_OF.match(said) and len(turn.handles) == 1:
        return _lately(turn.past)
    if (match := DROP.match(said)) and (left := _less(before, match["gone"])) is not None:
        return list(dict.fromkeys([*left, *_named(match["more"] or "")]))
    if match := NOT_THERE.match(said):
        return _named(WRONG.sub("", match["more"]))
    if not reference.said and (match := ADD.match(said)):
        return _named(match["more"])
    bare = BARE.sub("", without(said, reference))
    if reference.said and field_words.HEADED.fullmatch(bare):
        return [bare]
    corrected = WRONG.sub("", said)
    if corrected != said and not MORE.search(said) and not reference.said and not field_words.VERBAL.search(corrected):
        return _named(corrected)
    return _again(said, turn)


def _again(said: str, turn: Turn) -> list[str]:
    """Fields that were asked for before and are named once more, whatever paper they are on."""
    simple = plain(field_words.NEGATED.sub("", said))
    loud = any(gain >= 4 for intent, gain in heard(simple).items() if intent != "extract")
    if loud or fields.fields(said) or field_words.VERBAL.search(simple) or len(simple.split()) > 6:
        return []
    return [name for name in asked_before(turn.past) if re.search(rf"\b{re.escape(_plain(name))}s?\b", simple)]


def _less(before: Sequence[str], gone: str) -> list[str] | None:
    """The fields without those of a list; None when one of them was never asked for."""
    names = [_plain(name) for name in fields.SEPARATOR.split(gone) if name.strip()]
    if not names or any(not any(_plain(field) == name for field in before) for name in names):
        return None
    return [field for field in before if _plain(field) not in names]


def _plain(name: str) -> str:
    return re.sub(r"^(?:the|its|an?)\s+", "", name.strip(" .,?!").lower()).removesuffix("s")


def _named(text: str) -> list[str]:
    return fields.fields(text) or (fields.short(text) if 0 < len(text.split()) <= 5 else [])


def _lately(past: Sequence[Exchange]) -> list[str]:
    """The fields of the latest exchanges about fields, taken back or not."""
    names: list[str] = []
    for exchange in reversed([exchange for exchange in past if exchange.calls]):
        if not asked(exchange):
            break
        names = [*asked(exchange), *names]
    return list(dict.fromkeys(names))


def asked_before(past: Sequence[Exchange]) -> list[str]:
    """Every field asked for since the talk turned to fields, but for those that were taken back."""
    names: list[str] = []
    replaced = False
    for exchange in reversed(past):
        if not exchange.calls:
            continue
        if not any(call.tool == "extract" for call in exchange.calls):
            break
        said = written_out(exchange.text)
        names = names if replaced else [*asked(exchange), *names]
        if DROP.match(said):
            break
        replaced = not MORE.search(said) and bool(WRONG.match(said) or TAKEN_BACK.match(said))
    return list(dict.fromkeys(names))
