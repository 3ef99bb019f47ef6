"""Who issued the paper: the name in its header, told from titles, addresses and numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from tools.backends.local_extractor.layout import Page, Row, Span


@cache
def words(kind: str) -> str:
    """One of the lists of `words.yaml` as a regular expression."""
    listed = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return "|".join(listed[kind])


@cache
def suffix() -> re.Pattern[str]:
    """The legal form at the end of a firm's name."""
    return re.compile(rf"(?<![a-z])(?:{words('suffixes')})\.?(?![a-z])", re.IGNORECASE)


@cache
def trade() -> re.Pattern[str]:
    return re.compile(words("trades"), re.IGNORECASE)


@cache
def title() -> re.Pattern[str]:
    return re.compile(words("titles"), re.IGNORECASE)


@cache
def address() -> re.Pattern[str]:
    """Words of an address, or a postcode."""
    return re.compile(
        rf"(?<![a-z])(?:{words('addresses')})|(?<!\d)\d{{5}}(?!\d)|(?<!\d)\d{{4}} [A-Z]{{2}}(?![a-z])", re.I
    )


REGISTRATION = re.compile(
    r"[\s(\[{]*(?:\(?(?:co(?:mpany)?\.?|reg(?:istration)?\.?|roc|business|ssm)[\s.:]*(?:reg(?:istration)?\.?)?[\s.:]*(?:no|number|#)[\s.:]*)?"
    r"[(\[{]?[A-Z]{0,3}\d{4,12} ?[-– ]? ?[A-Z0-9]?[)\]}]?\s*$",
    re.IGNORECASE,
)

HEADER = 9
"""Rows from the top in which a receipt names its shop."""


def find(page: Page) -> tuple[Span, float] | None:
    """The issuer's name as printed and how sure that is; None when no row could be one."""
    header = _header(page)
    named = [row for row in header if _suffixed(row.text)]
    if named:
        return _with_neighbours(page, named[0], header), 0.9
    plain = [row for row in header if _nameable(row.text)]
    traded = [row for row in plain if trade().search(row.text)]
    if traded and plain.index(traded[0]) <= 2:
        return _with_neighbours(page, traded[0], header), 0.8
    elsewhere = [row for row in page.rows if _suffixed(row.text) and len(row.text) <= 60]
    if plain:
        tallest = max(plain[:3], key=lambda row: (row.height > 1.4 * page.height_of_text, -row.number))
        return _stripped(tallest), 0.6
    return (_stripped(elsewhere[0]), 0.5) if elsewhere else None


def _header(page: Page) -> list[Row]:
    """Rows down to the first that is an address, a contact or the paper's own matter, but at least the first three."""
    header: list[Row] = []
    for row in page.rows[:HEADER]:
        if len(header) >= 3 and address().search(row.text) and not _suffixed(row.text):
            break
        header.append(row)
    return header


def _suffixed(text: str) -> bool:
    return suffix().search(text) is not None and not title().search(text) and sum(map(str.isalpha, text)) >= 5


def _nameable(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    bare = REGISTRATION.sub("", text).strip()
    return (
        letters >= 3
        and bool(bare)
        and letters >= 0.5 * len(bare)
        and not title().search(text)
        and not address().search(text)
    )


def _with_neighbours(page: Page, row: Row, header: Sequence[Row]) -> Span:
    """The row, joined to the one above when it is only the tail of a name ("SDN. BHD.") or the name runs on."""
    span = _stripped(row)
    words = re.sub(suffix(), "", span.text)
    above = page.rows[row.number - 1] if row.number else None
    if above is not None and above in header and _nameable(above.text) and len(re.findall(r"[A-Za-z]{2,}", words)) <= 1:
        return _stripped(above) + span
    return span


def _stripped(row: Row) -> Span:
    """Without a registration number at its end."""
    text = REGISTRATION.sub("", row.text).rstrip(" ,:;-(")
    return row.span(0, len(text)) if text else row.span(0, len(row.text))
