"""`spyglass index` on real folders and a real embedded archive."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from bot.indexing.folders import Folders
from bot.indexing.index import Ports, Progress, index
from bot.indexing.walking import Problem
from tests.colours import BulkColourEncoder, ColourEncoder, paint
from tests.indexing import ports_of, to_the_end
from tools.backends.qdrant_edge import QdrantEdge
from tools.kit import AskAgain, CannotDo, Filters, Scope

OWNER = Scope(workspace="local", audiences=("owner",))
ROOT = Path(__file__).parents[2]


class World:
    """An archive in one folder and photos in another."""

    def __init__(self, base: Path, encoder: ColourEncoder | None = None) -> None:
        self.photos = base / "photos"
        self.photos.mkdir(exist_ok=True)
        self.home = base / "home"
        self.encoder = encoder or BulkColourEncoder()
        self.archive = QdrantEdge(self.home / "archive", self.encoder.name, self.encoder.dim)
        self.problems: list[Problem] = []

    @property
    def ports(self) -> Ports:
        return ports_of(self.archive, self.encoder, self.home / "pixels")

    def events(self, *paths: Path, **more: Any) -> AsyncIterator[Progress | Problem]:
        folders = Folders(paths or (self.photos,), "owner", leave_out=[self.home])
        return index([folders], self.ports, workspace="local", **more)

    async def index(self, *paths: Path, **more: Any) -> Progress:
        self.problems = []
        last = await to_the_end(self.events(*paths, **more), self.problems)
        assert last.finished
        assert last.seen == last.added + last.replaced + last.unchanged + last.other + last.unreadable
        return last

    async def kept(self) -> list[str]:
        """Path and page of every item, sorted."""
        found = [(item.path, item.page or 0) async for item in self.archive.scan(OWNER)]
        return sorted(f"{Path(path).relative_to(self.photos)}#{page}" for path, page in found)


@pytest.fixture(params=[BulkColourEncoder, ColourEncoder], ids=["bulk encoder", "plain encoder"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    made = World(tmp_path, request.param())
    yield made
    await made.archive.close()


async def test_a_folder_and_those_in_it_are_found(world: World) -> None:
    paint(world.photos / "red.jpg", "red")
    paint(world.photos / "2024" / "summer" / "blue.png", "blue")
    progress = await world.index()
    assert (progress.added, progress.total) == (2, 2)
    assert await world.kept() == ["2024/summer/blue.png#0", "red.jpg#0"]
    [hit] = await world.archive.search(OWNER, (await world.encoder.texts(["blue"]))[0], limit=1)
    assert (hit.item.name, hit.item.mime, hit.item.width, hit.item.height) == ("blue.png", "image/png", 64, 48)
    assert hit.item.size == (world.photos / "2024" / "summer" / "blue.png").stat().st_size


async def test_a_second_run_encodes_nothing(tmp_path: Path) -> None:
    encoder = BulkColourEncoder()
    world = World(tmp_path, encoder)
    for number in range(5):
        paint(world.photos / f"{number}.jpg", "red")
    await world.index()
    os.utime(world.photos / "0.jpg", (1, 1))  # touched, the same bytes
    encoder.encoded.clear()
    progress = await world.index()
    assert (progress.unchanged, progress.added, progress.replaced) == (5, 0, 0)
    assert encoder.encoded == []
    times = [item.modified async for item in world.archive.scan(OWNER) if item.name == "0.jpg"]
    assert times == [1.0]  # so that the third run does not read it again
    await world.archive.close()


async def test_what_changed_is_replaced(world: World) -> None:
    paint(world.photos / "a.jpg", "red")
    await world.index()
    paint(world.photos / "a.jpg", "blue", size=(80, 60))
    progress = await world.index()
    assert (progress.replaced, progress.added) == (1, 0)
    [hit] = await world.archive.search(OWNER, (await world.encoder.texts(["blue"]))[0])
    assert hit.score == pytest.approx(1, abs=1e-3)


async def test_what_can_no_longer_be_read_is_no_longer_found(world: World) -> None:
    paint(world.photos / "a.jpg", "red")
    (world.photos / "scan.pdf").write_text("%PDF-pages 3 green")
    await world.index()
    (world.photos / "scan.pdf").write_text("torn")
    progress = await world.index()
    assert (progress.unreadable, progress.removed, progress.replaced) == (1, 3, 0)
    assert await world.kept() == ["a.jpg#0"]
    assert [problem.path for problem in world.problems] == [str(world.photos / "scan.pdf")]


async def test_a_touched_pdf_is_known_page_by_page(world: World) -> None:
    (world.photos / "scan.pdf").write_text("%PDF-pages 3 green")
    await world.index()
    os.utime(world.photos / "scan.pdf", (5, 5))
    assert (await world.index()).unchanged == 1
    assert [item.modified async for item in world.archive.scan(OWNER)] == [5.0] * 3


async def test_a_pdf_is_an_entry_a_page(world: World) -> None:
    (world.photos / "scan.pdf").write_text("%PDF-pages 20 green")
    await world.index()
    assert await world.kept() == sorted(f"scan.pdf#{page}" for page in range(1, 21))
    (world.photos / "scan.pdf").write_text("%PDF-pages 3 yellow")
    progress = await world.index()
    assert progress.replaced == 1
    assert await world.kept() == [f"scan.pdf#{page}" for page in range(1, 4)]
    paint(world.photos / "scan.pdf", "red", format="JPEG")
    await world.index()
    assert await world.kept() == ["scan.pdf#0"]


async def test_what_is_no_image_is_skipped_and_what_only_claims_to_be_one_is_told(world: World) -> None:
    paint(world.photos / "good.jpg", "red")
    paint(world.photos / "without a name for it", "blue", format="PNG")
    (world.photos / "notes.txt").write_text("shopping list")
    (world.photos / "broken.jpg").write_text("not a photo")
    paint(world.photos / ".hidden.jpg", "red")
    paint(world.photos / ".git" / "a.jpg", "red")
    progress = await world.index()
    assert (progress.added, progress.other, progress.unreadable, progress.hidden) == (2, 1, 1, 2)
    [problem] = world.problems
    assert problem.path == str(world.photos / "broken.jpg")
    assert "not an image" in problem.why


async def test_a_file_named_by_itself_is_told_whatever_it_is(world: World) -> None:
    (world.photos / "notes.txt").write_text("shopping list")
    with pytest.raises(AskAgain, match="could be read"):
        await world.index(world.photos / "notes.txt")
    assert "not an image" in world.problems[0].why


async def test_links_that_go_round_end(world: World) -> None:
    paint(world.photos / "a" / "red.jpg", "red")
    (world.photos / "a" / "up").symlink_to(world.photos)
    (world.photos / "self").symlink_to(world.photos / "self")
    (world.photos / "again.jpg").symlink_to(world.photos / "a" / "red.jpg")
    (world.photos / "nowhere.jpg").symlink_to(world.photos / "missing.jpg")
    progress = await world.index()
    assert await world.kept() == ["a/red.jpg#0"]
    assert progress.unreadable == 2
    assert {Path(problem.path).name for problem in world.problems} == {"self", "nowhere.jpg"}


async def test_a_link_to_a_folder_elsewhere_is_told_and_not_followed(world: World) -> None:
    elsewhere = world.photos.parent / "elsewhere"
    paint(elsewhere / "private.jpg", "red")
    paint(world.photos / "blue.jpg", "blue")
    (world.photos / "link_dir.jpg").symlink_to(elsewhere)
    assert (await world.index()).added == 1
    assert await world.kept() == ["blue.jpg#0"]
    [problem] = world.problems
    assert problem.path == str(world.photos / "link_dir.jpg")
    assert "name that folder as well" in problem.why
    world.problems.clear()
    assert (await world.index(world.photos, elsewhere)).added == 1
    assert world.problems == []


async def test_a_link_to_a_file_elsewhere_is_told_and_not_followed(world: World) -> None:
    elsewhere = world.photos.parent / "elsewhere"
    paint(elsewhere / "private.jpg", "red")
    paint(world.photos / "blue.jpg", "blue")
    (world.photos / "link.jpg").symlink_to(elsewhere / "private.jpg")
    assert (await world.index()).added == 1
    assert await world.kept() == ["blue.jpg#0"]
    [problem] = world.problems
    assert (problem.path, "name that file as well" in problem.why) == (str(world.photos / "link.jpg"), True)
    assert (await world.index(world.photos, elsewhere / "private.jpg")).added == 1
    assert world.problems == []


async def test_overlapping_paths_are_walked_once(world: World) -> None:
    paint(world.photos / "a" / "red.jpg", "red")
    progress = await world.index(world.photos, world.photos / "a", world.photos / "a" / "red.jpg")
    assert (progress.seen, progress.added) == (1, 1)


async def test_pipes_are_not_waited_for(world: World) -> None:
    paint(world.photos / "a.jpg", "red")
    os.mkfifo(world.photos / "pipe.jpg")
    progress = await asyncio.wait_for(world.index(), 20)
    assert (progress.added, progress.seen) == (1, 1)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes only names in UTF-8")
async def test_a_name_that_is_no_text_is_told(world: World) -> None:
    paint(world.photos / "a.jpg", "red")
    os.rename(os.fsencode(world.photos / "a.jpg"), os.fsencode(world.photos) + b"/caf\xe9.jpg")  # noqa: PTH104
    paint(world.photos / "b.jpg", "red")
    progress = await world.index()
    assert (progress.added, progress.unreadable) == (1, 1)
    assert "rename it" in world.problems[0].why


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
async def test_a_folder_that_cannot_be_entered_is_told(world: World) -> None:
    paint(world.photos / "a.jpg", "red")
    (world.photos / "locked").mkdir(mode=0)
    progress = await world.index()
    assert (progress.added, progress.unreadable) == (1, 1)
    assert "permission denied" in world.problems[0].why


async def test_what_vanished_goes_only_when_asked(world: World) -> None:
    paint(world.photos / "stays.jpg", "red")
    paint(world.photos / "a" / "goes.jpg", "blue")
    await world.index()
    (world.photos / "a" / "goes.jpg").unlink()
    assert (await world.index()).removed == 0
    assert len(await world.kept()) == 2
    assert (await world.index(prune=True)).removed == 1
    assert await world.kept() == ["stays.jpg#0"]


async def test_pruning_one_folder_leaves_the_others_alone(world: World) -> None:
    for name in ("a/x.jpg", "ab/x.jpg", "a/y.jpg"):
        paint(world.photos / name, "red")
    await world.index()
    (world.photos / "a" / "x.jpg").unlink()
    (world.photos / "ab" / "x.jpg").unlink()
    assert (await world.index(world.photos / "a", prune=True)).removed == 1
    assert await world.kept() == ["a/y.jpg#0", "ab/x.jpg#0"]


async def test_a_photo_counts_from_when_it_was_taken(world: World) -> None:
    exif = Pillow.Exif()
    exif[0x8769] = {0x9003: "2019:07:14 18:30:00", 0x9011: "+02:00"}
    paint(world.photos / "old.jpg", "red", exif=exif)
    paint(world.photos / "new.jpg", "red")
    await world.index()
    before = Filters(before=datetime(2020, 1, 1, tzinfo=timezone.utc))  # noqa: UP017
    [hit] = await world.archive.search(OWNER, (await world.encoder.texts(["red"]))[0], filters=before)
    assert hit.item.name == "old.jpg"
    assert hit.item.taken == datetime(2019, 7, 14, 18, 30, tzinfo=timezone(timedelta(hours=2)))


async def test_a_path_that_is_not_there_is_asked_about(world: World) -> None:
    with pytest.raises(AskAgain, match=r"no file or folder .*missing"):
        await world.index(world.photos / "missing")


async def test_a_folder_without_images_says_so(world: World) -> None:
    (world.photos / "notes.txt").write_text("x")
    with pytest.raises(AskAgain, match=r"no images or PDFs in .*photos \(1 other files\)"):
        await world.index()


async def test_spyglass_does_not_index_what_it_keeps_itself(world: World) -> None:
    paint(world.photos / "a.jpg", "red")
    paint(world.home / "pixels" / "drawn.png", "red")
    assert (await world.index(world.photos.parent)).added == 1


async def test_another_encoder_needs_a_fresh_start(tmp_path: Path) -> None:
    world = World(tmp_path)
    paint(world.photos / "a.jpg", "red")
    await world.index()
    await world.archive.close()
    world.archive = QdrantEdge(world.home / "archive", "other colours", world.encoder.dim)
    with pytest.raises(CannotDo, match="made with the encoder colours, and this is other colours"):
        await world.index()
    assert (await world.index(fresh=True)).added == 1
    await world.archive.close()


# --- ends that nobody wanted ----------------------------------------------------------------------


async def slow_run(base: str) -> None:
    """In a process of its own: index, taking some time over each batch and telling when it has added one."""
    print("indexing", flush=True)
    added = 0
    async for event in World(Path(base), BulkColourEncoder(seconds=0.05)).events():
        if isinstance(event, Progress) and event.added > added:
            added = event.added
            print(added, flush=True)


def start(code: str, sign: str) -> subprocess.Popen[str]:
    """A process that runs the code, once it has given its sign of life."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"{sign}\n"
    return process


