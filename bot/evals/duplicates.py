"""Whether copies are known for copies: photos that were scaled, cut, re-encoded, put on a screen or tinted, and others
that were never posted. On photos of the shared data folder, else on those that come with the project.
"""

from __future__ import annotations

import random
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.evals.report import Failure, Figure
from bot.intake import open_for_terminal
from bot.samples.pictures import PHOTOGRAPHS
from bot.wiring import OWNER, Wiring
from tools.kit import BlobStore, Contents, Decoder, Differ, Image, Item, Scope
from tools.kit.fingerprint import fingerprint
from tools.kit.searching.copies import Copies

if TYPE_CHECKING:
    from PIL.Image import Image as Pillow

SCOPE = Scope(workspace="eval-duplicates", audiences=OWNER.audiences)
POSTED, OTHERS, SIDE = 40, 40, 700
"""Photos that are in the archive, photos that are not, and pixels of their longer side at most."""
TARGET = 0.99
CASES = 7
"""Seed: which photos, and what is done to each."""

Change = Callable[["Pillow", random.Random], "Pillow"]


def resized(image: Pillow, chance: random.Random) -> Pillow:
    factor = chance.choice([0.4, 0.6, 1.5])
    return image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))))


def cropped(image: Pillow, chance: random.Random) -> Pillow:
    """A tenth of its width and of its height is cut off."""
    width, height = image.width * 9 // 10, image.height * 9 // 10
    left, top = chance.randint(0, image.width - width), chance.randint(0, image.height - height)
    return image.crop((left, top, left + width, top + height))


def encoded(image: Pillow, chance: random.Random) -> Pillow:
    """As it is: it is saved as a poor JPEG."""
    return image


def on_a_screen(image: Pillow, chance: random.Random) -> Pillow:
    """In the window of a chat, beside its list of channels."""
    from PIL import Image as Made
    from PIL import ImageDraw, ImageOps

    screen = Made.new("RGB", (1280, 800), chance.choice(["#1e1f22", "#f8f8f8"]))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, 220, 800), fill="#3f0e40")
    draw.rectangle((0, 0, 1280, 56), fill="#4a154b")
    for row in range(9):
        draw.rectangle((20, 90 + row * 40, 20 + chance.randint(60, 170), 102 + row * 40), fill="#b4a0b4")
    screen.paste(ImageOps.contain(image, (900, 600)), (300, 120))
    return screen


def framed(image: Pillow, chance: random.Random) -> Pillow:
    """A window's own frame and title, and nothing else."""
    from PIL import ImageOps

    border = chance.randint(6, 24)
    return ImageOps.expand(image, (border, border + 28, border, border), chance.choice(["white", "black", "#dddddd"]))


def tinted(image: Pillow, chance: random.Random) -> Pillow:
    from PIL import Image as Made
    from PIL import ImageEnhance

    image = ImageEnhance.Color(image).enhance(chance.choice([0.5, 1.6]))
    image = ImageEnhance.Brightness(image).enhance(chance.choice([0.8, 1.2]))
    tint = np.array(chance.choice([(1.12, 1.0, 0.88), (0.9, 1.0, 1.1)]))
    return Made.fromarray(np.clip(np.asarray(image) * tint, 0, 255).astype(np.uint8))


CHANGES: Mapping[str, Change] = {
    "resized": resized,
    "10% cropped": cropped,
    "re-encoded": encoded,
    "screenshot, framed": framed,
    "screenshot, in a window": on_a_screen,
    "colours shifted": tinted,
}


