"""What is known of a CLIP-family checkpoint once it has been made ready: kept as JSON beside its exported networks."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tools.backends.clip.images import Recipe
from tools.backends.clip.patches import Patches
from tools.backends.common.calibrating import measuring
from tools.kit.errors import CannotDo
from tools.kit.types import Calibration

FILE = "checkpoint.json"
SAMPLES, BLOCK = 64, 65536
"""How much of the weights the fingerprint reads: enough to tell any two trainings apart, in milliseconds."""

TEMPLATES = ("a photo of a {}.", "a picture of the {}.", "itap of a {}.", "{}")
"""Prompts whose mean stands for a label (Radford et al. 2021): few, because each costs a pass of the text tower."""


@dataclass(frozen=True)
class Checkpoint:
    """Everything but the weights."""

    scheme: str
    """``clip`` or ``open_clip``: the backend whose `towers` module loads the weights."""
    rest: str
    """What it is opened by: a hub name or a folder."""
    architecture: str
    """OpenCLIP's name of the network, where the folder does not describe it; else empty."""
    source: str
    """Folder with the weights."""
    folder: str
    """Folder with the exported networks."""
    fingerprint: str
    dim: int
    scale: float
    """Learned temperature: cosine similarities times this are logits."""
    bias: float | None
    """SigLIP's learned bias: its logits are independent, one sigmoid a text. None for CLIP's softmax."""
    recipe: Recipe | Patches
    tokens: int
    """Context length; longer texts are cut."""
    pad: int
    padded: bool
    """Texts are padded to the whole context length (SigLIP reads the last position)."""
    left: bool
    """Padding goes before the text."""
    tokenizer: str
    """``tokenizers``: from the folder's tokenizer.json; ``library``: only the library of the weights knows how."""
    languages: Literal["en", "any"]
    """What its texts may be written in."""

    @property
    def name(self) -> str:
        """Of the space: where the weights lie is no part of it."""
        label = self.rest.replace("//", "/")
        label = label if not Path(label).is_absolute() else Path(label).name
        return f"{self.scheme}:{label}@{self.fingerprint}"

    @property
    def exported(self) -> bool:
        return (Path(self.folder) / "image.onnx").exists()

    @property
    def calibration(self) -> Calibration:
        """SigLIP: its own sigmoid against "none" (exact for one label). CLIP: its own temperature, which Minderer et
        al. (2021) find well calibrated; "none" where texts that fit and texts that do not part. What was not measured,
        or told nothing, is as it was for ViT-B/32.
        """
        found = measuring.kept(Path(self.folder))
        parting = found.relevant if found else None
        usual = 0.22 if parting is None else parting
        none = -self.bias if self.bias is not None else usual * self.scale
        relevant = max(none / self.scale - 0.02, 0.0) if parting is None else parting
        return Calibration(
            scale=self.scale,
            none_logit=none,
            relevant=relevant,
            alike=0.75 if found is None or parting is None else found.alike,
            templates=TEMPLATES,
            languages=self.languages,
        )


def fingerprint(source: Path, *, own: str = "", architecture: str = "") -> str:
    """Of the configuration and of blocks spread over the weights, in hex. `own`: as for `weights`.

    Raises: CannotDo when the folder holds no weights.
    """
    config = source / f"{own}config.json"
    digest = hashlib.sha256(architecture.encode() if architecture else config.read_bytes())
    for file in weights(source, own):
        size = file.stat().st_size
        digest.update(f"{file.suffix}:{size}".encode())
        with file.open("rb") as data:
            for sample in range(SAMPLES):
                data.seek(max(0, size - BLOCK) * sample // (SAMPLES - 1))
                digest.update(data.read(BLOCK))
    return digest.hexdigest()[:12]


def weights(source: Path, own: str = "") -> list[Path]:
    """Weight files, safetensors before pickles. `own`: how the names of a library's own files begin.

    Raises: CannotDo when there are none.
    """
    first = f"{own}model*.safetensors"
    for pattern in (first, f"{own}pytorch_model*.bin", "model*.safetensors", "*.safetensors", "*.bin", "*.pt"):
        found = sorted(source.glob(pattern))
        if found:
            return found
    raise CannotDo(f"{source} holds no weights ({own}model.safetensors): download the checkpoint again.")


def read(folder: Path) -> Checkpoint | None:
    """What was written there, or None when the checkpoint has not been made ready (by this version)."""
    try:
        known: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        image = known.pop("recipe")
        image = {name: tuple(value) if isinstance(value, list) else value for name, value in image.items()}
        return Checkpoint(**known, recipe=(Patches if "patch" in image else Recipe)(**image))
    except (FileNotFoundError, TypeError, ValueError, KeyError):
        return None


def written(checkpoint: Checkpoint) -> str:
    return json.dumps(dataclasses.asdict(checkpoint), indent=1)
