"""Dates that narrow a search: "since May", "between 1 March and 15 April", "nothing older than two years"."""

from __future__ import annotations

import re
from datetime import timedelta

from graphs.clock import Clock
from graphs.local_planner.filtering.days import AGO, DAY, MONTH, PERIOD, SPAN, WEEKDAY, span
from graphs.local_planner.filtering.feasts import FEAST
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.parts import PART
from graphs.local_planner.filtering.spans import Spans, back, put
from graphs.local_planner.filtering.wordings import NOT, PICS
from graphs.local_planner.filtering.written import YEAR

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
WEEK = timedelta(days=7)
ABOUT = timedelta(days=3)
"""How far from a day is still around it."""
UNIT = r"(?:minutes?|hours?|days?|weeks?|fortnight|months?|years?)"
COUNT = r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|couple of|few)"
ADDED = (
    r"(?:(?:that (?:were|was)|which (?:were|was)|we|i)? ?(?:taken|added|made|shot|uploaded|scanned|posted|"
    r"created|dated|captured|saved|indexed|shared|sent|from|took|got|put in|(?:around|about|roughly)(?! \d)) )*"
)


def dates(left: Narrowed, clock: Clock) -> None:
    """Cut the dates out of a request; a day that does not exist stays in it and is told in `impossible`."""
    spans = Spans(left, clock)

    def between(match: re.Match[str]) -> bool:
        last, said = spans.of(match["last"]), match["first"]
        if re.fullmatch(r"\d\d?(?:st|nd|rd|th)?", said):
            named = re.search(rf"{MONTH}.*$", match["last"], re.IGNORECASE)
            if not named:
                return False
            said = f"{said} {named[0]}"  # "from 1 to 15 October"
        first = spans.of(said, alike=match["last"])
        year = re.search(YEAR, match["last"])
        if year and not re.search(YEAR, said):
            first = spans.of(f"{said} {year[0]}") or first
        elif first and last and first[0] > last[0]:
            # "between Monday and Wednesday", said on a Tuesday: the Monday before that Wednesday
            first = span(said, Clock(last[0], clock.month_first)) or first
        if first and last and first[0] >= last[1]:
            left.impossible = f"{said.strip()} is later than {match['last'].strip()}. Which day comes first?"
        return put(left, first[0], last[1]) if first and last else False

    def within(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        return put(left, *found) if found else False

    def after(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        how = match["how"].lower()
        # "after 2023" starts when 2023 is over, "since 2023" when it begins; a single day starts on itself
        late = how in ("after", "later than", "newer than") and found and (found[1] - found[0]).days > 1
        return put(left, found[1] if late else found[0], None) if found else False

    def before(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        late = match["how"].lower() in ("until", "till", "up to", "through", "up until")
        return put(left, None, found[1] if late else found[0]) if found else False

    def since(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        return put(left, found[0], None) if found else False

    def until(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        return put(left, None, found[1]) if found else False

    def beyond(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        return put(left, found[1], None) if found else False

    def short_of(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        return put(left, None, found[0]) if found else False

    def recent(match: re.Match[str]) -> bool:
        return put(left, back(match["n"] or "1", match["unit"], clock), None)

    def older(match: re.Match[str]) -> bool:
        return put(left, None, back(match["n"], match["unit"], clock))

    def by_itself(match: re.Match[str]) -> bool:
        # "the Sunday roast" is a dish
        named = re.search(r"\b(?:the|our) $", match.string[: match.start("span")], re.IGNORECASE)
        goes_on = re.match(rf"\s+(?!{PICS}\b|(?:in|from|by|of|with|at|on|and|or)\b)\w", match.string[match.end() :])
        return False if named and goes_on and re.fullmatch(WEEKDAY, match["span"], re.IGNORECASE) else within(match)

    def of_month(match: re.Match[str]) -> bool:
        # "the second" of a few images is no day
        dated = re.search(r"\bon\b|posted|taken|shared|uploaded", match[0], re.IGNORECASE)
        return within(match) if dated else False

    def about(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        return put(left, found[0] - ABOUT, found[1] + ABOUT) if found else False

    def week_by(match: re.Match[str]) -> bool:
        found = spans.of(match["span"])
        if not found:
            return False
        how = match["how"].lower()
        monday = found[0] - timedelta(days=found[0].weekday())
        begins = {"before": found[0] - WEEK, "after": found[1]}.get(how, monday)
        return put(left, begins, begins + WEEK)

    def not_within(match: re.Match[str]) -> bool:
        found, said = spans.of(match["span"]), match["span"].strip()
        if found and found[1] <= clock.now:
            left.impossible = f"I can search before or after {said}, not both. Which of them do you mean?"
        return put(left, None, found[0]) if found else False

    def to_come(match: re.Match[str]) -> bool:
        said = match["span"]
        left.impossible = f"{said.capitalize()} has not come yet. Which time in the past do you mean?"
        return True

    left.take(rf",?\s*\b{ADDED}(?:from|since|after|than|posted|shared|taken) (?P<span>{TO_COME})\b", to_come)
    left.take(
        rf",?\s*{NOT} (?:from|during|posted(?: in| on)?|taken(?: in| on)?) (?P<span>{SPAN})(?! (?:or|and) )", not_within
    )
    left.take(
        rf",?\s*\b{ADDED}(?:from )?(?:around|about|roughly|circa) (?:the )?(?P<span>(?=\d|{MONTH}){DAY}|{FEAST})", about
    )
    left.take(
        rf",?\s*\b{ADDED}(?:from |in |during )?the week (?P<how>before|after|of|from|starting|beginning) "
        rf"(?P<span>{DAY}|{FEAST})",
        week_by,
    )
    left.take(rf",?\s*\b{ADDED}(?:over|during) (?P<span>{FEAST})", about)
    span_ = rf"(?:,?\s*\bbut)?,?\s*\b(?:nothing|not|none) (?:from )?(?P<span>{SPAN}) (?:or|and)"
    left.take(rf"{span_} (?:earlier|older|before)\b", beyond)
    left.take(rf"{span_} (?:later|newer|after|onwards?)\b", short_of)
    left.take(rf",?\s*\b(?:nothing|not|no|none) (?:(?:older|earlier) than|before|prior to) (?P<span>{SPAN})\b", since)
    left.take(rf",?\s*\b(?:nothing|not|no|none) (?:(?:newer|later) than|after) (?P<span>{SPAN})\b", until)
    left.take(rf",?\s*\b{ADDED}(?:from )?(?P<span>{SPAN}) (?:or|and) (?:later|newer|after|onwards?|up)\b", since)
    left.take(rf",?\s*\b{ADDED}(?:from )?(?P<span>{SPAN}) (?:or|and) (?:earlier|older|before)\b", until)
    left.take(
        rf",?\s*\b{ADDED}(?:between|from) (?P<first>{SPAN}|\d\d?(?:st|nd|rd|th)?) (?:and|to|until|till|through|-) "
        rf"(?P<last>{SPAN})",
        between,
    )
    left.take(rf",?\s*\b{ADDED}(?P<first>{DAY}|\d\d?) (?:to|until|till|through|-) (?P<last>{DAY})", between)
    or_ = rf"(?P<first>{YEAR}|{MONTH}) (?:or|and) (?:in )?(?P<last>{YEAR}|{MONTH})\b"
    left.take(rf",?\s*\b{ADDED}(?:in|from|during) {or_}", between)
    left.take(rf"(?:^|,)\s*{or_}(?=\s*(?:$|[,.;?!]))", between)
    left.take(rf",?\s*\b{ADDED}\(?(?P<first>{YEAR})\s?-\s?(?P<last>{YEAR})\)?", between)
    left.take(rf",?\s*\b{ADDED}(?:from |in |during |on |of )?{UNTOLD}(?P<span>{ALONE})(?:'s)?\b", within)
    left.take(
        rf",?\s*\b(?:nothing|not|no|never|less than|under|at most|max(?:imum)?) ?(?:older|more)? ?(?:than )?"
        rf"(?P<n>{COUNT}) (?P<unit>{UNIT})(?: old| ago)?",
        recent,
    )
    left.take(rf",?\s*\b{ADDED}(?:older|more) than (?P<n>{COUNT}) (?P<unit>{UNIT})(?: old| ago)?", older)
    left.take(rf",?\s*\b{ADDED}since (?:about |around )?(?P<n>{COUNT}) (?P<unit>{UNIT}) ago", recent)
    left.take(
        (
            rf",?\s*\b(?:from |in |over |within |of |during )?{ADDED}(?:from |in |over |within |of |"
            rf"during )?(?:the |these )?(?:last|past|previous) (?:(?P<n>\d+|two|three|four|five|six|seven|eight|"
            rf"nine|ten|twelve|couple of|few) (?P<unit>{UNIT})|(?P<one>hour|fortnight|minute)\b)"
        ),
        lambda match: put(left, back(match["n"] or "1", match["unit"] or match["one"], clock), None),
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<how>after|since|later than|newer than|starting(?: from)?|as of|from (?={SPAN} (?:on|"
            rf"onwards?)\b)) ?(?:the (?:start|beginning) of )?(?P<span>{SPAN}|{FEAST}|{THE_NTH})(?: on(?:wards?)?\b)?"
        ),
        after,
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<how>(?<!day )before|until|till|up to|older than|earlier than|prior to|"
            rf"up until) (?:(?:the )?(?:end|start|beginning) of )?(?P<span>{SPAN}|{FEAST}|{THE_NTH})"
        ),
        before,
    )
    left.take(
        (
            rf",?\s*\b(?:from |in |during |on |of |for )?{ADDED}(?:from |in |during |on |of |dated |back in |"
            rf"for )(?:the )?(?P<span>{SPAN})(?:'s)?\b"
        ),
        within,
    )
    left.take(
        rf",?\s*\b{ADDED}(?:from |in )?this (?P<unit>year|month) (?:and|or) (?:the )?last(?: (?:year|month))?\b",
        lambda match: put(left, (spans.of(f"last {match['unit']}") or (None,))[0], None),
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<span>(?:last|this|the (?:last|past)) (?:year|quarter|month|week|spring|summer|autumn|"
            rf"fall|winter)|(?:spring|summer|autumn|fall|winter|q[1-4]) {YEAR}|today|yesterday|{MONTH} {YEAR})(?:'s)?\b"
            rf"(?! (?:morning|afternoon|evening|night)\b)"
        ),
        within,
    )
    left.take(rf",?\s*\b{ADDED}(?:on )?(?P<span>the {NTH})(?=\s*(?:$|[,:;.!?)]|(?:by|in|from|or|and)\b))", of_month)
    left.take(
        rf"(?:^|(?<=\s))(?<!showing )(?<!reading )(?<!saying ){ADDED}\(?(?P<span>{YEAR}|{DAY})\)?(?:'s)?(?: only)?"
        r"(?=$|\s|[?.,!:;])",
        by_itself,
    )
