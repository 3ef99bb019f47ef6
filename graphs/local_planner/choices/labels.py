"""Label lists, in any punctuation: "cat, dog or rabbit?", "[a; b]", "#x #y", "'a' / 'b'", "either a or b"."""

from __future__ import annotations

import re

from graphs.local_planner.choices.label_items import ARTICLE, CHOICE, NOT_LABELS, NUMBERING, items_of
from graphs.local_planner.language.phrases import written_out

LEAD = (
    r"(?:is|was|are|would you say|would you call|do you think|does|do you reckon|could|could it be|might|can|should)\s+"
    r"(?:(?:this|that|it|these|those|the (?:\w+ )?(?:image|photo|picture|pic|thing|object|animal|document|"
    r"one))(?:\s+(?:image|photo|picture|pic|thing|one|here|document|animal|object|file|shot|scan))?|"
    r"image \d+)"
    r"(?:\s+(?:is|are|be|looks?|shows?|seems?|count as|qualify as|belongs?|represents?|depicts?|"
    r"a (?:photo|picture|pic) of|more like|more of|more|rather|really|actually|either|supposed to be|"
    r"look|like|to|in|under|as|of|show|taken|shot|made|photographed|set|from|best described as|"
    r"described as|depict|display|mostly|closer to))*"
)
FRAMES = (
    # "is this a hawk or a falcon", "it's a crack, a scratch or a stain"
    rf"\b{LEAD}\s+(?:(?:an?|the|of)\s+)?(?P<list>.+)$",
    (
        r"\b(?:if|whether)\s+(?:(?:it|this|that|they|he|she|these|those|the \w+)(?: one| \w+)?(?:'s|"
        r"\s+(?:is|are|was|shows|"
        r"looks like|look like|looks|counts as|belongs to))|(?:the|this|that) (?:image|photo|picture|pic|"
        r"document|thing|one|object|animal|file|item)(?:'s|\s+(?:is|shows|depicts|represents|contains|"
        r"looks like)))\s+(?P<list>.+)$"
    ),
    r"\b(?:it|this|that|he|she)(?:'s| is| was)?,?\s+(?:either\s+)?(?:an?\s+)(?P<list>.+\bor\b.+)$",
    # "does the thing on the pallet look damaged or fine", "whether the parcel appears damaged or intact"
    (
        r"\b(?:is|are|does|do|did|was|were|if|whether)\s+(?:the|this|that|these|those|my|our|his|her|their)\s+"
        r"(?:[\w'-]+ ){1,7}?(?:looks?|appears?|seems?|counts?|belongs?|falls?|classed|(?:more )?likely)\s+"
        r"(?:(?:to be|like|more|rather|as|to|under|in|into|of|to you|either)\s+)*(?P<list>.+)$"
    ),
    # "would a customer call that navy or charcoal", "whether to call it teal or turquoise"
    r"\b(?:call|describe|name|class|term)\s+(?:it|that|this|them|those|these|the \w+)(?: as)?:?\s+(?P<list>.+)$",
    r"\b(?:its|(?:it|this|that|these|they)(?:'s| is| are))\s+(?:more|rather|closer to|mostly)\s+(?:of |like )?(?:an? )?"
    r"(?P<list>.+\bor\b.+)$",
    r"\b(?:got to|has to|must|should) be (?P<list>.+\bor\b.+)$",
    r"\bwhich (?:one |of (?:these|those|them|the \w+) )?(?:is|are) (?P<list>an?\s+.+\bor\b.+)$",
)
INTRODUCED = re.compile(
    r"(?:\b(?:options?|labels?|tags?|categories|classes|choices?|candidates?|buckets?|groups?|types?|"
    r"following(?: \w+)?|these|this|it|one of|them|following|which|boxes|trays|bins|piles|"
    r"columns|pick|list|one|picture|image|photo|(?:categories|classes|labels|options|buckets|groups|bins|statuses|"
    r"tags|queues|folders|shelves|types) (?:for|of|in|on) (?:[\w-]+ ){0,2}?[\w-]+|"
    r"classify|is it|are|between|best|kind|images?(?: \d+)?)\s*(?:are|is)?\s*(?:as follows|please|pls)?\s*(?:[:=]|"
    r"->|=>|\s-\s)|"
    r"\b(?:boxes|trays|bins|piles)(?: are)?,?\s+(?:named|called|are)\s*:?\s*|"
    r"\b(?:two|three|four|five|six|seven|eight|\d)\s+(?:[a-z]+\s)?(?:boxes|categories|options|labels|classes|choices|"
    r"groups|folders|states|statuses|bins|piles|trays|tags|buckets|ratings|grades)\s*[:,-]\s*|"
    r"\b(?:sort|classify|categori[sz]e|label|tag|group|file|values?|rate|grade|e\.g\.)\s*:\s*|"
    r"\b(?:which|what|choose|pick|rate|following)\b[^:?.]{0,60}:\s+(?=[^,:]{2,30}(?:,|\bor\b))|"
    r"\b(?:option|label|tag)s? (?:named|called|are|from|of|like|such as|with)\s*(?:one of)?\s*:?\s*|"
    r"\b(?:options|labels|categories|classes|choices|candidates|tags)\s+(?:named|called|are|from|of|would be|"
    r"like|such as|being|with)?\s*(?:one of)?\s*:?\s*|"
    r"\b(?:classif\w+|categori[sz]\w+|label\w*|tag\w*|sort\w*|file[ds]?|group\w*|bucket\w*|mark\w*|score|rate|rank|put|"
    r"assign\w*)\b.*?\b(?:as|into|under|with|by|among|against|between|either|to)\s+(?:one of\s*:?\s*|"
    r"either\s+)?(?:(?:the|these|following|my|our)\s+)*(?:(?:categories|labels|classes|options|groups|"
    r"buckets|tags|folders)\s*:?\s*)?:?\s*|"
    r"\b(?:pick|choose|select|decide)\b.*?\b(?:from|among|between|out of|one of|of)\s*(?:(?:the|this|"
    r"my) list)?\s*(?::|->|=>)?\s*|"
    r"\b(?:one of|best of)\s+(?:(?:the following|these|those)(?: \w+)?\s*:?\s*|:\s*)?)"
    r"(?P<list>.+)$",
    re.I,
)
BRACKETED = re.compile(r"[\[{(]\s*(?P<list>[^\[\]{}()]*[,;/|][^\[\]{}()]*)\s*[\]})]")
SLASHED = re.compile(r"(?<![\w/.:])[a-z][\w-]*(?:/[a-z][\w-]*){2,}(?![\w/.])", re.I)
DASHED = re.compile(r"\s-\s(?P<list>[^-?.]*,[^-?.]*)\s-\s")
""" "Assign a tag - finance, legal, other - to this"."""
UNDERSCORED = re.compile(r"\b(?P<list>[a-z]+(?:_[a-z]+)+(?:,? (?:and |or )?[a-z]+(?:_[a-z]+)+)+)\b", re.I)
QUOTED = re.compile(r"\"([^\"]{1,60})\"|(?<!\w)'([^']{1,60})'(?!\w)|`([^`]{1,60})`")
TAGS = re.compile(r"(?<!\w)#([A-Za-z][\w-]*)")
CHATTER = re.compile(
    r"^(?:sorry|lovely|thanks|thank you|please|ok|okay|hi|hello|hey|yes|well|oops|great|cool|nice|super)$", re.I
)
QUESTION = re.compile(
    (
        r"^(?:what|which|how)\b(?![^,:]*\b(?:the|his|her|their|he|she|they)\b)[^,:]*?(?:[,:]|\s-)\s+(?=[^,]*(?:,|"
        r"\bor\b))|^(?:among|between|out of)\s+"
    ),
    re.I,
)
SHORT_SENTENCES = re.compile(r"(?:[\w-]+(?: [\w-]+)?[.?!]+\s*){2,}(?:[\w-]+(?: [\w-]+)?|which\b.*)?", re.I)
GUESS = re.compile(
    (
        r"\b(?:it is|its|it's|i (?:would )?say|i think|i bet|(?:is|keep) (?:it|this|that)|call(?:ing|s|"
        r"ed)? (?:it|this|that)|"
        r"reckons?|says?|said|insists?|swears?|claims?|thinks?|guess(?:es)?|(?:money|bet) is on|"
        r"(?:could|might|may) (?:also )?be|looks like|"
        r"maybe|perhaps|"
        r"possibly)\s+(?:(?:that )?(?:it|this|that|they)(?:'s| is| was|"
        r" are)\s+)?((?:an?\s+)?[a-z-]+(?: [a-z-]+){0,2}?)(?=[,.?!;]|$| (?:but|or|and|i|he|she|my|we|they)\b)"
    ),
    re.I,
)


