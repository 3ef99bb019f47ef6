"""An original before a worker sees it: how it is called in sentences, and that it is worth one."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from tools.backends.decoder.sniff import sniff
from tools.kit.errors import AskAgain

LONGEST_NAME = 80


def shown_name(name: str) -> str:
    """A file name as it can stand in a sentence: one line, nothing invisible, not too long."""
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in name)
    short = " ".join(visible.split())
    if len(short) > LONGEST_NAME:
        short = f"{short[: LONGEST_NAME - 20]}…{short[-19:]}"
    return short or "This file"


def taken(original: bytes | Path, shown: str, max_bytes: int) -> tuple[bytes, str]:
    """The bytes and their SHA-256, once they are known to be of a kind and size that is worth a worker.

    Raises: AskAgain with a sentence that begins with `shown`.
    """
    data = original if isinstance(original, bytes) else _read_file(original, max_bytes, shown)
    if len(data) > max_bytes:
        raise _too_big(shown, len(data), max_bytes)
    if refusal := sniff(data).refusal:
        raise AskAgain(f"{shown} {refusal}")
    return data, hashlib.sha256(data).hexdigest()


def _read_file(path: Path, max_bytes: int, shown: str) -> bytes:
    """No more than one byte over the limit is read."""
    try:
        if path.is_dir():
            raise AskAgain(f"{shown} is a folder: name the images in it.")
        if not path.is_file():
            raise AskAgain(f"There is no file {shown}: check the name.")
        if (size := path.stat().st_size) > max_bytes:
            raise _too_big(shown, size, max_bytes)
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise AskAgain(f"{shown} cannot be read ({(error.strerror or 'unknown error').lower()}).") from None


def _too_big(shown: str, size: int, limit: int) -> AskAgain:
    return AskAgain(f"{shown} has {size / 1e6:.1f} MB; the limit is {limit / 1e6:g} MB: send a smaller copy.")
