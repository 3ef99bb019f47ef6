"""Amounts of money as printed: European and Anglo formats, currency marks, and what reading does to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tools.backends.local_extractor.layout import Page, Row, Span

CODES = (
    "AED AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KRW MXN MYR NOK NZD PHP PLN RON RUB SAR SEK SGD"
)
MARKS = {
    **{code: code for code in (*CODES.split(), *["THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR"])},
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₫": "VND",
    "฿": "THB",
    "₺": "TRY",
    "zł": "PLN",
    "RM": "MYR",
    "Rs": "INR",
    "Rs.": "INR",
    "US$": "USD",
    "S$": "SGD",
    "A$": "AUD",
    "C$": "CAD",
    "HK$": "HKD",
    "$": "",
    "kr": "",
    "Kč": "CZK",
    "R$": "BRL",
    "Rp": "IDR",
    "Dhs": "AED",
    "DH": "MAD",
    "Fr.": "CHF",
}
"""Currency marks and their ISO 4217 codes; a mark several countries use has none."""

MARK = "|".join(sorted(map(re.escape, MARKS), key=len, reverse=True))

AMOUNT = re.compile(
    r"(?<!\d[.,/:-])(?<![\d.,/A-Za-z])"
    rf"(?:(?P<before>{MARK})[ :]{{0,2}})?(?P<minus>[-−(] ?(?:[$€£] ?)?)?"
    r"(?P<number>\d{1,3}(?:[., '’]\d{3})+(?:[.,] ?\d{2})?|\d+[.,] ?\d{1,3}|\d+|[.,]\d{2})"
    rf"(?P<after>\s?(?:{MARK})(?![A-Za-z]))?(?P<end>[-)])?(?![\d/:]|[.,]\d)",
)
CURRENCY = re.compile(rf"(?<![A-Za-z])(?:{MARK})(?![A-Za-z])")


@dataclass(frozen=True)
class Amount:
    """One amount: its value, its place, and whether it looks like money (decimals or a currency mark)."""

    value: Decimal
    span: Span
    row: Row
    start: int
    end: int
    currency: str | None
    money: bool


def find(page: Page) -> list[Amount]:
    """Every number of the page that could be an amount, in reading order."""
    decimal = decimal_mark(page.text)
    return [amount for row in page.rows for amount in in_row(row, decimal)]


def in_row(row: Row, decimal: str) -> Iterator[Amount]:
    for match in AMOUNT.finditer(row.text):
        number = match["number"]
        mark = match["before"] or (match["after"] or "").strip() or None
        after = row.text[match.end() :].lstrip()[:1]
        if (
            after == "%"
            or row.text[match.end() :].startswith("#")
            or (row.text[max(0, match.start() - 2) : match.start()].strip() in {"#", "@"})
        ):
            continue
        value = value_of(number, decimal)
        if match["minus"] and (match["minus"][0] != "(" or match["end"] == ")"):
            value = -value
        if match["end"] == "-" and match["minus"] is None and not row.text[match.end() :].lstrip():
            value = -value
        start = match.start("before") if match["before"] else match.start("number")
        end = match.end("after") if match["after"] else match.end("number")
        cents = re.search(r"[.,] ?\d{2}$", number) is not None
        yield Amount(value, row.span(start, end), row, start, end, MARKS.get(mark or "") or None, cents or bool(mark))


def decimal_mark(text: str) -> str:
    """`.` or `,`: what stands before two last digits most often; the point when nothing tells."""
    votes = Counter(re.findall(r"(?<=\d)([.,])\d{2}(?![\d.,/-])", text))
    return "," if votes[","] > votes["."] else "."


def value_of(number: str, decimal: str) -> Decimal:
    """The number a printed amount means. Two last digits after a mark are cents; three are thousands, unless the mark
    is the page's own decimal mark and the number has no other ("9.000" on a page with "9.00")."""
    compact = re.sub(r"[ '’]", "", number)
    marks = re.findall(r"[.,]", compact)
    if not marks:
        return Decimal(compact)
    if len(compact) == 3 and compact[0] in ".,":
        return Decimal(f"0.{compact[1:]}")
    tail = len(compact) - max(compact.rfind("."), compact.rfind(",")) - 1
    thousands = tail == 3 and ((len(marks) > 1 and len(set(marks)) == 1) or (len(marks) == 1 and marks[0] != decimal))
    digits = re.sub(r"[.,]", "", compact)
    return Decimal(digits) if thousands else Decimal(f"{digits[:-tail]}.{digits[-tail:]}")


def plain(value: Decimal) -> str:
    """As a decimal string with at least two decimals: "9.00"."""
    exponent = value.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    if places > 2 and value == value.quantize(Decimal("0.01")):
        places = 2
    return f"{value:.{places}f}"


def currency_of(page: Page) -> tuple[str, Span] | None:
    """The currency the page names most often (its ISO code, or the mark where several countries use it), and where."""
    named = [
        (MARKS[match.group()] or match.group(), row.span(match.start(), match.end()))
        for row in page.rows
        for match in CURRENCY.finditer(row.text)
    ]
    coded = [one for one in named if one[0].isalpha()] or named
    if not coded:
        return None
    code = Counter(code for code, _ in coded).most_common(1)[0][0]
    return next((code, span) for other, span in coded if other == code)
