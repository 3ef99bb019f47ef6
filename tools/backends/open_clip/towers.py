"""In a worker: OpenCLIP's own checkpoints (OpenCLIP, EVA-CLIP, SigLIP, ...) through the package open_clip_torch.

A folder with an ``open_clip_config.json`` describes its network, preprocessing and tokenizer; for one without, the
architecture is named, and what OpenCLIP's list of trainings says of it holds.
"""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.backends.clip.checkpoint import weights
from tools.backends.clip.images import Recipe
from tools.backends.common import torchvision_here
from tools.backends.common.towers import Tokens, Towers
from tools.kit.errors import CannotDo, first_line

OWN = "open_clip_"
"""How the names of the library's own files begin."""
CONFIG = "open_clip_config.json"
INTERPOLATIONS = {"bicubic": 3, "bilinear": 2}


def load(source: Path, architecture: str = "", dtype: str = "float32") -> Towers:
    """Raises: CannotDo when the weights do not fit the network, or its preprocessing is not known here."""
    import torch

    model = _model(source, architecture).to(getattr(torch, dtype)).eval()
    bias = getattr(model, "logit_bias", None)
    tower = getattr(model, "text", model)
    return Towers(
        model=model,
        images=lambda pixels: _normalised(model.encode_image(pixels)),
        texts=lambda ids: _normalised(model.encode_text(ids)),
        recipe=_recipe(model.visual.preprocess_cfg, source),
        tokens=int(tower.context_length),
        scale=float(model.logit_scale.detach().float().exp()),
        bias=None if bias is None else float(bias.detach().float()),
        padded=True,
        vocabulary=int(tower.vocab_size),
    )


def tokenizer(source: Path, architecture: str = "") -> Tokens:
    return Tokenizer(source, architecture)


class Tokenizer:
    """OpenCLIP's own. Its ids are padded to the context length already."""

    pad = 0
    left = False

    def __init__(self, source: Path, architecture: str) -> None:
        library = imported()
        config = library.get_model_config(architecture or f"local-dir:{source}")
        text = config["text_cfg"]
        options = {"context_length": text.get("context_length", 77), **text.get("tokenizer_kwargs", {})}
        if not text.get("hf_tokenizer_name"):
            self._tokenize = library.SimpleTokenizer(**options)
        elif any(source.glob("tokenizer*.json")):
            options["tokenizer_mode"] = text.get("tokenizer_mode")
            self._tokenize = library.tokenizer.HFTokenizer(str(source), **options)
        else:
            raise CannotDo(
                f"{source} lacks its tokenizer: put tokenizer.json and tokenizer_config.json of "
                f"{text['hf_tokenizer_name']} beside the weights."
            )

    def ids(self, texts: Sequence[str], most: int) -> list[list[int]]:
        ids: list[list[int]] = self._tokenize(list(texts), most).tolist()
        return ids

    def quick(self) -> Any:
        return None


def imported() -> Any:
    """The package."""
    torchvision_here.importable()
    import open_clip

    return open_clip


def _model(source: Path, architecture: str) -> Any:
    from safetensors import SafetensorError

    library = imported()
    quiet = logging.getLogger()
    level = quiet.level
    quiet.setLevel(logging.ERROR)  # it logs to the root logger
    try:
        if not architecture:
            return library.create_model(f"local-dir:{source}", require_pretrained=True)
        known = _trained_like(library, architecture)
        return library.create_model(
            architecture,
            pretrained=str(weights(source, OWN)[0]),
            force_preprocess_cfg={name: known[name] for name in ("mean", "std", "interpolation", "resize_mode")},
            force_quick_gelu=bool(known.get("quick_gelu")),
        )
    except (SafetensorError, OSError, RuntimeError, ValueError, EOFError, KeyError, pickle.UnpicklingError) as error:
        raise CannotDo(
            f"The checkpoint in {source} cannot be loaded ({first_line(error)}): download it again"
            + (f", or name another architecture than {architecture}." if architecture else ".")
        ) from None
    finally:
        quiet.setLevel(level)


def _trained_like(library: Any, architecture: str) -> dict[str, Any]:
    """What OpenCLIP's first training of that architecture was given, or its defaults."""
    tags = library.list_pretrained_tags_by_model(architecture)
    defaults = {"mean": None, "std": None, "interpolation": None, "resize_mode": None}
    return {**defaults, **(library.get_pretrained_cfg(architecture, tags[0]) if tags else {})}


def _recipe(known: dict[str, Any], source: Path) -> Recipe:
    """From OpenCLIP's ``preprocess_cfg``. Raises: CannotDo for what no published checkpoint asks for."""
    size = known["size"]
    height, width = (size, size) if isinstance(size, int) else (int(size[0]), int(size[1]))
    shortest = known["resize_mode"] == "shortest"
    if known["resize_mode"] == "longest" or (shortest and height != width):
        raise CannotDo(
            f"Images of {source} are fitted into {width} x {height} by {known['resize_mode']}: that is not known here."
        )
    return Recipe(
        short=height if shortest else None,
        size=(height, width),
        resample=INTERPOLATIONS[known["interpolation"]],
        mean=tuple(known["mean"]),
        std=tuple(known["std"]),
        torchvision=True,
    )


def _normalised(features: Any) -> Any:
    import torch

    return torch.nn.functional.normalize(features.float(), dim=-1)


def described(source: Path) -> bool:
    """Whether the folder says what network its weights are of. Raises: CannotDo when that cannot be read."""
    file = source / CONFIG
    if not file.is_file():
        return False
    try:
        return "model_cfg" in json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise CannotDo(f"{file} is no JSON: download the checkpoint again.") from None
