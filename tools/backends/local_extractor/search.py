"""The value that stands beside or below a label."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from tools.backends.local_extractor import labels, tables
from tools.backends.local_extractor.layout import Page, Row, Span

EMAIL = re.compile(r"[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)+")
URL = re.compile(
    r"(?:https?://|www\.)[^\s,;|]+"
    r"|(?<![@\w.])(?:[\w-]+\.)+(?:com|org|net|io|de|nl|fr|es|it|uk|my|sg|eu|ch|at|be|co|info|biz)(?:\.\w{2})?"
    r"(?:/[^\s,;|]*)?(?![\w@])",
    re.I,
)
PHONE = re.compile(r"(?<![\w.,/-])(?:\+|\(\+?)?\d[\d\s().–/-]{5,18}\d(?![\w/])")
OTHER_NUMBER = re.compile(
    r"(?<![^\W\d_])(?:gst|sst|vat|tax|btw|ust|kvk|reg|roc|co|company|invoice|receipt|account|acc|order|ref|doc|card|trace|"
    r"batch|terminal|tid|mid|appr\w*|member|bill|trans\w*|iban|serial|barcode|date|time|total|no|id)(?![^\W\d_])",
    re.IGNORECASE,
)
"""What says that the long number in a row is not for calling."""
NOT_DIALLED = re.compile(
    r"^000|(?<![\d.])\d+\.\d\d(?![\d.])|(?<![\d/-])(?:(?:19|20)?\d\d([/-])\d{1,2}\1\d\d|\d{1,2}([/-])\d{1,2}\2(?:19|20)\d\d)(?![\d/-])"
)
"""A registration filled up with noughts, an amount, or a date."""
IBAN = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"
    r"|(?<![A-Z0-9])[A-Z]{2}\d{8,30}(?!\d)"
)
CODE = re.compile(r"(?=[^\s]*\d)[A-Za-z0-9][\w./#-]*(?:[ -](?=[^\s]*\d)[A-Za-z0-9][\w./-]*){0,4}")
STATED = re.compile(r"[^\W\d_][\w .'/-]{1,24}[:：]\s*\S")
"""What begins with a label of its own is another field with its value."""

NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?![\w%])")

ALIKE = 80
"""Similarity (rapidfuzz ratio, 0 to 100) from which a cell counts as the label of a field."""

SHAPES = {"email": EMAIL, "url": URL, "phone": PHONE, "iban": IBAN, "number": NUMBER}

Shape = Callable[[Row, int], Span | None]
"""Finds a value of one kind in a row, from a character on."""


def adds_up(iban: str) -> bool:
    """ISO 7064 mod 97-10, the check digits of an IBAN: what tells one from any other long code."""
    compact = iban.replace(" ", "")
    return int("".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])) % 97 == 1


@dataclass(frozen=True)
class Found:
    span: Span
    sure: float


def shape(form: re.Pattern[str]) -> Shape:
    """The first match of a pattern; digits enough for a phone number are the pattern's own affair."""

    def find(row: Row, start: int) -> Span | None:
        match = form.search(row.text, start)
        return row.span(*match.span()) if match else None

    return find


def phone(row: Row, start: int) -> Span | None:
    """The first number of seven to fifteen digits that is neither a date nor a list of amounts."""
    for match in PHONE.finditer(row.text, start):
        digits = sum(map(str.isdigit, match.group()))
        if 7 <= digits <= 15 and not NOT_DIALLED.search(match.group()):
            return row.span(*match.span())
    return None


def dialled(text: str) -> bool:
    """Whether a number reads as a telephone number without being called one: an area code, and parts set apart."""
    return bool(re.match(r"\+|\(?0[1-9]|\(\d{2,4}\)|\d{3}[-. ]\d{3}[-. ]\d{4}$", text)) and bool(
        re.search(r"\d[) .–/-]+\d|\+\d{9,}", text)
    )


def code(row: Row, start: int) -> Span | None:
    """An identifier: the next word when it has a digit, else the rest of the cell when that has one."""
    lead = re.match(r"[\s:.#=()\[\]-]*(?:(?:no|nr|number|id)(?![a-z]))?[\s:.#=]*", row.text[start:], re.IGNORECASE)
    match = CODE.match(row.text, start + (lead.end() if lead else 0))
    if match:
        return row.span(*match.span())
    rest = words(row, start)
    return rest if rest and any(letter.isdigit() for letter in rest.text) else None


