"""Line items: what was bought, how many and for how much, between the head of the list and its sums."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.backends.local_extractor.amounts import Amount, plain
from tools.backends.local_extractor.layout import Page, Row, Span
from tools.kit import Json

HEAD = re.compile(
    r"(?<![^\W\d_])(?:description|desc|items?|articles?|artikel|beschreibung|bezeichnung|omschrijving|désignation|"
    r"descripción|qty|quantity|menge|aantal|quantité|cantidad|(?:unit )?price|u/p|preis|prijs|prix|precio|amount|amt|"
    r"rate|total|bedrag|betrag|montant|importe)(?![^\W\d_])",
    re.IGNORECASE,
)
END = re.compile(
    r"sub ?-?t[o0]tal|t[o0]tal|totaal|summe|zwischensumme|gesamt|(?<![a-z])(?:change|cash|rounding)|"
    r"(?<![a-z])(?:tax|gst|vat|sst|btw|mwst|tva)(?![a-z]).*\d[.,]\d\d",
    re.IGNORECASE,
)
SUBTOTAL = re.compile(r"sub ?-?t[o0]tal|zwischensumme", re.IGNORECASE)


def items(page: Page, amounts: Sequence[Amount]) -> tuple[list[dict[str, Json]], Span] | None:
    """Rows with `description`, `quantity`, `price` and `amount` (those printed), and where the list stands."""
    rows = _body(page, amounts)
    found: list[dict[str, Json]] = []
    words: tuple[Span, ...] = ()
    waiting: list[Span] = []
    for row in rows:
        own = [amount for amount in amounts if amount.row is row and amount.money]
        description = _description(row, own)
        if not own:
            waiting = [description] if description else []
            continue
        if description is None and not waiting:
            continue
        parts = [*waiting, description] if description is None or _is_code(description.text) else [description]
        named = [part for part in parts if part is not None and not _is_code(part.text)]
        if not named:
            continue
        found.append(_item(named[0].text, row, own))
        words += (row.span(0, len(row.text)),)
        waiting = []
    if not found:
        return None
    whole = words[0]
    for span in words[1:]:
        whole = whole + span
    return found, whole


def _body(page: Page, amounts: Sequence[Amount]) -> list[Row]:
    heads = [row.number for row in page.rows if _head(row)]
    start = heads[0] + 1 if heads else next((a.row.number for a in amounts if a.money), 0) - 1
    start = max(0, start)
    ends = [row.number for row in page.rows[start:] if END.search(row.text) and not _head(row)]
    while len(ends) > 1 and heads and _group(page, ends[0], ends[1], amounts):
        ends.pop(0)
    end = ends[0] if ends else len(page.rows)
    return [row for row in page.rows[start:end] if _head(row) or not END.search(row.text)]


def _group(page: Page, end: int, following: int, amounts: Sequence[Amount]) -> bool:
    """Whether the list goes on after a sum, to another: a subtotal of one group of items."""
    if not all(SUBTOTAL.search(page.rows[number].text) for number in (end, following)):
        return False
    counted = [sum(amount.money for amount in amounts if amount.row is row) for row in page.rows[end + 1 : following]]
    return max(counted, default=0) > 1


def _head(row: Row) -> bool:
    return len(set(map(str.lower, HEAD.findall(row.text)))) >= 2 and not re.search(r"\d[.,]\d\d", row.text)


def _description(row: Row, own: Sequence[Amount]) -> Span | None:
    """The words before the first amount, with a code or a count at their ends left out."""
    end = min((amount.start for amount in own), default=len(row.text))
    text = re.sub(r"(?:^|[\s|]+)(?:\d+[.,]? ?[x×*@]?|[x×*@])\s*$", "", row.text[:end])
    if sum(letter.isalpha() for letter in text) < 3:
        return None
    count = re.match(r"\d{1,3} ?[x×*] +", text)
    return row.span(count.end() if count else 0, len(text))


def _is_code(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    return letters < 3 or bool(
        re.fullmatch(r"[\W\d]*(?:(?:pcs?|ea|kgs?|ltr|set|[a-z]{1,2})[\W\d]*)?", text, re.IGNORECASE)
    )


def _item(description: str, row: Row, own: Sequence[Amount]) -> dict[str, Json]:
    """An item; price and quantity only where they multiply to the amount, or stand as "2 x"."""
    amount = own[-1].value
    item: dict[str, Json] = {"description": description, "quantity": None, "price": None, "amount": plain(amount)}
    counts = [int(number) for number in re.findall(r"(?<![\w.,])(\d{1,3})(?![\w.,/%-])", row.text)]
    for price in own[:-1]:
        count = next((n for n in counts if n and price.value * n == amount), None)
        if count or price.value == amount:
            item |= {"price": plain(price.value), "quantity": str(count) if count else None}
            return item
    marked = re.search(
        r"(?<![\w.,])(\d{1,3}) ?[x×](?![a-z])|(?<![a-z])[x×] ?(\d{1,3})(?![\w.,])", row.text, re.IGNORECASE
    )
    if marked:
        item["quantity"] = marked[1] or marked[2]
    return item
