"""Words that point at images: by number, order, side, count and exception. How they are resolved is in `resolving`."""

from __future__ import annotations

import re

from graphs.local_planner.pointing.topics import NOUN

COUNTED = "one two three four five six seven eight nine ten"
ORDERED = "first second third fourth fifth sixth seventh eighth ninth tenth"
NUMBERS = {word: n for n, word in enumerate(COUNTED.split(), start=1)}
ORDINALS = {word: n for n, word in enumerate(ORDERED.split(), start=1)}
NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)"
ORDINAL = rf"(?:{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))"
JOIN = r"(?:\s*(?:,|&|\+|/|and|or|vs\.?|versus|with|to|from|against)\s*)+"
ONE = (
    rf"(?:(?:(?:images?|imgs?|photos?|pictures?|pics?|figures?|files?|pages?)\s*)?(?:#|no\.?\s*|"
    rf"number\s*|nr\.?\s*)?\s*{NUMBER}\b(?!\s*(?:%|x\b|px|words?|photos?|images?|pictures?|results?)))"
)

NAMED = re.compile(
    rf"\b(?:images?|imgs?|photos?|pictures?|pics?|figures?|pages?)\s*(?:#|no\.?\s*|number\s*|nr\.?\s*)?\s*({NUMBER})\b"
    rf"((?:{JOIN}{ONE})*)|(?<!\w)#\s?(\d{{1,3}})\b((?:{JOIN}#?\s?\d{{1,3}}\b)*)"
    # "compare 1 with 3": a bare number is an image after a few words only
    rf"|\b(?:compare|contrast|diff|between|differentiate)\s+(\d{{1,2}})\b((?:{JOIN}#?\s?\d{{1,2}}\b)+)"
    rf"|\b(?:read|ocr|describe|caption|transcribe|analy[sz]e|classify|translate|do|keywords for|alt text for)\s+"
    rf"(\d{{1,2}})\b((?:{JOIN}#?\s?\d{{1,2}}\b)*)(?=\s*(?:$|[?.!,:;]|and\b|then\b|please\b|pls\b))"
    rf"|^(?:and |now |also |then )*(\d)\s(?:or|vs\.?|and|against|with|to)\s\d\b(?=\s*(?:$|[?.!,:;]|as well|too\b|"
    rf"now\b))",
    re.IGNORECASE,
)
EXCEPT = re.compile(
    (
        r"\b(?:except(?: for)?|excluding|other than|apart from|but not|but|not|skip|skipping|ignore|"
        r"ignoring|leave|leave out|leaving out|drop|lose|without|minus)\s+(?:the\s+)?$"
    ),
    re.IGNORECASE,
)
BEFORE_AFTER = re.compile(
    rf"\bthe (before|after|old|older)(?:[- ]{NOUN})?(?:'s)?(?=\s*(?:[?.!,;)]|$|and\b|image|one|too\b))", re.IGNORECASE
)
BARE_NUMBERS = re.compile(
    rf"^(?:(?:just|only|but|sorry|no|oops|now|oh|also|plus|hm+|and|ok|then|rather|try|i|you|meant?|missed|forgot|"
    rf"skipped|"
    rf"mean)[\s,]+)*#?{NUMBER}(?:{JOIN}#?{NUMBER})*(?: (?:as well|too|also|next|now|again))*\W*$"
    r"|\b(?:on|in|off|from|for|of)\s+#?\d{1,2}(?=\s*(?:$|[?!,;]))",
    re.IGNORECASE,
)
THE_THREE = re.compile(
    (
        r"\b(?:the|these|those|all)\s+(two|three|four|five|six|[2-9])\b(?! (?:labels|options|fields|things|"
        r"words|numbers|dates|totals|values|answers|results|hits|lines|columns|rows|first|last|"
        r"people|persons|men|women|kids|cars|dogs|cats|(?!photos|images|pictures|pics|shots|scans|files|papers|invoices|"
        r"receipts|bills|documents|screenshots|ones|versions|pages|posted|uploaded)[a-z]+s (?:is|are|has|have|was|"
        r"were)\b))"
    ),
    re.IGNORECASE,
)
COLON = re.compile(r"(?:^|(?<=[.;,] ))#?\d(?=:\s)")
""" "1: read it. 2: describe it"."""
EXCEPTED = re.compile(
    rf"(?:(?<=except )|(?<=except for )|(?<=excluding )|(?<=but not )|(?<=apart from )|(?<=minus )|(?<=not )|"
    rf"(?<=skip ))"
    rf"#?\d{{1,2}}\b(?:{JOIN}#?\d{{1,2}}\b)*(?! ?(?:px|%|x\b|hits|results|years?|months?|days?|words?))",
    re.IGNORECASE,
)
""" "All except 2": a bare number that is an image of the thread."""
PAPERS = re.compile(
    rf"\b(?:drawing|receipt|invoice|bill|document|doc|scan|screenshot|shot|snap|card|ticket|letter|form|poster|menu|"
    rf"attachment|upload|version|v)s? ?#?\d\b(?!\d)(?:{JOIN}(?:#?\d\b(?!\d)))*",
    re.IGNORECASE,
)
""" "Drawing 1 and drawing 3", as far as the thread has as many images."""
OLD = re.compile(r"\b(?:old|older|new|newer)\b", re.IGNORECASE)
"""Of a pair, but for images that were called so when they were posted."""
OUTER = re.compile(r"\bthe outer (?:two|ones?|images?|photos?|pics?)\b", re.IGNORECASE)
LEFT_RIGHT = re.compile(
    rf"\b(?:the )?(left|right)(?:[- ]?hand)?(?: side)? {NOUN}\b|\bthe (left|right)(?=\s*(?:$|[?.!,;:]))", re.IGNORECASE
)
POSTED_NTH = re.compile(
    (
        rf"\b(?:the )?{NOUN} (?:that )?(?:i|you|we) (?:posted|sent|uploaded|shared|gave you) (first|second|"
        rf"third|last)\b"
    ),
    re.IGNORECASE,
)
ONE_BEFORE = re.compile(
    rf"\b(?:the )?(?:one|{NOUN}) (before|after)(?: (?:that|this|it))?(?: one)?\b(?! and)", re.IGNORECASE
)
RANGE = re.compile(
    (
        rf"\b(?:images?|imgs?|photos?|pictures?|pics?|pages?|read|ocr|describe|caption|transcribe|classify)\s*#?\s*"
        rf"({NUMBER})\s*(?:-|to|through|until)\s*#?\s*({NUMBER})\b"
    ),
    re.IGNORECASE,
)
NUMBERED = re.compile(
    rf"(?<!question )(?<!exercise )(?<!task )\b(?:numbers?|no\.|nr\.?|nos\.?)\s*{NUMBER}\b(?:{JOIN}#?\s?{NUMBER}\b)*"
    r"(?! (?:on|of|in|from) the (?:sheet|list|page|worksheet|form|paper|quiz|test)\b)",
    re.IGNORECASE,
)
SECOND_LAST = re.compile(
    rf"\b(?:the\s+)?(?:(?:second|2nd)(?:[- ]to)?[- ]last|penultimate|last but one)(?:\s+{NOUN})?\b", re.IGNORECASE
)
# An ordinal means an image when an image noun follows, or nothing that it could belong to instead.
NTH = re.compile(
    rf"\b(?:the\s+|my\s+|your\s+)?({ORDINAL}|last|latest|newest|final|previous|earlier|earliest|oldest|other|new|next|"
    rf"newer|original|middle)"
    rf"(?:\s+(?:two|2|of\s+(?:the|these|those|them)(?:\s+\w+)?))?"
    rf"(?:\s+((?:{ORDINAL})\s+)?(?:uploaded|posted|new)?\s*({NOUN})\b"
    rf"|(?='s\b|\s*(?:[?.!,:;)&+/]|$|and\b|or\b|with\b|to\b|is\b|was\b|has\b|look|from\b|vs\b|versus\b|"
    rf"against\b|too\b|as\b|instead\b|please\b|say|show|in\b|for\b|better|right\b|correct\b|wrong\b|ok\b|"
    rf"have\b|had\b|does\b|do\b|did\b|like\b|not\b|but\b|only\b|than\b|are\b|were\b|on\b|at\b|a\b|i\b|"
    rf"again\b|then\b|also\b|now\b|by\b|alone\b|out\b|-\s)))",
    re.IGNORECASE,
)
FIRST_N = re.compile(
    (
        rf"\b(?:the\s+)?(first|last)\s+(?!one\b)({NUMBER})\b(?!\s*(?:days?|weeks?|months?|years?|words?|lines?|"
        rf"hours?))(?:\s+{NOUN})?"
    ),
    re.IGNORECASE,
)
ALL = re.compile(
    r"\b(?:both|all (?:of (?:them|these|those|the|my)|(?:the |these |those |my |\d+ |three |four |five )*"
    + NOUN
    + r"(?! (?:of|with|from|showing|about) (?!these|those|them|mine|this))"
    + (
        r"|three|four|five|six|\d+)\b|(?:all|each|every|any)(?: single)?(?: one)? of (?:them|these|those|"
        r"the)|every (?:one|single one|"
    )
    + NOUN
    + r")|each (?:one|"
    + NOUN
    + r")|each(?=\s*(?:[?.!,]|$))|(?<!is )(?<!at )(?<!after )(?<!in )all(?=\s*(?:[?.!,]|$))|"
    r"them all|these all|(?:the )?(?:whole|entire) lot|"
    r"the lot(?= *(?:$|[?.!,;]|but\b|again\b|with\b|and\b|as\b))|"
    r"everything(?= (?:i|here|in this thread)))",
    re.IGNORECASE,
)
SEVERAL = re.compile(
    (
        rf"\b(?:altogether|combined|between them|all told|these|those|them|they|the (?:two|three|four|five|"
        rf"\d+)(?: {NOUN})?|the pair|the (?:images|"
        rf"photos|pictures|pics|receipts|invoices|documents|screenshots|files))\b"
    ),
    re.IGNORECASE,
)
SINGLE = re.compile(rf"\b(?:this|that|the|my)\s+{NOUN}\b|\b(?:this|that|it|its|itself|here)\b", re.IGNORECASE)
NOT_ORDINAL_AFTER = re.compile(
    r"^\s*(?:year|week|month|summer|winter|spring|autumn|line|name|word|time|step|day|night)", re.IGNORECASE
)


def number(word: str) -> int:
    """``two`` and ``2`` alike."""
    return NUMBERS.get(word.lower()) or int(word)
