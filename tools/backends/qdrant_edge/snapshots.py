"""A collection of the embedded archive as one file, and back: a tar of its folder as it lies there."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

from tools.backends.qdrant_edge import shard
from tools.backends.qdrant_edge.damage import check_room, damage_said
from tools.backends.qdrant_edge.places import ABOUT, About, Place
from tools.backends.qdrant_edge.trying import check_survived, note_left
from tools.kit import CannotDo
from tools.kit.archive.snapshots import Snapshot, check, reading, writing

ENGINE = "qdrant_edge"


def write_snapshot(folder: Path, path: Path, about: Snapshot) -> None:
    """The folder holds all that was written, and nobody writes meanwhile. Raises: CannotDo."""
    with writing(path, about) as file, tarfile.open(fileobj=file, mode="w|") as tar:
        for name in (ABOUT, "shard"):
            tar.add(folder / name, name)


def read_snapshot(place: Place, path: Path, workspace: str, about: About) -> None:
    """Put what a snapshot holds in place of the collection. The lock is ours.

    Raises: CannotDo when it is no snapshot of that workspace and encoder; OSError.
    """
    check(path, engine=ENGINE, workspace=workspace, encoder=about.encoder)
    shutil.rmtree(place.unfinished, ignore_errors=True)
    place.unfinished.mkdir(mode=0o700, parents=True)
    try:
        with reading(path) as file, tarfile.open(fileobj=file, mode="r|") as tar:
            tar.extractall(place.unfinished, filter="data")
        check_room(place.unfinished, 0)
        found = _looked_into(place.unfinished, path)
        if found.dims != about.dims:
            raise CannotDo(f"{path} has vectors of other sizes than those of {about.encoder}: take another.")
    except tarfile.TarError as error:
        shutil.rmtree(place.unfinished, ignore_errors=True)
        raise CannotDo(f"{path} is no whole snapshot of an archive ({error}): take another.") from None
    except BaseException:
        shutil.rmtree(place.unfinished, ignore_errors=True)
        raise
    place.finish()
    note_left(place)


def _looked_into(folder: Path, path: Path) -> About:
    """What the collection in the folder, which came from a snapshot, says it is.

    Raises: CannotDo when it is damaged.
    """
    try:
        about = Place(folder).about()
        check_survived(folder / "shard", folder)
        with damage_said(folder):
            shard.load(folder / "shard").close()
    except CannotDo:
        raise CannotDo(f"{path} is damaged: take another. The archive stays as it is.") from None
    return about
