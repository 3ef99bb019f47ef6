"""Small random checkpoints in OpenCLIP's format, made on the spot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.unit.backends.clip_checkpoints import lower_case_bpe
from tools.backends.open_clip.towers import imported

VISION = {"image_size": 32, "layers": 2, "width": 64, "head_width": 32, "patch_size": 8}
TEXT = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2}
SQUASHED = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}
SHORTEST = {
    "mean": [0.48145466, 0.4578275, 0.40821073],
    "std": [0.26862954, 0.26130258, 0.27577711],
    "interpolation": "bicubic",
    "resize_mode": "shortest",
}


def open_clip_checkpoint(folder: Path, *, seed: int = 0) -> Path:
    return _written(folder, {"embed_dim": 24, "vision_cfg": VISION, "text_cfg": TEXT}, SHORTEST, seed)


def open_siglip_checkpoint(folder: Path, *, seed: int = 0) -> Path:
    """SigLIP 2 as OpenCLIP has it: a tower of timm, a tokenizer of transformers."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = lower_case_bpe(folder)
    vision = {"image_size": 32, "timm_model_name": "test_vit", "timm_pool": "avg"}
    text = {
        **TEXT,
        "context_length": 16,
        "vocab_size": len(vocabulary),
        "hf_tokenizer_name": "nobody/siglip",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
    }
    config = {"embed_dim": 24, "init_logit_bias": -10, "custom_text": True, "vision_cfg": vision, "text_cfg": text}
    return _written(folder, config, SQUASHED, seed)


def eva_clip_checkpoint(folder: Path, *, seed: int = 0) -> Path:
    """EVA-CLIP: EVA-02's tower of timm beside CLIP's for texts."""
    vision = {"image_size": 224, "timm_model_name": "eva02_tiny_patch14_224", "timm_pool": "token", "timm_proj": None}
    config = {"embed_dim": 24, "custom_text": True, "vision_cfg": vision, "text_cfg": TEXT}
    return _written(folder, config, SHORTEST, seed, side=224)


def bare_weights(folder: Path, architecture: str, *, seed: int = 0) -> Path:
    """Weights alone."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    folder.mkdir(parents=True)
    model = imported().create_model(architecture)
    save_file(model.state_dict(), folder / "weights.safetensors")
    return folder


def _written(folder: Path, config: dict[str, Any], preprocess: dict[str, Any], seed: int, side: int = 32) -> Path:
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    described = {"model_cfg": config, "preprocess_cfg": {"size": side, **preprocess}}
    (folder / "open_clip_config.json").write_text(json.dumps(described), encoding="utf-8")
    torch.manual_seed(seed)
    model = imported().create_model(f"local-dir:{folder}", load_weights=False, pretrained_image=False)
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    return folder
