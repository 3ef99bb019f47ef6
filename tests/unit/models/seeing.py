"""What the tests of vision models share: images as intake hands them on, and what a model says it sees."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from tests.fakes import MemoryAnswers, MemoryLedger, ScriptedModel
from tests.unit.stand_ins import kept
from tools.backends.chat_vision import ChatVision, Models
from tools.kit import Image, ImageRef
from tools.kit.models import ChatModel
from tools.kit.seeing import Sight, SightRegion


def photo(folder: Path, number: int = 1, size: tuple[int, int] = (1200, 900), *, workspace: str = "local") -> Image:
    """A picture with many colours, each number another one."""
    place = folder / workspace
    place.mkdir(exist_ok=True, parents=True)
    coarse = np.random.default_rng(number).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    picture = Pillow.fromarray(coarse).resize(size, Pillow.Resampling.BICUBIC)
    path = place / f"{number:064x}.png"
    picture.save(path, compress_level=0)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    named = ImageRef(
        handle=f"image {number}", sha256=digest, mime="image/png", width=size[0], height=size[1], name="p.png"
    )
    return Image(named, path)


def drawing(folder: Path, size: tuple[int, int] = (900, 600)) -> Image:
    """A picture of few colours with sharp edges."""
    place = folder / "local"
    place.mkdir(exist_ok=True, parents=True)
    picture = Pillow.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for n in range(8):
        draw.rectangle((20 + 100 * n, 40, 90 + 100 * n, 200), outline="black", width=3)
        draw.text((30 + 100 * n, 100), f"Box {n}", fill="navy")
    return kept(picture, place / f"{'d' * 64}.png")


def sight(answer: str = "Three cups.", confidence: float = 0.9, **more: Any) -> Sight:
    said: dict[str, Any] = {"answer": answer, "confidence": confidence, "cannot_determine": False, "regions": []}
    return Sight(**said | more)


def place(image: str, left: float, top: float, right: float, bottom: float) -> SightRegion:
    return SightRegion(image=image, what="a cup", left=left, top=top, right=right, bottom=bottom)


def vision(
    *strong: ChatModel, answers: MemoryAnswers | None = None, ledger: MemoryLedger | None = None, **more: Any
) -> ChatVision:
    """`ChatVision` by these models; `more` goes where it belongs."""
    outer = {name: more.pop(name) for name in ("near", "discretion") if name in more}
    return ChatVision(Models(strong, **more), answers=answers, ledger=ledger, **outer)


def asks(model: ScriptedModel) -> Sequence[str]:
    """What stood last in each request: the task and the question."""
    return [ask.messages[-1].content[-1]["text"] for ask in model.asked]  # type: ignore[index]
