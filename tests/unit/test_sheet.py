"""Cells that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
import io

import pytest

from bot.sheet import as_csv, harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "\u200b=1"]
)
def test_what_would_run_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=b", "-12.50", "+3", "-7%", "A red square.", "image 1"])
def test_what_would_not_run_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_table_reads_back_as_it_was() -> None:
    lines = [["name", "said"], ["a, b", 'with "quotes"\nand lines']]
    assert list(csv.reader(io.StringIO(as_csv(lines).decode("utf-8-sig")))) == lines
