"""The files of an export, in a folder or a zip that somebody else packed: nothing outside it is ever read, and nothing
in it is believed to be as small as it says."""

from __future__ import annotations

import json
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from bot.indexing.spool import copy
from bot.slack.words import keepable
from tools.kit import AskAgain

MOST_JSON = 256_000_000
"""Bytes of one JSON file: a day of a very busy channel has some megabytes."""
MOST_MEMBERS = 5_000_000
SYMLINK = stat.S_IFLNK
MOST_VALUES = 10_000_000
"""Values in one JSON file: three bytes of it can take seventy once they are read."""
BROKEN = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What reading a damaged, encrypted or oddly packed member raises."""


class Container(Protocol):
    names: list[str]
    """Relative paths with forward slashes, sorted; only such as stay inside."""
    refused: list[str]
    """Those that do not."""

    def opened(self, name: str) -> Any:
        """A context manager that gives a binary stream. Raises: OSError and what else `BROKEN` has."""
        ...

    def close(self) -> None: ...


def contained(path: Path) -> Container:
    """Raises: AskAgain for what is neither a folder nor a zip that can be read."""
    if path.is_dir():
        return FolderOf(path)
    try:
        return ZipOf(path)
    except BROKEN:
        raise AskAgain(f"{path} is no zip file that can be read: download the export again.") from None


class FolderOf:
    """A folder into which an export was unpacked."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self.names: list[str] = []
        self.refused: list[str] = []
        for path in sorted(self._root.rglob("*")):
            inside = _real(path).is_relative_to(self._root)
            if path.is_file() or not inside:
                (self.names if inside else self.refused).append(path.relative_to(self._root).as_posix())

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        with (self._root / name).open("rb") as file:
            yield file

    def close(self) -> None: ...


def _real(path: Path) -> Path:
    """Where it leads; nowhere for a link to itself."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return Path()


class ZipOf:
    """A zip, as Slack sends it."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            self._zip.close()
            raise AskAgain(f"{path} holds {len(members):,} files, more than any export does: unpack what you need.")
        self._members: dict[str, zipfile.ZipInfo] = {}
        self.refused: list[str] = []
        for member in members:
            if not PurePosixPath(member.filename).parts or member.is_dir():
                continue
            if _stays_inside(member):
                self._members[member.filename] = member
            else:
                self.refused.append(member.filename)
        self.names = sorted(self._members)

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        with self._zip.open(self._members[name]) as file:
            yield file

    def close(self) -> None:
        self._zip.close()


def _stays_inside(member: zipfile.ZipInfo) -> bool:
    """Whether it is a plain file below the zip's own top (it is never unpacked by its name, but its name is shown)."""
    path = PurePosixPath(member.filename)
    odd = path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in path.parts[0]
    return not odd and stat.S_IFMT(member.external_attr >> 16) != SYMLINK


def json_of(container: Container, name: str) -> Any:
    """What can be kept of it. Raises: AskAgain with what is wrong with it."""
    try:
        with container.opened(name) as file:
            data = file.read(MOST_JSON + 1)
    except BROKEN as error:
        raise AskAgain(f"It cannot be read ({_why(error)}).") from None
    if len(data) > MOST_JSON:
        raise AskAgain(f"It unpacks to more than {MOST_JSON // 1_000_000} MB, more than any day of messages has.")
    if data.count(b",") > MOST_VALUES:
        raise AskAgain(f"It has more than {MOST_VALUES:,} values, more than any file of an export has.")
    try:
        return keepable(json.loads(data))
    except (ValueError, RecursionError):
        raise AskAgain("It is no JSON: export it again, or mend it.") from None


def copied(container: Container, name: str, to: Path, most: int) -> None:
    """Raises: AskAgain when it cannot be read, or has more bytes than `most`; CannotDo when the disk is full."""
    try:
        with container.opened(name) as file:
            copy(file, to, most)
    except BROKEN as error:
        raise AskAgain(f"{name} in the export cannot be read ({_why(error)}).") from None


def _why(error: Exception) -> str:
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "it is encrypted"
    told = error.strerror if isinstance(error, OSError) else ""
    return told.lower() if told else "it is damaged"
