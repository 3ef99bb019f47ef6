"""Every encoder that is available, on photos with captions (Flickr8k) from the shared data folder: what is found by
pictures alone, and whether the cutoff measured for it on other pictures holds for these."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.evals.captions import DEPTHS, captions_of
from bot.evals.report import Figure
from bot.wiring import Wiring
from tools.kit import BulkEncoder, Embeddings, Encoder
from tools.kit.labelling.knowing import cutoffs_of
from tools.kit.ranking.candidates import text_vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOWHERE = (
    "a receipt",
    "a spreadsheet",
    "an x-ray of a hand",
    "the surface of the moon",
    "a floor plan",
    "an airport departure board",
    "a chessboard",
    "a circuit diagram",
    "a plate of sushi",
    "a grand piano",
    "a penguin",
    "an aeroplane's cockpit",
)
"""Fits none of the photos."""


async def evaluate(wiring: Wiring, data: Path, encoders: Sequence[str] = ()) -> list[Figure]:
    """`encoders`: as SPYGLASS_ENCODER names them; those that are here unless told."""
    captions = captions_of(data / "captions" / "captions.csv")
    if not captions:
        return []
    figures: list[Figure] = []
    for spec in encoders or await asyncio.to_thread(available, wiring):
        encoder = await wiring.pairs.set_up(spec)
        figures += await _measured(encoder, data / "captions" / "images", captions)
    return figures


def available(wiring: Wiring) -> list[str]:
    """The builtin encoder, the one that is set up, and every checkpoint that was made ready here and still is here."""
    chosen = wiring.settings.encoder
    made = wiring.imported("auto_encoder").made_ready(wiring.settings.home)
    return list(dict.fromkeys(["builtin_encoder", *([] if chosen.startswith("auto") else [chosen]), *made]))


async def _measured(encoder: Encoder, folder: Path, captions: Mapping[str, Sequence[str]]) -> list[Figure]:
    assert isinstance(encoder, BulkEncoder)
    names = list(captions)
    encoded = await encoder.encode_files([folder / name for name in names])
    names = [name for name, photo in zip(names, encoded, strict=True) if photo]
    photos = np.stack([photo.vector for photo in encoded if photo])
    seconds, rows = list[float](), list[Embeddings]()
    for name in names:
        started = time.perf_counter()
        rows.append(await text_vector(captions[name][0], encoder))
        seconds.append(time.perf_counter() - started)
    cosines = np.stack(rows) @ photos.T
    own = cosines.diagonal()
    places = (cosines > own[:, None]).sum(axis=1)
    strange = np.stack([await text_vector(words, encoder) for words in NOWHERE]) @ photos.T
    own_cutoffs = await _cutoffs([captions[name][0] for name in names], encoder)
    strange_cutoffs = await _cutoffs(NOWHERE, encoder)
    cutoff, number = encoder.calibration.relevant, len(names)
    note = f"{encoder.name}, cutoff {cutoff:.3f}"
    recalls = [
        Figure("encoders", f"recall at {depth}", float((places < depth).mean()), number, note=note, seconds=(*seconds,))
        for depth in DEPTHS
    ]
    over, beyond = float((own >= own_cutoffs).mean()), float((strange < strange_cutoffs[:, None]).mean())
    return [
        *recalls,
        Figure("encoders", "photos over the cutoff for their caption", over, number, note=note),
        Figure("encoders", "photos under it for texts that fit none", beyond, strange.size, note=note),
    ]


async def _cutoffs(texts: Sequence[str], encoder: Encoder) -> NDArray[np.float64]:
    """(n,): infinite for texts the encoder has no idea of."""
    return np.array([math.inf if each is None else each for each in await cutoffs_of(texts, encoder)])
