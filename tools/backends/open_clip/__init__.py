"""OpenCLIP and EVA-CLIP checkpoints through the package open_clip_torch (the extra ``open_clip``), as the `Encoder`.

Named as OpenCLIP names them (``ViT-B-32/laion2b_s34b_b79k``), by hub name (``laion/CLIP-ViT-B-32-laion2B-s34B-b79K``),
by folder, or as an architecture with a folder of weights (``EVA02-B-16//models/eva``). Made ready and run as `clip`
does it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from tools.backends.clip import ClipEncoder, opened
from tools.backends.common import hub
from tools.backends.common.worker_failures import worker_failures_said
from tools.backends.open_clip import trainings
from tools.backends.open_clip.towers import OWN, described
from tools.kit.errors import AskAgain, CannotDo
from tools.kit.parts import Parts

SCHEME = "open_clip"


@dataclass(frozen=True)
class Named:
    """What a setting names."""

    place: str
    """A folder, or a hub name."""
    architecture: str = ""
    """Where the place is a folder that does not describe its network."""


async def build(rest: str, parts: Parts) -> ClipEncoder:
    """`rest`: see above.

    Raises: AskAgain when no training, or an unknown one, is named; CannotDo when the package is not installed, or there
    are no weights.
    """
    if importlib.util.find_spec("open_clip") is None:
        raise CannotDo("OpenCLIP is not installed: pip install 'spyglass[open_clip]'.")
    named = await _named(rest, parts)
    source = await asyncio.to_thread(hub.checkpoint, named.place, parts, scheme=SCHEME, own=OWN)
    architecture = "" if described(source) else named.architecture
    if not architecture and not described(source):
        raise CannotDo(
            f"{source} has no open_clip_config.json: name its architecture too ({SCHEME}:ARCHITECTURE/{source})."
        )
    return await opened(source, rest, parts, scheme=SCHEME, architecture=architecture)


async def _named(rest: str, parts: Parts) -> Named:
    if not rest:
        raise AskAgain(f"Name a checkpoint: {SCHEME}:ARCHITECTURE/TRAINING, {SCHEME}:HUB_NAME or {SCHEME}:FOLDER.")
    if _is_folder(rest):
        return Named(rest)
    architecture, _, training = rest.partition("/")
    if not _is_architecture(architecture):
        return Named(rest)  # a hub name
    if _is_folder(training):
        return Named(training, architecture)
    with worker_failures_said("Looking up OpenCLIP's checkpoints", "name a folder"):
        known = await parts.workers.run("encode", trainings.of, architecture)
    if training not in known:
        raise AskAgain(_which(architecture, training, [*known]))
    if not known[training]:
        raise CannotDo(
            f"{architecture}/{training} is on no hub: download its weights, and name their folder "
            f"({SCHEME}:{architecture}/FOLDER)."
        )
    return Named(known[training], architecture)


def _which(architecture: str, training: str, known: list[str]) -> str:
    named = f"{architecture} has no training {training!r}" if training else f"Name a training of {architecture}"
    those = f"there are {', '.join(known)}" if known else "OpenCLIP knows none: give a folder"
    return f"{named}; {those}."


def _is_folder(place: str) -> bool:
    return place.startswith(("/", "~"))


def _is_architecture(name: str) -> bool:
    """Whether OpenCLIP describes a network of that name, asked without importing it."""
    spec = importlib.util.find_spec("open_clip")
    if spec is None or spec.origin is None or not name:
        return False
    file = Path(spec.origin).parent / "model_configs" / f"{name}.json"
    return file.is_file() and "vision_cfg" in json.loads(file.read_text(encoding="utf-8"))