@dataclass(frozen=True)
class Case:
    kind: str
    name: str
    """Of the photo it was made of."""
    file: Path


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """Precision over all that is called a copy, and recall by kind of change."""
    chance = random.Random(CASES)
    with tempfile.TemporaryDirectory() as folder:
        photos = photos_of(data, Path(folder))
        chance.shuffle(photos)
        posted = photos[: min(POSTED, len(photos) // 2)]
        others = photos[len(posted) : len(posted) + OTHERS]
        originals = [_saved(photo, Path(folder) / f"{number}.png") for number, photo in enumerate(posted)]
        await _fill(wiring, originals)
        cases = [
            *(case for number, file in enumerate(originals) for case in _changed(file, number, Path(folder), chance)),
            *(
                Case("never posted", "", _saved(photo, Path(folder) / f"x{number}.png"))
                for number, photo in enumerate(others)
            ),
        ]
        found = [await _copies(wiring, case.file) for case in cases]
        await _forget(wiring)
    return _figures(cases, found)


def _figures(cases: Sequence[Case], found: Sequence[Sequence[str]]) -> list[Figure]:
    pairs = list(zip(cases, found, strict=True))
    called = [(case, name) for case, names in pairs for name in names]
    wrong = [Failure(f"{case.kind} {case.name}", f"taken for {name}") for case, name in called if name != case.name]
    figures = [
        Figure(
            "duplicates", "precision", 1 - len(wrong) / max(1, len(called)), len(called), TARGET, failures=tuple(wrong)
        )
    ]
    for kind in CHANGES:
        of_kind = [(case, names) for case, names in pairs if case.kind == kind]
        missed = tuple(Failure(case.name, "not known") for case, names in of_kind if case.name not in names)
        share = 1 - len(missed) / len(of_kind)
        figures.append(Figure("duplicates", f"recall, {kind}", share, len(of_kind), failures=missed))
    return figures


def photos_of(data: Path, folder: Path) -> list[Path]:
    shared = [*(data / "captions" / "images").glob("*.jpg"), *(data / "objects").glob("*.*")]
    return sorted(shared or [photo.copied_to(folder) for photo in PHOTOGRAPHS])


def _saved(photo: Path, file: Path) -> Path:
    from PIL import Image as Made

    with Made.open(photo) as image:
        small = image.convert("RGB")
        small.thumbnail((SIDE, SIDE))
        small.save(file)
    return file


def _changed(file: Path, number: int, folder: Path, chance: random.Random) -> list[Case]:
    from PIL import Image as Made

    cases: list[Case] = []
    for kind, change in CHANGES.items():
        made = folder / f"{number}-{len(cases)}{'.jpg' if kind == 're-encoded' else '.png'}"
        with Made.open(file) as image:
            change(image.convert("RGB"), chance).save(made, quality=35)
        cases.append(Case(kind, file.name, made))
    return cases


async def _opened(wiring: Wiring, file: Path) -> Image:
    refs, fetch = await open_for_terminal(wiring, [file])
    image: Image = await fetch(refs[0])
    return image


async def _fill(wiring: Wiring, files: Sequence[Path]) -> None:
    encoder, archive = await wiring.pair(SCOPE.workspace)
    for file in files:
        image = await _opened(wiring, file)
        same: Any = {name: getattr(image.ref, name) for name in ("sha256", "mime", "width", "height")}
        item = Item(
            id=str(uuid.uuid5(uuid.NAMESPACE_URL, str(file))),
            path=str(file),
            audience=SCOPE.audiences[0],
            name=file.name,
            added=datetime.now(UTC),
            contents=Contents(phash=fingerprint(image.pixels())),
            **same,
        )
        await archive.put(SCOPE, [item], await encoder.images([image]))


async def _copies(wiring: Wiring, file: Path) -> list[str]:
    """Names of what it is a copy of."""
    encoder, archive = await wiring.pair(SCOPE.workspace)
    copies = Copies(
        archive,
        SCOPE,
        encoder,
        await wiring.lend(Differ),
        await wiring.lend(Decoder),
        await wiring.lend(BlobStore),
    )
    return [copy.item.name for copy in await copies.of(await _opened(wiring, file), None)]


async def _forget(wiring: Wiring) -> None:
    _, archive = await wiring.pair(SCOPE.workspace)
    await archive.remove(SCOPE, [item.id async for item in archive.scan(SCOPE)])
