"""What was drawn from an original, where it is kept: moved there when a worker has finished, and found there again."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from tools.backends.decoder.sheaf import SHEAF, Limits, Sheaf
from tools.kit.errors import AskAgain

PNG_END = b"\0\0\0\0IEND\xae\x42\x60\x82"
"""The last chunk of every PNG (ISO/IEC 15948, 11.2.5): no data, its name, and their CRC."""


def drawn_before(folder: Path, sha256: str, limits: Limits) -> Sheaf | None:
    """What an earlier call drew, if it was drawn under the same limits and is all there."""
    sheaf = Sheaf.read(folder / f"{sha256}.json")
    if not sheaf or sheaf.limits != limits:
        return None
    if not all(_whole(folder / drawn.file) for drawn in sheaf.drawn):
        return None
    with contextlib.suppress(OSError):
        os.utime(folder / f"{sha256}.json")  # in use: `make_room` leaves it alone
    return sheaf


def publish(work: Path, folder: Path, sha256: str, problem: AskAgain | None) -> Sheaf:
    """Move what the worker finished to where it is kept; the list goes last and only when nothing is missing.

    Raises: `problem` when there is nothing.
    """
    sheaf = Sheaf.read(work / SHEAF)
    if not sheaf:
        raise problem or AskAgain("The file could not be opened: save or export it anew and send it again.")
    for drawn in sheaf.drawn:
        words = (work / drawn.file).with_suffix(".words.json")
        if words.exists():
            words.replace(folder / words.name)
        (work / drawn.file).replace(folder / drawn.file)
    if sheaf.complete:
        (work / SHEAF).replace(folder / f"{sha256}.json")
    return sheaf


def _whole(png: Path) -> bool:
    """Whether the file is there and ends as every PNG does: one that was cut short is worth drawing again."""
    try:
        with png.open("rb") as file:
            file.seek(-len(PNG_END), os.SEEK_END)
            return file.read() == PNG_END
    except OSError:  # not there, or shorter than that
        return False
