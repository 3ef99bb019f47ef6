"""Archives made by earlier versions: one shard a workspace with one vector without a name, and no words.

``<root>/<workspace>/`` held ``archive.json``, ``shard`` and ``lock``. What is in it is copied into a collection of
today; a copy that was interrupted goes on where it was, and the old shard is dropped when the new one is in place.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from tools.backends.common.folders import workspace_folder
from tools.backends.common.qdrant_payload import item_of, readable
from tools.backends.common.whole_files import write_whole
from tools.backends.qdrant_edge import places, shard
from tools.backends.qdrant_edge.damage import damaged
from tools.backends.qdrant_edge.keepers import alone
from tools.backends.qdrant_edge.places import About, Place
from tools.backends.qdrant_edge.trying import check_survived
from tools.kit import CannotDo

PAGE = 1000
REACHED = "reached"
"""File beside the unfinished shard: the id of the first point that was not copied yet."""


def earlier_encoder(root: Path, workspace: str) -> str | None:
    """Name of the encoder of an archive of an earlier version, or None when there is none."""
    about = _about(workspace_folder(root, workspace))
    return str(about["encoder"]) if about else None


def upgrade(root: Path, workspace: str, ours: About) -> None:
    """Bring it up to date; it may take a minute for 100,000 images. `ours` says how texts become vectors today.

    Raises: CannotDo when it is damaged, in use, or the disk has no room for the copy.
    """
    folder = workspace_folder(root, workspace)
    old = Place(folder / "shard")  # its lock is another: that of the earlier version
    about = _about(folder)
    if about is None:
        return
    place = places.place_of(root, workspace, about["encoder"])
    with alone(Earlier(folder / "shard")), alone(place):
        if not old.there:  # another process did it meanwhile
            return
        if not place.there:
            _room(folder, old)
            today = replace(ours, encoder=about["encoder"], dim=about["dim"])
            _copy(old, place, today)
            place.describe(today)
            place.finish()
        places.make_current(root, workspace, about["encoder"])
        _drop(folder)


def discard_earlier(root: Path, workspace: str) -> None:
    """Drop an archive of an earlier version, if there is one."""
    folder = workspace_folder(root, workspace)
    if (folder / "shard").exists():
        with alone(Earlier(folder / "shard")):
            _drop(folder)


class Earlier(Place):
    @property
    def lock(self) -> Path:
        return self.folder.with_name("lock")


def _about(folder: Path) -> dict[str, Any] | None:
    if not (folder / "shard").exists():
        return None
    try:
        about: dict[str, Any] = json.loads((folder / "archive.json").read_bytes())
        return {"encoder": str(about["encoder"]), "dim": int(about["dim"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise CannotDo(damaged(folder)) from None


def _room(folder: Path, old: Place) -> None:
    needed, free = 2 * old.size(), shutil.disk_usage(folder).free
    if free < needed:
        raise CannotDo(
            f"The archive in {folder} is of an earlier version and is copied once; that needs {needed >> 20} MB and "
            f"the disk has {free >> 20} MB left. Free some space and run the same command again: nothing is lost."
        )


def _copy(old: Place, place: Place, about: About) -> None:
    from qdrant_edge import ScrollRequest, UpdateOperation

    check_survived(old.folder, old.folder.parent)
    source = shard.load(old.folder)
    reached = place.unfinished / REACHED
    if reached.exists():
        target = shard.load(place.unfinished / "shard")
        start: Any = UUID(reached.read_text())
    else:
        shutil.rmtree(place.unfinished, ignore_errors=True)
        place.unfinished.mkdir(mode=0o700)
        target, start = shard.create(str(place.unfinished / "shard"), about), None
    try:
        while True:
            request = ScrollRequest(limit=PAGE, offset=start, with_payload=["item"], with_vector=True)
            points, start = source.scroll(request)
            copied = [
                shard.point_of(item_of(point.payload), np.asarray(point.vector, np.float32), None)
                for point in points
                if readable(point.payload, point.id)
            ]
            if copied:
                target.update(UpdateOperation.upsert_points(copied))
            if start is None:
                break
            write_whole(reached, str(start).encode())
        reached.unlink(missing_ok=True)
    finally:
        target.close()
        source.close()


def _drop(folder: Path) -> None:
    places.discard(folder / "shard")
    (folder / "archive.json").unlink(missing_ok=True)
    shutil.rmtree(folder / "unfinished", ignore_errors=True)
