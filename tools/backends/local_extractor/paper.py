"""A paper as the rules see it: its page, and what several of them need, worked out once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from tools.backends.local_extractor import amounts, dates, search, totals
from tools.backends.local_extractor.amounts import Amount
from tools.backends.local_extractor.dates import Date
from tools.backends.local_extractor.layout import Page, Row, Span
from tools.kit import Json

INVOICE = re.compile(
    r"invoice[\s.:]*(?:no|number|date|nr|#)|rechnung|factuur|facture|fattura|due[\s.:]*date|bill(?:ed)?[\s.:]*to",
    re.IGNORECASE,
)
TILL = re.compile(r"cashier|(?<![a-z])change(?![a-z])|(?<![a-z])cash(?![a-z])|receipt|served by", re.IGNORECASE)
WORDS = re.compile(r"[^\W\d_]{4,}")
SENTENCE = 7
"""Words in a row from which it is taken for part of a sentence, when most of them are in lower case."""
PAIR = re.compile(r"(?P<label>[^\W\d_][^:：\n]{1,40}?)\s*[:：]\s*(?P<value>\S.*)?")


@dataclass(frozen=True)
class Answer:
    """What a rule found: the value, where it stands, how sure (0 to 1, reading aside), and what to add."""

    value: Json
    span: Span
    sure: float
    note: str | None = None


@dataclass(frozen=True)
class Paper:
    page: Page

    @cached_property
    def amounts(self) -> list[Amount]:
        return amounts.find(self.page)

    @cached_property
    def dates(self) -> list[Date]:
        return dates.find(self.page)

    @cached_property
    def total(self) -> totals.Total | None:
        return totals.find(self.page, self.amounts)

    @cached_property
    def kind(self) -> str:
        """receipt, invoice, card, form or other, by the paper's own words."""
        text = self.page.text
        if self.prose and not any(amount.money for amount in self.amounts):
            return "other"
        if totals.TOTAL.search(text) or (self.total and TILL.search(text)):
            return "invoice" if INVOICE.search(text) and not TILL.search(text) else "receipt"
        if INVOICE.search(text) and any(amount.money for amount in self.amounts):
            return "invoice"
        pairs, reach = len(self.pairs), search.EMAIL.search(text) or search.PHONE.search(text)
        if reach and len(self.page.rows) <= 16 and pairs <= 4:
            return "card"
        return "form" if pairs >= 3 and not self.prose else "other"

    @cached_property
    def prose(self) -> bool:
        """Whether half of the rows or more are running text: what such a page mentions, it does not state."""
        return sum(map(_is_sentence, self.page.rows)) * 2 >= max(1, len(self.page.rows))

    @cached_property
    def pairs(self) -> list[str]:
        """Labels that end in a colon and have something beside them, in reading order: what a form asks."""
        found: list[str] = []
        for row in self.page.rows:
            for number, cell in enumerate(row.cells):
                match = PAIR.fullmatch(cell.text)
                if (
                    match
                    and (match["value"] or number + 1 < len(row.cells))
                    and not re.search(r"\d$|https?$", match["label"])
                ):
                    found.append(match["label"].strip())
        return list(dict.fromkeys(found))

    def amount_after(self, row: Row, start: int) -> Span | None:
        """The amount a label at `start` names: the last of those before words of another label follow."""
        own = [amount for amount in self.amounts if amount.row is row and amount.start >= start]
        money = [amount for amount in own if amount.money] or own[-1:]
        for number, amount in enumerate(money[:-1]):
            if WORDS.search(row.text[amount.end : money[number + 1].start]):
                return amount.span
        return money[-1].span if money else None

    def money_after(self, row: Row, start: int) -> Span | None:
        """The same, of what is written as money alone."""
        span = self.amount_after(row, start)
        return span if span is not None and self.amount_at(span).money else None

    def date_after(self, row: Row, start: int) -> Span | None:
        return next((date.span for date in self.dates if date.row is row and date.start >= start), None)

    def amount_at(self, span: Span) -> Amount:
        return next(amount for amount in self.amounts if amount.span == span)

    def date_at(self, span: Span) -> Date:
        return next(date for date in self.dates if date.span == span)


def _is_sentence(row: Row) -> bool:
    words = re.findall(r"(?<![\w.@])[^\W\d_]{2,}(?![\w@])", row.text)
    return len(words) >= SENTENCE and sum(map(str.islower, words)) > 0.6 * len(words)


Rule = Callable[[Paper], Answer | None]
