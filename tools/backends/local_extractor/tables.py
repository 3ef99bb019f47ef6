"""Line items: what was bought, how many and for how much, between the head of the list and its sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    r"sub ?-?t[o0]|t[o0]t[as][l1i]|totaal|summe|zwischensumme|gesamt|(?<![a-z])(?:change|cash|rounding)|"
    r"(?<![a-z])(?:tax|gst|vat|sst|btw|mwst|tva)(?![a-z]).*\d[.,]\d\d",
    re.IGNORECASE,
)
Priced = tuple[Row, list[Amount]]
"""A row and the amounts of money in it."""
INCLUDED = re.compile(r"incl(?:\.|uding|uded)", re.IGNORECASE)
SUBTOTAL = re.compile(r"sub ?-?t[o0]tal|zwischensumme", re.IGNORECASE)


def items(page: Page, amounts: Sequence[Amount]) -> tuple[list[dict[str, Json]], Span] | None:
    """Rows with `description`, `quantity`, `price` and `amount` (those printed), and where the list stands."""
    rows = [(row, [amount for amount in amounts if amount.row is row and amount.money]) for row in _body(page, amounts)]
    found: list[dict[str, Json]] = []
    words: list[Span] = []
    for name, row, own in _named_below(rows) if _names_stand_below(rows) else _named_above(rows):
        found.append(_item(name.text, row, own))
        words.append(row.span(0, len(row.text)))
    if not found:
        return None
    whole = words[0]
    for span in words[1:]:
        whole = whole + span
    return _without_numbers(_without_numbers(found)), whole


def _without_numbers(found: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Names without the column of positions or counts that stands before all of them; counts are kept as such."""
    leading = [re.match(r"\d{1,2}(?= )", str(item["description"])) for item in found]
    if len(found) < 2 or not all(leading):
        return found
    numbers = [int(match[0]) for match in leading if match]
    positions = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if not positions and any(item["quantity"] not in (None, str(n)) for item, n in zip(found, numbers, strict=True)):
        return found
    bare = [re.sub(r"^\d+ +", "", str(item["description"])) for item in found]
    counts = [{} if positions else {"quantity": str(number)} for number in numbers]
    return [{**item, "description": name, **count} for item, name, count in zip(found, bare, counts, strict=True)]


def _names_stand_below(rows: Sequence[Priced]) -> bool:
    """Whether the list begins with figures: then each name is on the line after its figures."""
    first = next(((row, own) for row, own in rows if own or _name(row, own)), None)
    return first is not None and bool(first[1]) and _name(*first) is None


def _named_above(rows: Sequence[Priced]) -> Iterator[tuple[Span, Row, list[Amount]]]:
    """Names beside their amounts, or on a line above; a line of codes between them changes nothing."""
    waiting: Span | None = None
    for row, own in rows:
        name = _name(row, own)
        if not own:
            waiting = name or waiting
        elif beside := name or waiting:
            yield beside, row, own
            waiting = None


def _named_below(rows: Sequence[Priced]) -> Iterator[tuple[Span, Row, list[Amount]]]:
    waiting: Priced | None = None
    for row, own in rows:
        name = _name(row, own)
        if own and name is None:
            waiting = row, own
        elif name and own:
            yield name, row, own
            waiting = None
        elif name and waiting:
            yield name, *waiting
            waiting = None


def _body(page: Page, amounts: Sequence[Amount]) -> list[Row]:
    heads = [row.number for row in page.rows if _head(row)]
    start = heads[0] + 1 if heads else _first(page, amounts)
    ends = [row.number for row in page.rows[start:] if END.search(row.text) and not _head(row)]
    while len(ends) > 1 and heads and _group(page, ends[0], ends[1], amounts):
        ends.pop(0)
    end = ends[0] if ends else len(page.rows)
    return [row for row in page.rows[start:end] if _head(row) or not END.search(row.text)]


def _first(page: Page, amounts: Sequence[Amount]) -> int:
    """Where a list without a head begins: at its first amount, or at the name above it, codes between them or not."""
    start = next((amount.row.number for amount in amounts if amount.money), 0)
    above = start - 1
    while above > 0 and _is_code(page.rows[above].text):
        above -= 1
    return max(0, above)


def _group(page: Page, end: int, following: int, amounts: Sequence[Amount]) -> bool:
    """Whether the list goes on after a sum, to another: a subtotal of one group of items."""
    if not all(SUBTOTAL.search(page.rows[number].text) for number in (end, following)):
        return False
    counted = [sum(amount.money for amount in amounts if amount.row is row) for row in page.rows[end + 1 : following]]
    return max(counted, default=0) > 1


def _head(row: Row) -> bool:
    return len(set(map(str.lower, HEAD.findall(row.text)))) >= 2 and not re.search(r"\d[.,]\d\d|:\s*\d", row.text)


def _description(row: Row, own: Sequence[Amount]) -> Span | None:
    """The words before the first amount, with a code or a count at their ends left out."""
    end = min((amount.start for amount in own), default=len(row.text))
    text = re.sub(r"(?:^|[\s|]+)(?:\d+[.,]? ?[x×*@]?|[x×*@])\s*$", "", row.text[:end])
    if sum(letter.isalpha() for letter in text) < 3:
        return None
    count = re.match(r"\d{1,3} ?[x×*] +", text)
    return row.span(count.end() if count else 0, len(text))


def _name(row: Row, own: Sequence[Amount]) -> Span | None:
    """The description of a row, unless it is a code, or says what the price above it holds."""
    found = _description(row, own)
    return None if found is None or _is_code(found.text) or INCLUDED.match(found.text) else found


def _is_code(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    return letters < 3 or bool(
        re.fullmatch(r"[\W\d]*(?:(?:pcs?|units?|pkts?|ea|kgs?|ltr|set|[a-z]{1,2})[\W\d]*)?", text, re.IGNORECASE)
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
