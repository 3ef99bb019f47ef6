"""A bucket of an S3-compatible store as a source of images: an object is looked at again when its ETag is another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from bot.indexing.originals import Event, Original
from bot.indexing.spool import Spool
from bot.indexing.walking import HEAD, NAMED, Hidden, Problem, looks_like_one
from tools.kit import AskAgain, Item, Objects

SCHEME = "s3://"


class Bucket:
    """`Source`: every object below ``s3://BUCKET/PREFIX``."""

    prunes = True

    def __init__(self, address: str, objects: Objects, audience: str, spool: Spool, most_bytes: int) -> None:
        """most_bytes: larger objects are not fetched."""
        self.named = address
        self.audiences: tuple[str, ...] = (audience,)
        self._bucket = SCHEME + address.removeprefix(SCHEME).partition("/")[0]
        self._objects = objects
        self._spool = spool
        self._most = most_bytes
        self._listed: set[bytes] | None = None
        """Digests of the places of all objects, once all are known."""

    async def batches(self, size: int) -> AsyncIterator[list[Event]]:
        places = set[bytes]()
        batch: list[Event] = []
        whole = True
        async for stored in self._objects.listed():
            place = f"{self._bucket}/{stored.key}"
            places.add(_digest(place))
            if stored.trouble:
                whole = False
                batch.append(Problem(place, stored.trouble))
            elif any(part.startswith(".") for part in PurePosixPath(stored.key).parts):
                batch.append(Hidden(Path(stored.key)))
            elif not stored.key.endswith("/"):
                batch.append(
                    Original(
                        place=place,
                        name=PurePosixPath(stored.key).name,
                        audience=self.audiences[0],
                        size=stored.size,
                        modified=stored.modified,
                        version=stored.etag,
                    )
                )
            if len(batch) >= size:
                yield batch
                batch = []
        if batch:
            yield batch
        self._listed = places if whole else None

    async def count(self) -> int | None:
        return None

    async def is_image(self, original: Original) -> bool:
        """By its name, or by its first bytes where the name says nothing."""
        suffix = PurePosixPath(original.name).suffix.lower()
        if suffix:
            return suffix in NAMED
        try:
            return looks_like_one(await self._objects.head(self._key(original.place), HEAD))
        except KeyError:
            return False

    @asynccontextmanager
    async def fetched(self, original: Original) -> AsyncIterator[Path]:
        if original.size > self._most:
            raise AskAgain(
                f"It has {original.size:,} bytes and at most {self._most:,} are opened: raise SPYGLASS_MAX_BYTES."
            )
        with self._spool.file() as file:
            try:
                await self._objects.fetch(self._key(original.place), file)
            except KeyError:
                raise AskAgain("It was deleted while the bucket was indexed.") from None
            yield file

    async def gone(self, item: Item) -> bool:
        if self._listed is None or not self._below(item.path):
            return False
        return _digest(item.path) not in self._listed

    def _below(self, place: str) -> bool:
        prefix = self.named.rstrip("/")
        return place == prefix or place.startswith(f"{prefix}/")

    def _key(self, place: str) -> str:
        return place.removeprefix(f"{self._bucket}/")


def _digest(place: str) -> bytes:
    """Eight bytes, so that a million places fit into little memory."""
    return blake2b(place.encode(), digest_size=8).digest()
