"""The issuer's address: the rows under its name that read like one."""

from __future__ import annotations

import re
from functools import reduce

from tools.backends.local_extractor import company
from tools.backends.local_extractor.layout import Page, Span

CONTACT = re.compile(
    r"(?:(?:tel|phone|fax|mobile|hp|h/p|whatsapp\w*|e-?mail|web|www|gst|sst|vat|btw|kvk|ust|iban|bic|reg|roc|website|hotline)(?![^\W\d_])|@|www\.)",
    re.IGNORECASE,
)
REGISTERED = re.compile(
    r"\(?(?:(?:co(?:mpany)?|reg(?:istration)?|roc|business)\.? ?(?:reg\.? ?)?no\.? ?:? ?)?"
    r"[A-Z]{0,3}\d{4,12} ?- ?[A-Z]\)?|"
    r"\(?(?:co(?:mpany)?|reg(?:istration)?|roc|business)\.? ?(?:reg\.? ?)?no\b.*",
    re.IGNORECASE,
)
"""The firm's registration, which stands under its name where an address could."""

MOST = 6
"""Rows an address takes at the most."""


def find(page: Page, name: Span | None) -> Span | None:
    """The first address under the issuer's name, else the first on the page."""
    start = name.upright[3] - 2 if name else 0.0
    for row in page.rows:
        for cell in row.cells:
            if cell.upright[3] > start and _begins(cell, name):
                return _whole(page, row.number, cell)
    return None


def _begins(cell: Span, name: Span | None) -> bool:
    text = _without_contact(cell.text)
    if (
        REGISTERED.fullmatch(text)
        or not re.search(r"[^\W\d_]{3,}", text)
        or not company.is_address(text)
        or company.words("titles").search(text)
    ):
        return False
    return name is None or not set(cell.words) & set(name.words)


def _whole(page: Page, number: int, first: Span) -> Span:
    """The first row and those below it in the same column that go on with it."""
    parts = [first]
    for row in page.rows[number + 1 : number + MOST]:
        below = next((cell for cell in row.cells if _under(parts[-1], cell)), None)
        if below is None or not _goes_on(parts[-1].text, below.text):
            break
        parts.append(below)
    return reduce(lambda a, b: a + b, [_trimmed(part) for part in parts])


def _under(above: Span, cell: Span) -> bool:
    left, _, right, bottom = above.upright
    a, top, b, down = cell.upright
    return min(b, right) > max(a, left) and top - bottom < 1.2 * (down - top)


def _goes_on(above: str, below: str) -> bool:
    text = _without_contact(below)
    if not text or _without_contact(above) != above or company.words("titles").search(text):
        return False
    if re.search(r"\d:\d\d|\d[.,]\d\d(?!\d)", text):
        return False
    words = re.findall(r"[^\W\d_]{2,}", text)
    return company.is_address(text) or (bool(words) and above.rstrip().endswith(",")) or _place(text)


def _place(text: str) -> bool:
    """A row that is only the name of a place: "JOHOR.", "United States"."""
    return (
        re.fullmatch(r"[^\W\d_][^\W\d_ .,'-]*(?:[ ,]+[^\W\d_][^\W\d_.'-]*){0,3}\.?", text) is not None
        and len(text) <= 32
    )


def _without_contact(text: str) -> str:
    match = CONTACT.search(text)
    return text[: match.start()].rstrip(" ,|-(") if match else text


def _trimmed(part: Span) -> Span:
    text = _without_contact(part.text)
    return Span(text, part.words[: len(text.split())])
