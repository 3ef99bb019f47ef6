"""Every `BlobStore` keeps the same promises: the folder, and S3 over obstore (in memory, and over the wire to moto)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.s3 import s3_parts, serving
from tools.backends import folder_blobs, s3
from tools.backends.folder_blobs import FolderBlobs
from tools.backends.workers import PebbleWorkers
from tools.kit import BlobStore, CannotDo
from tools.kit.parts import Parts

DATA = b"the bytes of a photo" * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 server with the bucket ``originals``."""
    with serving("originals") as address:
        yield address


@pytest.fixture(params=["folder", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "folder":
        return folder_blobs.build("", Parts(tmp_path, PebbleWorkers()))
    if request.param == "memory":
        from obstore.store import MemoryStore

        return s3.S3Blobs(MemoryStore())
    endpoint = request.getfixturevalue("s3_server")
    return s3.build(f"//originals/{tmp_path.name}/below", s3_parts(tmp_path, endpoint))


async def test_it_is_a_blob_store(store: BlobStore) -> None:
    assert isinstance(store, BlobStore)


async def test_what_is_put_is_got_by_its_hash(store: BlobStore) -> None:
    assert await store.put("T1", DATA, holder="thread") == SHA256
    assert await store.get("T1", SHA256) == DATA


async def test_no_bytes_are_bytes_too(store: BlobStore) -> None:
    assert await store.get("T1", await store.put("T1", b"", holder="thread")) == b""


@pytest.mark.parametrize("sha256", [SHA256, "nonsense", "../../etc/passwd", ""])
async def test_an_unknown_hash_is_a_key_error(store: BlobStore, sha256: str) -> None:
    with pytest.raises(KeyError):
        await store.get("T1", sha256)


@pytest.mark.parametrize("workspace", ["..", "a/b", "", ".hidden", "a" * 65])
async def test_a_workspace_cannot_lead_out_of_the_store(store: BlobStore, workspace: str) -> None:
    with pytest.raises(ValueError, match="workspace"):
        await store.put(workspace, DATA, holder="thread")


async def test_another_workspace_does_not_see_it(store: BlobStore) -> None:
    await store.put("T1", DATA, holder="thread")
    with pytest.raises(KeyError):
        await store.get("T2", SHA256)
    assert await store.holders("T2", SHA256) == set()


async def test_it_goes_with_its_last_holder(store: BlobStore) -> None:
    await store.put("T1", DATA, holder="thread 1")
    await store.put("T1", DATA, holder="thread 2")
    assert await store.holders("T1", SHA256) == {"thread 1", "thread 2"}
    assert not await store.release("T1", SHA256, holder="thread 1")
    assert await store.get("T1", SHA256) == DATA
    assert await store.release("T1", SHA256, holder="thread 2")
    with pytest.raises(KeyError):
        await store.get("T1", SHA256)
    assert await store.holders("T1", SHA256) == set()


async def test_putting_twice_for_one_holder_counts_once(store: BlobStore) -> None:
    await store.put("T1", DATA, holder="thread")
    await store.put("T1", DATA, holder="thread")
    assert await store.release("T1", SHA256, holder="thread")


async def test_an_unknown_holder_lets_nothing_go(store: BlobStore) -> None:
    assert not await store.release("T1", SHA256, holder="nobody")
    await store.put("T1", DATA, holder="thread")
    assert not await store.release("T1", SHA256, holder="nobody")
    assert await store.get("T1", SHA256) == DATA


@pytest.mark.parametrize("holder", ["T1:C1:17.5", "../../x", "sad 🙁 \n name", "long" * 500])
async def test_a_holder_may_have_any_name(store: BlobStore, holder: str) -> None:
    await store.put("T1", DATA, holder=holder)
    assert await store.holders("T1", SHA256) == {holder}
    assert await store.release("T1", SHA256, holder=holder)


async def test_many_at_once_lose_nothing(store: BlobStore) -> None:
    await asyncio.gather(*(store.put("T1", DATA, holder=f"thread {n}") for n in range(12)))
    gone = await asyncio.gather(*(store.release("T1", SHA256, holder=f"thread {n}") for n in range(1, 12)))
    assert not any(gone)
    assert await store.get("T1", SHA256) == DATA
    assert await store.holders("T1", SHA256) == {"thread 0"}


async def test_holders_that_come_and_go_at_once_leave_all_or_nothing(store: BlobStore) -> None:
    for n in range(5):
        await store.put("T1", DATA, holder="old")
        await asyncio.gather(
            store.release("T1", SHA256, holder="old"),
            store.put("T1", DATA, holder=f"new {n}"),
        )
        assert await store.get("T1", SHA256) == DATA
        assert await store.release("T1", SHA256, holder=f"new {n}")


async def test_all_letting_go_at_once_leaves_nothing(store: BlobStore) -> None:
    for n in range(4):
        await store.put("T1", DATA, holder=f"thread {n}")
    assert any(await asyncio.gather(*(store.release("T1", SHA256, holder=f"thread {n}") for n in range(4))))
    with pytest.raises(KeyError):
        await store.get("T1", SHA256)


# --- the folder -----------------------------------------------------------------------------------


def blob_file(base: Path) -> Path:
    return next(path for path in base.rglob(SHA256) if path.is_file())


async def test_a_folder_store_is_private(tmp_path: Path) -> None:
    await FolderBlobs(tmp_path / "home" / "blobs").put("T1", DATA, holder="thread")
    kept = list((tmp_path / "home").rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_file()} == {0o600}


async def test_bytes_gone_bad_on_the_disk_are_no_longer_kept(tmp_path: Path) -> None:
    store = FolderBlobs(tmp_path)
    await store.put("T1", DATA, holder="thread")
    blob_file(tmp_path).write_bytes(b"x" + DATA[1:])
    with pytest.raises(KeyError):
        await store.get("T1", SHA256)


async def test_bytes_cut_off_by_a_crash_are_put_anew(tmp_path: Path) -> None:
    store = FolderBlobs(tmp_path)
    await store.put("T1", DATA, holder="thread")
    blob_file(tmp_path).write_bytes(DATA[:100])
    await store.put("T1", DATA, holder="thread")
    assert await store.get("T1", SHA256) == DATA


WRITER = """
import asyncio, itertools, sys
from pathlib import Path
from tools.backends.folder_blobs import FolderBlobs

async def main():
    store = FolderBlobs(Path(sys.argv[1]))
    print("ready", flush=True)
    for n in itertools.count():
        sha256 = await store.put("T1", b"%d" % (n % 7) * 100_000, holder="thread")
        await store.release("T1", sha256, holder="thread")

asyncio.run(main())
"""


def test_a_writer_killed_at_any_moment_leaves_no_bytes_that_nobody_holds(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    for pause in (0.003, 0.011, 0.02, 0.05):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
        )
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        for blob in tmp_path.glob("T1/*/" + "[0-9a-f]" * 64):
            assert list(blob.with_name(f"{blob.name}.held").iterdir())
            assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB, where one may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


async def test_a_full_disk_is_said_and_keeps_what_was_there(full_disk: Path) -> None:
    store = FolderBlobs(full_disk)
    await store.put("T1", DATA, holder="thread")
    with pytest.raises(CannotDo, match="disk is full"):
        await store.put("T1", os.urandom(1_000_000), holder="thread")
    assert await store.get("T1", SHA256) == DATA


# --- S3 -------------------------------------------------------------------------------------------


async def test_a_store_out_of_reach_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    monkeypatch.setattr(s3, "PATIENCE", timedelta(seconds=1))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        store = s3.build("//originals", s3_parts(tmp_path, f"http://127.0.0.1:{closed.getsockname()[1]}"))
        with pytest.raises(CannotDo, match="store of originals"):
            await store.put("T1", DATA, holder="thread")
