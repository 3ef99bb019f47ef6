"""Requests as people type them in Slack, in one spelling: bare mentions, no short forms, dates written out."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.abroad import quoting, said_in_english
from graphs.local_planner.filtering.chatter import without_chatter
from graphs.local_planner.filtering.days import DAY, MONTH, WEEKDAY
from graphs.local_planner.filtering.times import TIME
from graphs.local_planner.filtering.written import YEAR
from graphs.local_planner.language.phrases import QUOTES
from tools.kit.months import NAMES

SPEAKING_TO = r"^(?:hey |hi |hello )?(?:@spyglass\b|<@\w+>)[,:]?\s+"
ORDERS = r"(?:please |can you |could you |pls )*(?:show|find|search|get|look|list|give|fetch|pull|bring|dig)\b"
DAY_OF_MONTH = r"\d\d?(?:st|nd|rd|th)?"
SHORT_DAY = r"(?<![\d.])\d\d?\.\d\d?\."
SHORT_WEEKDAY = rf"(?:{WEEKDAY}|(?:wed|sat|sun)\b)"
LONG_MONTH = rf"{MONTH}(?: (?:{YEAR}|'\d\d))?"

FIND_IT = re.compile(
    r"(?<=\w\w)[,.;!?\s-]+(?:and |so |but )?(?:can|could|would|will) (?:you|u|ya|someone|somebody|anyone|anybody) "
    r"(?:please |pls |maybe |possibly |perhaps |help )*(?:find|get|dig|pull|look|search|fetch|grab|bring|locate|show|"
    r"see)(?: (?:me|it|that|them|this|one|those|for|out|up))*\W*$",
    re.IGNORECASE,
)
""" "... of the lobby, can you find it?"."""
AT_HAND = re.compile(r"\b(?:this|these|attached|here|image \d+)\b", re.IGNORECASE)

_MONTHS = NAMES.split()
_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEN = ("thir", "four", "fif", "six", "seven", "eigh", "nine")
_TEENS = ("tenth", "eleventh", "twelfth", *(f"{ten}teenth" for ten in _TEN))
_DAYS = (*_UNITS, *_TEENS, "twentieth", *(f"twenty {unit}" for unit in _UNITS), "thirtieth", "thirty first")
NTHS = "|".join(day.replace(" ", "[- ]") for day in reversed(_DAYS))
"""Days of a month as they are spoken."""
_FIRST: dict[str, str] = {"1st": "first", "2nd": "second"}

SPELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), written)
    for pattern, written in (
        (r"<([@#]\w+)\|[^>]*>", r"<\1>"),
        (rf"{SPEAKING_TO}(?={ORDERS})|^@spyglass\b[,:]?\s*", ""),
        (r"(?<!\w)w/o(?:ut)?\b", "without"),
        (r"\bnon-(?=screenshot|photo|drawing|pdf|png|gif)", "not "),
        (r"(?<!\w)w/(?=\s)", "with"),
        (r"(?<!\w)b4\b", "before"),
        (r"\b(?:pl+s+|plz+|plse) (?:n|and|&) (?:thx|ty|thanks)\W*$", "please"),
        (r"\b(?:pl+s+|plz+|plse)\b", "please"),
        (r"\b(?:yday|y'?day|yest|ystd|yesterdy)\b", "yesterday"),
        (r"\b2day\b", "today"),
        (r"\bppl\b", "people"),
        (r"(?<=last |this |past |next )wk\b", "week"),
        (r"(?<=last |this |past |next )(?:mth|mnth)\b", "month"),
        (r"\b(?:ss|sc) (?=(?:of|from)\b)", "screenshots "),
        (r"\b(?:all|any|some|most|each) of (?=[^\W\d_][\w-]*'s )", ""),
        (r"\b(start|beginning|end) of the (week|month|quarter)\b", r"\1 of this \2"),
        (
            rf"\b(?:the )?({NTHS}) (?=(?:and|to|until|till|through) (?:the )?"
            rf"(?:{NTHS}|{DAY_OF_MONTH})(?: of)? {MONTH})",
            lambda match: f"{_nth(match[1])} ",
        ),
        (rf"\b(?:the )?({NTHS}) of (?={MONTH})", lambda match: f"{_nth(match[1])} "),
        (r"\b(that|which|they|it|who) (is|are|was|were|do|does|did)n'?t\b", r"\1 \2 not"),
        (r"(?<=last |past )(\d+) ?(?:h|hrs?)\b", r"\1 hours"),
        (r"\bwith (?:nobody|no ?one|no people) (?:in|on) (?:it|them)\b", "without people"),
        (r"\bwith no (\w+)\b(?: (?:in|on) (?:it|them))?", r"without \1"),
        (r"\bwithout (\w+) (of (?:the |an? )?[^,.?!]+)", r"\2 without \1"),
        # "second one - who is the vendor?"
        (r"^((?:the )?(?:\w+ (?:one|hit|result)|number \d+|#\d+))\s+-\s+(?=\w)", r"\1: "),
        # "this weeks photos"
        (r"\b(this|last) (week|month|year|quarter)'?s\b(?= \w)", r"\1 \2"),
        (r"\b(?:at some point|some ?time|somewhen)(?: in| during)? (?=last|this|the|in|during)", ""),
        (r"\b(?:ytd|year to date)\b", "since the start of the year"),
        (r"\bfrom ([^,]+?) (?:until|till|to|up to) (?:now|today|date)\b", r"since \1"),
        (r"\b(?:within|over) the (?:past|last) (day|week|month|year)\b", r"in the last 1 \1"),
        (r"\b(the )?(1st|2nd) (half|quarter) of\b", lambda match: f"the {_FIRST[match[2]]} {match[3]} of"),
        (r"\b(?:right|just|shortly|soon|directly) (?=(?:before|after|since)\b)", ""),
        (r"(?<=\bin )the past (day|week|month|year)\b", r"the last 1 \1"),
        (r"\bfrom the past (day|week|month|year)\b", r"in the last 1 \1"),
        (
            r"\b(?:from|by) (?:someone|somebody|a (?:guy|woman|man|person|user|colleague)|the (?:guy|user|person)) "
            r"(?:called|named|by the name of) (?=[\w@])",
            "posted by ",
        ),
        (
            r"^(?:can|could|would|will) (?:someone|somebody|anyone|anybody|one of you)(?: please)? "
            r"(?=(?:find|dig|get|pull|show|fetch|grab|locate|search|look)\b)",
            "",
        ),
        (r"(?<=\w )w(?= (?:an?|the|no|my|our|some)\b| ?$)", "with"),
        (r"\banimated (?=gifs?\b)", ""),
        (r"\bcouple (?=(?:hour|day|week|month|year)s\b)", "couple of "),
        (r"\bhalf (?:an )?hour\b", "30 minutes"),
        (r"\bhalf a year\b", "6 months"),
        (
            r"\b(?:from )?last (week|month|year) (?:and|or) the \1 before(?: last| that)?\b",
            r"between \1 before last and last \1",
        ),
        (r"\b(?:nearly|almost|just (?:over|under)|a (?:bit|little) over) (?=(?:\d+|an?|\w+) \w+ ago\b)", ""),
        (r"\b(?:early|late|earlier|later) (?=this (?:morning|afternoon|evening)\b|last night\b|yesterday\b)", ""),
        (r"\bat (?:around|about) (?=\d)", "around "),
        (rf"\b(?:the )?(morning|afternoon|evening|night) of (?:the )?(?=\d|{MONTH}|{WEEKDAY})({DAY})", r"\2 \1"),
        (rf"\bfrom ({WEEKDAY}|yesterday|today) ({TIME}) ?(?:to|until|till|-) ?({TIME})", r"from \2 to \3 \1"),
        (rf"\b({MONTH}|spring|summer|autumn|fall|winter) of (?=(?:last|this) year\b)", r"\1 "),
        (rf"\b(last|this) week'?s? (?=({WEEKDAY}))\2", r"\2 \1 week"),
        (r"\b(this (?:year|month|week|quarter)) so far\b", r"\1"),
        (r"\b(?:on )?(?:christmas|xmas) eve\b", "24 december"),
        (r"\b(?:on )?christmas day\b", "25 december"),
        (r"\b(?:on )?new years?'?s? eve\b|\bnew year's eve\b", "31 december"),
        (r"\b(?:on )?new years?'?s? day\b", "1 january"),
        # years in two digits: "jan '25", "14 sep 26", "Q1/25"
        (rf"\b({MONTH}) ?'(\d\d)\b", r"\1 20\2"),
        (rf"\b({DAY_OF_MONTH} {MONTH}) (\d\d)\b(?![:.\d])", r"\1 20\2"),
        (r"\b([qh][1-4]) ?[/'] ?(\d\d)\b(?!\d)", r"\1 20\2"),
        (rf"\b({YEAR})[ -/]?([qh][1-4])\b", r"\2 \1"),
        # ranges
        (rf"\b({LONG_MONTH})\s*-\s*(?={MONTH})", r"\1 to "),
        (rf"\b(?:from )?({DAY_OF_MONTH})\s*-\s*({DAY_OF_MONTH}(?: of)? {MONTH})", r"from \1 to \2"),
        (rf"\b(?:from )?({SHORT_WEEKDAY})\s*(?:-|to|until|till|thru|through)\s*({SHORT_WEEKDAY})", r"from \1 to \2"),
        (r"(?<![\d/])(?:from )?(\d\d?/\d\d?)\s*-\s*(\d\d?/\d\d?)(?![\d/])", r"from \1 to \2"),
        (rf"\b({MONTH} {DAY_OF_MONTH})\s*-\s*(?={MONTH})", r"\1 to "),
        (rf"\b({MONTH}) ({DAY_OF_MONTH})\s*-\s*({DAY_OF_MONTH})\b(?![-./\d])", r"\2 to \3 \1"),
        (rf"({SHORT_DAY})\s*-\s*(?=\d)", r"\1 to "),
        (r"(?<![\d.])(\d\d?)\.(\d\d?)\.(?!\d)", lambda match: _day(match)),
        (rf"(?<!from )(?<!between )(?<!\bof )\b({LONG_MONTH} (?:to|until|till|through) {MONTH})", r"from \1"),
        (rf"(?<!from )(?<!between )(?<!\w )\b({MONTH} {DAY_OF_MONTH} (?:to|until|till) {MONTH})", r"from \1"),
    )
)


def _day(match: re.Match[str]) -> str:
    """ "14.9." is 14 september."""
    return f"{match[1]} {_MONTHS[int(match[2]) - 1]}" if 1 <= int(match[2]) <= 12 else match[0]


def _nth(said: str) -> int:
    return _DAYS.index(said.lower().replace("-", " ")) + 1


def typed(text: str) -> str:
    """The request in the spelling that the rest of the planner reads; what is quoted stays as it is."""
    text = without_chatter(text)
    pieces = re.split(r"(\"[^\"]*\")", quoting(text.translate(QUOTES)))
    return "".join(piece if place % 2 else _spelled(piece) for place, piece in enumerate(pieces))


def _spelled(text: str) -> str:
    text = said_in_english(text)
    text = text if AT_HAND.search(text) or len(text.split()) < 7 else FIND_IT.sub("", text)
    for pattern, written in SPELLINGS:
        text = pattern.sub(written, text)
    return text
