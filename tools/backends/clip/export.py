"""In a worker: a CLIP-family checkpoint made ready once: towers to ONNX, tokenizer checked, settings written down."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.backends.clip import checkpoint as clip_checkpoint
from tools.backends.clip.checkpoint import Checkpoint, fingerprint
from tools.backends.clip.images import recipe
from tools.backends.common.folders import private_folder
from tools.kit.errors import CannotDo

FAMILIES = ("clip", "siglip")
OPSET = 20
LARGEST = 1_900_000_000
"""Bytes of weights that fit one ONNX file (protobuf ends at 2 GB); larger checkpoints run in torch only."""
SPECIMENS = ("a photo of a cat", "A  Photo, of TWO dogs!", "naïve café ☕ 3.5% & more", "", "word " * 120)
"""Texts on which two ways of tokenizing must agree before the faster one is used."""


def make_ready(models: Path, source: Path, rest: str) -> Checkpoint:
    """Export what is not exported yet and say what is known. Safe with several processes: the first to finish stays.

    Raises: CannotDo when the folder holds no CLIP or SigLIP checkpoint.
    """
    digest = fingerprint(source)
    folder = models / f"clip-{digest}"
    known = clip_checkpoint.read(folder)
    if known:
        return _moved(known, source, rest)
    private_folder(models)
    draft = Path(tempfile.mkdtemp(dir=models, prefix=".clip."))
    try:
        checkpoint = _export(draft, folder, source, rest, digest)
        (draft / clip_checkpoint.FILE).write_text(clip_checkpoint.written(checkpoint), encoding="utf-8")
        return _put(draft, folder, checkpoint)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _moved(known: Checkpoint, source: Path, rest: str) -> Checkpoint:
    """The same weights in another place: their networks stay, only the place is noted."""
    if (known.rest, known.source) == (rest, str(source)):
        return known
    folder = Path(known.folder)
    moved = dataclasses.replace(known, rest=rest, source=str(source))
    draft = folder / f".{os.getpid()}.json"
    draft.write_text(clip_checkpoint.written(moved), encoding="utf-8")
    draft.replace(folder / clip_checkpoint.FILE)
    return moved


def _put(draft: Path, folder: Path, checkpoint: Checkpoint) -> Checkpoint:
    """Into its place, unless another process was faster: then its work, which is equal, stays."""
    if folder.exists() and clip_checkpoint.read(folder) is None:
        shutil.rmtree(folder)  # of another version of this program
    try:
        draft.rename(folder)
    except OSError:
        return clip_checkpoint.read(folder) or checkpoint
    return checkpoint


def load(source: Path, dtype: str = "float32") -> Any:
    """The whole model in torch."""
    import torch
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") not in FAMILIES:
        raise CannotDo(f"{source} is a {config.get('model_type')} checkpoint; CLIP and SigLIP ones can be used.")
    return AutoModel.from_pretrained(source, dtype=getattr(torch, dtype), local_files_only=True).eval()


def _export(draft: Path, folder: Path, source: Path, rest: str, digest: str) -> Checkpoint:
    model = load(source)
    side, tokens = model.config.vision_config.image_size, model.config.text_config.max_position_embeddings
    padded = model.config.model_type == "siglip"
    if sum(file.stat().st_size for file in clip_checkpoint.weights(source)) <= LARGEST:
        _towers_to_onnx(model, draft, side, tokens, padded=padded)
    slow = tokenizer(source)
    pad = int(slow.pad_token_id)
    bias = getattr(model, "logit_bias", None)
    return Checkpoint(
        rest=rest,
        source=str(source),
        folder=str(folder),
        fingerprint=digest,
        dim=embed_texts(model, [[pad] * tokens]).shape[1],
        scale=float(model.logit_scale.detach().exp()),
        bias=None if bias is None else float(bias.detach()),
        recipe=recipe(_image_config(source), side),
        tokens=tokens,
        pad=pad,
        padded=padded,
        left=padded and slow.padding_side == "left",
        tokenizer=quick_tokenizer(slow, draft, tokens),
    )


def embed_images(model: Any, pixels: Any) -> Any:
    """(n, 3, height, width) tensor -> (n, dim), L2-normalised."""
    import torch

    # transformers 5 wraps the embedding: it is the pooled, projected output
    return torch.nn.functional.normalize(model.get_image_features(pixel_values=pixels).pooler_output.float(), dim=-1)


def embed_texts(model: Any, ids: Any) -> Any:
    """(n, tokens) ids, a tensor or lists -> (n, dim), L2-normalised."""
    import torch

    features = model.get_text_features(input_ids=torch.as_tensor(ids)).pooler_output
    return torch.nn.functional.normalize(features.float(), dim=-1)


def _towers_to_onnx(model: Any, folder: Path, side: int, tokens: int, *, padded: bool) -> None:
    """``image.onnx``: pixels (n, 3, side, side) float32 -> (n, dim); ``text.onnx``: ids (n, t) int64 -> (n, dim)."""
    import torch

    class Tower(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, embed: Any) -> None:
            super().__init__()
            self.model, self.embed = model, embed

        def forward(self, given: Any) -> Any:
            return self.embed(self.model, given)

    many = torch.export.Dim("n", min=1, max=65536)
    long = {} if padded else {1: torch.export.Dim("t", min=2, max=tokens)}
    ids = torch.ones(2, tokens if padded else 7, dtype=torch.int64)
    for name, embed, given, varies in (
        ("image", embed_images, torch.zeros(2, 3, side, side), {0: many}),
        ("text", embed_texts, ids, {0: many, **long}),
    ):
        with torch.inference_mode(), _quietly():
            torch.onnx.export(
                Tower(embed).eval(),
                (given,),
                folder / f"{name}.onnx",
                input_names=["given"],
                dynamic_shapes={"given": varies},
                external_data=False,
                opset_version=OPSET,
                verbose=False,
            )


@contextmanager
def _quietly() -> Iterator[None]:
    """The exporter warns of its own parts and logs what it skips."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _image_config(source: Path) -> dict[str, Any]:
    """``preprocessor_config.json``, or the part of ``processor_config.json`` that newer checkpoints have instead."""
    for name in ("preprocessor_config.json", "processor_config.json"):
        file = source / name
        if file.exists():
            config: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            inner: dict[str, Any] = config.get("image_processor", config)
            return inner
    return {}


def quick_tokenizer(slow: Any, draft: Path, tokens: int) -> str:
    """How to tokenize: ``tokenizers`` alone where it agrees with transformers on the specimens."""
    expected = slow(list(SPECIMENS), truncation=True, max_length=tokens)["input_ids"]
    quick = getattr(slow, "backend_tokenizer", None)
    if quick is None:
        return "transformers"
    quick.no_padding()
    quick.enable_truncation(tokens)
    quick.save(str(draft / "tokenizer.json"))
    same = [found.ids for found in quick.encode_batch(list(SPECIMENS))] == expected
    return "tokenizers" if same else "transformers"


def tokenizer(source: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(source, local_files_only=True)
