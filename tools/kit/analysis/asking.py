"""What a question asks of a field that several papers print: the highest, the sum, the order, those from March."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.kit.months import MONTHS

How = Literal["most", "least", "sum", "difference", "average", "median", "order", "pick"]

PAPER = r"(?:receipt|invoice|bill|document|ticket|statement|slip|purchase)s?"
MONEY = (
    r"(?:grand totals?|sub-?totals?|totals?|amounts?|prices?|tax(?:es)?|vat|gst|tips?|discounts?|balances?|fees?|costs?"
    r"|shipping|deposits?|rents?)"
)
DATE = r"(?:(?:due|invoice|order|issue|delivery|expiry) )?dates?"
DEAR = (
    r"(?:more|most) expensive|costliest|dearest|pricier|priciest|worth (?:more|the most)"
    rf"|(?:costs?|pa(?:y|id)|spen[dt]|owe) (?:the )?(?:more|most)|(?:more|most) (?={MONEY})"
)
CHEAP = (
    r"cheap(?:er|est)|(?:less|least) expensive"
    rf"|(?:costs?|paid|spent) (?:the )?(?:less|least)|(?:less|least) (?={MONEY})"
)
LATE = r"newest|newer|latest|later|(?:more|most) recent"
EARLY = r"oldest|older|earliest|earlier"
HIGH = r"high(?:er|est)|larg(?:er|est)|bigg(?:er|est)|great(?:er|est)"
LOW = r"low(?:er|est)|small(?:er|est)"
SPENT = r"spen[dt]|paid|pay|owe|(?:come|amount)s? to|costs?"

ABOUT_PAPERS = re.compile(rf"\b(?:{PAPER}|{MONEY}|{DATE}|{DEAR}|{CHEAP}|{SPENT}|from|dated)\b", re.I)
"""A question without such a word may be about anything: "which is the biggest"."""
FIELD = re.compile(rf"\b(?:{DATE}|{MONEY})\b", re.I)
BY_FIELD = re.compile(rf"\bby (?:the |their )?(?P<field>{DATE}|{MONEY})\b", re.I)
BY_TIME = re.compile(rf"\b(?:{LATE}|{EARLY}|chronological(?:ly)?)\b", re.I)
DIFFERENCE = re.compile(
    rf"\bdifference\b.*\b{MONEY}\b|\b{MONEY} differences?\b|\bsubtract\b"
    r"|\bhow much (?:more|less|cheaper|dearer|higher|lower)\b",
    re.I,
)
AVERAGE = re.compile(r"\b(?:average|mean)\b", re.I)
ORDER = re.compile(
    rf"\b(?:sort|order|rank|arrange|list)\b.*\b(?:by (?:the |their )?(?:{DATE}|{MONEY})|{DEAR}|{CHEAP}|{LATE}|{EARLY}"
    rf"|highest|lowest|chronological(?:ly)?)\b|\bin (?:chronological|date) order\b",
    re.I,
)
SUM = re.compile(
    rf"\badd(?: \w+){{0,4}} (?:up|together)\b|\badd (?:\w+ ){{0,3}}{MONEY}\b"
    r"|\bsums?\b.*\b(?:up|of|all|both|these|them)\b"
    rf"|\b(?:altogether|in all|combined|together)\b|\btotal (?:of|for|across|over) (?:all|both|these|them)\b"
    rf"|\bhow much\b.*\b(?:{SPENT})\b|\btotal (?:spend(?:ing)?|spent|costs?|outlay|expenses?)\b",
    re.I,
)
CHECKED = re.compile(r"\b(?:do|does|did|whether|if|check|verify|sure)\b[^,?]*\b(?:add|sums?)\b", re.I)
"""Asks whether something adds up, not what to."""
WHICH = re.compile(r"\b(?:which|what|whose|who)\b", re.I)
RANKED = re.compile(rf"\b(?P<up>{DEAR}|{LATE}|{HIGH})\b|\b(?P<down>{CHEAP}|{EARLY}|{LOW})\b", re.I)
SHORT = re.compile(rf"(?:(?:and|or|now|the)\s+)*(?:{RANKED.pattern})", re.I)
""" "And the newest?": no word that asks, and nothing before it."""
ANY = re.compile(r"\b(?:any|anything|either|one of)\b", re.I)
MEDIAN = re.compile(r"\bmedian\b", re.I)
BEYOND = re.compile(
    r"\b(?:(?P<over>over|above|more than|at least)|under|below|less than|at most)\s+\D{0,4}"
    r"(?P<amount>\d{1,3}(?:[, ]\d{3})+(?:\.\d\d)?|\d+(?:[.,]\d{1,2})?)\b",
    re.I,
)
WHEN = re.compile(
    rf"\b(?:from|in|of|during|dated)\s+(?=\w)(?:(?P<month>{'|'.join(MONTHS)})\b\.?,?\s*)?(?P<year>(?:19|20)\d\d\b)?",
    re.I,
)


@dataclass(frozen=True)
class Reckoning:
    """What is to be found out of one field."""

    how: How
    field: str
    """As papers print it: "total", "due date"."""
    falling: bool = False
    """Highest or latest first."""
    month: int | None = None
    year: int | None = None
    over: Decimal | None = None
    under: Decimal | None = None

    @property
    def of_dates(self) -> bool:
        return self.field.endswith("date")

    @property
    def of_some_time(self) -> bool:
        """Whether only papers of some month or year count."""
        return self.month is not None or self.year is not None


def reckoning_of(question: str) -> Reckoning | None:
    """The reckoning a question asks for; None for any other question."""
    if not ABOUT_PAPERS.search(question) or (how := _how(question)) is None:
        return None
    if how in ("sum", "average", "median") and not re.search(rf"\b(?:{MONEY}|{SPENT}|altogether)\b", question, re.I):
        return None  # days and distances add up, too, but no paper prints them
    month, year = _when(question)
    beyond = BEYOND.search(question)
    amount = _amount(beyond["amount"]) if beyond else None
    over, under = (amount, None) if beyond and beyond["over"] else (None, amount)
    return Reckoning(how, _field(question, how, beyond is not None), _falling(question), month, year, over, under)


def _how(question: str) -> How | None:
    if DIFFERENCE.search(question):
        return "difference"
    if AVERAGE.search(question):
        return "average"
    if ORDER.search(question):
        return "order"
    if SUM.search(question) and not CHECKED.search(question):
        return "sum"
    if MEDIAN.search(question):
        return "median"
    if BEYOND.search(question) and (WHICH.search(question) or ANY.search(question)):
        return "pick"
    if not WHICH.search(question) and not SHORT.match(question):
        return None
    if ranked := RANKED.search(question):
        return "most" if ranked["up"] else "least"
    return "pick" if any(_when(question)) else None


def _field(question: str, how: How, bounded: bool) -> str:
    named = BY_FIELD.search(question)
    fields = [named["field"]] if named else FIELD.findall(question)
    if fields:
        return _singular(fields[0].lower())
    of_time = BY_TIME.search(question) or (how == "pick" and not bounded)
    return "date" if of_time else "total"


def _amount(written: str) -> Decimal:
    thousands = re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d\d)?", written)
    return Decimal(re.sub(r"[, ]", "", written) if thousands else written.replace(",", "."))


def _singular(field: str) -> str:
    if field in ("price", "prices", "cost", "costs", "amount", "amounts"):
        return "total"  # of a paper as a whole
    return "tax" if field == "taxes" else field.removesuffix("s")


def _falling(question: str) -> bool:
    """Without a word for it amounts go from the highest and dates from the earliest."""
    first = re.search(rf"\b(?:descending|falling|{_led(rf'{DEAR}|{LATE}|{HIGH}')})", question, re.I)
    last = re.search(rf"\b(?:ascending|rising|{_led(rf'{CHEAP}|{EARLY}|{LOW}')})", question, re.I)
    return bool(first) or not (last or _field(question, "order", bounded=False).endswith("date"))


def _led(words: str) -> str:
    """ "Cheapest first", "from cheapest to dearest"."""
    return rf"(?:{words})\b[^,]*\bfirst\b|from (?:the )?(?:{words})\b"


def _when(question: str) -> tuple[int | None, int | None]:
    for match in WHEN.finditer(question):
        if match["month"] or match["year"]:
            return MONTHS.get((match["month"] or "").lower()), int(match["year"]) if match["year"] else None
    return None, None
