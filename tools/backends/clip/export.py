"""In a worker: a CLIP-family checkpoint made ready once: towers to ONNX, tokenizer checked, settings written down."""

from __future__ import annotations

import dataclasses
import importlib
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tools.backends.clip import checkpoint as clip_checkpoint
from tools.backends.clip.checkpoint import Checkpoint, fingerprint
from tools.backends.clip.images import Recipe
from tools.backends.common.folders import private_folder
from tools.backends.common.onnx_models import session
from tools.backends.common.towers import Tokens, Towers

OPSET = 20
LARGEST = 1_900_000_000
"""Bytes of weights that fit one ONNX file (protobuf ends at 2 GB); larger checkpoints run in torch only."""
SPECIMENS = ("a photo of a cat", "A  Photo, of TWO dogs!", "naïve café ☕ 3.5% & more", "", "word " * 120)
"""Texts on which two ways of tokenizing must agree before the faster one is used."""
SAME = 0.999
"""Cosine similarity of an exported network's embeddings to torch's, at least."""

log = logging.getLogger(__name__)


def towers_of(scheme: str) -> Any:
    """The module that loads weights for a backend."""
    return importlib.import_module(f"tools.backends.{scheme}.towers")


def load(checkpoint: Checkpoint, dtype: str = "float32") -> Towers:
    """Both towers in torch."""
    towers: Towers = towers_of(checkpoint.scheme).load(Path(checkpoint.source), checkpoint.architecture, dtype)
    return towers


def make_ready(models: Path, source: Path, rest: str, scheme: str = "clip", architecture: str = "") -> Checkpoint:
    """Export what is not exported yet and say what is known. Safe with several processes: the first to finish stays.

    Raises: CannotDo when the folder holds no checkpoint of a known family, or only a part of one.
    """
    digest = fingerprint(source, own=towers_of(scheme).OWN, architecture=architecture)
    folder = models / f"{scheme}-{digest}"
    known = clip_checkpoint.read(folder)
    if known:
        return _moved(known, source, rest)
    private_folder(models)
    draft = Path(tempfile.mkdtemp(dir=models, prefix=f".{scheme}."))
    try:
        checkpoint = _export(draft, folder, source, rest, digest, scheme, architecture)
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


def _export(
    draft: Path, folder: Path, source: Path, rest: str, digest: str, scheme: str, architecture: str
) -> Checkpoint:
    import torch

    module = towers_of(scheme)
    towers: Towers = module.load(source, architecture)
    tokens: Tokens = module.tokenizer(source, architecture)
    size = sum(file.stat().st_size for file in clip_checkpoint.weights(source, module.OWN))
    if size <= LARGEST and isinstance(towers.recipe, Recipe):  # NaFlex resizes its positions for each image
        _towers_to_onnx(towers, towers.recipe.size, draft)
    with torch.inference_mode():
        dim = towers.texts(torch.full((1, towers.tokens), tokens.pad)).shape[1]
    return Checkpoint(
        scheme=scheme,
        rest=rest,
        architecture=architecture,
        source=str(source),
        folder=str(folder),
        fingerprint=digest,
        dim=dim,
        scale=towers.scale,
        bias=towers.bias,
        recipe=towers.recipe,
        tokens=towers.tokens,
        pad=tokens.pad,
        padded=towers.padded,
        left=towers.padded and tokens.left,
        tokenizer=quick_tokenizer(tokens, draft, towers.tokens),
        languages=towers.languages,
    )


def _towers_to_onnx(towers: Towers, size: tuple[int, int], folder: Path) -> None:
    """``image.onnx``: pixels (n, 3, height, width) float32 -> (n, dim); ``text.onnx``: ids (n, t) int64 -> (n, dim).

    Neither is there when a network cannot be exported, or its export gives something else: then torch runs both.
    """
    import torch

    many = torch.export.Dim("n", min=1, max=65536)
    long = {} if towers.padded else {1: torch.export.Dim("t", min=2, max=towers.tokens)}
    ids = torch.ones(2, towers.tokens if towers.padded else 7, dtype=torch.int64)
    for name, embed, given, varies in (
        ("image", towers.images, torch.zeros(2, 3, *size), {0: many}),
        ("text", towers.texts, ids, {0: many, **long}),
    ):
        path = folder / f"{name}.onnx"
        try:
            _to_onnx(towers.model, embed, given, varies, path)
            whole = _same(path, embed, given)
        except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
            log.info("%s cannot be exported: %s", name, error)
            whole = False
        if not whole:
            for file in folder.glob("*.onnx"):
                file.unlink()
            return


def _to_onnx(model: Any, embed: Any, given: Any, varies: Any, path: Path) -> None:
    import torch

    class Tower(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, given: Any) -> Any:
            return embed(given)

    with torch.inference_mode(), _quietly():
        torch.onnx.export(
            Tower().eval(),
            (given,),
            path,
            input_names=["given"],
            dynamic_shapes={"given": varies},
            external_data=False,
            opset_version=OPSET,
            verbose=False,
        )


def _same(path: Path, embed: Any, like: Any) -> bool:
    """Whether the exported network gives torch's embeddings, of three inputs where it was exported with two."""
    import torch

    shape = (3, *like.shape[1:])
    given = torch.randn(shape, generator=torch.Generator().manual_seed(0)) if like.is_floating_point() else like
    with torch.inference_mode():
        torchs = embed(given).numpy()
    exported = session(path).run(None, {"given": given.numpy()})[0]
    return bool(np.min((torchs * exported).sum(axis=1)) > SAME)


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


def quick_tokenizer(tokens: Tokens, draft: Path, most: int) -> str:
    """How to tokenize: ``tokenizers`` alone where it agrees with the library on the specimens."""
    expected = tokens.ids(SPECIMENS, most)
    quick = tokens.quick()
    if quick is None:
        return "library"
    quick.no_padding()
    quick.enable_truncation(most)
    quick.save(str(draft / "tokenizer.json"))
    same = [found.ids for found in quick.encode_batch(list(SPECIMENS))] == expected
    return "tokenizers" if same else "library"