def labels(text: str) -> list[str]:
    """The labels a sentence offers, as written; empty when it offers none. A single one is `single`."""
    return offered(text)[0]


def offered(text: str) -> tuple[list[str], bool]:
    """The labels, and whether the sentence presents them as a choice: a bare list may be one of something else."""
    text = re.sub(r"[?!]+", "?", written_out(text)).strip(" ?.")
    text = re.sub(r"\?\s+(?=or\b)", " ", text)
    text = re.sub(r"\bor what\b,?\s*", "", text)
    text = re.sub(r",? and which (?:ones? )?(?:(?:is|are) )?(?=an?\s)", " or ", text)
    if len(tags := TAGS.findall(text)) > 1:
        return tags, True
    if match := BRACKETED.search(text):
        return items_of(match["list"]), True
    if (
        len(quoted := QUOTED.findall(text)) > 1
        and (not NOT_LABELS.search(" ".join(map("".join, quoted))) or re.search(r"['\"] or (?:an? )?['\"]", text))
        and not re.search(r"\b(?:says?|called|titled|named)\b", text, re.I)
    ):
        return [next(filter(None, groups)) for groups in quoted], True
    if match := DASHED.search(text) or UNDERSCORED.search(text):
        return items_of(re.sub(r"(?<=\w)\s+(?=\w+_)", ", ", match["list"])), True
    if match := SLASHED.search(text):
        return items_of(match[0]), True
    if items := _opposite(text) or _framed(text) or _introduced(text):
        return items, True
    if items := _bare(text):
        return items, "|" in text or text.count("/") > 1
    return _guesses(text), False


