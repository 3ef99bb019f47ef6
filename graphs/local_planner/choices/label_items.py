"""The items of a label list: taken apart at any punctuation, without what is said around them."""

from __future__ import annotations

import re

ARTICLE = re.compile(
    (
        r"^(?:(?:an?|the|some|all|both|my|more of an?|more like an?|rather an?|maybe|perhaps|just|rather|possibly|"
        r"probably|either|like an?|un[ea]?|ein(?:e[nrsm]?)?|kein)\s+)+"
    ),
    re.I,
)
TRAIL = re.compile(
    r"[\s,]*\b(?:idk(?: which)?|no idea|not sure|dunno|i (?:do not|don't) know(?: which)?|"
    r"which(?: (?:is|one|of|fits|would|do|does)\b[^,]*)?|which (?:one|is it|of (?:these|those|"
    r"them))(?: is (?:it|this))?(?: fits)?(?: best)?|"
    r"what(?:'s| is) it|or (?:none|neither|something else|other|anything else|what|both|"
    r"none of (?:these|them|those))|"
    r"do you think|would you say|(?:in|on|for) (?:(?:this|the|that)(?: \w+)? (?:shot|scene|frame|photo|picture|image|"
    r"pic|one|listing|catalogue|report|register|form|worksheet|system|records?)|image \d+)|here|"
    r"please|pls|plz|thanks|thank you|to (?:you|me)|pick one|choose one|"
    r"lol|lmao|haha|jaja|thx|instead|exactly|i wonder|for me|now|then|mostly|mainly|overall|(?:in|on|for|of) this|"
    r"or not|if any|best|"
    r"fits?(?: best)?|is (?:it|this)|right)\s*$",
    re.I,
)
FOR_USE = re.compile(r"\s+for (?:the|my|our|a|an|this) (?:[\w-]+ ){0,2}[\w-]+$", re.I)
"""What the answer is for: "minor, major or critical for the defect log"."""
LED_IN = re.compile(
    (
        r"^.*\b(?:(?:is|are|was|were|looks?|seems?)(?: (?:named|called))?(?: (?:the|this|that|"
        r"my) \w+(?= \w+$))?|caused by|(?:\w+ )?made (?:of|from)|due to)\s+(?=\S)"
    ),
    re.I,
)
"""The beginning of a first label that is still the question: "LED is green, amber or red"."""
ASIDE = re.compile(
    r"^(?:(?:a |one |just |another )*(?:quick|sanity|small|silly|honest|simple) .*|.*\b(?:check|"
    r"question|decide|opinion|"
    r"thoughts|for (?:me|us)|settle|fits? (?:this|it|best)|your (?:call|pick|verdict|view)))$",
    re.I,
)
"""Words before a list that are no label: "quick sanity check, ..."."""
COMMAS = re.compile(
    r"\s*(?:[,;|\n]|\s/\s|(?<=\w)/(?=\w)|•|·)\s*(?:(?:and|or|vs\.?|versus|oder|ou|o|und)\s+)?|"
    r"(?:\s+to (?:you|me))?\s+(?:or|vs\.?|versus|oder|ou)\s+(?:(?:is|was) (?:it|this|that) |(?:it|this|that) is |"
    r"(?:would|do) you (?:rather )?(?:say|call it|think) )?"
    r"(?:(?:more of|more like|rather|more|just|maybe|simply|only) )*|\s+\|\s+",
    re.I,
)
CHOICE = re.compile(r"\b(?:or|vs)\b|[/|]", re.I)
NUMBERING = re.compile(r"(?:^|\s)(?:\(?[a-h1-9]\)|[1-9]\.)\s+", re.I)
MOST, LONGEST = 40, 6
"""Labels in a list, and words in a label: longer things are sentences."""
NOT_LABELS = re.compile(
    r"\b(?:image|picture|photo|pic) \d|\b(?:first|second|third|last|wrong) ?(?:one|i mean.*)?$|"
    r"\b(?:same|different|identical|duplicates?|better|worse|left|right)\b|^(?:more|less|fewer)\b|^(?:not|it|this|"
    r"that|which|"
    r"what|one|me|so|no|yes|them|settle it|else|something|nothing|nothing else|only|that is all|"
    r"(?:the )?(?:rest|next|last|really|sure|again))$|\b(?:one|"
    r"ones)$|^(?:before|after)\b"
    r"|\b(?:is|are|does|do|did|tell|give|what|who|where|how)\b",
    re.I,
)


