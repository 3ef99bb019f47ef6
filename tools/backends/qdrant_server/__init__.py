"""A Qdrant server or cluster as `Archive` and `Upkeep`, through `qdrant-client`: a collection a workspace and encoder,
behind an alias for the one that searches are answered from."""

from __future__ import annotations

import re
import warnings
from urllib.parse import urlsplit

from tools.backends.common.qdrant_payload import TEXT_DIM
from tools.backends.qdrant_server.archive import QdrantServer
from tools.backends.qdrant_server.storing import Storing, Vectors
from tools.kit import AskAgain
from tools.kit.parts import Parts

PORT = 6333
TIMEOUT = 30
"""Seconds."""


def build(rest: str, parts: Parts) -> QdrantServer:
    """`rest` is the URL; options `encoder` and `dim` name the space, `qdrant_api_key` is the key, and
    `archive_quantisation` and `archive_on_disk` say how vectors are kept. Connects when used.

    Raises: AskAgain when there is no URL, or no such quantisation.
    """
    options = parts.options
    text_dim = int(options.get("text_dim") or TEXT_DIM)
    space = Vectors(options["encoder"], int(options["dim"]), options.get("text_encoder", ""), text_dim)
    return _made(rest, parts, space)


async def bound_encoder(rest: str, parts: Parts, workspace: str) -> str | None:
    """Name of the encoder the workspace's archive was made with, or None when there is none.

    Raises: AskAgain when there is no URL; CannotDo when the server does not answer.
    """
    archive = _made(rest, parts, Vectors("", 0, "", 0))
    try:
        return await archive.bound(workspace)
    finally:
        await archive.close()


def _made(rest: str, parts: Parts, space: Vectors) -> QdrantServer:
    from qdrant_client import AsyncQdrantClient

    if not _is_address(rest):
        raise AskAgain("The Qdrant server needs a URL: SPYGLASS_ARCHIVE=qdrant_server:http://HOST:6333")
    url, key = _with_port(rest.rstrip("/")), parts.options.get("qdrant_api_key")
    with warnings.catch_warnings(record=True) as heard:  # a key that would cross the network unencrypted
        warnings.simplefilter("always")
        client = AsyncQdrantClient(url=url, api_key=key, timeout=TIMEOUT, check_compatibility=False)
    for warning in heard:
        parts.say(f"{warning.message}")
    return QdrantServer(client, url, space, storing=Storing.of(parts.options), key=key, say=parts.say)


def _is_address(rest: str) -> bool:
    try:
        return bool(re.match(r"https?://[^/]", rest)) and urlsplit(rest).port != 0
    except ValueError:
        return False


def _with_port(url: str) -> str:
    """Qdrant's own where none is named, as `qdrant-client` takes it."""
    split = urlsplit(url)
    return url if split.port else split._replace(netloc=f"{split.netloc}:{PORT}").geturl()


__all__ = ["QdrantServer", "bound_encoder", "build"]
