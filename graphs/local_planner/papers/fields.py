"""Which fields of a document somebody asks for, in their own words."""

from __future__ import annotations

import re

from graphs.local_planner.language.phrases import plain, written_out
from graphs.local_planner.papers.field_words import (
    ASKED,
    END,
    EVERYTHING,
    FIELD,
    HEADED,
    NEGATED,
    OFF,
    OWN,
    PAPER,
    SINGULAR,
    SPEAKER,
    STRONG_ONLY,
    VERBAL,
)

LISTED = re.compile(
    (
        r"\b(?:extract|fields?|columns|json (?:with|of|containing)|get|give me|pull(?: out)?|grab|return|"
        r"fill(?: in)?|need|want|note|find|tell me|show me|list|read|schema|just|only|keys|out|"
        r"what are)\b(?: (?:me|us|out|down)\b)?\s*:?\s*(?:as json\s*:?\s*|fields?\s*:?\s*|"
        r"with\s*:?\s*)?(?P<list>.+)$"
    ),
    re.I,
)
PREFIX = re.compile(
    (
        r"^(?:(?:key in|log|record|provide|supply|quote|accepts?|takes|requires?|you missed|you forgot|sorry|but|"
        r"on (?=wh)|by (?=wh)|in (?=wh)|(?:which|what)(?= \w)|i would like to|would like to|could you|"
        r"can you|oh|hmm|hm|well|ok|okay|lol|nah|er|so|"
        r"what about|how about|about|know|put|"
        r"write|list|save|store|output|note|enter|collect|capture|"
        r"copy|every|each|any|just|only|and|also|or|both|what is|what are|"
        r"which|who is|what|when is|the|a|an|its|all|"
        r"my|our|their|his|her|of|me|us|get|give|show|tell|please|as well as|plus|with|fields?|out|"
        r"extract|grab|need|want|i|for|to|now|then|know|is|are|was|json|as|keys?|following|these|columns?|"
        r"schema)\b[\s:]*|\W+|\d+[.)]\s*)+"
    ),
    re.I,
)
SUFFIX = re.compile(
    (
        r"\s+(?:from|on|off|of|in|for|out of|at|printed|shown|given|as|with|here|again|too|please|pls|plz|"
        r"thx|thanks|quick|quickly|asap|fast|instead|also|right|into|to|is|are|was|as well|now|then|info|only|that|"
        r"there)\b.*$"
    ),
    re.I,
)
SEPARATOR = re.compile(
    r"\s*(?:[,;/|+&\n]|\band\b|\bplus\b|\bas well as\b|\bor\b|\bwith\b|(?<=\w)\s*\d\)\s|(?:^|\s)\d[.)]\s|•)\s*", re.I
)


def strong(text: str) -> bool:
    """Whether a word is in it that hardly means anything but a field of a document."""
    return bool(STRONG_ONLY.search(plain(text)))


def listed(text: str) -> bool:
    """Whether a text is a list of fields, or names the paper that short things are to be taken from."""
    said = written_out(text)
    if re.search(r"\bor\b", said) or not (re.search(r"[,+&/;]|\band\b", said) or OFF.search(said)):
        return False
    found = _listed(NEGATED.sub("", said))
    return len(found) > 1 or bool(found and OFF.search(said))


OF_PAPER = re.compile(
    r"^(?:please )?(?:(?:(?:from|off|on|of) (?:the|this|that|my|each|every) (?:[\w-]+ ){0,2}[\w-]+)|(?:json |"
    r"the )?(?:keys?|"
    r"fields?|columns|attributes|schema)(?: (?:i need|wanted|needed))?(?: are)?)(?:\s*[:=]+\s*|\s-+\s)(?=[\w\[{(])"
)


def headed(simple: str) -> bool:
    """Whether a plain list says that it is one of fields: "keys: {customer, po_number}", "off the label: lot"."""
    return bool(OF_PAPER.match(simple)) and not re.search(r"\bor\b", simple)


def short(text: str) -> list[str]:
    """A word or three as a field, after other fields: "and the donor"."""
    names = [
        name for part in SEPARATOR.split(NEGATED.sub("", written_out(text))) if (name := _clean(part.strip(" ?!.")))
    ]
    names = [
        name for name in names if not re.fullmatch(r"again|too|also|both|please|then|it|only|just|now", name, re.I)
    ]
    return names if names and all(len(name.split()) <= 3 and not VERBAL.search(name) for name in names) else []


THING = re.compile(
    r"^(?:and )?(?:(?:what|who|which) (?:is|was|are|were)|(?:i |we )?(?:need|want|get|give me|grab|pull|note|look up)) "
    r"(?:the|its|their|our|his|her) (?P<thing>[\w -]{3,40}?)"
    r"(?: (?:on|of|in|from|off|for|at|according|here|there|printed|given)\b.*)?$"
)


def thing(text: str) -> list[str]:
    """What "what is the odometer reading on the form" asks for, whatever it is."""
    match = THING.match(re.sub(r"[?!.]+$", "", plain(text)))
    return (
        [match["thing"]] if match and not EVERYTHING.search(match["thing"]) and len(match["thing"].split()) <= 3 else []
    )


def weak(text: str) -> bool:
    return bool(FIELD.search(plain(text)))


