"""Changes to the labels of an earlier choice: "add ferret to that list", "swap dog for wolf", "without flower"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from graphs.local_planner.choices import label_items
from graphs.local_planner.language.filler import without_filler
from graphs.local_planner.language.phrases import written_out
from graphs.local_planner.pointing.pointers import number
from graphs.local_planner.turn import Exchange, Turn

Names = list[str]

LABEL = r"[\w'-]+(?: [\w'-]+){0,3}?"
END = r"(?=\s*(?:$|[.!?;,]|\band\b|\bthen\b|\bplease\b))"
INSTEAD = re.compile(
    rf"^(?:.*\b(?:use|try|put|take|want|with|it|have|make|do)\s+)?(?P<new>{LABEL})\s*,?\s+"
    rf"(?:instead of|rather than|in place of|in lieu of)\s+(?P<old>{LABEL}){END}",
    re.I,
)
OPERATION = re.compile(
    r"(?P<swap>\b(?:swap|replace|exchange|change|switch|substitute|trade)(?: out)?\b)"
    r"|(?P<drop>\b(?:drop|remove|without|minus|delete|omit|exclude|(?:leave|take|leaving) out|get rid of|kick out|"
    r"scrap|skip|lose|ditch|forget(?: about)?|cut|rule out|cross out|strike|discard|ignore|no more|not(?! sure))\b)"
    r"|(?P<only>\b(?:keep|only|just)\b(?! (?:add|drop|remove|include|swap|replace)))"
    r"|(?P<add>\b(?:it |that |this )?(?:could|might|may) (?:(?:also|maybe|even|well|it|that|this) )*be\b(?!.*\?)|"
    r"\b(?:add(?: in)?(?! up\b| (?:it|them|these|those|all|everything)\b)|include|plus|throw in|put in|"
    r"toss in|"
    r"consider|put(?=.* in\b)|(?:you |i |we )?(?:forgot|missed|left out)(?! to\b)|(?:but )?with(?=.*\b(?:in (?:the|"
    r"that|there|it)|too|as "
    r"well|added|included|thrown in|as an?)\b))\b|(?<!\w)\+)",
    re.I,
)
OUT = re.compile(
    rf"^(?:no,? )?(?P<old>{LABEL}) (?:is|are) (?:not (?:an option|possible|on the list|one of them|allowed)|out|"
    r"impossible|ruled out)\b",
    re.I,
)
BACK = re.compile(
    rf"^(?:(?:no|ok|actually|and)[\s,]+)*(?:back to|return to|"
    rf"go back to) (?:the )?(?P<old>{LABEL})(?: again)?\W*$",
    re.I,
)
MADE = re.compile(
    r"^(?:(?:no|ok|actually|and)[\s,]+)*(?:make|change|switch|turn) (?:that|it|this|them|those|the (?:labels|"
    r"options|list))"
    r"(?: to| into)?:? (?P<list>(?!into\b|to\b).+(?:,|\bor\b|/).+)$",
    re.I,
)
ALSO = re.compile(
    rf"^(?:(?:and|but|or|hm+)[\s,]+)*(?:would|could|might|may|can|is) (?P<new>{LABEL}) (?:be )?(?:also )?"
    r"(?:possible|an option|plausible|a possibility)(?: (?:as well|too|here))*\W*$",
    re.I,
)
TO = re.compile(r"\s+(?:for|with|by|to|into|->|=>)\s+", re.I)
PLACE = re.compile(
    r"\s*\b(?:(?:to|in|into|on|from|off|of) (?:that|the|this|it|them|there|your|my)?\s*(?:mix|list|labels?|options?|"
    r"choices|categories|set|classes|candidates|it|them|there)?|as (?:an? )?(?:option|label|choice|category|well)|"
    r"too|also|in|included|thrown in|added|for sure|definitely|certainly|though|again|please|instead|this time|then|"
    r"now)\W*$",
    re.I,
)
"""Where to: "... to that list", "... as an option"."""
LISTED = re.compile(r"\b(?:list|labels?|options?|choices|categories|classes|tags|set|mix|candidates)\b", re.I)
LENT = re.compile(
    r"^(?:\w+ ){0,4}?(?:the|those|these) (?!same\b)(?:(?P<whose>[\w-]+) )?(?:labels|options|choices|categories|"
    r"classes) "
    r"(?:on|for|with|to) (?P<on>.+)$",
    re.I,
)
NTH = re.compile(r"(?:the )?(?P<end>first|last) (?P<n>\d|two|three|four|five)(?: (?:labels|options|ones))?", re.I)
TALK = re.compile(
    r"\b(?:all|every|more|add|those|these|of|hm+|nah|ah|oh|wait|labels?|options?|list|this|time|redo|rerun|retry|"
    r"could|might|it|too|"
    r"three|two|four|five|hey|maybe|perhaps|right)\b|[^\w\s]",
    re.I,
)


def changed_labels(text: str, turn: Turn) -> list[str]:
    """The labels of an earlier choice with what `text` changes; empty when it changes none.

    Labels that are dropped or replaced must have been there: "without the frame" may be about a picture.
    """
    before = _chosen(turn)
    said = _without_numbers(written_out(text))
    if before and (earlier := _taken_up(said, _names(before), turn)):
        return earlier
    for change in (_listed, _out, _also, _instead, _operations):
        if before and (after := change(said, _names(before))):
            return after
    return []


def lent(text: str, turn: Turn) -> tuple[Names, str] | None:
    """ "Try the boat labels on the first one": the labels of another image, and where to use them."""
    match = LENT.search(written_out(text))
    if not match:
        return None
    chosen = [one for one in reversed(turn.past) if one.calls and one.calls[-1].tool == "classify" and _names(one)]
    whose = (match["whose"] or "").lower()
    told = [one for one in chosen if whose and re.search(rf"\b{re.escape(whose)}s?\b", one.text, re.I)]
    return (_names((told or chosen)[0]), match["on"]) if chosen else None


def _chosen(turn: Turn) -> Exchange | None:
    """The latest exchange with tools, when it chose between labels; when labels are spoken of, the latest that did."""
    spoken = LISTED.search(turn.now.text)
    lately = [exchange for exchange in reversed(turn.past) if exchange.calls][: None if spoken else 1]
    return next((one for one in lately if one.calls[-1].tool == "classify" and _names(one)), None)


def _names(exchange: Exchange) -> Names:
    offered = exchange.calls[-1].arguments.get("labels")
    return [str(label) for label in offered] if isinstance(offered, list) else []


def _without_numbers(text: str) -> str:
    return re.sub(r"\b(?:image|photo|picture|pic) #?\d+\b", "", text, flags=re.I).strip()


def _taken_up(said: str, names: Names, turn: Turn) -> Names:
    """ "Back to quince": the latest labels that had it."""
    match = BACK.match(said)
    if not match or _known(names, match["old"]):
        return []
    chosen = [_names(one) for one in reversed(turn.past) if one.calls and one.calls[-1].tool == "classify"]
    return next((labels_ for labels_ in chosen if _known(labels_, match["old"])), [])


def _listed(said: str, names: Names) -> Names:
    """ "Make that new, used, refurbished"."""
    match = MADE.match(said)
    made = _several(_operand(match["list"])) if match else []
    return made if len(made) > 1 and _add([], ", ".join(made)) else []


def _also(said: str, names: Names) -> Names:
    """ "Would stone be possible as well?"."""
    match = ALSO.match(said)
    return _add(names, match["new"]) if match else []


def _out(said: str, names: Names) -> Names:
    """ "Dirt is not an option": without it."""
    match = OUT.match(said)
    return _less(names, [match["old"]]) if match else []


def _instead(said: str, names: Names) -> Names:
    """ "Use watermark instead of stain"."""
    match = INSTEAD.match(said)
    return _swapped(names, match["old"], match["new"]) if match else []


def _operations(said: str, names: Names) -> Names:
    """Every operation in turn: "minus praise, plus spam". Nothing but small talk may stand before the first."""
    found = list(OPERATION.finditer(said))
    if not found or _talks(said[: found[0].start()], _operand(said[found[0].end() :])):
        return []
    after = names
    for match, following in pairwise([*found, None]):
        assert match is not None
        operand = said[match.end() : following.start() if following else len(said)]
        after = CHANGES[str(match.lastgroup)](after, _operand(operand))
        if not after:
            return []
    return after if after != names else []


def _talks(lead: str, operand: str) -> bool:
    """Whether words before an operation say something of their own."""
    left = set(without_filler(TALK.sub(" ", lead.lower())).split())
    return bool(left - set(operand.lower().split()))


def _operand(text: str) -> str:
    """What an operation is on: up to the end of its sentence, without where to."""
    text = re.split(
        r"[.!?;](?:\s|$)|\s+-\s|\b(?:and|then|,) (?:then )?(?:run|re-?run|go|do|redo|try|check)\b", text.strip(" ,:")
    )[0]
    before = None
    while before != text:
        before, text = text, re.sub(r"[\s,]+(?:and|but|then)$", "", PLACE.sub("", text)).strip(" ,")
    return text


def _several(operand: str) -> Names:
    parts = re.split(r"\s*(?:,|;|/|&|\+|\band\b|\bor\b)\s*", operand)
    return [name for part in parts if (name := label_items.ARTICLE.sub("", part.strip(" \"'`")).strip())]


def _swap(names: Names, operand: str) -> Names:
    """ "Dog for wolf"; the one that is known goes: "substitute wolf for dog"."""
    pair = [name for part in TO.split(operand, maxsplit=1) for name in _several(part)]
    if len(pair) != 2:
        return []
    old, new = pair if _known(names, pair[0]) else pair[::-1]
    return _swapped(names, old, new)


def _swapped(names: Names, old: str, new: str) -> Names:
    known = _known(names, label_items.ARTICLE.sub("", old).strip())
    new = label_items.ARTICLE.sub("", new).strip()
    return [new if name == known else name for name in names] if known and new else []


def _less(names: Names, gone: Sequence[str]) -> Names:
    known = [_known(names, label_items.ARTICLE.sub("", name).strip()) for name in gone]
    return [name for name in names if name not in known] if known and all(known) else []


def _drop(names: Names, operand: str) -> Names:
    return _less(names, _several(operand))


def _keep(names: Names, operand: str) -> Names:
    """ "Only cat and dog", "just the first two"."""
    if match := NTH.fullmatch(operand):
        n = number(match["n"])
        return names[:n] if match["end"].lower() == "first" else names[-n:]
    known = [_known(names, name) for name in _several(operand)]
    return [name for name in known if name] if known and all(known) else []


def _add(names: Names, operand: str) -> Names:
    more = _several(operand)
    good = more and all(len(name.split()) <= 4 and not label_items.NOT_LABELS.search(name) for name in more)
    return list(dict.fromkeys([*names, *more])) if good else []


def _known(names: Names, name: str) -> str | None:
    """The label of this name, in the singular or the plural."""
    wanted = name.lower().removesuffix("s")
    return next((label for label in names if label.lower().removesuffix("s") == wanted), None)


CHANGES: dict[str, Callable[[Names, str], Names]] = {"swap": _swap, "drop": _drop, "only": _keep, "add": _add}
