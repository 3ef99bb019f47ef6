"""Dates that narrow a search: "since May", "between 1 March and 15 April", "nothing older than two years"."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from graphs.clock import Clock
from graphs.local_planner.filtering.dating import Dating
from graphs.local_planner.filtering.days import AGO, DAY, MONTH, PERIOD, SPAN, WEEKDAY
from graphs.local_planner.filtering.feasts import FEAST
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.parts import PART
from graphs.local_planner.filtering.wordings import NOT
from graphs.local_planner.filtering.written import YEAR

Meaning = Callable[[Dating, re.Match[str]], bool]

NTH = r"\d\d?(?:st|nd|rd|th)"
PART_OF_DAY = r"(?:morning|afternoon|evening|night|(?:around |at |over )?lunch(?:time)?)"
ALONE = (
    rf"{PART} {PERIOD}|{AGO}|(?:last|this) weekend|last night|tonight|this (?:morning|afternoon|evening)|"
    rf"(?:the )?day before yesterday|(?:yesterday|(?:last )?{WEEKDAY}) {PART_OF_DAY}"
)
"""Times that need no preposition before them."""
UNTOLD = (
    r"(?<!\bto )(?<!\bto the )(?<!\buntil )(?<!\buntil the )(?<!\btill )(?<!\btill the )(?<!\bbefore )"
    r"(?<!\bbefore the )(?<!\bafter )(?<!\bafter the )(?<!\bsince )(?<!\bsince the )(?<!\bthan )(?<!\bthrough )"
)
"""After these words a time is an end of the one that is meant."""
TO_COME = rf"(?:tomorrow|next (?:week|month|quarter|year|weekend|{WEEKDAY}|{MONTH}))"
THE_NTH = rf"the {NTH}(?=\s*(?:$|[,:;.!?)]|(?:by|in|from|or|and)\b))"
UNIT = r"(?:minutes?|hours?|days?|weeks?|fortnight|months?|years?)"
COUNT = r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|couple of|few)"
HEDGE = (
    r"(?:(?:i |we )?(?:am |are )?(?:think|guess|reckon|believe|suppose|assume|(?:pretty|fairly|quite|almost|not) sure)|"
    r"(?:i'm |im )(?:pretty |fairly |quite |almost |not )?sure|probably|maybe|perhaps|possibly|likely|most likely|"
    r"presumably|definitely|apparently|"
    r"(?:it |that |this |they |those )?(?:must|should|might|may|could|would|ought to|"
    r"has to|have to|had to)(?:'?ve| have| of)? be(?:en)?|(?:it|they|that one|those|which)(?:'s| was| were| is| are)|"
    r"(?:it )?dates? from|sometime|some time)"
)
"""How sure one is of a date: "must have been last week"."""
ADDED = (
    r"(?:(?:"
    + HEDGE
    + r",?|(?:that (?:were|was)|which (?:were|was)|we|i)? ?(?:taken|added|made|shot|uploaded|scanned|posted|"
    r"created|dated|captured|saved|indexed|shared|sent|from|took|got|put in|(?:around|about|roughly)(?! \d))) )*"
)
NEITHER = rf"(?:,?\s*\bbut)?,?\s*\b(?:nothing|not|none) (?:from )?(?P<span>{SPAN}) (?:or|and)"
EITHER = rf"(?P<first>{YEAR}|{MONTH}) (?:or|and) (?:in )?(?P<last>{YEAR}|{MONTH})\b"

WORDINGS: tuple[tuple[str, Meaning], ...] = (
    (rf",?\s*\b{ADDED}(?:from|since|after|than|posted|shared|taken) (?P<span>{TO_COME})\b", Dating.to_come),
    (
        rf",?\s*{NOT} (?:from|during|posted(?: in| on)?|taken(?: in| on)?) (?P<span>{SPAN})(?! (?:or|and) )",
        Dating.not_within,
    ),
    (
        rf",?\s*\b{ADDED}(?:from )?(?:around|about|roughly|circa) (?:the )?(?P<span>(?=\d|{MONTH}){DAY}|{FEAST})",
        Dating.about,
    ),
    (
        rf",?\s*\b{ADDED}(?:from |in |during )?(?:the )?week (?P<how>before|after|of|from|starting|beginning) "
        rf"(?P<span>{DAY}|{FEAST})",
        Dating.week_by,
    ),
    (rf",?\s*\b{ADDED}(?:over|during) (?P<span>{FEAST})", Dating.about),
    (rf"{NEITHER} (?:earlier|older|before)\b", Dating.beyond),
    (rf"{NEITHER} (?:later|newer|after|onwards?)\b", Dating.short_of),
    (rf",?\s*\b(?:nothing|not|no|none) (?:(?:older|earlier) than|before|prior to) (?P<span>{SPAN})\b", Dating.since),
    (rf",?\s*\b(?:nothing|not|no|none) (?:(?:newer|later) than|after) (?P<span>{SPAN})\b", Dating.until),
    (rf",?\s*\b{ADDED}(?:from )?(?P<span>{SPAN}) (?:or|and) (?:later|newer|after|onwards?|up)\b", Dating.since),
    (rf",?\s*\b{ADDED}(?:from )?(?P<span>{SPAN}) (?:or|and) (?:earlier|older|before)\b", Dating.until),
    (
        rf",?\s*\b{ADDED}(?:between|from) (?P<first>{SPAN}|\d\d?(?:st|nd|rd|th)?) (?:and|to|until|till|through|-) "
        rf"(?P<last>{SPAN})",
        Dating.between,
    ),
    (rf",?\s*\b{ADDED}(?P<first>{DAY}|\d\d?) (?:to|until|till|through|-) (?P<last>{DAY})", Dating.between),
    (rf",?\s*\b{ADDED}(?:in|from|during) {EITHER}", Dating.between),
    (rf",?\s*\b(?:{HEDGE},? )+(?:in |from )?{EITHER}", Dating.between),
    (rf"(?:^|,)\s*{EITHER}(?=\s*(?:$|[,.;?!]))", Dating.between),
    (rf",?\s*\b{ADDED}\(?(?P<first>{YEAR})\s?-\s?(?P<last>{YEAR})\)?", Dating.between),
    (rf",?\s*\b{ADDED}(?:from |in |during |on |of )?{UNTOLD}(?P<span>{ALONE})(?:'s)?\b", Dating.within),
    (
        rf",?\s*\b(?:nothing|not|no|never|less than|under|at most|max(?:imum)?) ?(?:older|more)? ?(?:than )?"
        rf"(?P<n>{COUNT}) (?P<unit>{UNIT})(?: old| ago)?",
        Dating.recent,
    ),
    (rf",?\s*\b{ADDED}(?:older|more) than (?P<n>{COUNT}) (?P<unit>{UNIT})(?: old| ago)?", Dating.older),
    (rf",?\s*\b{ADDED}since (?:about |around )?(?P<n>{COUNT}) (?P<unit>{UNIT}) ago", Dating.recent),
    (
        (
            rf",?\s*\b(?:from |in |over |within |of |during )?{ADDED}(?:from |in |over |within |of |"
            rf"during )?(?:the |these )?(?:last|past|previous) (?:(?P<n>\d+|two|three|four|five|six|seven|eight|"
            rf"nine|ten|twelve|couple of|few) (?P<unit>{UNIT})|(?P<one>hour|fortnight|minute)\b)"
        ),
        Dating.recent,
    ),
    (
        (
            rf",?\s*\b{ADDED}(?P<how>after|since|later than|newer than|starting(?: from)?|as of|from (?={SPAN} (?:on|"
            rf"onwards?)\b)) ?(?:the (?:start|beginning) of )?(?P<span>{SPAN}|{FEAST}|{THE_NTH})(?: on(?:wards?)?\b)?"
        ),
        Dating.after,
    ),
    (
        (
            rf",?\s*\b{ADDED}(?P<how>(?<!day )before|until|till|up to|older than|earlier than|prior to|"
            rf"up until) (?:(?:the )?(?:end|start|beginning) of )?(?P<span>{SPAN}|{FEAST}|{THE_NTH})"
        ),
        Dating.before,
    ),
    (
        (
            rf",?\s*\b(?:from |in |during |on |of |for )?{ADDED}(?:from |in |during |on |of |dated |back in |"
            rf"for )(?:the )?(?P<span>{SPAN})(?:'s)?\b"
        ),
        Dating.within,
    ),
    (
        rf",?\s*\b{ADDED}(?:from |in )?this (?P<unit>year|month) (?:and|or) (?:the )?last(?: (?:year|month))?\b",
        Dating.this_and_last,
    ),
    (
        (
            rf",?\s*\b{ADDED}(?P<span>(?:last|this|the (?:last|past)) (?:year|quarter|month|week|spring|summer|autumn|"
            rf"fall|winter)|(?:spring|summer|autumn|fall|winter|q[1-4]) {YEAR}|today|yesterday|{MONTH} {YEAR})(?:'s)?\b"
            rf"(?! (?:morning|afternoon|evening|night)\b)"
        ),
        Dating.within,
    ),
    (rf",?\s*\b{ADDED}(?:on )?(?P<span>the {NTH})(?=\s*(?:$|[,:;.!?)]|(?:by|in|from|or|and)\b))", Dating.of_month),
    (r",?\s*\b(?P<span>q[1-4](?: (?:19|20)\d\d)?)(?=\s*(?:$|[,.;?!)]))", Dating.within),
    (
        rf"(?:^|(?<=\s))(?<!showing )(?<!reading )(?<!saying ){ADDED}\(?(?P<span>{YEAR}|{DAY})\)?(?:'s)?(?: only)?"
        r"(?=$|\s|[?.,!:;])",
        Dating.by_itself,
    ),
)
"""How dates are worded, and what each wording means: the first that fits takes its words out of the request."""
RULES = tuple((re.compile(wording, re.IGNORECASE), meaning) for wording, meaning in WORDINGS)


def dates(left: Narrowed, clock: Clock) -> None:
    """Cut the dates out of a request; a day that does not exist stays in it and is told in `impossible`."""
    dating = Dating(left, clock)
    for pattern, meaning in RULES:
        left.take(pattern, partial(meaning, dating))
