"""Whether copies are known for copies: photos and papers that were scaled, cut, re-encoded, put on a screen or tinted,
others that were never posted, and pictures that only look much alike. On photos of the shared data folder, else on
those that come with the project.
"""

from __future__ import annotations

import random
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.evals.copying import CHANGES
from bot.evals.lookalikes import Lookalike, delivered, lookalikes
from bot.evals.report import Failure, Figure
from bot.samples.pictures import PHOTOGRAPHS
from bot.turns.intake import open_for_terminal
from bot.wiring import OWNER, Wiring
from tools.kit import BlobStore, Contents, Decoder, Differ, Image, Item, Scope
from tools.kit.pictures.detail import detail
from tools.kit.pictures.fingerprint import fingerprint
from tools.kit.searching.copies import Copies

TOLD_TUNED, TOLD_HELD = "told from what looks alike, half tuned", "told from what looks alike, half held"
PAPERS, SOME = "papers and screens", 4
"""What else is changed in all ways: one in so many of the pictures to which others look alike."""
SCOPE = Scope(workspace="eval-duplicates", audiences=OWNER.audiences)
POSTED, OTHERS, SIDE = 40, 40, 700
"""Photos that are in the archive, photos that are not, and pixels of their longer side at most."""
TARGET = 0.99
CASES = 7
"""Seed: which photos, and what is done to each."""
TUNED, HELD = (2, 4), (1, 3)
"""Seeds of pairs that look alike: those that the thresholds were chosen on, and those that they were not."""


@dataclass(frozen=True)
class Case:
    kind: str
    name: str
    """Of the picture it was made of."""
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
        papers, alike = _alike(Path(folder))
        await _forget(wiring)  # what an earlier run left that was stopped
        await _fill(wiring, [*originals, *papers])
        cases = [
            *_changed_all(originals, Path(folder), chance),
            *_changed_all(papers[::SOME], Path(folder), chance, paper=True),
            *alike,
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
    for kind in dict.fromkeys(case.kind for case in cases if case.name):
        of_kind = [(case, names) for case, names in pairs if case.kind == kind]
        missed = tuple(Failure(case.name, "not known") for case, names in of_kind if case.name not in names)
        share = 1 - len(missed) / len(of_kind)
        figures.append(Figure("duplicates", f"recall, {kind}", share, len(of_kind), failures=missed))
    for half in (TOLD_TUNED, TOLD_HELD):
        of_half = [(case, names) for case, names in pairs if case.kind == half]
        if not of_half:
            continue
        taken = tuple(Failure(case.file.stem, f"taken for {names[0]}") for case, names in of_half if names)
        figures.append(Figure("duplicates", half, 1 - len(taken) / len(of_half), len(of_half), TARGET, failures=taken))
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


def _changed_all(files: Sequence[Path], folder: Path, chance: random.Random, *, paper: bool = False) -> list[Case]:
    return [case for file in files for case in _changed(file, folder, chance, paper=paper)]


def _changed(file: Path, folder: Path, chance: random.Random, *, paper: bool) -> list[Case]:
    from PIL import Image as Made

    cases: list[Case] = []
    for kind, change in CHANGES.items():
        made = folder / f"{file.stem}-{len(cases)}{'.jpg' if kind == 're-encoded' else '.png'}"
        with Made.open(file) as image:
            change(image.convert("RGB"), chance).save(made, quality=35)
        cases.append(Case(PAPERS if paper else kind, file.name, made))
    return cases


def _alike(folder: Path) -> tuple[list[Path], list[Case]]:
    """What is posted, and what looks much like it."""
    papers: list[Path] = []
    cases: list[Case] = []
    drawn: set[bytes] = set()
    for half, seeds in ((TOLD_TUNED, TUNED), (TOLD_HELD, HELD)):
        pairs = [pair for seed in seeds for pair in lookalikes(seed)]
        pairs += list(delivered())[seeds[0] % 2 :: 2]
        for number, pair in enumerate(pairs):
            first, second = _drawn(pair, folder, f"{half[-5:].strip()}-{number}")
            if first.read_bytes() not in drawn:  # a product that came in two ways was advertised once
                papers.append(first)
            drawn.add(first.read_bytes())
            cases.append(Case(half, "", second))
    return papers, cases


def _drawn(pair: Lookalike, folder: Path, stem: str) -> tuple[Path, Path]:
    files = folder / f"{stem}-{pair.kind}.png", folder / f"{stem}-{pair.kind}-other.png"
    for picture, file in zip((pair.first, pair.second), files, strict=True):
        picture.save(file)
    return files


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
            contents=Contents(phash=fingerprint(image.pixels()), detail=detail(image.pixels())),
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
    found = await copies.of(await _opened(wiring, file), None)
    return [copy.item.name for copy in found if not copy.differs]


async def _forget(wiring: Wiring) -> None:
    _, archive = await wiring.pair(SCOPE.workspace)
    await archive.remove(SCOPE, [item.id async for item in archive.scan(SCOPE)])
