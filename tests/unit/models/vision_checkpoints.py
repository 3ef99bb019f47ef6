"""Small random checkpoints of BLIP, BLIP-2 and Florence-2 in the hub's format, made on the spot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tools.backends.common import torchvision_here

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?"
SIDE = 32
PARSING = {
    "pure_text": {},
    "description_with_bboxes": {},
    "ocr": {"PATTERN": "(.+?)" + "<loc_(\\d+)>" * 8, "AREA_THRESHOLD": 0.0},
}
"""How Florence-2's answers are read, in the words of its processor's file."""


def blip(folder: Path, *, answers: bool = False, seed: int = 0) -> Path:
    torchvision_here.importable()
    import torch
    from transformers import (
        BertTokenizer,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipForQuestionAnswering,
        BlipImageProcessorPil,
        BlipProcessor,
    )

    torch.manual_seed(seed)
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]", "a", "cat", "dog", "on", "sofa", *LETTERS]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
    text = {
        **_tower(),
        "vocab_size": len(vocabulary),
        "encoder_hidden_size": 32,
        "max_position_embeddings": 512,
        "bos_token_id": vocabulary["[DEC]"],
        "eos_token_id": vocabulary["[SEP]"],
        "sep_token_id": vocabulary["[SEP]"],
        "pad_token_id": 0,
        "is_decoder": True,
    }
    config = BlipConfig(text_config=text, vision_config=_vision(), projection_dim=16)
    made: Any = BlipForQuestionAnswering if answers else BlipForConditionalGeneration
    made(config).save_pretrained(folder)
    tokenizer = BertTokenizer(vocab=vocabulary, bos_token="[DEC]")
    BlipProcessor(BlipImageProcessorPil(size=_square()), tokenizer).save_pretrained(folder)
    return folder


def blip2(folder: Path, *, seed: int = 0) -> Path:
    torchvision_here.importable()
    import torch
    from transformers import (
        Blip2Config,
        Blip2ForConditionalGeneration,
        Blip2Processor,
        BlipImageProcessorPil,
        GPT2Tokenizer,
    )

    torch.manual_seed(seed)
    tokenizer = GPT2Tokenizer(
        **_bytes(["<pad>", "</s>", "<image>"]), pad_token="<pad>", eos_token="</s>", bos_token="</s>"
    )
    queries = 4
    image_token = tokenizer.convert_tokens_to_ids("<image>")
    text = {
        "model_type": "opt",
        **_tower(),
        "ffn_dim": 64,
        "word_embed_proj_dim": 32,
        "vocab_size": len(tokenizer),
        "max_position_embeddings": 512,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    former = {**_tower(), "encoder_hidden_size": 32, "vocab_size": 30}
    config = Blip2Config(
        vision_config=_vision(),
        qformer_config=former,
        text_config=text,
        num_query_tokens=queries,
        image_token_index=image_token,
    )
    Blip2ForConditionalGeneration(config).save_pretrained(folder)
    Blip2Processor(BlipImageProcessorPil(size=_square()), tokenizer, num_query_tokens=queries).save_pretrained(folder)
    return folder


def florence2(folder: Path, *, seed: int = 0) -> Path:
    torchvision_here.importable()
    import torch
    from transformers import (
        BartTokenizer,
        CLIPImageProcessorPil,
        Florence2Config,
        Florence2ForConditionalGeneration,
        Florence2Processor,
    )

    torch.manual_seed(seed)
    special = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "<mask>",
        "<image>",
        "<od>",
        "</od>",
        "<ocr>",
        "</ocr>",
        "<poly>",
        "</poly>",
    ]
    tokenizer = BartTokenizer(
        **_bytes([*special, "<and>", "<sep>", "<loc_0>", *(f"<loc_{place}>" for place in range(1, 1000))]),
        extra_special_tokens={"image_token": "<image>"},
    )
    text = {
        "model_type": "bart",
        "d_model": 32,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 64,
        "decoder_ffn_dim": 64,
        "vocab_size": len(tokenizer),
        "max_position_embeddings": 512,
        "bos_token_id": 0,
        "pad_token_id": 1,
        "eos_token_id": 2,
        "decoder_start_token_id": 2,
        "forced_eos_token_id": 2,
    }
    vision = {
        "depths": (1, 1, 1, 1),
        "embed_dim": (8, 8, 16, 16),
        "num_heads": (1, 1, 2, 2),
        "num_groups": (1, 1, 2, 2),
        "window_size": 4,
        "projection_dim": 32,
        "max_position_embeddings": 16,
    }
    side = 64
    config = Florence2Config(
        text_config=text, vision_config=vision, image_token_id=tokenizer.convert_tokens_to_ids("<image>")
    )
    Florence2ForConditionalGeneration(config).save_pretrained(folder)
    square = {"height": side, "width": side}
    images = CLIPImageProcessorPil(size=square, crop_size=square, do_center_crop=False)
    images.image_seq_length = 4 + 1
    Florence2Processor(images, tokenizer, post_processor_config=PARSING).save_pretrained(folder)
    return folder


def _tower() -> dict[str, Any]:
    return {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}


def _vision() -> dict[str, Any]:
    return {**_tower(), "image_size": SIDE, "patch_size": 8}


def _square() -> dict[str, int]:
    return {"height": SIDE, "width": SIDE}


def _bytes(special: list[str]) -> dict[str, Any]:
    """A byte-level BPE without merges: every text can be said."""
    from tokenizers.pre_tokenizers import ByteLevel

    tokens = [*special, *sorted(ByteLevel.alphabet())]
    return {"vocab": {token: number for number, token in enumerate(tokens)}, "merges": []}


def as_first_florence(folder: Path) -> Path:
    """As Microsoft published it: with code of its own."""
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, "auto_map": {"AutoModelForCausalLM": "modeling_florence2.X"}}), "utf-8")
    return folder
