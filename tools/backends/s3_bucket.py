"""`Objects` in any S3-compatible store, through obstore: a bucket of originals that belong to somebody else."""

from __future__ import annotations

import asyncio
import re
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
QUOTED = re.compile('Path "(.+?)"')
"""The key in obstore's own words about one that it does not take."""


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
        from obstore.exceptions import InvalidPathError

        with refusals_said(self._what):
            if self._prefix and (alone := await self._alone()):
                yield alone
            last = ""
            try:
                async for page in self._store.list(self._prefix or None, chunk_size=PAGE):
                    for found in page:
                        last = found["path"]
                        yield _stored(found)
            except InvalidPathError:
                async for stored in self._by_folders(last):
                    yield stored

    async def _by_folders(self, after: str) -> AsyncIterator[Stored]:
        """What comes after a key, folder by folder: a key that obstore cannot read then costs its folder, and not all
        of the page that it is in."""
        from obstore.exceptions import InvalidPathError

        waiting = [self._prefix]
        while waiting:
            folder = waiting.pop()
            try:
                found = await self._store.list_with_delimiter_async(folder or None)
            except InvalidPathError as error:
                yield _unlistable(folder, error)
                continue
            below = f"{folder}/" if folder else ""
            deeper = [each for each in found["common_prefixes"] if each > below and each.startswith(below)]
            waiting += [each for each in reversed(deeper) if f"{each}0" > after]  # "0" comes after "/"
            for each in found["objects"]:
                if each["path"] > after:
                    yield _stored(each)

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


def _unlistable(folder: str, error: Exception) -> Stored:
    named = QUOTED.search(str(error))
    key = f"the key {named[1]}" if named else "a key in it"
    why = f"What lies here cannot be listed, because {key} has an empty part, dots for a part, or control characters"
    return Stored(key=folder, size=0, modified=0.0, etag="", trouble=f"{why}: copy that object to another key.")


def _stored(found: ObjectMeta) -> Stored:
    etag = (found.get("e_tag") or "").strip('"')
    return Stored(key=found["path"], size=found["size"], modified=found["last_modified"].timestamp(), etag=etag)
