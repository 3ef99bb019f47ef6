"""Whether a value that somebody claims is printed on a paper, and made of what is printed there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation

from tools.kit.seeing.agreeing import digits, is_read, letters


def stands_in(text: str, lines: Sequence[str]) -> bool:
    """Whether a value stands in the text: with digits as words of its own, so that 9.00 is not found in 19.00."""
    if not digits(text):
        return is_read(text, lines)
    words = [word for line in lines for word in line.split()]
    wanted, most = letters(text), len(text.split()) + 2
    for start in range(len(words)):
        for end in range(start + 1, min(start + most, len(words)) + 1):
            here = letters("".join(words[start:end]))
            if here == wanted or (wanted.isdigit() and _without_currency(here) == wanted):
                return True
    return False


def _without_currency(text: str) -> str:
    return re.sub(r"^[a-z]{1,3}(?=\d)|(?<=\d)[a-z]{1,3}$", "", text)


def plain(value: str, kind: str) -> str | None:
    """In the form values have; None for what is none of the kind."""
    if kind == "amount":
        found = _amount(value)
        return None if found is None else f"{found:.2f}"
    if kind == "date":
        try:
            return date.fromisoformat(value.strip()).isoformat()
        except ValueError:
            return None
    return " ".join(value.split()) or None


def _amount(text: str) -> Decimal | None:
    match = re.search(r"-?\d[\d,' ]*(?:\.\d+)?", text)
    try:
        return Decimal(re.sub(r"[,' ]", "", match[0])) if match else None
    except InvalidOperation:
        return None


def follows(value: str, text: str, kind: str) -> bool:
    """Whether the plain value is made of the printed digits: else it was worked out, or taken from elsewhere."""
    if kind == "date":
        year, month, day = value.split("-")
        numbers = {number.lstrip("0") for number in re.findall(r"\d+", text)}
        written = bool(re.search(r"[^\W\d]{3,}", text))
        return (
            day.lstrip("0") in numbers
            and (month.lstrip("0") in numbers or written)
            and (year in numbers or year[2:].lstrip("0") in numbers)
        )
    if kind in ("amount", "number"):
        return _amount(value) in _readings(text)
    return True


def _readings(text: str) -> set[Decimal]:
    """The numbers a print may mean: 1.234,50 has its cents after the comma, 1,234 may have none."""
    printed = re.sub(r"[^\d.,-]", "", text).strip(".,")
    whole = re.sub(r"[.,]", "", printed)
    cents = re.sub(r"[.,](?=.*[.,])", "", printed).replace(",", ".")
    found = set()
    for form in (whole, cents):
        with suppress(InvalidOperation):
            found.add(Decimal(form))
    return found


def same(one: str, other: str) -> bool:
    amounts = _amount(one), _amount(other)
    if re.fullmatch(r"-?[\d.,]+", one) and None not in amounts:
        return amounts[0] == amounts[1]
    return letters(one) == letters(other)