async def test_killed_indexing_goes_on_where_it_was(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    first = paint(photos / "0.jpg", "red", "blue")
    for number in range(1, 600):
        (photos / f"{number}.jpg").write_bytes(first.read_bytes())
    for number in range(20):
        (photos / f"{number}.pdf").write_text("%PDF-pages 5 green")
    run = f"import asyncio; from tests.scenario.test_indexing import slow_run; asyncio.run(slow_run({str(tmp_path)!r}))"
    for batches, wait in ((0, 0.03), (1, 0.0), (2, 0.002), (1, 0.03), (1, 0.055)):
        process = start(run, "indexing")
        assert process.stdout is not None
        for _ in range(batches):
            process.stdout.readline()
        time.sleep(wait)  # noqa: ASYNC251
        process.send_signal(signal.SIGKILL)
        process.communicate()
    world = World(tmp_path)
    progress = await world.index()
    assert progress.unchanged >= 5 * 64
    assert progress.added + progress.unchanged == 620
    kept = await world.kept()
    assert len(kept) == len(set(kept)) == 600 + 20 * 5
    assert (await world.index()).unchanged == 620
    await world.archive.close()


async def test_a_live_owner_writes_for_others_and_a_dead_one_is_forgotten(tmp_path: Path) -> None:
    world = World(tmp_path)
    paint(world.photos / "a.jpg", "red")
    hold = f"""
import asyncio, sys
from pathlib import Path
from tests.scenario.test_indexing import World
world = World(Path({str(tmp_path)!r}))
asyncio.run(world.index())
print("open", flush=True)
sys.stdin.read()
"""
    process = start(hold, "open")
    paint(world.photos / "b.jpg", "blue")
    assert (await world.index()).added == 1
    process.kill()
    process.communicate()
    assert (await world.index()).unchanged == 2
    await world.archive.close()


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk takes root on Linux")
async def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    world = World(tmp_path)
    paint(world.photos / "a.jpg", "red")
    world.home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", str(world.home)]
    if subprocess.run(mount, capture_output=True).returncode:  # noqa: ASYNC221
        pytest.skip("no right to mount here")
    try:
        await world.index()
        (world.home / "ballast").write_bytes(b"\0" * (shutil.disk_usage(world.home).free - (60 << 20)))
        paint(world.photos / "b.jpg", "blue")
        with pytest.raises(CannotDo, match=r"The disk is full: .* MB left .* run the same command again"):
            await world.index()
        assert await world.kept() == ["a.jpg#0"]  # what was there can still be found
        (world.home / "ballast").unlink()
        assert (await world.index()).added == 1
    finally:
        await world.archive.close()
        subprocess.run(["umount", str(world.home)], check=True)  # noqa: ASYNC221


async def test_nobody_else_may_look_into_the_archive(world: World) -> None:
    paint(world.photos / "a.jpg", "red")
    await world.index()
    folders = [world.home / "archive", *(world.home / "archive").iterdir()]
    assert len(folders) > 1
    assert [folder for folder in folders if folder.stat().st_mode & 0o077] == []
