"""Business cards: who the person is, told from the firm, the title and the ways to reach them."""

from __future__ import annotations

import re

from tools.backends.local_extractor import company
from tools.backends.local_extractor.layout import Page, Span, bare
from tools.backends.local_extractor.search import EMAIL, PHONE, URL

PERSON = re.compile(
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Ir|Dipl)\.?[\w.-]* )*[^\W\d_][^\W\d_'’.-]*(?: [^\W\d_][^\W\d_'’.-]*\.?){1,3}(?:, \w+\.?)?"
)


def title(page: Page) -> Span | None:
    """The cell that names a profession or a position."""
    return next((cell for _, cell in page.cells() if _is_title(cell.text)), None)


def person(page: Page) -> tuple[Span, float] | None:
    """The person's name and how sure that is: what the mail address is made of, else what stands largest."""
    cells = [cell for _, cell in page.cells() if _could_be_person(cell.text)]
    if not cells:
        return None
    locals_ = [bare(match.group().split("@")[0]) for match in EMAIL.finditer(page.text)]
    for cell in cells:
        parts = [bare(part) for part in cell.text.split() if len(bare(part)) >= 3]
        if any(part in local for part in parts for local in locals_):
            return cell, 0.92
    job = title(page)
    if job is not None:
        above = [
            cell for cell in cells if 0 <= job.upright[1] - cell.upright[3] + 5 < 3 * (job.upright[3] - job.upright[1])
        ]
        if above:
            return above[-1], 0.85
    return max(cells, key=lambda cell: cell.upright[3] - cell.upright[1]), 0.6


def _is_title(text: str) -> bool:
    return bool(company.words("jobs").search(text)) and not _reach(text) and not company.words("suffixes").search(text)


def _could_be_person(text: str) -> bool:
    if not PERSON.fullmatch(text) or _reach(text) or _is_title(text) or company.is_address(text):
        return False
    named = (
        company.words("suffixes").search(text) or company.trade().search(text) or company.words("titles").search(text)
    )
    return not named and any(word[0].isupper() for word in text.split())


def _reach(text: str) -> bool:
    return bool(EMAIL.search(text) or URL.search(text) or PHONE.search(text))