def words(row: Row, start: int) -> Span | None:
    """The rest of the cell after the label, or the next cell, unless that is a label itself."""
    lead = re.match(r"[\s:.#=|>-]*", row.text[start:])
    at = start + (lead.end() if lead else 0)
    if at >= len(row.text):
        return None
    end = next(
        (stop for begin, stop in row.extents if begin <= at < stop),
        len(row.text),
    )
    text = row.text[at:end]
    if labels.any_label().fullmatch(text) or text.rstrip().endswith(":") or STATED.match(text):
        return None
    if not tables.HEAD.sub("", text).strip(" .,/&|-"):  # the head of a table
        return None
    inner = re.search(r"\s(?=[A-Z][\w .]{1,20}:\s)", text)
    return row.span(at, at + inner.start() if inner else end)


def beside_label(page: Page, name: str, find: Shape, *, below: bool = True, least: float = 0.0) -> Found | None:
    """The value of the field called `name`: right of its label, else below it; the surest label's."""
    found = [option for option in options(page, name, find, below=below) if option.sure >= least]
    return max(found, key=lambda option: option.sure, default=None)


def options(
    page: Page, name: str, find: Shape, *, below: bool = True, unless: re.Pattern[str] | None = None
) -> Iterator[Found]:
    """Every value beside or below a label of that name, surest where the label begins its cell or has a colon.

    `unless` leaves out labels that follow such words ("excluding").
    """
    for label in labels.find(page, name):
        if unless and unless.search(label.row.text[: label.start]):
            continue
        stated = label.row.text[label.end : label.end + 3].lstrip()[:1] in {":", "#", "="}
        starts = label.start == 0 or any(begin == label.start for begin, _ in label.row.extents)
        trust = 0.95 if stated and starts else 0.9 if starts else 0.75 if stated else 0.5
        span = find(label.row, label.end)
        if span is not None and _near(label, span):
            yield Found(span, trust)
        elif below and (find is not words or _alone(label)):
            yield from (Found(span, trust * 0.85) for span in _below(page, label, find))


def _alone(label: labels.Label) -> bool:
    """Nothing more in its cell: what stands below is its value, not the next line."""
    end = next(stop for begin, stop in label.row.extents if begin <= label.start < stop)
    return not any(map(str.isalnum, label.row.text[label.end : end]))


def _near(label: labels.Label, span: Span) -> bool:
    """Nothing that is a label itself stands between the label and its value."""
    between = label.row.text[label.end : max(label.end, label.row.text.find(span.text, label.end))]
    return not re.search(r"[^\W\d_]{3,}\W*:", between)


def _below(page: Page, label: labels.Label, find: Shape) -> Iterator[Span]:
    """What the next rows have under the label's own width."""
    left, _, right, bottom = label.span.upright
    for row in page.rows[label.row.number + 1 : label.row.number + 3]:
        for cell, (begin, _) in zip(row.cells, row.extents, strict=True):
            a, top, b, _ = cell.upright
            if top - bottom > 2.5 * row.height or min(b, right) - max(a, left) <= 0:
                continue
            span = find(row, begin)
            if span is not None and span.upright[0] < right + row.height:
                yield span
                return


def by_fuzzy_label(page: Page, name: str, find: Shape) -> Found | None:
    """For a label nobody listed, or one misread: the cell that reads most like the field's name, and what it labels."""
    best: tuple[float, Row, int] | None = None
    for row in page.rows:
        for begin, stop in row.extents:
            head = re.split(r"[:=]", row.text[begin:stop])[0].strip().lower()
            score = max(fuzz.ratio(head, name), fuzz.ratio(head.replace(" ", ""), name.replace(" ", "")))
            if score >= ALIKE and (best is None or score > best[0]):
                best = (score, row, begin + len(head))
    if best is None:
        return None
    score, row, end = best
    span = find(row, end)
    if span is None:
        label = labels.Label(row, end - 1, end, row.span(end - 1, end))
        span = next(_below(page, label, find), None)
    return Found(span, score / 100 * 0.85) if span else None
