"""What a typed line says, and what of it is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.terminal.chat_lines import COMMANDS, HELP, command_of, read_line
from bot.terminal.history import KEPT, History
from tools.kit import AskAgain


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "my photo.jpg"
    file.write_bytes(b"pixels")
    return file


def test_a_file_is_named_in_quotes_by_escapes_or_before_a_question_mark(photo: Path, tmp_path: Path) -> None:
    plain = photo.rename(tmp_path / "photo.jpg")
    (tmp_path / "my photo.jpg").write_bytes(b"pixels")
    for line in (f"what is '{photo}' of", f"what is {str(photo).replace(' ', chr(92) + ' ')} of"):
        said = read_line(line)
        assert (said.question, [file.original for file in said.files]) == ("what is of", [photo])
    said = read_line(f"what is in {plain}?")
    assert ([file.original for file in said.files], said.missing) == ([plain], [])


def test_a_line_that_names_no_file_stays_as_it_is() -> None:
    said = read_line("what's  3/4 of it, e.g. in .png or https://example.com/a.jpg?")
    assert said.question == "what's  3/4 of it, e.g. in .png or https://example.com/a.jpg?"
    assert (said.files, said.missing) == ([], [])


@pytest.mark.parametrize("word", ["/photos/gone.jpg", "gone.PDF", "~nobody-here/a.png", "x" * 5000 + ".webp"])
def test_what_is_called_like_an_image_and_is_not_there_is_missing(word: str) -> None:
    said = read_line(f"what is in {word}?")
    assert said.missing == [word]
    with pytest.raises(AskAgain, match=r"There is no file .*: check the path"):
        said.check([])


def test_the_name_of_an_image_of_the_thread_is_no_missing_file() -> None:
    said = read_line("read receipt.png again")
    said.check(["photo.jpg", "receipt.png"])
    assert said.question == "read receipt.png again"


def test_commands_are_words_after_a_slash_unless_there_is_such_a_file() -> None:
    assert command_of("/quit") == command_of("/q") == command_of("/exit") == "/quit"
    assert command_of("/pictures of dogs") == "/pictures"
    for line in ("/etc/hosts what is this", "a /quit", "1/2 of it", ""):
        assert command_of(line) is None
    assert all(name in HELP for name in COMMANDS)


SECRETS = (
    "use sk-ant-REDACTED please",
    "xoxb-1234-5678-abcdef",
    "my password is swordfish",
    "api key: 12345",
    "postgresql://me:hidden@host/db",
    "eyJhbGciOiJIUzI1NiJ9.e30.abc",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
    "the configured one, 77-open-sesame",
)


@pytest.mark.parametrize("line", SECRETS)
def test_what_looks_like_a_secret_is_never_written(line: str, tmp_path: Path) -> None:
    history = History(tmp_path / "history", ["77-open-sesame"])
    assert not history.add(line)
    assert history.add("what is the total of the receipt from the secret garden?")
    assert history.add(f"what is in {tmp_path}/IMG_20260314_120000123456789012345678.jpg?")
    assert line not in (tmp_path / "history").read_text()


def test_only_the_owner_reads_the_history_and_only_the_last_lines_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "history"
    file.write_text("".join(f"line {number}\n" for number in range(KEPT + 5)))
    file.chmod(0o644)
    history = History(file)
    assert history.lines()[0] == "line 5"
    history.add("the last one")
    assert history.lines()[-1] == "the last one"
    assert len(file.read_text().splitlines()) == KEPT
    assert file.stat().st_mode & 0o077 == 0


def test_a_history_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "history").mkdir()
    history = History(tmp_path / "history")
    history.add("hello")
    assert history.lines() == []
