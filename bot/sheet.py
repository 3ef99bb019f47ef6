"""Rows -> CSV that a spreadsheet opens and never runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

NUMBER = re.compile(r"[-+]?[\d.,' ]*\d%?")
RUNS = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), full-width and after blanks too."""


def harmless(cell: str) -> str:
    """Text read from an image must not run as a formula where the file is opened; a number stays one."""
    return f"'{cell}" if RUNS.match(cell) and not NUMBER.fullmatch(cell) else cell


def line(cells: Iterable[str]) -> str:
    """One line of CSV (RFC 4180), its end included."""
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """All lines, in UTF-8 with a mark that spreadsheets know it by."""
    return "".join(map(line, rows)).encode("utf-8-sig")
