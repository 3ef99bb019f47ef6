"""Files below the paths somebody named: hidden ones left out, links followed once and only to what lies
below those paths, what cannot be entered told."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.kit import AskAgain

HEAD = 32
PREFIXES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""JPEG, PNG, GIF, BMP, TIFF, BigTIFF."""
BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1")
"""Of ISO base media files (ISO/IEC 14496-12) that hold still pictures."""
NAMED = {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".heic", ".heif"),
    ".pdf",
}
"""A file that is called so and is no such thing is worth a word."""


@dataclass(frozen=True)
class Found:
    """A file to look at."""

    path: Path
    size: int
    modified: float
    asked_for: bool = False
    """Somebody named this very file."""


@dataclass(frozen=True)
class Hidden:
    """A file or folder left alone because its name begins with a dot."""

    path: Path


@dataclass(frozen=True)
class Problem:
    """What could not be read, and why."""

    path: str
    why: str


def roots_of(paths: Sequence[Path]) -> list[Path]:
    """The real places of the paths, without those that lie in another.

    Raises: AskAgain when one is not there.
    """
    real: list[Path] = []
    for path in paths:
        try:
            real.append(path.expanduser().resolve(strict=True))
        except (OSError, RuntimeError):
            raise AskAgain(f"There is no file or folder {path}: check the path.") from None
    return [root for root in dict.fromkeys(real) if not any(other in root.parents for other in real)]


def walk(roots: Sequence[Path], leave_out: Sequence[Path] = ()) -> Iterator[Found | Hidden | Problem]:
    """Every regular file below the roots, each folder once however many links lead to it. Memory grows with the number
    of folders, not of files."""
    entered: set[tuple[int, int]] = set()
    waiting = [*reversed(roots)]
    while waiting:
        place = waiting.pop()
        if place in leave_out:
            continue
        if not place.is_dir():
            yield _file(place, asked_for=True)
            continue
        yield from _folder(place, roots, entered, waiting)


def _folder(
    place: Path, roots: Sequence[Path], entered: set[tuple[int, int]], waiting: list[Path]
) -> Iterator[Found | Hidden | Problem]:
    try:
        known = place.stat()
        if (known.st_dev, known.st_ino) in entered:
            return
        entered.add((known.st_dev, known.st_ino))
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    yield Hidden(Path(entry.path))
                elif entry.is_symlink() and _leads_out(Path(entry.path), roots):
                    what = "folder" if _is_folder(entry) else "file"
                    yield Problem(entry.path, f"This link leads to a {what} elsewhere: name that {what} as well.")
                elif _is_folder(entry):
                    waiting.append(Path(entry.path))
                elif _is_file(entry):
                    yield _file(Path(entry.path))
    except OSError as error:
        yield Problem(str(place), f"This folder cannot be opened ({(error.strerror or 'unknown error').lower()}).")


def _leads_out(link: Path, roots: Sequence[Path]) -> bool:
    """Whether a link leads to what lies below none of the roots: nobody asked for what is there."""
    try:
        place = link.resolve(strict=True)
    except (OSError, RuntimeError):  # nowhere, which is said of it as of a file
        return False
    return not any(place == root or root in place.parents for root in roots)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Regular files and links, dangling ones included, but no pipes, sockets and devices."""
    try:
        return entry.is_file() or entry.is_symlink()
    except OSError:
        return True


def _file(path: Path, *, asked_for: bool = False) -> Found | Problem:
    """Under its real name, so that a file is the same file by whatever link it was reached."""
    try:
        if path.is_symlink():
            path = path.resolve(strict=True)
        str(path).encode()
        known = path.stat()
    except UnicodeEncodeError:
        return Problem(str(path).encode("utf-8", "replace").decode(), "Its name is not valid text (UTF-8): rename it.")
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "a link that leads nowhere"
        return Problem(str(path), f"This file cannot be reached ({why.lower()}).")
    if not stat.S_ISREG(known.st_mode):
        return Problem(str(path), "This is no regular file.")
    return Found(path, known.st_size, known.st_mtime, asked_for)


def worth_opening(found: Found) -> bool:
    """Whether it is an image or PDF by its first bytes, claims to be one by its name, or was asked for by name."""
    if found.asked_for or found.path.suffix.lower() in NAMED:
        return True
    try:
        with found.path.open("rb") as file:
            return looks_like_one(file.read(HEAD))
    except OSError:
        return False


def looks_like_one(head: bytes) -> bool:
    if head.startswith(PREFIXES) or head.startswith(b"%PDF-"):
        return True
    if head[4:8] == b"ftyp":
        return any(brand in head[8:] for brand in BRANDS)
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
