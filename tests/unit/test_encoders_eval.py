"""`spyglass eval encoders`: what each encoder finds by pictures alone, and whether its cutoff holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from bot.evals.encoders import available, evaluate
from bot.settings import Settings
from bot.wiring import Wiring
from tests.colours import BulkColourEncoder, paint
from tools.kit import Encoder


class Chosen(Wiring):
    """With an encoder for every setting."""

    def __init__(self, home: Path, made: Any, **chosen: str) -> None:
        super().__init__(Settings(_env_file=None, home=home, **cast(Any, chosen)))
        self.asked: list[str] = []
        self._made = made
        self.pairs.set_up = self.set_up  # type: ignore[method-assign]

    async def set_up(self, spec: str = "") -> Encoder:
        self.asked.append(spec)
        return cast(Encoder, self._made)


def photos(folder: Path) -> Path:
    """Of three photos the captions of two fit."""
    lines = ["image,caption"]
    for name, caption in (("red", "red"), ("blue", "a blue picture"), ("green", "yellow")):
        paint(folder / "captions" / "images" / f"{name}.jpg", name)
        lines += [f"{name}.jpg,{caption}", f"{name}.jpg,something else"]
    (folder / "captions" / "captions.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


async def test_recall_and_cutoff_are_told_for_each_encoder(tmp_path: Path) -> None:
    wiring = Chosen(tmp_path / "home", BulkColourEncoder())
    figures = await evaluate(wiring, photos(tmp_path), ["clip:one", "clip:other"])
    assert wiring.asked == ["clip:one", "clip:other"]
    assert len(figures) == 10
    told = {figure.what: (round(figure.value, 3), figure.cases) for figure in figures[:5]}
    assert told["photos over the cutoff for their caption"] == (0.667, 3)
    assert told["photos under it for texts that fit none"] == (1.0, 36)
    assert told["recall at 10"] == (1.0, 3)
    assert figures[0].note == "colours, cutoff 0.500"


async def test_without_the_photos_nothing_is_measured(tmp_path: Path) -> None:
    assert await evaluate(Chosen(tmp_path, BulkColourEncoder()), tmp_path) == []


def test_the_builtin_one_and_the_one_that_is_set_up_are_there(tmp_path: Path) -> None:
    assert available(Chosen(tmp_path, None)) == ["builtin_encoder"]
    assert available(Chosen(tmp_path, None, encoder="clip:x")) == ["builtin_encoder", "clip:x"]
