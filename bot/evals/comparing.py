"""How well pictures are compared: the project's product pairs, each taken again in other ways, and real photos."""

from __future__ import annotations

import hashlib
import itertools
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.evals.pairs import Pair, Shot, again, named, pairs, variants
from bot.evals.report import Figure
from tools.compare import compare
from tools.kit import Differ, Encoder, Evidence, Image, ImageRef, Ocr, Picture

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

    from bot.wiring import Wiring

SUITE = "comparing"
SHOTS = [Shot(12, -9, 2.5, 0.8, 0.85, 70), Shot(-8, 10, -2, 1.15, 1.1, 80), Shot(5, 5, 4, 0.65, 1.0, 75)]
PHOTOS = 30


class NoEasel:
    """Draws nothing: only what is said is measured."""

    async def show(self, picture: PillowImage, caption: str) -> Picture:
        return Picture(path="", caption=caption)


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """The figures. The photos are left out where `data` has none."""
    ports: dict[str, Any] = {
        "encoder": await wiring.lend(Encoder),
        "differ": await wiring.lend(Differ),
        "ocr": await wiring.lend(Ocr),
        "easel": NoEasel(),
    }
    drawn = list(pairs())
    retaken = [variant for pair in drawn if pair.camera for variant in variants(pair, SHOTS)]
    figures = [
        await _pairs("product pairs: differences named right", [pair for pair in drawn if pair.expected], ports, 1.0),
        await _pairs(
            "controls: no difference where none is", [pair for pair in drawn if not pair.expected], ports, 1.0
        ),
        await _pairs("pairs taken in other ways, named right", retaken, ports, 0.85),
    ]
    photos = sorted((data / "objects").glob("*.JPEG"))
    return [*figures, *(await _photos(photos, ports) if photos else [])]


async def _pairs(what: str, cases: Sequence[Pair], ports: dict[str, Any], target: float) -> Figure:
    wrong = []
    for pair in cases:
        evidence = await _compared(pair.first, pair.second, pair.question, ports)
        if not named(pair.expected, evidence.facts["differences"]):
            wrong.append(pair.name)
    note = f"not: {', '.join(wrong)}" if wrong else ""
    return Figure(SUITE, what, 1 - len(wrong) / len(cases), len(cases), target, note=note)


async def _photos(photos: Sequence[Path], ports: dict[str, Any]) -> list[Figure]:
    """The same photo taken again has no differences; two photos of other things cannot be laid over each other."""
    from PIL import Image as Pillow

    chance = random.Random(7)
    same = apart = 0
    chosen = chance.sample(photos, PHOTOS + 1)
    for path, other in itertools.pairwise(chosen):
        with Pillow.open(path) as file, Pillow.open(other) as second:
            photo, unrelated = file.convert("RGB"), second.convert("RGB")
        shot = Shot(chance.uniform(-12, 12), chance.uniform(-12, 12), chance.uniform(-4, 4), chance.uniform(0.6, 1.1),
                    chance.uniform(0.85, 1.15), chance.randint(60, 90))  # fmt: skip
        same += (await _compared(photo, again(photo, shot), "", ports)).facts["same_picture"]
        apart += (await _compared(photo, unrelated, "", ports)).facts["changed_share"] is None
    return [
        Figure(SUITE, "photos taken again: the same", same / PHOTOS, PHOTOS, 0.95),
        Figure(SUITE, "unrelated photos: not laid over each other", apart / PHOTOS, PHOTOS, 0.95),
    ]


async def _compared(first: PillowImage, second: PillowImage, question: str, ports: dict[str, Any]) -> Evidence:
    with tempfile.TemporaryDirectory() as folder:
        images = [_kept(picture, Path(folder), number) for number, picture in enumerate((first, second), 1)]
        return await compare(images, question, **ports)


def _kept(picture: PillowImage, folder: Path, number: int) -> Image:
    path = folder / f"{number}.png"
    picture.save(path)
    ref = ImageRef(
        handle=f"image {number}",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        mime="image/png",
        width=picture.width,
        height=picture.height,
        name=path.name,
    )
    return Image(ref, path)
