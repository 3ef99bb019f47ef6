"""Where the collections of a workspace lie, and which of them is current.

``<root>/<workspace>/current`` names the encoder that searches are answered with; ``collections/<name>/`` holds one
encoder's shard and, beside it, ``<name>.lock``, ``<name>.socket`` and ``<name>.left``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.backends.common.folders import private_folder, workspace_folder
from tools.backends.common.qdrant_payload import LAYOUT
from tools.backends.common.whole_files import write_whole
from tools.backends.qdrant_edge.codes import Quantised
from tools.backends.qdrant_edge.damage import damaged
from tools.backends.qdrant_edge.gate import Gate
from tools.kit import CannotDo

CURRENT = "current"
ABOUT = "collection.json"


@dataclass(frozen=True)
class About:
    """What a collection was made for."""

    encoder: str
    dim: int
    text_encoder: str
    text_dim: int
    quantised: Quantised = "scalar"
    """What codes its vectors have beside them; for good, since codes are only made as vectors are written."""
    on_disk: bool = False
    """Vectors are not kept in memory."""
    layout: int = LAYOUT

    @property
    def dims(self) -> tuple[int, int]:
        """Of the vectors of pictures and of texts."""
        return self.dim, self.text_dim


@dataclass(frozen=True)
class Place:
    """One collection's place; whether anything is there is another matter."""

    folder: Path

    @property
    def shard(self) -> Path:
        return self.folder / "shard"

    @property
    def lock(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.lock")

    @property
    def socket(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.socket")

    @property
    def left(self) -> Path:
        """What its last owner noted of it; see `trying`."""
        return self.folder.with_name(f"{self.folder.name}.left")

    @property
    def unfinished(self) -> Path:
        """Where it is made before it is whole."""
        return self.folder.with_name(f"{self.folder.name}.unfinished")

    @property
    def there(self) -> bool:
        return self.folder.is_dir()

    def about(self) -> About:
        """Raises: CannotDo when it is not to be understood."""
        try:
            return About(**json.loads((self.folder / ABOUT).read_bytes()))
        except (OSError, ValueError, TypeError):
            raise CannotDo(damaged(self.folder)) from None

    def describe(self, about: About) -> None:
        """For `unfinished`, which then is whole."""
        write_whole(self.unfinished / ABOUT, json.dumps(asdict(about)).encode())

    def finish(self) -> None:
        """Put what is unfinished in its place, all at once."""
        discard(self.folder)
        self.unfinished.rename(self.folder)

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_blocks * 512 for file in self.folder.rglob("*") if file.is_file())


def place_of(root: Path, workspace: str, encoder: str) -> Place:
    """Raises: ValueError for a workspace that is no plain name."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", encoder).strip("-")[:40]
    name = f"{plain}-{hashlib.sha256(encoder.encode()).hexdigest()[:8]}"
    return Place(workspace_folder(root, workspace) / "collections" / name)


def places(root: Path, workspace: str) -> list[Place]:
    """Of all collections that are there, whole or not to be understood."""
    found = sorted((workspace_folder(root, workspace) / "collections").glob("*/"))
    return [Place(folder) for folder in found if not folder.name.endswith((".unfinished", ".discarded"))]


def workspaces(root: Path) -> list[str]:
    """Those that have a collection, or one of an earlier version."""
    found = {folder.parent.name for name in ("collections", "shard") for folder in root.glob(f"*/{name}")}
    return sorted(name for name in found if (root / name / "shard").exists() or places(root, name))


class Current:
    """Which encoder a workspace is searched with: a small file, read anew when it was replaced."""

    def __init__(self, root: Path, workspace: str) -> None:
        self._path = str(workspace_folder(root, workspace) / CURRENT)
        self._seen = (0, 0)
        self._encoder: str | None = None

    @property
    def encoder(self) -> str | None:
        """None when nothing is kept. Raises: CannotDo when it is not to be understood."""
        try:
            found = os.stat(self._path)  # noqa: PTH116  with every search
            seen = (found.st_ino, found.st_mtime_ns)
            if seen != self._seen:
                self._encoder = Path(self._path).read_text() or None
                self._seen = seen
        except FileNotFoundError:
            self._seen, self._encoder = (0, 0), None
        except UnicodeDecodeError:
            raise CannotDo(damaged(Path(self._path).parent)) from None
        return self._encoder


def gate(root: Path, workspace: str) -> Gate:
    """What writers go through."""
    return Gate(private_folder(workspace_folder(root, workspace)) / "writers.lock")


def make_current(root: Path, workspace: str, encoder: str) -> None:
    write_whole(private_folder(workspace_folder(root, workspace)) / CURRENT, encoder.encode())


def no_current(root: Path, workspace: str) -> None:
    (workspace_folder(root, workspace) / CURRENT).unlink(missing_ok=True)


def discard(folder: Path) -> None:
    """Drop a folder. Moved aside first, so a kill never leaves half of it in its place."""
    if folder.exists():
        aside = folder.with_name(f"{folder.name}-{uuid.uuid4().hex[:8]}.discarded")
        folder.rename(aside)
    for left in folder.parent.glob(f"{folder.name}-*.discarded"):
        shutil.rmtree(left, ignore_errors=True)
