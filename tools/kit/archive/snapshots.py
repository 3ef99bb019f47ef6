"""Snapshots as files: a zip with what it is of in ``spyglass.json``, and beside it what the engine wrote."""

from __future__ import annotations

import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from lzma import LZMAError
from pathlib import Path
from typing import IO, Any

from tools.kit.archive.upkeep import Stats
from tools.kit.errors import CannotDo

ABOUT, DATA = "spyglass.json", "collection.snapshot"
MOST_ABOUT = 1 << 20
"""Bytes that what a snapshot says of itself has at most."""
WORKSPACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
BROKEN = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, KeyError, TypeError, ValueError, RuntimeError)
"""What reading a zip raises that is damaged, encrypted, oddly packed or forged."""


@dataclass(frozen=True)
class Snapshot:
    """What a snapshot says of itself."""

    engine: str
    """The backend that wrote it."""
    workspace: str
    encoder: str
    dim: int
    text_encoder: str
    text_dim: int
    points: int
    made: str
    """When, by ISO 8601."""

    @classmethod
    def of(cls, engine: str, workspace: str, stats: Stats) -> Snapshot:
        """Of a collection as it is now."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        names = ("encoder", "dim", "text_encoder", "text_dim", "points")
        return cls(engine, workspace, **{name: getattr(stats, name) for name in names}, made=now)


@contextmanager
def writing(path: Path, about: Snapshot) -> Iterator[IO[bytes]]:
    """Where the engine's snapshot is written to. The file appears when it is whole, and its owner alone may read it.

    It is compressed: engines reserve room ahead, which is zeros (408 MB of them for 260 images of the embedded one).

    Raises: CannotDo when it cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        with _private(draft) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole:
                whole.writestr(ABOUT, json.dumps(asdict(about)))
                with whole.open(DATA, "w", force_zip64=True) as out:
                    yield out
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise CannotDo(f"{path} cannot be written ({error.strerror or error}): choose another place.") from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def about(path: Path) -> Snapshot:
    """Raises: CannotDo when it is no snapshot."""
    with _said(path), zipfile.ZipFile(path) as whole, whole.open(ABOUT) as said:
        told = said.read(MOST_ABOUT + 1)
        if len(told) > MOST_ABOUT:
            raise ValueError(f"its {ABOUT} is too long")
        return _read(json.loads(told))


def _read(told: dict[str, Any]) -> Snapshot:
    """Raises: TypeError; ValueError."""
    found = Snapshot(**told)
    for each in fields(found):
        if type(getattr(found, each.name)).__name__ != each.type:
            raise ValueError(f"{each.name} is not of type {each.type}")
    if not WORKSPACE.fullmatch(found.workspace):
        raise ValueError("it names no workspace")
    return found


def check(path: Path, *, engine: str, workspace: str, encoder: str) -> None:
    """Read all of it, which takes a second a gigabyte or more.

    Raises: CannotDo when it is no snapshot, not whole, or one of another engine, workspace or encoder.
    """
    found = about(path)
    made = f"{path} is a snapshot of {found.workspace} by {found.encoder} in {found.engine}"
    if found.engine != engine:
        raise CannotDo(f"{made}, and this is {engine}: restore it there, then use `spyglass archive move`.")
    if found.workspace != workspace:
        raise CannotDo(f"{made}, and not of {workspace}.")
    if found.encoder != encoder:
        raise CannotDo(f"{made}, and this is {encoder}: set SPYGLASS_ENCODER to the one it was made with.")
    with _said(path), zipfile.ZipFile(path) as whole:
        whole.getinfo(DATA)
        if whole.testzip() is not None:
            raise zipfile.BadZipFile("a part does not fit its checksum")


@contextmanager
def reading(path: Path) -> Iterator[IO[bytes]]:
    """What the engine wrote, of a file that was checked."""
    with zipfile.ZipFile(path) as whole, whole.open(DATA) as data:
        yield data


@contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise CannotDo(f"{path} is no whole snapshot of an archive ({error}): take another.") from None
    except OSError as error:
        raise CannotDo(f"{path} cannot be read ({error.strerror or error}): check the path.") from None


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