def _framed(text: str) -> list[str]:
    """ "Is it a poster, a flyer or a banner" and its kin: an "or" decides that it is a choice."""
    for frame in FRAMES:
        match = re.search(frame, text, re.I)
        listed = re.split(r"[\"”]\s*[.?!]\s+", match["list"])[-1] if match else ""
        if CHOICE.search(listed) and (items := items_of(listed, least=2)):
            return items
    return []


OPPOSITE = re.compile(
    r"^(?:is (?:it|this|that) |(?:it|this) is |either |"
    r"would you say )?(?P<label>[\w' -]{2,30}?),? or (?P<other>not (?P=label))$",
    re.I,
)


def _opposite(text: str) -> list[str]:
    """ "Safe for work or not safe for work"."""
    match = OPPOSITE.match(text)
    return [ARTICLE.sub("", match["label"]), match["other"]] if match else []


def _introduced(text: str) -> list[str]:
    """After "options:", "classify as", "one of" ..."""
    if match := INTRODUCED.search(text):
        return items_of(match["list"], least=2)
    return []


def _bare(text: str) -> list[str]:
    """Nothing but the list: "cat, dog or rabbit?", with or without "which one" around it."""
    text = QUESTION.sub("", text)
    text = re.sub(
        (
            r"^(?:(?:hey|hi|hello|ok|so|quick one|which one|which (?:is it|of these|of those)|which|"
            r"what is (?:it|this)|what|either|tell me|guess|now|and|as an?|as|quick question|pick one|choose|"
            r"try|rather|use|with|"
            r"and is it|or|or is it|this one|image \d+)\s*[-:,!?]*\s+)+"
        ),
        "",
        text,
        flags=re.I,
    )
    pieces = re.split(r"(?<=\w)\s+-\s+|\?\s+", text)
    text = re.sub(r"^[\w' ]{2,40}:\s+", "", next((piece for piece in pieces if CHOICE.search(piece)), pieces[0]))
    items = items_of(text, least=2)
    if items and (CHATTER.match(items[0]) or all(item.isdigit() for item in items)):
        return []
    short = all(len(item.split()) <= 3 for item in items)
    chosen = NUMBERING.search(text) or re.search(r"\b(?:or|oder|ou|vs)\b|[,/|;]", text, re.I)
    named = re.search(r"\b(?:or|oder|ou|vs)\b|[/|]", text, re.I) or NUMBERING.search(text) or len(items) > 2
    denied = len(items) == 2 and re.match(r"(?:no|not)\s", items[1], re.I)
    return items if items and short and chosen and (named or denied) else []


