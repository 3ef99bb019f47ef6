"""A collection of the embedded archive as one file, and back: a tar of its folder as it lies there."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

from tools.backends.common.qdrant_payload import another_encoder
from tools.backends.qdrant_edge.places import ABOUT, About, Place
from tools.kit import CannotDo


def write_snapshot(folder: Path, path: Path) -> None:
    """The folder holds all that was written, and nobody writes. Raises: OSError."""
    part = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            for name in (ABOUT, "shard"):
                tar.add(folder / name, name)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_snapshot(place: Place, path: Path, about: About) -> None:
    """Put what a snapshot holds in place of the collection. The lock is ours.

    Raises: CannotDo when it is no snapshot, or another encoder made it; OSError.
    """
    from qdrant_edge import EdgeShard

    shutil.rmtree(place.unfinished, ignore_errors=True)
    place.unfinished.mkdir(mode=0o700)
    try:
        with tarfile.open(path, "r:") as tar:
            tar.extractall(place.unfinished, filter="data")
        found = Place(place.unfinished).about()
        EdgeShard.load(str(place.unfinished / "shard")).close()
    except (tarfile.TarError, CannotDo) as error:
        shutil.rmtree(place.unfinished, ignore_errors=True)
        raise CannotDo(f"{path} is no snapshot of an embedded archive.") from error
    if (found.encoder, found.dims) != (about.encoder, about.dims):
        shutil.rmtree(place.unfinished, ignore_errors=True)
        raise CannotDo(another_encoder(str(path), found.encoder, about.encoder))
    place.finish()
