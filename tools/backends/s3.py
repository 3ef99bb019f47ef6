"""Originals in any S3-compatible store, through obstore (the Rust object_store crate).

    <prefix>/<workspace>/<sha256>/bytes         the bytes
    <prefix>/<workspace>/<sha256>/held/<id>     one object a holder, with the holder's name in it

S3 has no locks over several objects, so the order of steps carries the promise: a holder is written before it looks for
the bytes; who deletes the bytes looks for holders afterwards and puts the bytes back when one has come meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tools.backends.common.folders import checked_workspace
from tools.kit.errors import AskAgain, CannotDo, first_line
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from obstore.store import ObjectStore

OPTIONS = {
    "s3_endpoint": "endpoint",
    "s3_region": "region",
    "s3_access_key_id": "access_key_id",
    "s3_secret_access_key": "secret_access_key",
    "s3_session_token": "session_token",
}
BUCKET = re.compile(r"[\w.-]+")
PATIENCE = timedelta(seconds=10)
"""How long a request is tried again before the store counts as out of reach."""
WAY_OUT = "check the bucket's name, its region and endpoint, and the keys (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)."


def build(rest: str, parts: Parts) -> S3Blobs:
    """`rest`: ``//bucket/prefix``, the URL without its scheme. `parts.options` may name ``s3_endpoint`` (another store
    than Amazon's; plain http is allowed when it says so), ``s3_region``, ``s3_access_key_id``, ``s3_secret_access_key``
    and ``s3_session_token``; what they do not name comes from where Amazon's own tools look for it.

    Raises: AskAgain without a bucket.
    """
    if not BUCKET.fullmatch(split(rest)[0]):
        raise AskAgain("The store of originals needs its bucket: SPYGLASS_BLOBS=s3://BUCKET, or s3://BUCKET/PREFIX.")
    return S3Blobs(opened(rest, parts))


def split(rest: str) -> tuple[str, str]:
    """Bucket and prefix of ``//bucket/prefix``."""
    bucket, _, prefix = rest.lstrip("/").partition("/")
    return bucket, prefix.strip("/")


def opened(rest: str, parts: Parts) -> ObjectStore:
    """The bucket at ``//bucket/prefix``, with the options of `build`."""
    from obstore.store import S3Store

    config: dict[str, Any] = {ours: parts.options[name] for name, ours in OPTIONS.items() if parts.options.get(name)}
    return S3Store.from_url(
        f"s3://{rest.lstrip('/')}",
        config=config,  # type: ignore[arg-type]
        client_options={"allow_http": str(config.get("endpoint", "")).startswith("http:"), "timeout": PATIENCE},
        retry_config={"max_retries": 3, "retry_timeout": PATIENCE},
    )


class S3Blobs:
    """`BlobStore` over any obstore store. Everything raises CannotDo when the store does not answer or refuses."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, workspace: str, data: bytes, *, holder: str) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        blob = _blob(workspace, sha256)
        with refusals_said():
            await self._store.put_async(f"{blob}/held/{_id(holder)}", holder.encode())
            if not await self._there(f"{blob}/bytes"):
                await self._store.put_async(f"{blob}/bytes", data)
        return sha256

    async def get(self, workspace: str, sha256: str) -> bytes:
        data = await self._read(f"{_blob(workspace, sha256)}/bytes")
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            raise KeyError(sha256)
        return data

    async def release(self, workspace: str, sha256: str, *, holder: str) -> bool:
        blob = _blob(workspace, sha256)
        mine = f"{blob}/held/{_id(holder)}"
        with refusals_said():
            held = await self._held(blob)
            if mine not in held:
                return False
            # the bytes go first where nobody else holds them: a crash then leaves a holder of nothing, not an orphan
            data = await self._drop(blob) if held == {mine} else None
            await self._store.delete_async(mine)
            if await self._held(blob):
                if data is not None:
                    await self._store.put_async(f"{blob}/bytes", data)
                return False
            await self._drop(blob)  # another holder let go at the same moment, and each took the other for the last
            return True

    async def holders(self, workspace: str, sha256: str) -> set[str]:
        with refusals_said():
            paths = await self._held(_blob(workspace, sha256))
        names = await asyncio.gather(*(self._read(path) for path in paths))
        return {name.decode() for name in names if name is not None}

    async def _drop(self, blob: str) -> bytes | None:
        """Delete the bytes, and return them for as long as nobody knows whether that was right."""
        data = await self._read(f"{blob}/bytes")
        if data is not None:
            await self._store.delete_async(f"{blob}/bytes")
        return data

    async def _held(self, blob: str) -> set[str]:
        pages = self._store.list(f"{blob}/held")
        return {found["path"] async for page in pages for found in page}

    async def _there(self, path: str) -> bool:
        try:
            await self._store.head_async(path)
        except FileNotFoundError:
            return False
        return True

    async def _read(self, path: str) -> bytes | None:
        with refusals_said():
            try:
                found = await self._store.get_async(path)
                return bytes(await found.bytes_async())
            except FileNotFoundError:
                return None


def _blob(workspace: str, sha256: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise KeyError(sha256)
    return f"{checked_workspace(workspace)}/{sha256}"


def _id(holder: str) -> str:
    return hashlib.sha256(holder.encode()).hexdigest()[:32]


@contextmanager
def refusals_said(what: str = "The store of originals") -> Iterator[None]:
    """Raises: CannotDo in place of what obstore raises."""
    from obstore.exceptions import BaseError

    try:
        yield
    except BaseError as error:
        why = f"{type(error).__name__}: {first_line(error)}"
        raise CannotDo(f"{what} does not answer as it should ({why}): {WAY_OUT}") from error
