"""What the commands share: running async work with the ports closed at the end, and printing JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.settings import read_settings
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from bot.wiring import Wiring

T = TypeVar("T")


def run(work: Callable[[Wiring], Awaitable[T]], *, quiet: bool = False, keep_encoder: bool = True) -> T:
    """Do async work with the ports of this process, closed afterwards whatever happens."""

    async def inner() -> T:
        from bot.wiring import Wiring

        say = _nothing if quiet else _tell
        async with Wiring(read_settings(), say=say, keep_encoder=keep_encoder) as wiring:
            return await work(wiring)

    return asyncio.run(inner())


def _tell(sentence: str) -> None:
    click.echo(sentence, err=True)


def _nothing(sentence: str) -> None:
    """JSON readers get no chatter."""


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def existing(path: str | Path) -> Path:
    """Raises: AskAgain when there is no such file."""
    file = Path(path).expanduser()
    if file.is_dir():
        raise AskAgain(f"{path} is a folder: name the image files in it.")
    if not file.exists():
        raise AskAgain(f"There is no file {path}: check the path.")
    return file


def lines_of(path: str) -> list[str]:
    """The non-empty lines of a file, or of standard input for ``-``.

    Raises: AskAgain when the file is missing or is not text.
    """
    try:
        text = sys.stdin.read() if path == "-" else existing(path).read_text("utf-8")
    except UnicodeDecodeError:
        raise AskAgain(f"{path} is not a text file in UTF-8.") from None
    return [line for line in text.splitlines() if line.strip()]


def json_lines(path: str) -> list[dict[str, Any]]:
    """Raises: AskAgain naming the line that is not a JSON object."""
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines_of(path), 1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise AskAgain(f'Line {number} of {path} is not a JSON object such as {{"question": "..."}}.')
        rows.append(row)
    return rows
