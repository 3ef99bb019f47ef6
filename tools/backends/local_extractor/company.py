"""Who issued the paper: the name in its header, told from titles, addresses, customers and numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tools.backends.local_extractor import dates
from tools.backends.local_extractor.layout import Page, Row, Span, bare

REGISTRATION = re.compile(
    r"[\s(\[{]*(?:\(?(?:co(?:mpany)?\.?|reg(?:istration)?\.?|roc|business|ssm)[\s.:]*(?:reg(?:istration)?\.?)?[\s.:]*"
    r"(?:no|number|#)[\s.:]*)?[(\[{]?[A-Z]{0,3}\d{4,12} ?[-–]? ?[A-Z0-9]?[)\]}]?\s*$",
    re.IGNORECASE,
)
DOMAIN = re.compile(
    r"(?:@|www\.|https?://(?:www\.)?)\s?(?:[\w-]+\.)??([\w-]{4,})\.(?:com?|[a-z]{2,4})(?![\w-])", re.IGNORECASE
)
CUSTOMER = re.compile(
    r"(?:bill(?:ed)?|sold|ship(?:ped)?|invoiced?) ?to|customer|client|guest|buyer|kunde|klant|attn", re.I
)

POSTCODE = re.compile(r"(?<!\d)(?:\d{5}(?!\d)|\d{4} [A-Z]{2}(?![a-z]))|(?:^|, ?)\d{4} [A-Z][a-zà-ÿ]{3}")

BY = re.compile(r"(?:sold|issued|owned|supplied|provided|delivered|operated) by ?:? +", re.IGNORECASE)

HEADED = re.compile(r"(?<=\w) +(?:tax )?(?:invoice|receipt|rechnung|factuur|facture|bill|statement)$", re.IGNORECASE)
"""A name that heads the paper with what it is."""

HEADER = 12
"""Rows from the top in which a paper names who issued it, unless an address says sooner that the name is over."""


@cache
def words(kind: str) -> re.Pattern[str]:
    """One of the lists of `words.yaml`, each entry as a whole word (or ending in a digit)."""
    listed = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))[kind]
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(listed)})(?:(?<=\d)|(?<=\.)|(?![^\W\d_]))", re.IGNORECASE)


@cache
def trade() -> re.Pattern[str]:
    """Trades are found inside words too: reading loses spaces ("SANYUSTATIONERYSHOP")."""
    listed = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return re.compile("|".join([*listed["trades"], *listed["tails"]]), re.IGNORECASE)


def is_address(text: str) -> bool:
    """Words of an address, or a postcode with a place."""
    if words("addresses").search(text) or POSTCODE.search(text):
        return True
    return words("streets").search(text) is not None and re.search(r"\d|,", text) is not None


@dataclass(frozen=True)
class Name:
    """A cell that could name the issuer."""

    row: Row
    span: Span
    score: float


def find(page: Page, others: Sequence[Span] = ()) -> tuple[Span, float] | None:
    """The issuer's name as printed and how sure that is, or None; `others` are known to be something else."""
    taken = {word for span in others for word in span.words}
    names = [name for name in _candidates(page) if not taken & set(name.span.words)]
    if not names:
        return None
    best = max(names, key=lambda name: name.score)
    if best.score < 1.0:
        return None
    return name_in(_whole(page, best)), min(0.95, 0.5 + best.score / 12)


def _candidates(page: Page) -> list[Name]:
    end = _header_end(page)
    domains = {bare(match) for match in DOMAIN.findall(page.text)}
    found: list[Name] = []
    for row, cell in page.cells():
        titled = HEADED.search(cell.text) and _repeated(page, cell.text)
        if not _nameable(_untitled(cell.text) if titled else cell.text):
            continue
        score = 3.0 * formed(cell.text) + 1.0 * bool(trade().search(cell.text))
        if row.number < end:
            score += 1.5 + (1.5 if not found else 0.0)
        _, top, _, bottom = cell.upright
        score += max(-0.5, min(1.0, (bottom - top) / page.height_of_text - 1))
        score += 1.0 * _repeated(page, cell.text)
        score += 2.0 * any(_same(domain, cell.text) for domain in domains)
        score -= 1.5 * (cell.sure < 0.75) + 3.0 * cell.text.islower() + 4.0 * _customers(page, row, cell)
        score -= 2.0 * bool(re.match(r"[^:]{2,30}: ?\S", cell.text))
        score -= 1.5 * (len(cell.text.split()) > 8) + 0.05 * min(row.number, 40)
        found.append(Name(row, cell, score))
    return found


