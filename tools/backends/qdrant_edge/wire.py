"""Calls on a collection as bytes: what an owner and its clients say to each other over a local socket."""

from __future__ import annotations

import socket
import struct
from dataclasses import fields
from typing import Any

import msgpack  # type: ignore[import-untyped]
import numpy as np

from tools.kit import CannotDo, Counted, Excluded, Filters, Hit, Item, Post, Scope
from tools.kit.archive import Contents, Point
from tools.kit.archive.snapshots import Snapshot

MODELS = {model.__name__: model for model in (Scope, Filters, Excluded, Item, Post, Contents)}
RECORDS: dict[str, Any] = {record.__name__: record for record in (Hit, Point, Counted, Snapshot)}
MODEL, RECORD, VECTORS = 1, 2, 3
HEAD = struct.Struct("!Q")
MOST = 1 << 30
"""Bytes of one message: a put of 250,000 vectors of 1024 dimensions."""

PIECE = 1 << 20
"""Bytes taken at a time."""


class Gone(Exception):
    """The other side went away, or is about to: ask whoever owns the collection now."""


def send(channel: socket.socket, value: Any) -> None:
    """Raises: OSError."""
    data = msgpack.packb(value, default=_packed)
    channel.sendall(HEAD.pack(len(data)) + data)


def receive(channel: socket.socket) -> list[Any]:
    """Two things: a call's name and arguments, or what is wrong and the answer.

    Raises: Gone when the other side went away or speaks otherwise; TimeoutError; OSError.
    """
    (size,) = HEAD.unpack(_exactly(channel, HEAD.size))
    if size > MOST:
        raise Gone
    try:
        found = msgpack.unpackb(_exactly(channel, size), ext_hook=_unpacked, strict_map_key=False)
    except (ValueError, TypeError, KeyError, msgpack.UnpackException):
        raise Gone from None
    if not isinstance(found, list) or len(found) != 2:
        raise Gone
    return found


def failed(error: Exception) -> list[str]:
    """An error as it is sent."""
    kind = next((kind for kind in ERRORS if isinstance(error, ERRORS[kind])), "RuntimeError")
    return [kind, str(error)]


def failure(kind: str, said: str) -> Exception:
    """An error as it was sent."""
    return ERRORS.get(kind, RuntimeError)(said)


ERRORS: dict[str, type[Exception]] = {"CannotDo": CannotDo, "ValueError": ValueError, "Gone": Gone}


def _exactly(channel: socket.socket, size: int) -> bytearray:
    """Room is made as it comes, whatever was announced."""
    data = bytearray()
    while len(data) < size:
        got = channel.recv(min(size - len(data), PIECE))
        if not got:
            raise Gone
        data += got
    return data


def _packed(value: Any) -> Any:
    kind = type(value).__name__
    if kind in MODELS:
        return msgpack.ExtType(MODEL, msgpack.packb([kind, value.model_dump_json()]))
    if kind in RECORDS:
        held = [getattr(value, field.name) for field in fields(value)]
        return msgpack.ExtType(RECORD, msgpack.packb([kind, held], default=_packed))
    if isinstance(value, np.ndarray):
        return msgpack.ExtType(VECTORS, msgpack.packb([value.shape, np.ascontiguousarray(value, "<f4").tobytes()]))
    raise TypeError(f"{kind} is not said over the socket.")


def _unpacked(code: int, data: bytes) -> Any:
    if code != RECORD:
        return _single(code, data)
    kind, held = msgpack.unpackb(data, ext_hook=_single, strict_map_key=False)
    return RECORDS[kind](*held)


def _single(code: int, data: bytes) -> Any:
    """A model or vectors. Records hold nothing else: records in records would fill the stack, which ends a process."""
    kind, held = msgpack.unpackb(data, strict_map_key=False)
    if code == MODEL:
        return MODELS[kind].model_validate_json(held)
    if code == VECTORS:
        return np.frombuffer(held, "<f4").reshape(kind)
    raise ValueError(f"Nothing is said with an extension {code}.")