def _guesses(text: str) -> list[str]:
    """ "Cat? Dog? Fox?", and "my wife says it's a wrench, I say it's pliers"."""
    if SHORT_SENTENCES.fullmatch(text):
        return [
            item.strip()
            for item in re.split(r"[.?!]+", text)
            if item.strip() and not re.match(r"\s*which\b", item, re.I)
        ]
    guesses = [ARTICLE.sub("", guess).strip() for guess in GUESS.findall(text)]
    return guesses if len(guesses) > 1 and not any(NOT_LABELS.search(guess) for guess in guesses) else []


SINGLE = re.compile(
    rf"^(?:(?:and|or|so|but|hmm|well|then)\s+)*(?:{LEAD}|(?:tell me |check |see |say |know )?(?:if|"
    rf"whether) (?:it|this|that)(?:'s| is| shows)|how likely is it that (?:this|it) is|"
    rf"what (?:are the odds|is the probability|are the chances|is the chance|"
    rf"is the likelihood) (?:that )?(?:this|it) is(?: of)?|does (?:this|it) (?:look like|show|"
    rf"count as)|(?:is|are) (?:he|she|they))\s+"
    r"(?:(?:really|actually|supposed to be|meant to be|maybe|perhaps|possibly|just|an? (?:photo|"
    r"picture|image) of)\s+)*(?P<article>an?\s+|some\s+)?(?P<label>[\w' -]{2,40}?)\s*(?:or not|"
    r"or what|here|by any chance|,? (?:please|pls|right|maybe|perhaps))?\s*[?.!]*$",
    re.I,
)
STATES = re.compile(
    r"^(?:same|similar|identical|duplicates?|blurr\w*|sharp|correct|right|wrong|ok(?:ay)?|good|bad|"
    r"edited|fake|real|genuine|safe|the \w+|(?:my|our|your) .*|mine|ours|yours|it|this|true|old|new|"
    r"(?:copy|crop|duplicate|version|screenshot) of .*|image \d+|as advertised|in (?:the|our) .*|"
    r"about .*|for .*|from .*|any good|that|(?:right|correct|wrong) .*|normal|like .*|all|possible|"
    r"sure|over|under|too .*|in focus|"
    r"what .*|why .*)$",
    re.I,
)
NO_LABEL = re.compile(
    r"(?:and|but|so|what) if\b|(?:and |or |so |but )*(?:does|do|did|can|could|might|should) (?:it|this|that|these|"
    r"those)"
    r" (?!looks?\b|show|count|qualify|belong|represent|depict|(?:also )?be\b|seem)",
    re.I,
)
"""What "it" does is no label: "does it say anything?"."""


def single(text: str) -> list[str]:
    """The one label of a yes-or-no question: "is this a cat?"."""
    match = SINGLE.match(re.sub(r"^[\w' ]{2,40}:\s+", "", written_out(text)))
    if not match or NO_LABEL.match(text) or STATES.match(match["label"].strip()):
        return []
    label = ARTICLE.sub("", match["label"].strip())
    return [label] if match["article"] or len(label.split()) <= 2 else []


PERSON = re.compile(r"(?:[A-Z][a-z]+\s){1,2}[A-Z][a-z]+|[A-Z][a-z]+ (?:from|in) [\w ]+")


def is_person(label: str) -> bool:
    """Whether a label looks like somebody's name: "Ada Lovelace"."""
    return bool(PERSON.fullmatch(label))