def fields(text: str) -> list[str]:
    """The fields asked for, in the asker's words, without articles; empty for "everything"."""
    said = re.sub(r"[?!]+", " ", written_out(text)).replace("_", " ").strip(" .")
    said = re.sub(r"\s*\([^()]*\)$", "", said)
    said = re.sub(r"\b(\w+)'s (name|address|number|email|phone|id)\b", r"\1 \2", said, flags=re.I)
    said = re.split(r"\s-\s+(?=in|for|as|please|thanks|just)", said)[0]
    said = re.sub(r"\b(?:incl\w*|excl\w*|with|without)\.? (?:vat|tax|tip)\b", "", said, flags=re.I)
    said = re.sub(
        (
            r"\b(name|address|number|date) of (?:the|this|my|our) (company|shop|store|vendor|restaurant|"
            r"customer|seller|merchant|supplier|patient|owner|sender|recipient)\b"
        ),
        r"\2 \1",
        said,
        flags=re.I,
    )
    said = re.sub(r"[,\s]+(?:in|as|into) (?:an? )?(?:json|csv|table|list|excel|spreadsheet)$", "", said, flags=re.I)
    said = SPEAKER.sub(" ", NEGATED.sub("", said))
    if re.match(r"(?:please |get |give me |i want )*(?:everything|all)\b(?!.*[,:])", said, re.I):
        return []
    simple = plain(said)
    if head := OF_PAPER.match(said.lower()) if headed(said.lower()) else None:
        return [name for part in SEPARATOR.split(said[head.end() :]) if (name := _clean(part.strip("[]{}() ")))]
    if explicit := _declared(said):
        return explicit
    exact = _listed(said)
    by_part: list[str] = []
    for part in re.split(r",|&|\band\b|;|\bplus\b|(?<=\w) (?=(?:and )?by when\b)", said):
        by_part += _listed(part) or _told(part)
    found = exact if len(exact) > len(by_part) else by_part
    if not found:
        found = [_name(match[0]) for match in FIELD.finditer(simple) if match["strong"]] or _questioned(simple)
    return list(dict.fromkeys(found))


def _asked(simple: str) -> str | None:
    for pattern, name in ASKED:
        if match := re.search(pattern, simple):
            if name:
                return name
            if FIELD.fullmatch(field := match["field"].strip()) or (
                re.search(pattern, simple) and len(field.split()) == 1
            ):
                return _name(field)
    return None


def _questioned(simple: str) -> list[str]:
    return [_name(match[0]) for match in FIELD.finditer(simple)]


def _declared(said: str) -> list[str]:
    """After "fields:" or "extract 1) ... 2) ..." any short words are fields."""
    match = re.search(
        (
            r"\b(?:fields?|keys|columns|schema|values?|extract)\b\s*(?:are|named|called|with|"
            r"for)?\s*(?P<colon>[:=])?\s+(?P<list>.+)$"
        ),
        said,
        re.I,
    )
    if not match or not (match["colon"] or re.search(r"[,;/|+&]|\band\b|\d\)", match["list"])):
        return []
    names = [name for part in SEPARATOR.split(match["list"]) if (name := _clean(part))]
    return (
        names
        if all(len(name.split()) <= 4 for name in names) and not all(EVERYTHING.search(name) for name in names)
        else []
    )


def _listed(said: str) -> list[str]:
    """The parts of a list, or of a whole sentence, that end in a field word."""
    said = re.sub(r"^[^:,>]{1,50}?\s*(?:->|=>|:)\s*(?=\w)", "", said)
    match = LISTED.search(said)
    names = [name for part in SEPARATOR.split(match["list"] if match else said) for name in _apart(_clean(part))]
    right = [name for name in names if FIELD.fullmatch(name) or OWN.fullmatch(name)]
    names = [name for name in names if name and (" " not in name or FIELD.fullmatch(name) or not PAPER.search(name))]
    short = [name for name in names if len(name.split()) <= 4 and not VERBAL.search(name)]
    # one sure field in a list of short things makes fields of them all: "venue, date and start time"
    listed = len(short) > 1 and len(short) == len([name for name in names if name])
    return short if listed and (right or any(HEADED.fullmatch(name) for name in short)) else right


def _told(part: str) -> list[str]:
    """The field a phrase asks for in other words, or ends in: "my accountant wants the invoice number"."""
    if asked := _asked(plain(part)):
        return [asked]
    match = END.search(_clean(part)) or END.search(part.strip())
    return [_name(match[0])] if match else []


def _apart(name: str) -> list[str]:
    """ "vendor total date" is three fields, "order date" is one."""
    one = FIELD.fullmatch(name) or re.fullmatch(
        r"(?:departure|arrival|boarding|delivery) \S+|\S+ (?:number|no|id|code|name|date|amount|rate|type)", name, re.I
    )
    if one or FIELD.sub("", name).strip():
        return [name]
    return [_name(match[0]) for match in FIELD.finditer(name)]


def _clean(part: str) -> str:
    part = PREFIX.sub("", part.strip())
    # "number of packages" is one name, "total of the bill" says where to look
    part = re.sub(
        r"\s+of (?!the\b|this\b|that\b|it\b|my\b|our\b|these\b|those\b|each\b|image\b|both\b)(?=\w)", " \0", part
    )
    part = SUFFIX.sub("", part).replace("\0", "of ")
    # whatever the verb before it: "advise the invoice total"
    part = (
        re.sub(r"^(?:\w+ ){1,3}(?:the|an?|my|our|its|their)\s+(?=\w)", "", part)
        if not re.search(r" of |:", part)
        else part
    )
    part = re.sub(r"^(?:invoice|receipt|bill|card)(?:'s) ", "", part, flags=re.I)
    return _name(part)


def _name(word: str) -> str:
    """In the asker's words, in the singular where that is a field, too."""
    word = re.sub(r"^(?:the|an?|its|our|my|your|their)\s+", "", word.strip(" .,:;?!=<>\"'`()[]{}"), flags=re.I)
    word = re.sub(r"\s+", " ", re.sub(r"(?:^|\s)(?:on|of|in|for|from|at|to)$", "", word))
    single = re.sub(r"(?<=[^s])s$", "", word)
    return single if SINGULAR.fullmatch(single) else word
