"""What a line of `spyglass chat` says: a command, the files it posts, and the words that are left."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.indexing.walking import NAMED
from bot.turns.intake import Posted
from tools.kit.errors import AskAgain

COMMANDS = {"/images": "the images of this thread", "/help": "this text", "/quit": "leave"}
HELP = "\n".join(
    (
        "Type a question. Name image files anywhere in it (or drag them in) to post them.",
        *(f"{name:<8} {what}" for name, what in COMMANDS.items()),
        "Ctrl-C   stop an answer; at the prompt, leave",
    )
)


@dataclass(frozen=True)
class Line:
    """A message as it was typed."""

    question: str
    files: list[Posted]
    missing: list[str]
    """Words that are called as an image or PDF is, and no such file is there; they are part of the question too."""

    def check(self, known: Iterable[str]) -> None:
        """Raises: AskAgain for a missing file, unless the thread has an image of that name (`known`)."""
        names = set(known)
        for word in self.missing:
            if word not in names:
                raise AskAgain(f"There is no file {word}: check the path, and put a name with spaces in quotes.")


def command_of(line: str) -> str | None:
    """The command a line gives, known or not, or None when it is a message."""
    word = line.partition(" ")[0]
    if not re.fullmatch(r"/[A-Za-z?]+", word) or _is_file(word):
        return None
    return {"/exit": "/quit", "/q": "/quit", "/?": "/help"}.get(word, word)


def unknown(command: str) -> AskAgain:
    return AskAgain(f"There is no command {command}; there are {', '.join(COMMANDS)}.")


def read_line(line: str) -> Line:
    """Files are the words that name one; quotes hold a name with spaces together."""
    try:
        words = shlex.split(line)
    except ValueError:  # an apostrophe is not an open quote here
        words = line.split()
    named = {word: file for word in words if (file := _file(word))}
    missing = [bare for word in words if word not in named and _is_called_so(bare := _bare(word))]
    question = " ".join(word for word in words if word not in named) if named else line
    return Line(question, [Posted(file.name, file) for file in named.values()], missing)


def _file(word: str) -> Path | None:
    """The file a word names; "what is in cat.jpg?" names cat.jpg."""
    found = next((each for each in (word, _bare(word)) if _is_file(each)), None)
    return Path(found).expanduser() if found else None


def _bare(word: str) -> str:
    return word.strip("\"'`()[]<>").rstrip("?!.,;:\"'`)]>")


def _is_file(word: str) -> bool:
    try:
        return ("/" in word or "." in word) and Path(word).expanduser().is_file()
    except (OSError, RuntimeError, ValueError):  # longer than a path can be, of a user who is not there
        return False


def _is_called_so(word: str) -> bool:
    """Links are words: nothing is ever fetched from elsewhere."""
    name = Path(word)
    return "://" not in word and name.suffix.lower() in NAMED and bool(name.stem.strip("*."))
