"""Originals: their bytes told apart, and their decoded pages as tools take them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from tools.kit.archive import Item
from tools.kit.ports import BlobStore, Decoder
from tools.kit.types import Image, ImageRef, Opened


def sha256_of(file: Path) -> str:
    """In hex. Blocks, with a buffer's memory for a file of any size. Raises: OSError."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


async def pages_of(sha256: str, *, name: str, workspace: str, decoder: Decoder, blobs: BlobStore) -> list[Opened]:
    """The pages of an original that the blob store keeps: as they were drawn before, or drawn again.

    Raises: KeyError when the original is no longer kept; AskAgain when it no longer opens.
    """
    kept = await decoder.kept(workspace, sha256)
    return kept or await decoder.open(await blobs.get(workspace, sha256), name=name, workspace=workspace)


def ref_of(page: Opened, handle: str, name: str) -> ImageRef:
    """One opened page by a handle and the name of its file."""
    return ImageRef(
        handle=handle,
        sha256=page.sha256,
        mime=page.mime,
        width=page.width,
        height=page.height,
        name=name,
        page=page.page,
        pages=page.pages,
        notes=page.notes,
        size=page.size,
    )


def images_of(name: str, pages: Sequence[Opened]) -> list[Image]:
    """Opened pages that belong to no thread: the first is ``image 1``."""
    return [Image(ref_of(page, f"image {number}", name), page.path) for number, page in enumerate(pages, 1)]


def ref_of_hit(item: Item, handle: str) -> ImageRef:
    """A hit of a search by a handle. How many pages its original has is not known: those up to its own, at least."""
    return ImageRef(
        handle=handle,
        sha256=item.sha256,
        mime=item.mime,
        width=item.width,
        height=item.height,
        name=item.name,
        page=item.page,
        pages=item.page or 1,
        size=item.size,
        hit=item.id,
    )
