"""The decoded pages of an original that the blob store keeps."""

from __future__ import annotations

from tools.kit.ports import BlobStore, Decoder
from tools.kit.types import Opened


async def pages_of(sha256: str, *, name: str, workspace: str, decoder: Decoder, blobs: BlobStore) -> list[Opened]:
    """As they were drawn before, or drawn again.

    Raises: KeyError when the original is no longer kept; AskAgain when it no longer opens.
    """
    kept = await decoder.kept(workspace, sha256)
    return kept or await decoder.open(await blobs.get(workspace, sha256), name=name, workspace=workspace)
