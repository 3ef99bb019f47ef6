"""Pictures that tools make, as PNG files below the home: a folder a workspace."""

from __future__ import annotations

import asyncio
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.common.folders import private_folder, workspace_folder
from tools.backends.common.whole_files import write_whole
from tools.kit.disk import full_disk_said
from tools.kit.parts import Parts
from tools.kit.types import Picture

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage


def build(rest: str, parts: Parts) -> FolderEasel:
    """`rest`: another folder than the home's, or nothing. Option `workspace`: whose pictures it shows.

    Raises: ValueError for a workspace id that is none.
    """
    base = Path(rest).expanduser() if rest else parts.home / "pictures"
    return FolderEasel(workspace_folder(base, parts.options["workspace"]))


class FolderEasel:
    """`Easel` that names a picture by what is in it, so the same one is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def show(self, picture: PillowImage, caption: str) -> Picture:
        """As the port says. Raises: CannotDo when the disk is full."""
        path = await asyncio.to_thread(self._save, picture)
        return Picture(path=str(path), caption=caption)

    def _save(self, picture: PillowImage) -> Path:
        data = _png(picture)
        path = private_folder(self._folder) / f"{hashlib.sha256(data).hexdigest()[:32]}.png"
        if path.exists():
            return path
        with full_disk_said():
            write_whole(path, data)
        return path


def _png(picture: PillowImage) -> bytes:
    """Pixels only: no metadata of the photo it was made from."""
    bare = picture.copy() if picture.mode in ("L", "RGB", "RGBA") else picture.convert("RGB")
    bare.info.clear()
    file = io.BytesIO()
    bare.save(file, "PNG", compress_level=3)
    return file.getvalue()
