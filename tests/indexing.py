"""Indexing runs without models, and what comes of them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from bot.indexing.index import Ports, Progress
from bot.indexing.walking import Problem
from tests.colours import COLOURS, HereWorkers, PlainDecoder, WordMeaning
from tools.backends.previews import WorkerPreviews
from tools.kit import Archive, Encoder


def ports_of(archive: Archive, encoder: Encoder, pixels: Path, **more: Any) -> Ports:
    """pixels: the folder of what is opened. more: the ports that not every run needs."""
    decoder = PlainDecoder(pixels)
    previews = WorkerPreviews(HereWorkers(), decoder)
    return Ports(encoder, decoder, archive, previews, WordMeaning(), **more)


async def to_the_end(events: AsyncIterator[Progress | Problem], problems: list[Problem]) -> Progress:
    """How far the run came; what could not be read comes into `problems`, also of a run that fails."""
    last = Progress()
    async for event in events:
        if isinstance(event, Problem):
            problems.append(event)
        else:
            last = event
    return last


def picture(colour: str, kind: str = "JPEG") -> bytes:
    """A file of one colour."""
    data = io.BytesIO()
    Pillow.new("RGB", (64, 48), COLOURS[colour]).save(data, format=kind)
    return data.getvalue()
