"""Small random CLIP, SigLIP and SigLIP 2 checkpoints in the hub's format, made on the spot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tools.backends.common import torchvision_here

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?%&"
MERGES = ("a t</w>", "d o", "do g</w>", "c at</w>", "p h", "ph o", "o f</w>")


def clip_checkpoint(folder: Path, *, seed: int = 0, pad: str = "<|endoftext|>", side: int = 32) -> Path:
    torchvision_here.importable()
    import torch
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel

    torch.manual_seed(seed)
    vocabulary = _bpe(folder, pad)
    config = CLIPConfig(
        projection_dim=24,
        text_config={
            **_tower(),
            "vocab_size": len(vocabulary),
            "max_position_embeddings": 20,
            "bos_token_id": vocabulary["<|startoftext|>"],
            "eos_token_id": vocabulary["<|endoftext|>"],
            "pad_token_id": vocabulary[pad],
        },
        vision_config={**_tower(), "image_size": side, "patch_size": 8},
    )
    CLIPModel(config).save_pretrained(folder)
    CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side}).save_pretrained(
        folder
    )
    return folder


def siglip_checkpoint(folder: Path, *, seed: int = 0, side: int = 32) -> Path:
    """With a lower-casing tokenizer.json, as SigLIP 2 has it."""
    torchvision_here.importable()
    import torch
    from transformers import SiglipConfig, SiglipImageProcessorPil, SiglipModel

    torch.manual_seed(seed)
    vocabulary = lower_case_bpe(folder)
    text = {**_tower(), "vocab_size": len(vocabulary), "max_position_embeddings": 16, "projection_size": 32}
    text |= {"pad_token_id": 0, "eos_token_id": 1, "bos_token_id": 2}
    vision = {**_tower(), "image_size": side, "patch_size": 8}
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
    with torch.no_grad():
        model.logit_scale.fill_(4.7)
        model.logit_bias.fill_(-12.0)
    model.save_pretrained(folder)
    SiglipImageProcessorPil(size={"height": side, "width": side}).save_pretrained(folder)
    return folder


def naflex_checkpoint(folder: Path, *, seed: int = 0, most: int = 36) -> Path:
    """SigLIP 2 for any aspect ratio."""
    torchvision_here.importable()
    import torch
    from transformers import Siglip2Config, Siglip2ImageProcessorPil, Siglip2Model

    torch.manual_seed(seed)
    vocabulary = lower_case_bpe(folder)
    text = {**_tower(), "vocab_size": len(vocabulary), "max_position_embeddings": 16, "projection_size": 32}
    text |= {"pad_token_id": 0, "eos_token_id": 1, "bos_token_id": 2}
    vision = {**_tower(), "patch_size": 8, "num_patches": 16}
    model = Siglip2Model(Siglip2Config(text_config=text, vision_config=vision))
    with torch.no_grad():
        model.logit_scale.fill_(4.7)
        model.logit_bias.fill_(-12.0)
    model.save_pretrained(folder)
    Siglip2ImageProcessorPil(patch_size=8, max_num_patches=most).save_pretrained(folder)
    return folder


def _tower() -> dict[str, Any]:
    return {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}


def _bpe(folder: Path, pad: str) -> dict[str, int]:
    """CLIP's tokenizer on a tiny vocabulary."""
    from transformers import CLIPTokenizer

    tokens = [*LETTERS, *(f"{letter}</w>" for letter in LETTERS), *("".join(pair.split()) for pair in MERGES)]
    tokens += ["<|pad|>", "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[tuple(pair.split()) for pair in MERGES], pad_token=pad)
    tokenizer.save_pretrained(folder)
    return vocabulary


def lower_case_bpe(folder: Path) -> dict[str, int]:
    from transformers import Siglip2Tokenizer

    tokens = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *LETTERS, *(f"<0x{byte:02X}>" for byte in range(256))]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    Siglip2Tokenizer(vocab=vocabulary, merges=[]).save_pretrained(folder)
    return vocabulary


def image_size(folder: Path) -> int:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return int(config["vision_config"]["image_size"])
