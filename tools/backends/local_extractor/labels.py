"""What fields are called on paper, in the languages bills mostly come in, and where such labels stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.backends.local_extractor.layout import Page, Row, Span


@dataclass(frozen=True)
class Label:
    """A label found in a row: the characters [start, end) of its text."""

    row: Row
    start: int
    end: int
    span: Span


@cache
def listed() -> dict[str, Any]:
    """`labels.yaml`."""
    return dict(yaml.safe_load((Path(__file__).parent / "labels.yaml").read_text(encoding="utf-8")))


@cache
def printed(name: str) -> str | None:
    """What is printed for a canonical field: one regular expression, or None when it is not listed."""
    forms = listed().get(name, {}).get("printed")
    return "|".join(forms) if forms else None


@cache
def _also() -> dict[str, str]:
    return {other: name for name, entry in listed().items() for other in entry.get("also", ())}


def canonical(name: str) -> str:
    """The name a field goes by here: "Invoice_No" and "invoiceNumber" are "invoice number"."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    plain = " ".join(re.findall(r"[^\W_]+", spaced.replace("#", " number ").lower()))
    plain = re.sub(r"^(?:(?:number|count) of|how many|the) ", "", plain)
    return plain if plain in listed() else _also().get(plain, plain)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Finds the label of a canonical field; of an unknown one, its own words."""
    forms = printed(name) or re.escape(name).replace(r"\ ", " ")
    loose = forms.replace(" ", r"[\s._/-]*")
    return re.compile(rf"(?<![^\W\d_])(?:{loose})(?![^\W\d_])", re.IGNORECASE)


def find(page: Page, name: str) -> Iterator[Label]:
    """Every place where the label of a field is printed, in reading order."""
    for row in page.rows:
        for begin, end in row.extents:
            for match in pattern(name).finditer(row.text, begin, end):
                yield Label(row, *match.span(), row.span(*match.span()))


@cache
def any_label() -> re.Pattern[str]:
    """Matches a text that is itself a label of some known field, and nothing more."""
    known = "|".join(filter(None, (printed(name) for name in listed() if name != "customer")))
    loose = known.replace(" ", r"[\s._/-]*")
    return re.compile(rf"\W*(?:{loose})\W*", re.IGNORECASE)