def _led_in(parts: list[str]) -> list[str]:
    """Without what leads to the list: "decide for each: keep or bin", "severity low|medium|high"."""
    headed = [place for place, part in enumerate(parts[:3]) if re.search(r"\w:\s+\S", part)]
    parts = parts[headed[-1] :] if headed else parts
    first = re.sub(r"^[^:]+:\s+(?=\S)|^.*\b(?:more|rather|either)\s+(?=\S)", "", parts[0])
    return [first, *parts[1:]]


def items_of(listed: str, least: int = 1) -> list[str]:
    """The labels of a list; empty when there are fewer than `least`, or when one is no label."""
    listed = re.split(r"(?<=\w)[.?!]\s+(?=[A-Z])|\s+-\s+", listed)[0]
    listed = re.sub(r"^[\s:=>\-]+|[\s?!.]+$|\s*\([^()]*\)?$", "", listed)
    listed = FOR_USE.sub("", listed) if CHOICE.search(listed) or "," in listed else listed
    while TRAIL.search(listed):
        listed = TRAIL.sub("", listed).strip(" ,?.")
    if NUMBERING.search(listed) and len(NUMBERING.split(listed)) > 2:
        parts = NUMBERING.split(listed)
        first = NUMBERING.search(listed)
        # "which fits best 1) kitchen 2) bathroom": what comes before the first number asks
        parts = parts[1:] if first and first[0].strip(" ().") in "1aA" else parts
    else:
        parts = COMMAS.split(listed)
    if len(parts) == 1:
        parts = re.split(r"\s+(?:and|&)\s+", listed)
    elif len(parts) >= 2 and " and " in parts[-1]:
        parts = [*parts[:-1], *parts[-1].split(" and ")]
    # spoken lists have no commas: "a cat a dog or a rabbit"
    if len(parts) > 1 and CHOICE.search(listed):
        parts = [
            piece
            for part in parts
            for piece in re.split(r"(?<=\w)(?<!maybe)(?<!just)(?<!perhaps)(?<!rather)(?<!like)\s+(?=an?\s)", part)
        ]
    if len(parts) > 1 and re.search(r"\s&\s", parts[-1]):
        parts = [*parts[:-1], *re.split(r"\s+&\s+", parts[-1])]
    parts = _led_in(parts)
    items = [ARTICLE.sub("", IN_IT.sub("", part.strip(" \"'`()[]{}.,:?!#"))).strip() for part in parts]
    items = [re.sub(r"^(?:e\.?g\.?|for example|such as)[\s,:]+", "", item, flags=re.I) for item in items]
    items = list(dict.fromkeys(item for item in items if item and not re.match(r"for\s", item, re.I)))
    items[:1] = [_state(item, items[1:], "|" in listed) for item in items[:1]]
    items[:1] = [re.sub(r"^(?:.*\bmade )?(?:of|from)$", "", item) for item in items[:1]]
    items = [item for item in items if item]
    if len(items) > 1 and (led := LED_IN.match(items[0])):
        items[0] = ARTICLE.sub("", items[0][led.end() :])
    if len(items) > 2 and (NOT_LABELS.search(items[0]) or ASIDE.match(items[0])):
        items = items[1:]
    if not least <= len(items) <= MOST or any(len(item.split()) > LONGEST or NOT_LABELS.search(item) for item in items):
        return []
    return items


IN_IT = re.compile(r"(?<=\w) (?:in|on) (?:this|the|that) (?:photo|picture|image|pic|shot|scene|frame)$", re.I)
STATE = re.compile(
    r"(?:[\w-]+(?:ed|en|y|ful|less|ish|ing)|ok|good|bad|fine|new|old|used|fresh|raw|ripe|full|intact|open|shut|safe|"
    r"red|blue|green|yellow|black|white|brown|gr[ae]y|orange|pink|purple|beige|cream|ivory|navy|teal|gold|silver|"
    r"violet|turquoise|maroon|khaki|tan|real|fake|worn|torn|bent|burnt|wet|clean|flat|loose|sharp|soft|hot|cold|on|off|real|wrong|legible)",
    re.I,
)
"""How something is rather than what it is."""


def _state(first: str, others: list[str], barred: bool) -> str:
    """Of states a first one without the noun before it: "is this mug chipped or dirty"."""
    words = first.split()
    if barred and len(words) > 1 and len(others) > 1 and all(len(one.split()) == 1 for one in others):
        return words[-1]  # "severity low|medium|high"
    states = len(words) > 1 and all(STATE.fullmatch(one) for one in (words[-1], *others))
    return words[-1] if states and not STATE.fullmatch(words[0]) and words[0].lower() != "not" else first
