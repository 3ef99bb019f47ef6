"""Decides on this machine which images a provider may see, and makes faces and text of the others unreadable.

What an image shows is measured once and kept beside its decoded pixels, as a blurred copy is: both go when those go.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from tools.backends.common.whole_files import write_whole
from tools.backends.privacy import blurring, judging
from tools.backends.privacy.judging import Looks
from tools.kit import Forgetful, Image, Ocr, Reading, Sendable, Workers
from tools.kit.discretion import SENSITIVE, Sensitive
from tools.kit.errors import AskAgain
from tools.kit.parts import Parts

log = logging.getLogger(__name__)

ROUNDS = 3
"""How often what can still be read after blurring is blurred again, before the image is withheld."""
CALLED: dict[Sensitive, str] = {"faces": "a face", "screens": "a screen", "documents": "a document"}


def build(rest: str, parts: Parts, *, ocr: Ocr) -> LocalDiscretion:
    """`rest` is not used. Options: ``hold_back`` (kinds, with commas between them), ``hold_back_how``.

    Raises: AskAgain for a kind that does not exist.
    """
    kinds = {kind.strip() for kind in parts.options.get("hold_back", "").split(",")} - {""}
    if unknown := kinds.difference(SENSITIVE):
        raise AskAgain(f"SPYGLASS_HOLD_BACK={', '.join(sorted(unknown))} is unknown: it takes {', '.join(SENSITIVE)}.")
    held = [kind for kind in SENSITIVE if kind in kinds]
    return LocalDiscretion(
        held, parts.workers, ocr, parts.home / "models", blur=parts.options.get("hold_back_how") == "blur"
    )


@dataclass(frozen=True)
class _Judged:
    looks: Looks
    reading: Reading | None
    kinds: list[Sensitive]


class LocalDiscretion:
    """`Discretion`. Where nothing is held back it costs nothing."""

    def __init__(
        self, held: Collection[Sensitive], workers: Workers, ocr: Ocr, models: Path, *, blur: bool = False
    ) -> None:
        self._held = held
        self._workers = workers
        self._ocr = ocr
        self._models = models
        self._blur = blur

    async def before_sending(self, image: Image) -> Sendable:
        if not self._held:
            return Sendable(image)
        try:
            return await self._judged_and_made_fit(image)
        except blurring.StillThereError:
            return Sendable(None, f"{image.handle} could not be blurred well enough, so it was not sent to the model.")
        except Exception:  # whatever went wrong: what is not judged does not leave
            log.warning("An image could not be judged before sending, so it was withheld.", exc_info=True)
            return Sendable(None, f"Whether {image.handle} may be sent could not be judged, so it was not sent.")

    async def _judged_and_made_fit(self, image: Image) -> Sendable:
        judged = await self._judge(image)
        kinds = [kind for kind in judged.kinds if kind in self._held]
        if not self._blur:
            return Sendable(None, _withheld(image.handle, kinds)) if kinds else Sendable(image)
        faces = "faces" in self._held and bool(judged.looks.faces)
        text = any(kind != "faces" for kind in kinds)
        if not faces and not text:
            return Sendable(image)
        blurred = await self._blurred(image, judged, faces=faces, text=text)
        done = " and ".join(name for name, is_done in (("faces", faces), ("text", text)) if is_done)
        return Sendable(
            replace(image, path=blurred),
            f"In {image.handle} {done} were blurred before it was sent to the model.".replace("text were", "text was"),
            mark=f"blurred {done}",
        )

    # --- judging --------------------------------------------------------------------------------

    async def _judge(self, image: Image) -> _Judged:
        kept = image.path.with_suffix(f".looks-{judging.VERSION}.json")
        looks = await asyncio.to_thread(_taken, kept)
        if looks is None:
            looks = await self._workers.run("encode", judging.look, image.path, self._models)
            await asyncio.to_thread(write_whole, kept, looks.model_dump_json().encode())
        texts = any(kind != "faces" for kind in self._held)
        reading = await self._ocr.read(image) if texts else None
        return _Judged(looks, reading, judging.shown(looks, reading, mime=image.ref.mime))

    # --- blurring -------------------------------------------------------------------------------

    async def _blurred(self, image: Image, judged: _Judged, *, faces: bool, text: bool) -> Path:
        """Raises: StillThereError."""
        kept = image.path.with_suffix(f".blurred-{judging.VERSION}{'-faces' * faces}{'-text' * text}.png")
        if kept.exists():
            return kept
        draft = replace(image, path=image.path.with_suffix(f".blurring-{uuid4().hex}.png"))
        source = image.path
        try:
            if text:
                await self._without_text(image, draft, judged.reading)
                source = draft.path
            if faces:
                boxes = [box for box, _ in judged.looks.faces]
                png = await self._workers.run("encode", blurring.without_faces, source, boxes, self._models)
                await asyncio.to_thread(write_whole, draft.path, png)
            await asyncio.to_thread(draft.path.replace, kept)
        finally:
            await asyncio.to_thread(draft.path.unlink, missing_ok=True)
        return kept

    async def _without_text(self, image: Image, draft: Image, reading: Reading | None) -> None:
        """Until nothing can be read any more. Raises: StillThereError."""
        boxes = [line.box for line in reading.lines] if reading else []
        for _ in range(ROUNDS):
            png = await self._workers.run("encode", blurring.without_text, image.path, boxes)
            await asyncio.to_thread(write_whole, draft.path, png)
            left = await self._read_again(draft, png)
            if not left.lines:
                return
            boxes += [line.box for line in left.lines]
        raise blurring.StillThereError

    async def _read_again(self, draft: Image, png: bytes) -> Reading:
        sha256 = hashlib.sha256(png).hexdigest()
        try:
            return await self._ocr.read(replace(draft, ref=draft.ref.model_copy(update={"sha256": sha256})))
        finally:
            if isinstance(self._ocr, Forgetful):
                await self._ocr.forget(draft.workspace, sha256)


def _withheld(handle: str, kinds: list[Sensitive]) -> str:
    things = " and ".join(CALLED[kind] for kind in kinds)
    return f"{handle} shows {things}, which is held back here, so it was not sent to the model."


def _taken(kept: Path) -> Looks | None:
    try:
        return Looks.model_validate_json(kept.read_bytes())
    except (OSError, ValidationError):
        return None
