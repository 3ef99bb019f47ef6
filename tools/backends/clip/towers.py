"""In a worker: CLIP, SigLIP and SigLIP 2 through transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.backends.clip.images import recipe
from tools.backends.clip.patches import patches
from tools.backends.common import torchvision_here
from tools.backends.common.towers import Tokens, Towers
from tools.kit.errors import CannotDo, first_line

FAMILIES = ("clip", "siglip", "siglip2")
OWN = ""
"""How the names of the library's own files begin."""


def load(source: Path, architecture: str = "", dtype: str = "float32") -> Towers:
    """`architecture` is not used: the folder's config.json says it. A `siglip2` model takes any aspect ratio (NaFlex);
    SigLIP 2 at a fixed resolution is a `siglip` model.

    Raises: CannotDo when the folder holds another family, or only a part of a checkpoint.
    """
    family = _config(source).get("model_type")
    if family not in FAMILIES:
        raise CannotDo(f"{source} is a {family} checkpoint; CLIP, SigLIP and SigLIP 2 ones can be used.")
    model = _model(source, dtype)
    vision, text = model.config.vision_config, model.config.text_config
    image_config, bias = _image_config(source), getattr(model, "logit_bias", None)
    naflex = family == "siglip2"
    return Towers(
        model=model,
        images=lambda given: _images(model, given),
        texts=lambda ids: _normalised(model.get_text_features(input_ids=ids)),
        recipe=patches(image_config, vision.patch_size) if naflex else recipe(image_config, vision.image_size),
        tokens=text.max_position_embeddings,
        scale=float(model.logit_scale.detach().exp()),
        bias=None if bias is None else float(bias.detach()),
        padded=family != "clip",
        vocabulary=text.vocab_size,
    )


def tokenizer(source: Path, architecture: str = "") -> Tokens:
    return Tokenizer(source)


class Tokenizer:
    """transformers' own."""

    def __init__(self, source: Path) -> None:
        torchvision_here.importable()
        from transformers import AutoTokenizer

        self._slow = AutoTokenizer.from_pretrained(source, local_files_only=True)
        if "gemma" in type(self._slow).__name__.lower():
            _lower_cased(self._slow.backend_tokenizer)
        self.pad = int(self._slow.pad_token_id)
        self.left = self._slow.padding_side == "left"

    def ids(self, texts: Sequence[str], most: int) -> list[list[int]]:
        ids: list[list[int]] = self._slow(list(texts), truncation=True, max_length=most)["input_ids"]
        return ids

    def quick(self) -> Any:
        return getattr(self._slow, "backend_tokenizer", None)


def _lower_cased(quick: Any) -> None:
    """SigLIP 2 was trained on lower-cased texts, but most of its checkpoints name Gemma's tokenizer, which leaves
    capitals (Siglip2Tokenizer's documentation in transformers)."""
    from tokenizers import normalizers

    own = [quick.normalizer] if quick.normalizer is not None else []
    quick.normalizer = normalizers.Sequence([normalizers.Lowercase(), *own])


def _model(source: Path, dtype: str) -> Any:
    torchvision_here.importable()
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    try:
        model, found = AutoModel.from_pretrained(
            source, dtype=getattr(torch, dtype), local_files_only=True, output_loading_info=True
        )
    except (SafetensorError, OSError, RuntimeError, EOFError) as error:
        raise CannotDo(
            f"The weights in {source} cannot be read ({first_line(error)}): download the checkpoint again."
        ) from None
    if missing := sorted(found["missing_keys"]):
        raise CannotDo(
            f"{source} holds only a part of a checkpoint ({len(missing)} weights are missing, such as {missing[0]}): "
            "download it again."
        )
    return model.eval()


def _images(model: Any, given: Any) -> Any:
    if not isinstance(given, tuple):
        return _normalised(model.get_image_features(pixel_values=given))
    pixels, mask, grids = given
    return _normalised(model.get_image_features(pixel_values=pixels, pixel_attention_mask=mask, spatial_shapes=grids))


def _normalised(features: Any) -> Any:
    """transformers 5 wraps the embedding: it is the pooled, projected output."""
    import torch

    return torch.nn.functional.normalize(features.pooler_output.float(), dim=-1)


def _config(source: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((source / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotDo(
            f"The config.json in {source} cannot be read ({first_line(error)}): download it again."
        ) from None
    return config


def _image_config(source: Path) -> dict[str, Any]:
    """``preprocessor_config.json``, or the part of ``processor_config.json`` that newer checkpoints have instead."""
    for name in ("preprocessor_config.json", "processor_config.json"):
        file = source / name
        if file.exists():
            config: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            inner: dict[str, Any] = config.get("image_processor", config)
            return inner
    return {}
