"""`FolderEasel`: where tools put pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tools.backends import folder_easel
from tools.backends.workers import PebbleWorkers
from tools.kit import Easel
from tools.kit.parts import Parts


@pytest.fixture
def easel(tmp_path: Path) -> folder_easel.FolderEasel:
    return folder_easel.build("", Parts(tmp_path, PebbleWorkers(), options={"workspace": "T1"}))


async def test_a_picture_is_saved_and_keeps_its_caption(easel: folder_easel.FolderEasel) -> None:
    assert isinstance(easel, Easel)
    shown = await easel.show(Image.new("RGB", (8, 6), "red"), "what changed")
    assert shown.caption == "what changed"
    with Image.open(shown.path) as saved:
        assert (saved.size, saved.getpixel((0, 0)), saved.format) == ((8, 6), (255, 0, 0), "PNG")


async def test_the_same_picture_is_kept_once(easel: folder_easel.FolderEasel, tmp_path: Path) -> None:
    first = await easel.show(Image.new("RGB", (8, 6), "red"), "one")
    second = await easel.show(Image.new("RGB", (8, 6), "red"), "two")
    assert [str(path) for path in kept(tmp_path)] == [first.path] == [second.path]


async def test_a_picture_is_private_and_carries_no_metadata(easel: folder_easel.FolderEasel, tmp_path: Path) -> None:
    picture = Image.new("CMYK", (8, 6))
    picture.info = {"exif": b"Exif\0\0secret", "icc_profile": b"secret"}
    await easel.show(picture, "")
    [path] = kept(tmp_path)
    assert b"secret" not in path.read_bytes()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_workspaces_do_not_share_pictures(easel: folder_easel.FolderEasel, tmp_path: Path) -> None:
    other = folder_easel.build("", Parts(tmp_path, PebbleWorkers(), options={"workspace": "T2"}))
    mine = await easel.show(Image.new("RGB", (8, 6), "red"), "")
    theirs = await other.show(Image.new("RGB", (8, 6), "red"), "")
    assert Path(mine.path).parent == tmp_path / "pictures" / "T1"
    assert Path(theirs.path).parent == tmp_path / "pictures" / "T2"


def kept(home: Path) -> list[Path]:
    return [*(home / "pictures" / "T1").iterdir()]