def _header_end(page: Page) -> int:
    """The first row that is an address once something nameable has been seen."""
    seen = False
    for row in page.rows[:HEADER]:
        if seen and is_address(row.text) and not words("suffixes").search(row.text):
            return row.number
        seen = seen or any(_nameable(cell.text) for cell in row.cells)
    return min(HEADER, len(page.rows)) if len(page.rows) > HEADER else max(1, len(page.rows) // 2)


def _nameable(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    name = REGISTRATION.sub("", text).strip()
    if letters < 3 or not name or letters < 0.5 * len(name.replace(" ", "")) or len(text) > 90:
        return False
    if words("titles").search(text) or DOMAIN.search(text) or "@" in text or text.rstrip().endswith(":"):
        return False
    return bool(words("suffixes").search(text)) or not (is_address(text) or dates.is_date(text))


def formed(text: str) -> bool:
    """Whether a name ends in a legal form; a row that begins with one tells about the firm."""
    form = words("suffixes").search(text)
    return form is not None and sum(map(str.isalpha, text[: form.start()])) >= 3


def _repeated(page: Page, text: str) -> bool:
    """Whether the name is printed again: in the footer, in the terms, in the bank details."""
    name = bare(words("suffixes").sub("", _untitled(text)))
    return len(name) >= 6 and page.letters.count(name) > 1


def _untitled(text: str) -> str:
    """ "Amazon Web Services Invoice" names Amazon Web Services."""
    name = HEADED.sub("", text)
    return name if len(name.split()) > 1 else text


def _same(domain: str, text: str) -> bool:
    name = bare(words("suffixes").sub("", text))
    return len(name) >= 4 and (domain in name or domain.startswith(name))


def _customers(page: Page, row: Row, cell: Span) -> bool:
    """Whether the cell belongs to the one who pays: it stands beside or below such a label."""
    if CUSTOMER.search(row.text):
        return True
    left, _, right, _ = cell.upright
    for above in page.rows[max(0, row.number - 3) : row.number]:
        for other in above.cells:
            a, _, b, _ = other.upright
            if CUSTOMER.search(other.text) and min(b, right) > max(a, left):
                return True
    return False


def _whole(page: Page, name: Name) -> Span:
    """The name with what it runs on from and into on the rows above and below."""
    span, number = name.span, name.row.number
    while (above := _neighbour(page, number - 1, span)) and _nameable(above.text) and _runs_on(above.text, span.text):
        span, number = above + span, number - 1
    number = name.row.number
    while (below := _neighbour(page, number + 1, span)) and _runs_on(span.text, below.text):
        span, number = span + below, number + 1
    return span


def _neighbour(page: Page, number: int, span: Span) -> Span | None:
    if not 0 <= number < len(page.rows):
        return None
    left, top, right, bottom = span.upright
    for cell in page.rows[number].cells:
        a, up, b, down = cell.upright
        if min(b, right) > max(a, left) and max(top - down, up - bottom) < 1.5 * (down - up):
            return cell
    return None


def _runs_on(above: str, below: str) -> bool:
    """Whether a name broken over two rows: an open bracket, an ampersand, or a row that begins with the end of one."""
    if above.count("(") > above.count(")") and ")" in below:
        return True
    if above.rstrip().endswith(("&", "-")) or below.lstrip().startswith("&"):
        return True
    first = re.match(r"\W*\w[\w./]*(?:\W*\w[\w./]*)?", below)
    if not first or words("titles").search(below) or words("suffixes").search(above):
        return False
    starts = [match.start() for kind in ("suffixes", "tails") for match in words(kind).finditer(below)]
    return bool(starts) and not re.search(r"[^\W\d_]{3,}", below[: min(starts)]) and len(below.split()) <= 5


def name_in(span: Span) -> Span:
    """The name alone: without "sold by" before it, or a registration number or an address after it."""
    span = _unlabelled(span)
    text = REGISTRATION.sub("", _untitled(span.text)).rstrip(" ,:;-(")
    ends = [match.end() for match in words("suffixes").finditer(text)]
    if ends and re.match(r"\.?(?:,|\s*[-|•·(\[]\s*[-|•·(\[\d]|\s+[-|•·]|\s*\d)", text[ends[-1] :]):
        text = text[: ends[-1]]
    return _shortened(span, text.strip()) if text.strip() else span


def _unlabelled(span: Span) -> Span:
    """ "Sold by: Juniper Labs Ltd" names Juniper Labs Ltd."""
    label = BY.match(span.text)
    if label is None:
        return span
    return Span(span.text[label.end() :], span.words[len(label.group().split()) :])


def _shortened(span: Span, text: str) -> Span:
    kept: Sequence[str] = text.split()
    return Span(text, span.words[: len(kept)])
