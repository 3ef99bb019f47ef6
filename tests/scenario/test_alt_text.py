"""`spyglass alt-text`: a table of alt texts for folders of images, however often it is stopped."""

from __future__ import annotations

import csv
import signal
import time
from pathlib import Path
from subprocess import Popen

import pytest

from tests.scenario.conftest import Terminal
from tests.scenario.slack.drawings import saying, small_png

RULES = "banned_brands:\n  brands:\n    - name: Acme\n"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Twelve images that open, one of them in a folder, and a file that claims to be one."""
    folder = tmp_path / "photos"
    (folder / "more").mkdir(parents=True)
    for n in range(11):
        (folder / f"{n:02}.png").write_bytes(small_png(f"#{n * 20:02x}4060", 32))
    (folder / "more" / "drill.png").write_bytes(saying("ACME TOOLS"))
    (folder / "bad.png").write_bytes(b"no picture")
    (folder / "readme.txt").write_text("no picture either")
    (tmp_path / "rules.yaml").write_text(RULES)
    return folder


def lines(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_becomes_a_table_and_is_not_done_again(spyglass: Terminal, photos: Path, tmp_path: Path) -> None:
    table, rules = tmp_path / "out.csv", {"rules": str(tmp_path / "rules.yaml")}
    ran = spyglass("alt-text", photos, "--csv", table, **rules)
    assert (ran.code, "13 files: 11 written, 1 withheld by a rule, 1 could not be read" in ran.out) == (0, True)
    written = {Path(row["file"]).name: row for row in lines(table)}
    assert [row["status"] for row in written.values()].count("done") == 11
    assert all(0 < len(row["alt_text"]) <= 125 for row in written.values() if row["status"] == "done")
    assert (written["drill.png"]["status"], written["drill.png"]["alt_text"]) == ("withheld", "")
    assert "not an image" in written["bad.png"]["reason"]
    assert "acme" not in table.read_text().lower()
    before = table.read_bytes()
    again = spyglass("alt-text", photos, "--csv", table, "--json", **rules)
    assert again.json == {"files": 13, "done": 0, "withheld": 0, "unreadable": 1, "kept": 12, "csv": str(table)}
    assert sorted(table.read_bytes().splitlines()) == sorted(before.splitlines())


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_stopped_or_killed_it_goes_on_where_it_was(
    spyglass: Terminal, photos: Path, tmp_path: Path, end: signal.Signals
) -> None:
    table = tmp_path / "out.csv"
    with spyglass.started("alt-text", photos, "--csv", table) as running:
        written = until_some_are_written(table, running)
        running.send_signal(end)
        _, said = running.communicate()
    if end is signal.SIGINT:
        assert (running.returncode, f"Stopped. What is written stays in {table}" in said) == (130, True)
    ran = spyglass("alt-text", photos, "--csv", table, "--json")
    assert ran.json["kept"] >= written
    files = [row["file"] for row in lines(table)]
    assert len(files) == len(set(files)) == 13


def until_some_are_written(table: Path, running: Popen[str]) -> int:
    """How many files have their line by then."""
    until = time.monotonic() + 120
    while time.monotonic() < until and running.poll() is None:
        done = [row for row in lines(table) if row["status"] == "done"] if table.exists() else []
        if done:
            return len(done)
        time.sleep(0.01)
    raise AssertionError("Nothing was written.")


def test_a_half_written_line_is_written_again(spyglass: Terminal, photos: Path, tmp_path: Path) -> None:
    table = tmp_path / "out.csv"
    spyglass("alt-text", photos / "00.png", photos / "01.png", "--csv", table)
    table.write_bytes(table.read_bytes()[:-80])
    ran = spyglass("alt-text", photos / "00.png", photos / "01.png", "--csv", table, "--json")
    assert (ran.json["kept"], ran.json["done"]) == (1, 1)
    assert [row["status"] for row in lines(table)] == ["done", "done"]


def test_what_is_no_table_of_alt_texts_is_left_alone(spyglass: Terminal, photos: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    ran = spyglass("alt-text", photos, "--csv", other)
    assert (ran.code, ran.err.count("\n"), other.read_text()) == (2, 1, "a,b\n1,2\n")
    assert "name another file after --csv" in ran.err


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (["nowhere"], "There is no file or folder nowhere: check the path."),
        (["readme.txt"], "is a text file"),
        (["empty"], "There is no image or PDF in"),
    ],
)
def test_where_there_is_no_image_it_says_so(
    spyglass: Terminal, photos: Path, tmp_path: Path, what: list[str], sentence: str
) -> None:
    (photos / "empty").mkdir()
    paths = [photos / name if (photos / name).exists() else Path(name) for name in what]
    ran = spyglass("alt-text", *paths, "--csv", tmp_path / "out.csv")
    table = tmp_path / "out.csv"
    assert ran.code == 2
    assert sentence in ran.err + (table.read_text() if table.exists() else "")


def test_a_table_that_cannot_be_written_is_named(spyglass: Terminal, photos: Path) -> None:
    ran = spyglass("alt-text", photos, "--csv", "/nowhere/out.csv")
    assert (ran.code, "/nowhere/out.csv cannot be written" in ran.err) == (2, True)
