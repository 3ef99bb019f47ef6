"""What the commands share: running async work with the ports closed at the end, and reading files of lines."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.edge import print_json, tell
from bot.settings import read_settings
from bot.terminal.keyboard import aside
from bot.terminal.lines import raw_lines
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from bot.wiring import Wiring

__all__ = ["Line", "all_named", "existing", "lines_of", "print_json", "run"]

T = TypeVar("T")


def run(work: Callable[[Wiring], Awaitable[T]], *, quiet: bool = False, keep_encoder: bool = True) -> T:
    """Do async work with the ports of this process, closed afterwards whatever happens."""

    async def inner() -> T:
        from bot.wiring import Wiring

        say = _nothing if quiet else tell
        async with Wiring(read_settings(), say=say, keep_encoder=keep_encoder) as wiring:
            return await work(wiring)

    return asyncio.run(inner())


def _nothing(sentence: str) -> None:
    """JSON readers get no chatter."""


def all_named(paths: Sequence[str]) -> None:
    """Raises: AskAgain when one is empty, which would mean the folder that the command is called in."""
    if not all(map(str.strip, paths)):
        raise AskAgain("One PATH is empty: name a folder or a file; this folder is called `.`.")


def existing(path: str | Path) -> Path:
    """Raises: AskAgain when there is no such file."""
    if not str(path).strip():
        raise AskAgain("One path is empty: name a file.")
    try:
        file = Path(path).expanduser()
        folder, there = file.is_dir(), file.exists()
    except (OSError, RuntimeError):  # longer than a path can be, in a locked folder, of a user who is not there
        raise AskAgain(f"{path} cannot be opened: check the path.") from None
    if folder:
        raise AskAgain(f"{path} is a folder: name the image files in it.")
    if not there:
        raise AskAgain(f"There is no file {path}: check the path.")
    return file


# --- files of lines -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of a file that is not blank."""

    number: int
    """1-based place in the file, blank lines counted."""
    raw: bytes

    @property
    def text(self) -> str:
        """Raises: AskAgain when it is not text."""
        try:
            return self.raw.decode("utf-8-sig" if self.number == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            raise AskAgain(f"Line {self.number} is not text in UTF-8.") from None

    def row(self, example: str) -> dict[str, Any]:
        """The JSON object on the line. Raises: AskAgain when it is none, with an example of one."""
        try:
            row = json.loads(self.text)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise AskAgain(f"Line {self.number} is not a JSON object such as {example}.")
        return row


async def lines_of(path: str) -> AsyncGenerator[Line, None]:
    """The lines of a file, or of standard input for ``-``, each as soon as it is there; blank ones are passed over.

    Raises: AskAgain when there is no such file.
    """
    with _opened(path) as descriptor:
        lines = enumerate(raw_lines(descriptor), 1)
        while (numbered := await aside(lambda: next(lines, None))) is not None:
            line = Line(*numbered)
            if line.raw.strip(b"\xef\xbb\xbf \t\r\n"):
                yield line


@contextmanager
def _opened(path: str) -> Iterator[int]:
    if path == "-":
        yield sys.stdin.fileno()
        return
    descriptor = os.open(existing(path), os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
