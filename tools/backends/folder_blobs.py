"""Originals in a folder: the `BlobStore` that needs nothing.

    <home>/blobs/<workspace>/<first two of sha256>/<sha256>              the bytes
    <home>/blobs/<workspace>/<first two of sha256>/<sha256>.held/<id>    one file a holder, with the holder's name in it

A crash at any moment leaves at worst a holder without bytes (as good as nothing: `put` mends it), never bytes that
nobody holds: the holder comes before the bytes, and the bytes go before the last holder.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.backends.common.folders import private_folder, workspace_folder
from tools.kit.disk import full_disk_said
from tools.kit.parts import Parts


def build(rest: str, parts: Parts) -> FolderBlobs:
    """`rest`: another folder than the home's, or nothing."""
    return FolderBlobs(Path(rest).expanduser() if rest else parts.home / "blobs")


class FolderBlobs:
    """Folders are 0700 and files 0600. Several processes may share one store: each blob's shard has a lock file."""

    def __init__(self, base: Path) -> None:
        self._base = base

    async def put(self, workspace: str, data: bytes, *, holder: str) -> str:
        """As the port says. Raises: CannotDo when the disk is full."""
        return await asyncio.to_thread(self._put, workspace, data, holder)

    async def get(self, workspace: str, sha256: str) -> bytes:
        """As the port says. Bytes that no longer have that hash (a bad disk) count as gone."""
        return await asyncio.to_thread(self._get, workspace, sha256)

    async def release(self, workspace: str, sha256: str, *, holder: str) -> bool:
        return await asyncio.to_thread(self._release, workspace, sha256, holder)

    async def holders(self, workspace: str, sha256: str) -> set[str]:
        return await asyncio.to_thread(self._holders, workspace, sha256)

    def _put(self, workspace: str, data: bytes, holder: str) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        blob = self._blob(workspace, sha256)
        with full_disk_said(), _locked(private_folder(blob.parent)):
            part = blob.parent / ".part"
            _write(private_folder(_held(blob)) / _id(holder), holder.encode(), part)
            if not blob.is_file() or blob.stat().st_size != len(data):
                _write(blob, data, part)
        return sha256

    def _get(self, workspace: str, sha256: str) -> bytes:
        try:
            data = self._blob(workspace, sha256).read_bytes()
        except FileNotFoundError:
            raise KeyError(sha256) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise KeyError(sha256)
        return data

    def _release(self, workspace: str, sha256: str, holder: str) -> bool:
        blob = self._blob(workspace, sha256)
        mine = _held(blob) / _id(holder)
        if not mine.exists():
            return False
        with _locked(blob.parent):
            if not mine.exists():
                return False
            last = len(list(_held(blob).iterdir())) == 1
            if last:
                blob.unlink(missing_ok=True)
            mine.unlink()
            if last:
                _held(blob).rmdir()
        return last

    def _holders(self, workspace: str, sha256: str) -> set[str]:
        held = _held(self._blob(workspace, sha256))
        try:
            return {path.read_text() for path in held.iterdir()}
        except FileNotFoundError:  # let go at this very moment
            return set()

    def _blob(self, workspace: str, sha256: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise KeyError(sha256)
        return workspace_folder(self._base, workspace) / sha256[:2] / sha256


def _held(blob: Path) -> Path:
    return blob.with_name(f"{blob.name}.held")


def _id(holder: str) -> str:
    """A file name for any holder, however long and whatever is in it."""
    return hashlib.sha256(holder.encode()).hexdigest()[:32]


def _write(path: Path, data: bytes, part: Path) -> None:
    """All or nothing, also when the power fails. `part` is the shard's own, so a killed writer's is written over."""
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer a shard, over all processes. The kernel lets go of the lock when its owner dies."""
    import fcntl

    with os.fdopen(os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
