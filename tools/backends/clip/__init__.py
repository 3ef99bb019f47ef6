"""Any CLIP, SigLIP or SigLIP 2 checkpoint, by hub name or local folder, as the `Encoder`.

Made ready once (towers exported to ONNX), then run in the encode lane. `clip_runtime`: ``torch`` (bfloat16 where the
processor is faster with it), ``onnx`` (fp32, opens in under a second), ``int8`` (only after `prove`), or ``auto``: onnx
for a few images and for texts; in bulk int8 once it has proved itself on the first photos of a large batch, else torch
where bfloat16 pays, else onnx.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.clip import checkpoint as clip_checkpoint
from tools.backends.clip import export as clip_export
from tools.backends.clip import naming as clip_naming
from tools.backends.clip import proof as clip_proof
from tools.backends.clip import run as clip_run
from tools.backends.clip.checkpoint import Checkpoint
from tools.backends.common import hub
from tools.backends.common.bulk import decoded, encode_files
from tools.backends.common.calibrating import measuring
from tools.backends.common.remembered import Remembered
from tools.backends.common.worker_failures import worker_failures_said
from tools.kit.errors import AskAgain, CannotDo
from tools.kit.parts import Parts
from tools.kit.ports import Workers
from tools.kit.types import Calibration, Embeddings, Encoded, Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT = "openai/clip-vit-base-patch32"
RUNTIMES = ("auto", "torch", "onnx", "int8")
TEXTS_KEPT = 4096
"""Label prompts come again and again; their embeddings are remembered."""
TOGETHER = 256
"""Texts a call when there are many, so that others get their turn in between."""


async def build(rest: str, parts: Parts) -> ClipEncoder:
    """`rest`: hub name or folder; empty for the default checkpoint.

    Raises: AskAgain for an unknown runtime; CannotDo when there are no weights or they are of another family.
    """
    rest = rest or DEFAULT
    source = await asyncio.to_thread(hub.checkpoint, rest, parts, scheme="clip")
    return await opened(source, rest, parts)


async def opened(source: Path, rest: str, parts: Parts, *, scheme: str = "clip", architecture: str = "") -> ClipEncoder:
    """The encoder of the checkpoint in a folder. `scheme`: of the backend whose `towers` module loads its weights.

    Raises: as `build`.
    """
    runtime = parts.options.get("clip_runtime", "auto")
    if runtime not in RUNTIMES:
        raise AskAgain(f"There is no clip_runtime {runtime}; there are {', '.join(RUNTIMES)}.")
    models = parts.home / "models"
    named = (source, rest, scheme, architecture)
    checkpoint = await asyncio.to_thread(_known, models, *named)
    if checkpoint is None:
        parts.say(f"Making {rest} ready; this happens once.")
        with worker_failures_said(f"Making {rest} ready", "name a smaller checkpoint"):
            checkpoint = await parts.workers.run("encode", clip_export.make_ready, models, *named)
    _check(checkpoint, runtime)
    encoder = ClipEncoder(checkpoint, parts.workers, runtime, parts.say)
    await encoder.measure()
    return encoder


def _known(models: Path, source: Path, rest: str, scheme: str, architecture: str) -> Checkpoint | None:
    own = clip_export.towers_of(scheme).OWN
    digest = clip_checkpoint.fingerprint(source, own=own, architecture=architecture)
    known = clip_checkpoint.read(models / f"{scheme}-{digest}")
    return known if known and known.rest == rest and Path(known.source) == source else None


def _check(checkpoint: Checkpoint, runtime: str) -> None:
    if runtime in ("onnx", "int8") and not checkpoint.exported:
        raise CannotDo(f"{checkpoint.rest} cannot be run by ONNX Runtime: set clip_runtime to torch or auto.")
    if runtime != "int8":
        return
    proof = clip_proof.proof(checkpoint)
    if proof is None:
        raise CannotDo(f"int8 has not proved itself for {checkpoint.rest}: run the int8 proof on sample images first.")
    if not proof.holds:
        raise CannotDo(f"int8 did not prove itself for {checkpoint.rest}. {proof.said}")


class ClipEncoder:
    """`BulkEncoder` and `Namer` in the encode lane."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        workers: Workers,
        runtime: str = "auto",
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.checkpoint = checkpoint
        self._workers = workers
        self._say = say
        self._runtime = runtime
        self._texts: dict[str, Embeddings] = {}
        self._remembered = Remembered()

    @property
    def name(self) -> str:
        return self.checkpoint.name

    @property
    def dim(self) -> int:
        return self.checkpoint.dim

    @functools.cached_property
    def calibration(self) -> Calibration:
        return self.checkpoint.calibration

    async def measure(self) -> None:
        """Its cutoffs, unless they are known."""
        if await asyncio.to_thread(measuring.kept, Path(self.checkpoint.folder)):
            return
        self._say(f"Measuring from which likeness on {self.checkpoint.rest} finds what fits; this happens once.")
        with worker_failures_said(f"Measuring {self.checkpoint.rest}", "name a smaller checkpoint"):
            found = await self._workers.run("encode", clip_run.measure, self.checkpoint, self._single)
        if found.relevant is None:
            self._say(
                f"{self.checkpoint.rest} hardly tells texts that fit a picture from others (d' {found.apart:.1f}): the "
                "usual cutoff says what is shown, and will often be wrong."
            )

    async def images(self, images: Sequence[Image]) -> Embeddings:
        if not images:
            return np.zeros((0, self.dim), dtype=np.float32)
        return await self._remembered.encode(images, self._encode)

    async def _encode(self, images: Sequence[Image]) -> Embeddings:
        files = [image.path for image in images]
        with worker_failures_said("Encoding these images", "try again with fewer of them"):
            return await self._workers.run("encode", clip_run.embed_files, self.checkpoint, files, self._single)

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if new:
            with worker_failures_said("Encoding these words", "try again with fewer of them"):
                rows = await self._workers.run("encode", clip_run.embed_texts, self.checkpoint, new, self._single)
            self._remember(dict(zip(new, rows, strict=True)))
        known = [self._texts[text] for text in texts]
        return np.stack(known) if known else np.zeros((0, self.dim), dtype=np.float32)

    async def name_things(self, images: Sequence[Image]) -> list[list[tuple[str, float]]]:
        if not images:
            return []
        return clip_naming.named(await self.images(images), await self._names(), self.calibration)

    async def _names(self) -> Embeddings:
        """Every prompt for every name, embedded once a checkpoint: a call that is stopped half-way is gone on with."""
        prompts = clip_naming.vocabulary().prompts(self.calibration.templates)
        kept = clip_naming.Kept(Path(self.checkpoint.folder), prompts)
        self._remember(kept.read())
        if prompts[0] not in self._texts:
            self._say(f"Looking up everyday names in {self.checkpoint.rest}; this happens once.")
        for end in range(TOGETHER, len(prompts) + TOGETHER, TOGETHER):
            if any(prompt not in self._texts for prompt in prompts[:end]):
                kept.write(await self.texts(prompts[:end]))
        return await self.texts(prompts)

    async def encode_files(self, files: Sequence[Path]) -> list[Encoded | None]:
        async def encode(pixels: NDArray[Any]) -> Embeddings:
            with worker_failures_said("Encoding these images", "run the same command again"):
                return await self._workers.run("encode", clip_run.embed_pixels, self.checkpoint, pixels, runtime)

        runtime = await self._bulk(files)
        recipe = self.checkpoint.recipe
        least = recipe.least_quick if runtime == "int8" else recipe.least
        return await encode_files(
            self._workers, files, prepare=recipe, least=least, encode=encode, batch=clip_run.BATCH
        )

    async def prove(self, files: Sequence[Path]) -> clip_proof.Proof:
        """Put int8 to the test on sample photos, say how it went, and keep the result.

        Raises: AskAgain with fewer than 32 photos that can be read.
        """
        recipe = self.checkpoint.recipe
        exact, quick = [await self._pixels(files, least) for least in (recipe.least, recipe.least_quick)]
        with worker_failures_said("Proving int8", "set clip_runtime to onnx"):
            proof = await self._workers.run("encode", clip_proof.prove, self.checkpoint, exact, quick)
        self._say(proof.said)
        return proof

    async def _pixels(self, files: Sequence[Path], least: int) -> NDArray[np.uint8]:
        """(n, height, width, 3) uint8: of plain photos, at most `ENOUGH`, as `Recipe.scaled` takes them."""
        found = await decoded(self._workers, files[: clip_proof.ENOUGH], self.checkpoint.recipe, least)
        return np.array([photo.prepared for photo in found if photo], dtype=np.uint8)

    @property
    def _single(self) -> str:
        if self._runtime == "auto":
            return "onnx" if self.checkpoint.exported else "torch"
        return self._runtime

    async def _bulk(self, files: Sequence[Path] = ()) -> str:
        if self._runtime != "auto" or not self.checkpoint.exported:
            return self._single
        proof = clip_proof.proof(self.checkpoint)
        if proof is None and len(files) >= clip_proof.ENOUGH:
            with contextlib.suppress(AskAgain):  # too few of them are plain photos: next time
                proof = await self.prove(files)
        if proof and proof.holds:
            return "int8"
        with worker_failures_said("Measuring this processor", "set clip_runtime to onnx"):
            return "torch" if await self._workers.run("encode", clip_run.bfloat16_pays) else "onnx"

    def _remember(self, found: dict[str, Embeddings]) -> None:
        if len(self._texts) + len(found) > TEXTS_KEPT:
            self._texts.clear()
        self._texts.update(found)
