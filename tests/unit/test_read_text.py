"""The `read_text` tool, and reading order by geometry."""

from __future__ import annotations

from tests.unit.papers import Typist, image, typed
from tools.backends.common import spelling
from tools.backends.rapid_ocr.lines import in_reading_order, line
from tools.backends.rapid_ocr.pieces import Piece
from tools.kit import Reading
from tools.read_text import read_text


class Scribe(Typist):
    """An `Ocr` that can also spell."""

    async def mend(self, reading: Reading) -> list[tuple[int, str, str]]:
        return spelling.mend([(line.text, line.sure) for line in reading.lines])


async def test_a_short_text_is_said_whole() -> None:
    evidence = await read_text(image(), ocr=Typist(typed("No entry\nAuthorised staff only", sure=0.96)))
    assert evidence.said == "The text in image 1 reads:\nNo entry\nAuthorised staff only"
    assert evidence.sure == 0.96
    assert evidence.facts["lines"][0] == {"text": "No entry", "box": [0.0, 0.0, 80.0, 20.0], "confidence": 0.96}
    assert evidence.facts["source"] == "ocr"


async def test_of_a_long_text_the_first_lines_are_said_and_how_many_there_are() -> None:
    evidence = await read_text(image(), ocr=Typist(typed("\n".join(f"This is line number {n:03}" for n in range(150)))))
    assert evidence.said.startswith("Image 1 has 150 lines of text; the first 125 read:\nThis is line number 000\n")
    assert evidence.said.endswith("number 124\n25 more lines are left out here; the facts (text, lines) have them all.")
    assert len(evidence.about) == 150


async def test_a_page_of_forty_five_lines_is_said_whole() -> None:
    evidence = await read_text(image(), ocr=Typist(typed("\n".join(f"This is line number {n}" for n in range(45)))))
    assert evidence.said.endswith("line number 44")


async def test_a_long_text_of_few_lines_is_said_whole() -> None:
    evidence = await read_text(image(), ocr=Typist(typed("\n".join(f"{n} {'word ' * 60}" for n in range(3)))))
    assert evidence.said.startswith("The text in image 1 reads:\n0 word")
    assert "left out" not in evidence.said


async def test_a_word_is_put_in_as_it_is_meant_whatever_is_in_it() -> None:
    class Backslash(Typist):
        async def mend(self, reading: Reading) -> list[tuple[int, str, str]]:
            return [(0, "and", r"\g<0>\1")]

    evidence = await read_text(image(), spelling=True, ocr=Backslash(typed("this and that")))
    assert evidence.facts["text"] == r"this \g<0>\1 that"


async def test_an_image_without_text_says_so_and_is_not_sure_of_anything() -> None:
    evidence = await read_text(image(), ocr=Typist(typed("")))
    assert evidence.said == "No text could be read in image 1."
    assert evidence.sure is None
    assert evidence.facts["text"] == ""


async def test_spelling_is_mended_only_when_asked_and_shows_what_it_changed() -> None:
    paper = typed("Please keep your custorner receipt\nfor the next visit to the shop", sure=0.95)
    plain = await read_text(image(), ocr=Scribe(paper))
    mended = await read_text(image(), spelling=True, ocr=Scribe(paper))
    assert "custorner" in plain.said
    assert "spelling" not in plain.facts
    assert mended.facts["text"].startswith("Please keep your customer receipt\n")
    assert mended.facts["spelling"] == [{"from": "custorner", "to": "customer", "line": 1}]
    assert mended.said.endswith("Spelling mended: custorner to customer.")


async def test_asking_a_reader_that_cannot_spell_changes_nothing() -> None:
    evidence = await read_text(image(), spelling=True, ocr=Typist(typed("the custorner is king", sure=0.9)))
    assert evidence.facts["text"] == "the custorner is king"
    assert evidence.facts["spelling"] == []


def test_the_spelling_pass_leaves_names_numbers_codes_and_sure_words_alone() -> None:
    kept = [
        ("the parcel went to Anna Schnidt in Kuala Lurnpur", 0.9),
        ("the code is rn12 or inf0rmation", 0.9),
        ("write to the shop at info@exarnple.com", 0.9),
        ("ROUR DING ADJUSTMENT of the price", 0.9),
        ("this rnistake was read without a doubt", 0.999),
        ("please come again with all of your friends", 0.9),
    ]
    assert spelling.mend(kept) == []


def test_the_spelling_pass_speaks_the_language_of_the_page() -> None:
    german = [("die Rechnung für die gelieferte Ware ist", 0.95), ("zahlbar innerhaib von vierzehn Tagen", 0.95)]
    assert spelling.mend(german) == [(1, "innerhaib", "innerhalb")]
    assert spelling.mend([("qwzx vbnt plmk rtzu wqsx", 0.9)]) == []


def piece(text: str, left: float, top: float, wide: float | None = None, high: float = 20) -> Piece:
    right = left + (wide or len(text) * 10)
    return Piece.of(text, ((left, top), (right, top), (right, top + high), (left, top + high)), 0.9)


def texts(*pieces: Piece) -> list[str]:
    return [line(row).text for row in in_reading_order(pieces)]


def test_an_amount_stays_in_the_line_of_its_label_however_far_it_stands() -> None:
    assert texts(piece("RM", 500, 2), piece("14.10", 540, 1), piece("TOTAL", 0, 0)) == ["TOTAL RM 14.10"]


def test_labels_of_a_diagram_on_one_height_are_lines_of_their_own() -> None:
    assert texts(piece("Browser", 0, 0), piece("Gateway", 300, 0), piece("Store", 600, 2)) == [
        "Browser",
        "Gateway",
        "Store",
    ]


def test_lines_of_a_slightly_skewed_page_do_not_mix() -> None:
    skewed = [
        piece(f"word{row}{column}", column * 100, row * 30 + column * 4) for row in range(3) for column in range(6)
    ]
    assert [text.split()[0] for text in texts(*skewed)] == ["word00", "word10", "word20"]


def test_a_heading_over_two_columns_is_read_first_and_a_footer_last() -> None:
    left = [piece("the rain came down on the", 0, y) for y in (50, 80, 110)]
    right = [piece("old harbour and the boats", 320, y) for y in (50, 80, 110)]
    page = [
        piece("A night of rain in the old town by the sea", 100, 0),
        *left,
        *right,
        piece("continued on the next page of this", 110, 160),
    ]
    assert texts(*page) == [
        "A night of rain in the old town by the sea",
        *["the rain came down on the"] * 3,
        *["old harbour and the boats"] * 3,
        "continued on the next page of this",
    ]


def test_a_table_is_read_row_by_row() -> None:
    rows = [piece("roasted walnuts", 0, y) for y in (0, 30, 60)] + [piece("4.50", 400, y) for y in (0, 30, 60)]
    assert texts(*rows) == ["roasted walnuts 4.50"] * 3
