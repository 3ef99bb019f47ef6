"""`Objects` in any S3-compatible store, through obstore: a bucket of originals that belong to somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.s3 import BUCKET, opened, refusals_said, split
from tools.kit.disk import full_disk_said
from tools.kit.errors import AskAgain
from tools.kit.parts import Parts
from tools.kit.ports import Objects
from tools.kit.types import Stored

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

PAGE = 1000
"""Objects listed with one request: S3 gives no more."""
CHUNK = 1 << 20


def build(rest: str, parts: Parts) -> Objects:
    """`rest`: ``//bucket/prefix``; options as of `tools.backends.s3.build`. Raises: AskAgain without a bucket."""
    bucket, prefix = split(rest)
    if not BUCKET.fullmatch(bucket):
        raise AskAgain("An address in a store begins with its bucket: s3://BUCKET, or s3://BUCKET/PREFIX.")
    return S3Bucket(opened(f"//{bucket}", parts), bucket, prefix)


class S3Bucket:
    def __init__(self, store: ObjectStore, bucket: str, prefix: str) -> None:
        self._store = store
        self._prefix = prefix
        self._what = f"The bucket {bucket}"

    async def listed(self) -> AsyncIterator[Stored]:
        with refusals_said(self._what):
            if self._prefix and (alone := await self._alone()):
                yield alone
            async for page in self._store.list(self._prefix or None, chunk_size=PAGE):
                for found in page:
                    yield _stored(found)

    async def head(self, key: str, number: int) -> bytes:
        with refusals_said(self._what):
            try:
                return bytes(await self._store.get_range_async(key, start=0, length=number))
            except FileNotFoundError:
                raise KeyError(key) from None

    async def fetch(self, key: str, to: Path) -> None:
        with refusals_said(self._what), full_disk_said():
            try:
                found = await self._store.get_async(key)
            except FileNotFoundError:
                raise KeyError(key) from None
            with to.open("wb") as file:
                async for chunk in found.stream(min_chunk_size=CHUNK):
                    await asyncio.to_thread(file.write, chunk)

    async def _alone(self) -> Stored | None:
        try:
            return _stored(await self._store.head_async(self._prefix))
        except FileNotFoundError:
            return None


def _stored(found: ObjectMeta) -> Stored:
    etag = (found.get("e_tag") or "").strip('"')
    return Stored(key=found["path"], size=found["size"], modified=found["last_modified"].timestamp(), etag=etag)
