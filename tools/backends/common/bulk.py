"""Encoding files in bulk: while one batch goes through the network, the next ones are decoded in other processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.common.photo_files import Photo, photos
from tools.backends.common.worker_failures import WORKER_FAILED
from tools.kit.ports import Workers
from tools.kit.types import Embeddings, Encoded

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Pillow

    Prepare = Callable[[Pillow], NDArray[Any]]

AHEAD = 3
"""Batches being decoded or waiting decoded: enough to keep the network busy, few enough to keep memory flat."""


async def encode_files(
    workers: Workers,
    files: Sequence[Path],
    *,
    prepare: Prepare,
    least: int,
    encode: Callable[[NDArray[Any]], Awaitable[Embeddings]],
    batch: int,
) -> list[Encoded | None]:
    """One result a file, in order; None for what is no plain photo.

    prepare: picklable; makes an upright RGB image into the array the network takes.
    least: as `photo_files.photos` has it.
    encode: a stack of such arrays -> vectors.
    """
    chunks = [list(files[start : start + batch]) for start in range(0, len(files), batch)]
    decoding: list[asyncio.Task[list[Photo | None]]] = []
    out: list[Encoded | None] = []
    try:
        for number in range(len(chunks)):
            decoding.extend(
                asyncio.create_task(decoded(workers, chunk, prepare, least))
                for chunk in chunks[number + len(decoding) : number + AHEAD]
            )
            out.extend(await _encoded(await decoding.pop(0), encode))
    finally:
        for task in decoding:
            task.cancel()
    return out


async def decoded(workers: Workers, files: Sequence[Path], prepare: Prepare, least: int) -> list[Photo | None]:
    """A file that kills its worker or takes too long costs nobody else: the batch is tried again one by one."""
    try:
        return await workers.run("decode", photos, list(files), prepare, least)
    except WORKER_FAILED:
        if len(files) == 1:
            return [None]
        return [found for file in files for found in await decoded(workers, [file], prepare, least)]


async def _encoded(
    found: list[Photo | None], encode: Callable[[NDArray[Any]], Awaitable[Embeddings]]
) -> list[Encoded | None]:
    plain = [photo for photo in found if photo]
    if not plain:
        return [None] * len(found)
    vectors = iter(await encode(np.stack([photo.prepared for photo in plain])))
    return [_with(photo, next(vectors)) if photo else None for photo in found]


def _with(photo: Photo, vector: Embeddings) -> Encoded:
    return Encoded(vector, photo.sha256, photo.mime, photo.width, photo.height, photo.size)
