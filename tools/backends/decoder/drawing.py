"""The worker's side of intake: bytes in, drawn pages out. Decoders are imported only once the kind is known."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from tools.backends.decoder.sheaf import Limits
from tools.backends.decoder.sniff import PDF, sniff


def draw(data: bytes, stem: str, folder: Path, limits: Limits) -> None:
    """In a worker: draw an image's first frame, or a PDF's pages, into files of that stem in `folder`, with a `SHEAF`.

    Raises: Refused with what the file is and what to do; MemoryError; OSError when it cannot be written.
    """
    _hush()
    kind = sniff(data)
    if kind == PDF:
        from tools.backends.decoder.pages import draw_pages

        return draw_pages(data, stem, folder, limits)
    from tools.backends.decoder.pixels import draw_image

    return draw_image(data, kind, stem, folder, limits)


@cache
def _hush() -> None:
    """Decoders complain of broken files on the terminal that somebody is reading an answer on."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
