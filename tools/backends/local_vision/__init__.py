"""`local_vision:HUB_NAME_OR_FOLDER`: BLIP, BLIP-2 and Florence-2 through transformers, on this machine alone.

They are small: BLIP only describes or answers in a word, Florence-2 takes no question. What comes is said to be no more
than it is, and no confidence is made up. A model is loaded when it is first asked, in a worker that keeps it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tools.backends.common import hub
from tools.backends.common.worker_failures import worker_failures_said
from tools.backends.local_vision import asking, running
from tools.backends.local_vision.kinds import Kind, kind_of
from tools.backends.local_vision.said import Said
from tools.kit import CannotDo, Image, Region, Seen
from tools.kit.parts import Parts
from tools.kit.seeing import GENERAL, Task

SMALLER = "name a smaller model in SPYGLASS_VISION"


async def build(rest: str, parts: Parts) -> LocalVision:
    """`rest`: hub name or folder.

    Raises: CannotDo when there are no weights, no hub answers, or the checkpoint is of another family.
    """
    if not rest:
        raise CannotDo("local_vision needs a model: set SPYGLASS_VISION to local_vision:HUB_NAME_OR_FOLDER.")
    source = await asyncio.to_thread(hub.checkpoint, rest, parts, scheme="local_vision")
    return LocalVision(rest, source, kind_of(source, rest), parts)


class LocalVision:
    """`VisionModel` in the lane "see"."""

    def __init__(self, rest: str, source: Path, kind: Kind, parts: Parts) -> None:
        self._name = Path(rest).name if Path(rest).is_absolute() else rest
        self._source = source
        self._kind = kind
        self._workers = parts.workers
        self._say = parts.say
        self._loading = asyncio.Lock()
        self._loaded = False

    async def look(self, images: Sequence[Image], question: str, *, task: Task = GENERAL) -> Seen:
        """Raises: CannotDo when the model cannot be loaded, or takes too long or too much memory."""
        await self._load()
        chosen = asking.way(self._kind, task, " ".join(question.split()))
        said = [await self._run(image, chosen.prompt) for image in images]
        texts = [asking.worded(each, chosen) or "nothing" for each in said]
        text = asking.together([image.handle for image in images], texts)
        answered = chosen.answers and any(each.text for each in said)
        regions = [
            Region(handle=image.handle, box=place.box, page=image.ref.page)
            for image, each in zip(images, said, strict=True)
            for place in each.places
        ]
        return Seen(
            text=text if answered else f"The model {self._name} {chosen.does}; it says: {text}.",
            model=f"local_vision:{self._name}",
            cannot_determine=not answered,
            regions=tuple(regions),
        )

    async def _run(self, image: Image, prompt: str) -> Said:
        with worker_failures_said(f"Looking at {image.handle} with {self._name}", SMALLER):
            return await self._workers.run("see", running.run, self._source, self._kind, image.path, prompt)

    async def _load(self) -> None:
        """Once, and say what it takes."""
        async with self._loading:
            if self._loaded:
                return
            try:
                with worker_failures_said(f"Loading {self._name}", SMALLER):
                    loaded = await self._workers.run("see", running.load, self._source, self._kind)
            except running.NotWholeError:
                raise CannotDo(f"The checkpoint {self._name} is damaged or not whole: download it again.") from None
            self._loaded = True
            memory = f" and {loaded.resident / 1e9:.1f} GB of memory" if loaded.resident else ""
            self._say(f"{self._name} is loaded: {loaded.parameters / 1e6:.0f} million parameters{memory}.")
