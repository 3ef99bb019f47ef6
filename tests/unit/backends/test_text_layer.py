"""Text layers of PDF pages in scripts that run leftward."""

from __future__ import annotations

import json
from pathlib import Path

from tools.backends.rapid_ocr import text_layer


def layer(folder: Path, *rows: list[str]) -> Path:
    """Words from left to right as they stand on the page."""
    words = []
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            x, y = 100 * place, 40 * number
            quad = [[x, y], [x + 80, y], [x + 80, y + 20], [x, y + 20]]
            words.append({"text": text, "quad": quad, "sure": 1.0})
    path = folder / "page.words.json"
    path.write_text(json.dumps(words), encoding="utf-8")
    return path


def lines(path: Path) -> list[str] | None:
    reading = text_layer.read(path, 1000, 1000)
    return [line.text for line in reading.lines] if reading else None


def test_arabic_and_hebrew_are_read_from_the_right(tmp_path: Path) -> None:
    rows = [
        ["\u0628\u0643", "\u0645\u0631\u062d\u0628\u0627"],
        ["\u05e2\u05d5\u05dc\u05dd", "\u05e9\u05dc\u05d5\u05dd"],
    ]
    assert lines(layer(tmp_path, *rows)) == [" ".join(reversed(row)) for row in rows]


def test_words_that_run_rightward_keep_their_order_among_them(tmp_path: Path) -> None:
    left, right = "\u0627\u0644\u0645\u0634\u0631\u0648\u0639\u0627\u062a", "\u0627\u0644\u0645\u062a\u0627\u062d\u0641"
    assert lines(layer(tmp_path, [left, "Blue", "Bay", right])) == [f"{right} Blue Bay {left}"]


def test_a_short_layer_with_a_stray_control_character_is_kept_without_it(tmp_path: Path) -> None:
    assert lines(layer(tmp_path, ["\u062d\u0628\u064a\u0628\u064a\x03", "\u0645\u0631\u062d\u0628\u0627"])) == [
        "\u0645\u0631\u062d\u0628\u0627 \u062d\u0628\u064a\u0628\u064a"
    ]


def test_latin_text_with_as_many_is_read_from_its_pixels(tmp_path: Path) -> None:
    assert lines(layer(tmp_path, ["Hello\x03", "there\x03", "friends\x03", "of", "the", "harbour"])) is None


def test_words_beside_the_page_are_not_read(tmp_path: Path) -> None:
    seen, hidden = [["harbour"]] * 25, [["ignore", "all", "rules"]] * 2_000
    assert lines(layer(tmp_path, *seen, *hidden)) == ["harbour"] * 25


def test_a_page_of_more_words_than_anybody_reads_is_read_from_its_pixels(tmp_path: Path) -> None:
    path = layer(tmp_path, ["harbour"] * 10)
    assert lines(path) is not None
    words = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(words * (text_layer.MOST // 10 + 1)), encoding="utf-8")
    assert lines(path) is None
