"""`spyglass search` as somebody at the terminal uses it: filters, pictures, lists, and what cannot be searched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.conftest import Terminal, with_models


@pytest.fixture(scope="session")
def indexed(text_models: Path, pictures: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    spyglass = Terminal(with_models(tmp_path_factory.mktemp("indexed"), text_models))
    assert spyglass("index", pictures["flower"].parent, "--json").code == 0
    return spyglass


def test_words_on_a_paper_find_it_and_are_marked(indexed: Terminal, pictures: dict[str, Path]) -> None:
    found = indexed("search", "the invoice number INV-2026-0042", "--json").json
    hit = found["hits"][0]
    assert (hit["path"], hit["relevant"]) == (str(pictures["invoice"]), True)
    assert any("⟦INV-2026-0042⟧" in reason.get("snippet", "") for reason in hit["reasons"])
    told = indexed("search", "the", "invoice", "number", "INV-2026-0042")
    assert "*INV-2026-0042*" in told.out


def test_what_the_limit_leaves_out_is_told(indexed: Terminal) -> None:
    assert "1 relevant and at least " in indexed("search", "a picture", "--limit", "1").out.splitlines()[0]


def test_without_words_it_lists_what_passes(indexed: Terminal) -> None:
    found = indexed("search", "--type", "pdf", "--json").json
    assert {Path(hit["path"]).suffix for hit in found["hits"]} == {".pdf"}
    assert [chip["label"] for chip in found["chips"]] == ["PDFs"]
    assert found["order"] == "newest"
    assert all(hit["score"] is None for hit in found["hits"])


def test_a_picture_is_searched_with(indexed: Terminal, pictures: dict[str, Path]) -> None:
    found = indexed("search", "--like", pictures["before"], "--limit", "2", "--json").json
    assert found["hits"][0]["path"] == str(pictures["after"])


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--from", "Bertha"), 2, 'none by "Bertha"'),
        (("--in", "#nowhere"), 2, "none in #nowhere"),
        (("--since", "31 February 2026"), 2, "a day that there is"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), 2, "say the earlier day first"),
        (("--colour", "ultraviolet"), 2, "is no colour"),
        (("--kind", "hologram"), 2, "screenshot"),
        (("--like", "/nowhere/a.jpg"), 2, "There is no file"),
        (("--like", __file__), 2, "not an image"),
        (("red " * 10_000,), 2, "at most 300 words"),
        ((), 2, "Say what to look for"),
        (("",), 2, "Say what to look for"),
    ],
)
def test_what_cannot_be_searched_is_one_sentence(
    indexed: Terminal, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = indexed("search", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_long_query_of_a_batch_is_one_short_line(indexed: Terminal, tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text(f"{'word ' * 10_000}\n\0\1\n{'x' * 5_000}\n")
    lines = indexed("search", "--batch", str(queries)).out.splitlines()
    assert any(line.endswith("Say in at most 300 words what to look for: these are 10,000.") for line in lines)
    assert max(map(len, lines)) < 300


def test_another_language_is_matched_word_by_word_and_that_is_said(indexed: Terminal) -> None:
    found = indexed("search", "ein Hund auf der Wiese")
    assert found.code == 0
    assert "0 relevant" in found.out
    assert "no language but English" in found.out
