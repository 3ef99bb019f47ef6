"""A conversation at a real terminal (a pseudo-terminal), and the demo."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario.conftest import Terminal

SECONDS = 60.0
PROMPT = "> "
CTRL_C = "\x03"
SEQUENCES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


class Typist:
    """Types into `spyglass chat` on a terminal of its own and reads what appears."""

    def __init__(self, home: Path, *arguments: str | Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPYGLASS_", "OPENAI_"))}
        settings = {"SPYGLASS_HOME": str(home), "SPYGLASS_ENCODER": "builtin_encoder", "TERM": "xterm"}
        self.code: int | None = None
        self._appeared = b""
        self._read_up_to = 0
        self._child, self._terminal = pty.fork()
        if self._child == 0:
            os.chdir(Path(__file__).parents[2])
            signal.signal(
                signal.SIGINT, signal.SIG_DFL
            )  # it is ignored where the tests run in the background of a script
            command = [sys.executable, "-m", "bot.cli", "chat", *map(str, arguments)]
            os.execve(sys.executable, command, {**kept, **settings})
        # wide, so that the line editor breaks no line
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 500, 0, 0))

    def wait_for(self, text: str) -> str:
        """What appeared since the last wait, up to and with `text`."""
        end = time.monotonic() + SECONDS
        while text not in self._new:
            assert time.monotonic() < end, f"no {text!r} in {self._new!r}"
            assert self._read(), f"ended without {text!r}: {self._new!r}"
        told = self._new[: self._new.index(text) + len(text)]
        self._read_up_to += len(told)
        return told

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def say(self, line: str) -> str:
        """Type a line; what is answered until the next prompt."""
        self.type(line + "\n")
        self.wait_for(line)
        return self.wait_for(f"\n{PROMPT}")

    def signal(self, ending: int) -> None:
        os.kill(self._child, ending)

    def end(self) -> str:
        """What appears until the process ends by itself; then `code` is its exit code."""
        ends = time.monotonic() + SECONDS
        while self._read():
            assert time.monotonic() < ends, f"does not end: {self._new!r}"
        self.code = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        return self._new

    def close(self) -> None:
        if self.code is None:
            os.kill(self._child, 9)
            os.waitpid(self._child, 0)
        os.close(self._terminal)

    @property
    def _new(self) -> str:
        """What appeared and has not been waited for, without escapes."""
        text = SEQUENCES.sub("", self._appeared.decode("utf-8", errors="replace")).replace("\r", "")
        return text[self._read_up_to :]

    def _read(self) -> bool:
        if not select.select([self._terminal], [], [], 1)[0]:
            return True
        try:
            got = os.read(self._terminal, 65536)
        except OSError:  # Linux says so when the other side is closed
            return False
        self._appeared += got
        return bool(got)


@pytest.fixture
def typist(home: Path) -> Iterator[Typist]:
    chat = Typist(home)
    try:
        chat.wait_for(PROMPT)
        yield chat
    finally:
        chat.close()


def test_a_conversation(typist: Typist, pictures: dict[str, Path], tmp_path: Path) -> None:
    assert "Name image files" in typist.say("/help")
    assert "No images in this thread yet" in typist.say("/images")
    assert "Hello" in typist.say("hello")
    named = tmp_path / "my [b] receipt.png"
    named.write_bytes(pictures["receipt"].read_bytes())
    answer = typist.say(f"'{named}' What is the total?")
    assert "13.20" in answer
    assert "why: extract of image 1" in answer
    assert "2026-03-14" in typist.say("and the date?")
    listed = typist.say("/images")
    assert "image 1: my [b] receipt.png, image/png, 620 x 720" in listed
    typist.type("/quit\n")
    typist.end()
    assert typist.code == 0


def test_ctrl_c_at_the_empty_prompt_stops_at_once(typist: Typist) -> None:
    typist.type("half a quest")
    typist.wait_for("half a quest")
    typist.type(CTRL_C)
    typist.wait_for(f"\n{PROMPT}")
    typist.type(CTRL_C)
    assert "Stopped." in typist.end()
    assert typist.code == 130


def test_ctrl_c_stops_an_answer_and_the_chat_goes_on(typist: Typist, pictures: dict[str, Path]) -> None:
    typist.say(f"'{pictures['receipt']}' What does it say?")  # from now on the workers are up
    before = typist.say("/images")
    typist.type(f"'{pictures['invoice']}' What does this one say?\n")
    typist.wait_for("Reading image 2")
    typist.type(CTRL_C)
    said = typist.wait_for(f"\n{PROMPT}")
    assert "That message is forgotten" in said
    assert "ours" not in said
    assert typist.say("/images") == before
    assert "13.20" in typist.say("What is the total of the receipt?")
    typist.say(f"'{pictures['invoice']}' What does this one say?")
    assert "image 2: invoice" in typist.say("/images")


def test_a_terminated_chat_ends_like_ctrl_c(typist: Typist) -> None:
    typist.signal(signal.SIGTERM)
    assert "Stopped." in typist.end()
    assert typist.code == 130


def test_an_arrow_key_brings_back_what_was_typed_before_but_no_secret(home: Path) -> None:
    first = Typist(home)
    try:
        first.wait_for(PROMPT)
        first.say("hello there")
        first.say("my password is swordfish")
        first.type("\x04")
        first.end()
    finally:
        first.close()
    kept = home / "chat_history"
    assert "hello there" in kept.read_text()
    assert "swordfish" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    second = Typist(home)
    try:
        second.wait_for(PROMPT)
        second.type("\x1b[A")
        second.wait_for("hello there")
        second.type(", you\x01well \n")  # edited at its end and at its start
        second.wait_for(f"\n{PROMPT}")
        assert "well hello there, you" in kept.read_text()
    finally:
        second.close()


def test_what_is_no_command_and_no_file_is_said(typist: Typist, tmp_path: Path) -> None:
    assert "There is no command /pictures; there are /images, /help, /quit." in typist.say("/pictures please")
    missing = tmp_path / "gone.jpg"
    assert f"There is no file {missing}: check the path" in typist.say(f"what is in {missing}?")
    assert "No images in this thread yet" in typist.say("/images")


def test_another_search_gets_the_archive_while_a_chat_waits(home: Path, pictures: dict[str, Path]) -> None:
    spyglass = Terminal(home)
    assert spyglass("index", pictures["flower"].parent).code == 0
    chat = Typist(home)
    try:
        chat.wait_for(PROMPT)
        for _ in range(2):
            assert "why: search" in chat.say("find 2 pictures of a flower")
            found = spyglass("search", "a flower", "--json")
            assert found.code == 0
            assert found.json["hits"]
    finally:
        chat.close()


def test_ctrl_d_ends_well(typist: Typist) -> None:
    typist.type("\x04")
    assert "Stopped" not in typist.end()
    assert typist.code == 0


def test_brackets_are_words_not_markup(home: Path) -> None:
    chat = Typist(home, "--thread", "[/x]")
    try:
        assert "Thread [/x]." in chat.wait_for(PROMPT)
        chat.type("\x04")
        chat.end()
        assert chat.code == 0
    finally:
        chat.close()


def test_the_demo_ends_well_and_shows_every_tool(spyglass: Terminal) -> None:
    ran = spyglass("demo")
    assert ran.code == 0
    assert "acme" not in ran.out.lower()
    for did in ("classified", "took fields from", "analysed", "compared", "searched"):
        assert f"Why: {did}" in ran.out
    assert "Pictures of the demo:" in ran.out
